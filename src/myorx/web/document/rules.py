"""Every rule of a guideline as one flat list: what it says, when, on which grounds, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from myorx.guideline import models
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place
from myorx.guideline.shapes import Record
from myorx.guideline.texts import Condition, Text
from myorx.guideline.walk import walk
from myorx.language.syntax import Expression
from myorx.web.document.address import Address, address, shelves, slug

_NO_RULES = frozenset({"statement", "dispute", "reference", "group"})
"""Kinds that rules are about, or that say nothing of a patient."""

_CONDITIONS = ("applies", "when", "expression", "possible", "requires")
"""Fields that hold a condition, in the order in which they are shown."""

_SPEECH = ("says", "says_possible", "problem", "note", "why", "keeps", "after", "outside")
"""Fields that hold a sentence of the guideline's own."""

_NAMES = ("label", "names", "question")

_DETAILS: Mapping[type, tuple[str, ...]] = {
    models.Regimen: ("population", "route", "dose", "rhythm", "duration", "tablet", "taper"),
    models.Due: ("anchor_label", "anchor", "weeks", "start", "to", "every", "rhythm"),
    models.Wait: ("anchor", "weeks", "length"),
    models.Setting: ("value",),
    models.InstrumentUse: ("name", "value", "inputs"),
    models.Advice: ("kind", "parts"),
    models.Alert: ("level",),
    models.Yield: ("decision",),
}
"""Further fields that are shown with their name."""

_STEP = re.compile(r"(?P<name>[^.\[\]]+)|\[(?P<index>[0-9]+)\]")


class Owner(NamedTuple):
    """The object of the guideline that a rule belongs to."""

    kind: str
    id: str


class FactValue(NamedTuple):
    """A value of a fact, as its author wrote it."""

    fact: str
    expression: Expression


class Rule(NamedTuple):
    """One record of the guideline that rests on statements, or that decides something."""

    owner: Owner
    path: str
    """Where it stands in its object, as ``walk`` names it: ``candidates[0].for[1]``."""
    address: Address
    kind: str
    """The kind of argument, or the name of the record: ``note``, ``regimen``."""
    name: Text | None
    conditions: tuple[tuple[str, Expression], ...]
    speech: tuple[Text, ...]
    details: tuple[tuple[str, Any], ...]
    basis: str | None
    strength: str | None
    severity: str | None
    indirect: bool
    cites: tuple[str, ...]
    disputes: tuple[str, ...]


def rules(guideline: Guideline) -> tuple[Rule, ...]:
    """All rules, in the order of the guideline; what stands inside another follows it."""
    return tuple(_rules(guideline))


def _rules(guideline: Guideline) -> Iterator[Rule]:
    anchors: dict[Place, str] = {}
    pages = shelves(guideline)
    for place, shape, value in walk(guideline):
        if place.kind in _NO_RULES:
            continue
        anchors[place] = _anchor(place, value, anchors)
        if isinstance(shape, Record) and _is_rule(value):
            owner = Owner(place.kind, place.id)
            here = address(*owner, pages).below(anchors[place])
            yield _rule(place, value, owner, here)


def _is_rule(value: Any) -> bool:
    return (
        hasattr(value, "cites")
        or hasattr(value, "disputes")
        or isinstance(getattr(value, "when", None), Condition)
    )


def _rule(place: Place, value: Any, owner: Owner, here: Address) -> Rule:
    return Rule(
        owner=owner,
        path=place.path,
        address=here,
        kind=value.kind if isinstance(value, models.Argument) else _kind(type(value)),
        name=next((text for text in _texts(value, _NAMES)), None),
        conditions=tuple(_conditions(value)),
        speech=tuple(_texts(value, _SPEECH)),
        details=tuple(_details(place, value)),
        basis=getattr(value, "basis", None),
        strength=getattr(value, "strength", None),
        severity=getattr(value, "severity", None),
        indirect=getattr(value, "indirect", False),
        cites=getattr(value, "cites", ()),
        disputes=getattr(value, "disputes", ()),
    )


def _kind(model: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def _conditions(value: Any) -> Iterator[tuple[str, Expression]]:
    for field in _CONDITIONS:
        found = getattr(value, field, None)
        if isinstance(found, Condition):
            yield field, found.expression


def _texts(value: Any, fields: tuple[str, ...]) -> Iterator[Text]:
    for field in fields:
        found = getattr(value, field, None)
        if isinstance(found, Text):
            yield found


def _details(place: Place, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, models.Preference):
        yield "choose", _candidates(place, (value.choose,))
        yield "over", _candidates(place, value.over)
    if isinstance(value, models.Inference):
        yield "value", FactValue(place.id, value.value)
    for field in _DETAILS.get(type(value), ()):
        found = getattr(value, field)
        if found is None or found == ():
            continue
        # A derived record (a taper) is shown by its own fields.
        if isinstance(found, models.Taper):
            yield from ((inner, getattr(found, inner)) for inner in _TAPER)
        else:
            yield field, found


def _candidates(place: Place, ids: Iterable[str]) -> tuple[Owner, ...]:
    return tuple(Owner("candidate", f"{place.id}/{id_}") for id_ in ids)


_TAPER = tuple(
    field.name for field in msgspec.structs.fields(models.Taper) if field.name != "waits"
)


def _anchor(place: Place, value: Any, anchors: Mapping[Place, str]) -> str:
    """The path with ids for places in lists where there are ids, else counted from 1."""
    steps = list(_STEP.finditer(place.path))
    if not steps:
        return ""
    last = steps[-1]
    parent = anchors.get(place._replace(path=place.path[: last.start()].rstrip(".")), "")
    if last["name"] is not None:
        return ".".join(filter(None, (parent, last["name"])))
    id_ = getattr(value, "id", None)
    if id_ is None:
        return f"{parent}.{int(last['index']) + 1}"
    # Candidates stand on their page under their bare id; that is what others link to.
    if parent == "candidates":
        return slug(id_)
    return f"{parent}.{slug(id_)}"
