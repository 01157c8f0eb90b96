"""The 2017 classification criteria: score, class, approximate probability and subgroup.

No item that is unknown counts as absent: the score has bounds, and class and subgroup are given
only where every way to fill the unknown items leads to the same one. It gates no treatment.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Final

import msgspec

from myorx.instruments.catalogue import listed, say
from myorx.instruments.data import rounded, table
from myorx.instruments.describe import About
from myorx.instruments.errors import InputError
from myorx.instruments.inputs import Given, fault
from myorx.instruments.result import Computed, Found, Said

NOT: Final = "not"
ADULT_FROM: Final = Decimal(18)
_DIGITS: Final = 3
"""Places of the probability."""
_MOST: Final = Decimal("0.999")
"""No probability is said to be 1: the formula is approximate."""


class _Onset(msgspec.Struct, frozen=True):
    from_years: Decimal
    points: tuple[Decimal, Decimal]


class _Item(msgspec.Struct, frozen=True):
    id: str
    points: tuple[Decimal | None, Decimal]
    """Without and with biopsy; None: an item of the biopsy."""


class _Probability(msgspec.Struct, frozen=True):
    constants: tuple[float, float]
    verified: bool


class _Table(msgspec.Struct, frozen=True):
    source: str
    onset: tuple[_Onset, ...]
    items: tuple[_Item, ...]
    classes: dict[str, tuple[Decimal, Decimal]]
    """From weak to strong: the least score without and with biopsy."""
    probability: _Probability
    skin: tuple[str, ...]
    weakness: tuple[str, ...]
    verified_subgroups: tuple[str, ...]


@cache
def _table() -> _Table:
    return msgspec.convert(table("classification.json", dict), _Table, strict=False)


def compute(about: About, given: Given) -> Computed:
    """The classification. Raises InputError for findings of a biopsy that was not done."""
    biopsy = given.flag("biopsy")
    assert biopsy is not None
    rows = _table()
    if not biopsy:
        _refuse_biopsy_items(about, given)
    items = {item.id: item.points[biopsy] for item in rows.items}
    scored = {id_: points for id_, points in items.items() if points is not None}
    spans = [_onset(given.number("onset_age"), biopsy)]
    spans += [_points(given.flag(id_), points) for id_, points in scored.items()]
    low, high = sum((s[0] for s in spans), Decimal(0)), sum((s[1] for s in spans), Decimal(0))
    classes = _classes(low, high, biopsy)
    kind = classes[0] if len(classes) == 1 else None
    groups = _subgroups(given, biopsy) if kind in ("probable", "definite") else ()
    group = groups[0] if len(groups) == 1 else None
    values = (
        Found("score", low) if low == high else Found("score", None, low, high),
        Found("class", kind),
        _probability(low, high, biopsy),
        Found("subgroup", group, verified=group is None or group in rows.verified_subgroups),
    )
    says = [Said(f"cut_offs_{str(biopsy).lower()}"), Said("approximate"), Said("no_treatment")]
    if not groups:
        says.append(Said("no_subgroup"))
    elif group is None:
        labels = {each.id: each.label for each in about.output("subgroup").choices}
        says.append(Said("open_subgroup", {"names": listed([labels[each] for each in groups])}))
    return Computed(values, tuple(says), tuple(_warnings(given, biopsy)), _missing(given, scored))


def _refuse_biopsy_items(about: About, given: Given) -> None:
    """A finding of a biopsy needs the biopsy, also where it is "absent"."""
    found = [item.id for item in _table().items if item.points[0] is None and item.id in given]
    if found:
        raise InputError(
            fault(
                about.input(id_),
                "yes" if given[id_] else "no",
                "needs_biopsy",
                say("allowed_names", names="biopsy=yes"),
                say("remedy_biopsy"),
            )
            for id_ in found
        )


# -- score -----------------------------------------------------------------------------------------


def _onset(age: Decimal | None, biopsy: bool) -> tuple[Decimal, Decimal]:
    points = [Decimal(0), *(row.points[biopsy] for row in _table().onset)]
    if age is None:
        return min(points), max(points)
    found = points[sum(age >= row.from_years for row in _table().onset)]
    return found, found


def _points(item: bool | None, points: Decimal) -> tuple[Decimal, Decimal]:
    none = Decimal(0)
    return (none, points) if item is None else (points, points) if item else (none, none)


def _classes(low: Decimal, high: Decimal, biopsy: bool) -> tuple[str, ...]:
    """Every class that a score from ``low`` to ``high`` may be."""
    names = (NOT, *_table().classes)
    edges = [least[biopsy] for least in _table().classes.values()]
    first, last = (sum(score >= edge for edge in edges) for score in (low, high))
    return names[first : last + 1]


def _probability(low: Decimal, high: Decimal, biopsy: bool) -> Found:
    row = _table().probability
    ends = [_logistic(row.constants[biopsy], score) for score in (low, high)]
    if ends[0] == ends[1]:
        return Found("probability", ends[0], verified=row.verified)
    return Found("probability", None, ends[0], ends[1], row.verified)


def _logistic(constant: float, score: Decimal) -> Decimal:
    exact = 1 / (1 + math.exp(constant - float(score)))
    return min(rounded(Decimal(repr(exact)), _DIGITS), _MOST)


# -- subgroup --------------------------------------------------------------------------------------


def _subgroups(given: Given, biopsy: bool) -> tuple[str, ...]:
    """Every subgroup that some way to fill the unknown items leads to."""
    rows = _table()
    age = given.number("onset_age")
    skin = _any(given.flag(id_) for id_ in rows.skin)
    weak = _any(given.flag(id_) for id_ in rows.weakness)
    fingers = _all(given.flag(id_) for id_ in ("finger_flexor_weakness", "treatment_not_improved"))
    vacuoles = given.flag("rimmed_vacuoles") if biopsy else None
    found: dict[str, None] = {}
    for adult in _ways(None if age is None else age >= ADULT_FROM):
        for rash in _ways(skin):
            if not adult:
                found.setdefault("jdm" if rash else "juvenile_other")
            elif rash:
                found.update((("dm" if each else "adm"), None) for each in _ways(weak))
            else:
                inclusion = _any((fingers, vacuoles))
                found.update((("ibm" if each else "pm"), None) for each in _ways(inclusion))
    return tuple(found)


def _ways(answer: bool | None) -> tuple[bool, ...]:
    return (True, False) if answer is None else (answer,)


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return False if False in found else None if None in found else True


# -- words -----------------------------------------------------------------------------------------


def _warnings(given: Given, biopsy: bool) -> Iterator[Said]:
    if not biopsy and _any(given.flag(id_) for id_ in _table().skin) is not True:
        yield Said("biopsy_needed")


def _missing(given: Given, scored: Mapping[str, Decimal]) -> tuple[str, ...]:
    return tuple(id_ for id_ in ("onset_age", *scored) if id_ not in given)
