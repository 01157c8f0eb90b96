"""The Total Improvement Score of the 2016 response criteria.

Exact on whole and decimal figures. A measure that is unknown may give anything from none to all of
its points: then there are bounds instead of a score, and a degree only where both ends agree. A
value counts as verified when no constant that was not found in a source could change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple, TypeVar

import msgspec

from myorx.instruments.core_set import ENZYME, STRENGTH, Change, changes, unknown
from myorx.instruments.data import table
from myorx.instruments.describe import About
from myorx.instruments.inputs import Given
from myorx.instruments.result import Computed, Found, Said

T = TypeVar("T")

DEGREES: Final = ("minimal", "moderate", "major")
NO_DEGREE: Final = "none"


class _Table(msgspec.Struct, frozen=True):
    edges: tuple[Decimal, ...]
    """Upper ends (included) of all bands but the last, in percent of the range."""
    strength_edges: tuple[Decimal, ...]
    points: dict[str, tuple[Decimal, ...]]
    thresholds: dict[str, dict[str, Decimal]]


class _Points(NamedTuple):
    """Points of one measure, from ``low`` to ``high``; ``sure_*``: without unverified constants."""

    low: Decimal
    high: Decimal
    sure_low: Decimal
    sure_high: Decimal


@cache
def _table() -> _Table:
    return table("total_improvement.json", _Table)


def compute(about: About, given: Given) -> Computed:
    """Score, degree and points. Raises InputError for a strength above its scale."""
    found = changes(about, given)
    points = {name: _points(name, change) for name, change in found.items()}
    low, high = _sum(each.low for each in points.values()), _sum(p.high for p in points.values())
    sure_low = _sum(each.sure_low for each in points.values())
    sure_high = _sum(each.sure_high for each in points.values())
    juvenile = given.flag("juvenile")
    kinds = ("adult", "juvenile") if juvenile is None else (_kind(juvenile),)
    degrees = _degrees(low, high, kinds)
    sure_degrees = _degrees(sure_low, sure_high, kinds)
    minimal = {degree != NO_DEGREE for degree in degrees}
    sure_minimal = {degree != NO_DEGREE for degree in sure_degrees}
    values = (
        _number("score", low, high, verified=sure_low == low and sure_high == high),
        Found("response", _only(degrees), verified=sure_degrees == degrees),
        Found("minimal", _only(minimal), verified=sure_minimal == minimal),
        *(
            _number(
                f"{name}_points",
                each.low,
                each.high,
                verified=(each.sure_low, each.sure_high) == (each.low, each.high),
            )
            for name, each in points.items()
        ),
    )
    cut_offs = "cut_offs_unknown" if juvenile is None else f"cut_offs_{_kind(juvenile)}"
    return Computed(
        values, (Said(cut_offs),), tuple(_warnings(given, found)), _missing(given, found)
    )


def _kind(juvenile: bool) -> str:
    return "juvenile" if juvenile else "adult"


def _points(name: str, change: Change | None) -> _Points:
    """The points for a change; all that may be where it, or its scale, is not known."""
    scale = _table().points[name]
    none, most = scale[0], scale[-1]
    if change is None:
        return _Points(none, most, none, most)
    if change.better <= 0:
        return _Points(none, none, none, none)
    percent = change.percent_of_range()
    if percent is None:
        return _Points(none, most, none, most)
    edges = _table().strength_edges if name == STRENGTH else _table().edges
    band = sum(percent > Fraction(edge) for edge in edges)
    if change.verified:
        return _Points(scale[band], scale[band], scale[band], scale[band])
    return _Points(scale[band], scale[band], none, most)


def _degrees(low: Decimal, high: Decimal, kinds: Iterable[str]) -> frozenset[str]:
    """Every degree that a score from ``low`` to ``high`` may be.

    Between the two every degree counts as possible: that is never less than there is.
    """
    ranks: set[int] = set()
    for kind in kinds:
        ranks.update(range(_rank(low, kind), _rank(high, kind) + 1))
    return frozenset((NO_DEGREE, *DEGREES)[rank] for rank in ranks)


def _rank(score: Decimal, kind: str) -> int:
    thresholds = _table().thresholds[kind]
    return sum(score >= thresholds[degree] for degree in DEGREES)


def _only(values: Set[T]) -> T | None:
    """The one value there is; None where there are several."""
    return next(iter(values)) if len(values) == 1 else None


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _number(id_: str, low: Decimal, high: Decimal, *, verified: bool) -> Found:
    if low == high:
        return Found(id_, low, verified=verified)
    return Found(id_, None, low, high, verified)


def _missing(given: Given, found: Mapping[str, Change | None]) -> tuple[str, ...]:
    """What would make the score exact."""
    missing = list(unknown(given, found))
    beside = {STRENGTH: ("strength_scale",), ENZYME: ("enzyme", "enzyme_upper_limit")}
    for name, inputs in beside.items():
        change = found[name]
        if change is None or (change.range is None and change.better > 0):
            missing += [id_ for id_ in inputs if id_ not in given]
    if "juvenile" not in given:
        missing.append("juvenile")
    return tuple(missing)


def _warnings(given: Given, found: Mapping[str, Change | None]) -> Iterable[Said]:
    limit, before = given.number("enzyme_upper_limit"), given.number("enzyme_before")
    if limit is not None and before is not None and found[ENZYME] is not None and before <= limit:
        yield Said("normal_at_baseline")
