"""Every guideline that differs from this one by one small fault.

Beside the slips in expressions (``expressions``):

============  ================================================================================
fault         what is done
============  ================================================================================
``drop``      one hazard, argument, gap, preference, ``yield_to``, inference, part, due item,
              waiting time or topic not covered is left out; so is a whole advice, alert or
              contradiction, a ``requires``, a ``max_age`` and the ``possible`` of an alert
``strength``  the verb of an argument for a candidate becomes one of the other level; of other
              arguments only the word is shown, and `check` holds it to the source
``kind``      what excludes only speaks against; what speaks against only cautions
``scope``     what holds outside the scope does not, and the other way round
``step``      an end of a plausible range is one step of its last digit larger, or smaller
============  ================================================================================

What has no effect on a plan by itself is left alone: words, citations, the ledger; of notes only
the conditions are changed, under which they stand in the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from myorx.guideline.models import Advice, Argument, Decision, Fact, Guideline, Manifest
from myorx.guideline.texts import Condition
from myorx.language import cql
from myorx.language.syntax import Expression
from myorx.plan.mutation.expressions import slips, steps
from myorx.plan.mutation.sites import Owner, Put, owners, sites

_BARE = frozenset({"statement", "dispute", "group", "class", "reference"})
"""Kinds of objects without rules."""

_DROPPED: Mapping[str, tuple[str, ...]] = {
    "drug": ("hazards", "not_covered", "due"),
    "decision": ("yield_to", "prefer", "gaps"),
    "candidate": ("arguments", "parts", "due"),
    "advice": ("arguments", "parts", "due"),
    "fact": ("infer",),
}
"""Lists out of which each item is left out in turn."""

_EMPTIED: Mapping[str, tuple[str, ...]] = {
    "candidate": ("requires",),
    "fact": ("max_age",),
    "alert": ("possible",),
}
"""Fields that are left out as a whole."""

_WEAKER = {"exclude": "against", "against": "caution"}


class Change(NamedTuple):
    """An expression that became another."""

    before: Expression
    after: Expression


class Mutant(NamedTuple):
    """A guideline with one fault."""

    rule: str
    """Where: ``drug x hazards.exclude``; two rules of a kind beside each other share this."""
    fault: str
    """What: ``step: age > 60 → age > 61``, ``drop: age > 60``."""
    owner: Owner
    make: Callable[[], Guideline]
    change: Change | None = None
    conditions: tuple[Condition, ...] = ()
    """Where all of these are known false the fault can do nothing; none: it always may."""

    @property
    def path(self) -> tuple[str, ...]:
        """The words of the way from the owner to the rule."""
        return tuple(self.rule.replace(".", " ").split()[2:])

    @property
    def kind(self) -> str:
        """What it is a fault in: the kind of the object, or one of its notes."""
        return "note" if "notes" in self.path else self.owner.kind

    @property
    def id(self) -> str:
        """The name in the register."""
        return f"{self.rule} | {self.fault}"


def mutants(guideline: Guideline) -> Iterator[Mutant]:
    """All of them, in the order of the files."""
    for owner in owners(guideline):
        if owner.kind in _BARE:
            continue
        for site in sites(owner):
            for slip in slips(site.expression, condition=site.condition):
                change = Change(site.expression, slip.expression)
                fault = f"{slip.kind}: {cql(change.before)} → {cql(change.after)}"
                yield Mutant(
                    f"{owner.kind} {owner.id} {site.path}",
                    fault,
                    owner,
                    _later(site.put, slip.expression),
                    change,
                )
        yield from _structural(guideline, owner)


def _later(put: Callable[[Any], Guideline], new: Any) -> Callable[[], Guideline]:
    return lambda: put(new)


def _structural(guideline: Guideline, owner: Owner) -> Iterator[Mutant]:
    yield from _whole(guideline, owner)
    verbs = guideline.manifest.verbs
    other = {
        verb.zh: next((one.zh for one in verbs if one.level != verb.level), None) for verb in verbs
    }
    for path, kind, value, put in _holders(owner):
        rule = f"{owner.kind} {owner.id} {path}".strip()
        yield from _less(rule, owner, kind, value, put)
        for field in ("hazards", "arguments"):
            for index, argument in enumerate(getattr(value, field, ())):
                inner = _replacer(value, field, index, put)
                yield from _otherwise(f"{rule} {field}", owner, argument, inner, other)
        if isinstance(value, Fact):
            yield from _ranges(rule, owner, value, put)
        if isinstance(value, Decision | Advice):
            changed = msgspec.structs.replace(value, outside_scope=not value.outside_scope)
            yield Mutant(rule, "scope", owner, _later(put, changed))


def _whole(guideline: Guideline, owner: Owner) -> Iterator[Mutant]:
    """The guideline without the object itself, where nothing else can name it."""
    if owner.kind not in ("advice", "alert", "contradiction"):
        return
    collection = {"advice": "advice", "alert": "alerts", "contradiction": "contradictions"}
    field = collection[owner.kind]
    rest = {id_: one for id_, one in getattr(guideline, field).items() if id_ != owner.id}

    def without() -> Guideline:
        return msgspec.structs.replace(guideline, **{field: rest})

    possible = getattr(owner.value, "possible", None)
    conditions = (owner.value.when,) if possible is None else (owner.value.when, possible)
    yield Mutant(f"{owner.kind} {owner.id}", "drop", owner, without, conditions=conditions)


def _holders(owner: Owner) -> Iterator[tuple[str, str, Any, Put]]:
    """The object itself and, of a decision, its candidates; of the manifest, nothing."""
    value = owner.value
    if isinstance(value, Manifest):
        return
    yield "", owner.kind, value, owner.put
    if isinstance(value, Decision):
        for index, candidate in enumerate(value.candidates):
            put = _replacer(value, "candidates", index, owner.put)
            yield candidate.id, "candidate", candidate, put


def _replacer(value: Any, field: str, index: int, put: Put) -> Put:
    items = getattr(value, field)

    def replaced(new: Any) -> Guideline:
        changed = (*items[:index], new, *items[index + 1 :])
        return put(msgspec.structs.replace(value, **{field: changed}))

    return replaced


def _less(rule: str, owner: Owner, kind: str, value: Any, put: Put) -> Iterator[Mutant]:
    for field in _DROPPED.get(kind, ()):
        items = getattr(value, field)
        if field == "parts" and len(items) < 2:
            continue
        for index, item in enumerate(items):
            changed: dict[str, Any] = {field: (*items[:index], *items[index + 1 :])}
            if field == "hazards" and len(items) == 1:
                changed["no_hazards_stated"] = True
            rest = msgspec.structs.replace(value, **changed)
            when = getattr(item, "when", None)
            yield Mutant(
                f"{rule} {field}",
                f"drop: {_name(item)}",
                owner,
                _later(put, rest),
                conditions=() if when is None else (when,),
            )
    for field in _EMPTIED.get(kind, ()):
        if getattr(value, field) is not None:
            rest = msgspec.structs.replace(value, **{field: None})
            yield Mutant(rule, f"drop: {field}", owner, _later(put, rest))


def _ranges(rule: str, owner: Owner, fact: Fact, put: Put) -> Iterator[Mutant]:
    for index, end in enumerate(fact.plausible or ()):
        for moved in steps(Decimal(end)):
            ends = [*(fact.plausible or ())]
            ends[index] = f"{moved:f}"
            changed = msgspec.structs.replace(fact, plausible=tuple(ends))
            name = "low" if index == 0 else "high"
            fault = f"step: {end} → {moved:f}"
            yield Mutant(f"{rule} plausible.{name}", fault, owner, _later(put, changed))


def _otherwise(
    rule: str, owner: Owner, argument: Argument, put: Put, other: Mapping[str, str | None]
) -> Iterator[Mutant]:
    condition = cql(argument.when.expression)
    weaker = _WEAKER.get(argument.kind)
    if weaker is not None:
        changed = msgspec.structs.replace(argument, kind=weaker)
        fault = f"kind: {argument.kind} → {weaker}: {condition}"
        yield Mutant(rule, fault, owner, _later(put, changed), conditions=(argument.when,))
    verb = other.get(argument.strength) if argument.strength is not None else None
    if argument.kind == "for" and verb is not None:
        changed = msgspec.structs.replace(argument, strength=verb)
        fault = f"strength: {argument.strength} → {verb}: {condition}"
        yield Mutant(rule, fault, owner, _later(put, changed), conditions=(argument.when,))


def _name(item: Any) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, Argument):
        return f"{item.kind}: {cql(item.when.expression)}"
    for field in ("id", "decision", "choose", "drug", "drug_class"):
        name = getattr(item, field, None)
        if isinstance(name, str):
            return name
    when = getattr(item, "when", None)
    return "always" if when is None else cql(when.expression)
