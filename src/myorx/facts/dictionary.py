"""The dictionary of facts, as rows for people and machines."""

from __future__ import annotations

from typing import Literal as OneOf

import msgspec

from myorx.facts.names import index
from myorx.guideline.models import Code, Fact, FactType, Guideline
from myorx.guideline.texts import Text
from myorx.language.values import Bounds


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact, as somebody who has to give it needs to know it."""

    id: str
    group: str
    label: Text
    type: FactType
    question: Text | None = None
    unit: str | None = None
    unit_required: bool = False
    accepted: tuple[str, ...] = ()
    """Further units it comes in."""
    refused: tuple[tuple[str, Text], ...] = ()
    """Units that are refused, each with the reason."""
    plausible: tuple[str, str] | None = None
    max_age: str | None = None
    """``90 d``: past it a value is stale."""
    absent: OneOf["unknown", "no"] = "unknown"
    values: tuple[Code, ...] = ()
    also: tuple[str, ...] = ()
    given: bool = True
    """False: computed, never given."""
    inferred: tuple[Text, ...] = ()
    """The inferences that may set it."""
    derived: str | None = None
    """The operator over the therapy history that computes it."""
    instrument: str | None = None
    """The instrument that computes it from other facts."""
    codes: dict[str, str] = {}
    note: Text | None = None


def dictionary(guideline: Guideline) -> tuple[Row, ...]:
    """A row for every fact, in the order of the guideline's groups and, within, of its files."""
    order = {group: rank for rank, group in enumerate(guideline.groups)}
    facts = sorted(guideline.facts.values(), key=lambda fact: order.get(fact.group, len(order)))
    return tuple(_row(fact, guideline) for fact in facts)


def _row(fact: Fact, guideline: Guideline) -> Row:
    return Row(
        id=fact.id,
        group=fact.group,
        label=fact.label,
        type=fact.type,
        question=fact.question,
        unit=fact.unit,
        unit_required=fact.unit_required,
        accepted=tuple(each.unit for each in fact.units if each.unit != fact.unit),
        refused=tuple((each.unit, each.says) for each in fact.refuse),
        plausible=fact.plausible,
        max_age=_age(fact, guideline),
        absent=fact.absent,
        values=fact.values,
        also=fact.also,
        given=not fact.derived,
        inferred=tuple(inference.says for inference in fact.infer),
        derived=None if fact.derive is None else fact.derive.op,
        instrument=None if fact.instrument is None else fact.instrument.name,
        codes=dict(fact.terminology),
        note=fact.note,
    )


def _age(fact: Fact, guideline: Guideline) -> str | None:
    if fact.max_age is None:
        return None
    limit = index(guideline).settings.get(fact.max_age)
    exact = limit.exact if isinstance(limit, Bounds) else None
    return None if exact is None else f"{exact:f} d"
