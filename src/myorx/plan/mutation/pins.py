"""A vignette for a mutant that none kills: a case in which the fault shows, and what shows it.

Sought among the vignettes first, as they are, then with one or two facts changed that the fault
touches. What it expects is what the guideline says now: it holds a rule in place, and is no sign
that the rule is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import combinations, islice
from typing import Any, NamedTuple

from myorx.facts import CaseError, Patient, environment, read_case
from myorx.guideline.check.graph import chains, dependencies
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.vignettes import Vignette
from myorx.language import LanguageError, evaluate, names, walk
from myorx.language.syntax import (
    DecimalLiteral,
    Expression,
    IntegerLiteral,
    QuantityLiteral,
)
from myorx.language.units import factor
from myorx.plan.assemble import Planner
from myorx.plan.model import Plan
from myorx.plan.mutation.hunt import READING, Hunter, renamed
from myorx.plan.mutation.mutants import Mutant
from myorx.plan.mutation.telling import Item, items
from myorx.plan.situation import Situation
from myorx.plan.vignettes import differences

_PLAIN, _BASES, _CASES = 24, 8, 120
"""So many vignettes are tried as they are; so many are varied; so many cases in all."""


class Pin(NamedTuple):
    """A vignette, the facts of it that are changed, and what to expect of the case. ``refused``: it
    is refused, with these codes."""

    vignette: Vignette
    changed: Mapping[str, Any]
    item: Item | None
    refused: tuple[str, ...] = ()


class Pinner:
    """Seeks pins for the mutants of one guideline."""

    def __init__(self, hunter: Hunter) -> None:
        self._hunter = hunter
        self._guideline = hunter.guideline
        self._planner = Planner(hunter.guideline)
        self._depends = dependencies(hunter.guideline)

    def pin(self, mutant: Mutant) -> Pin | None:
        """A case and an expectation that the fault breaks; None where none was found."""
        other = Planner(mutant.make())
        for vignette, changed in islice(self._cases(mutant), _CASES):
            found = self._shows(mutant, other, vignette, changed)
            if found is not None:
                return found
        return None

    # -- where to look -------------------------------------------------------------------------

    def _cases(self, mutant: Mutant) -> Iterator[tuple[Vignette, Mapping[str, Any]]]:
        likely = [one.vignette for one in self._hunter.likely(mutant)]
        yield from ((one, {}) for one in likely[:_PLAIN])
        bases = [one.vignette for one in self._hunter.near(mutant)][:_BASES]
        choices = tuple(self._choices(mutant))
        single = [{fact: value} for fact, values in choices for value in values]
        yield from ((base, change) for change in single for base in bases)
        for one, two in combinations(choices, 2):
            for first in one[1]:
                for second in two[1]:
                    yield from ((base, {one[0]: first, two[0]: second}) for base in bases[:3])

    def _choices(self, mutant: Mutant) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Facts that the fault stands on, and values that each may take."""
        stands_on = list(_expressions(mutant))
        reached = chains((name for one in stands_on for name in names(one)), self._depends)
        numbers = [node for one in stands_on for node in walk(one)]
        for name in reached:
            definition = self._guideline.definitions.get(name)
            if definition is not None:
                numbers += walk(definition.expression.expression)
        for name in reached:
            fact = self._guideline.facts.get(name)
            if fact is not None and not fact.derived:
                yield name, tuple(_values(fact, numbers, self._guideline))

    # -- looking -------------------------------------------------------------------------------

    def _shows(
        self, mutant: Mutant, other: Planner, vignette: Vignette, changed: Mapping[str, Any]
    ) -> Pin | None:
        case = {**vignette.case, **_dated(changed, vignette)}
        before = _read(case, vignette, self._guideline)
        rereads = mutant.owner.kind in READING
        after = _read(case, vignette, other.guideline) if rereads else before
        if isinstance(before, tuple):
            if rereads and before != after:
                return Pin(vignette, _dated(changed, vignette), None, before)
            return None
        if isinstance(after, Patient) and not _could_tell(mutant, before, self._guideline):
            return None
        situation, plan = self._planner.situation(before), self._planner.plan(before)
        if isinstance(after, tuple):
            first = next(items(situation, plan), None)
            return None if first is None else Pin(vignette, _dated(changed, vignette), first)
        try:
            found = _first(situation, plan, other, after, mutant)
        except (LanguageError, ValueError):
            found = next(items(situation, plan), None)
        return None if found is None else Pin(vignette, _dated(changed, vignette), found)


def _read(case: Any, vignette: Vignette, guideline: Guideline) -> Patient | tuple[str, ...]:
    """The patient, or the codes for which the case is refused."""
    try:
        return read_case(case, guideline, as_of=vignette.as_of)
    except CaseError as error:
        return tuple(sorted({fault.code for fault in error.faults}))


def _could_tell(mutant: Mutant, patient: Patient, guideline: Guideline) -> bool:
    where = environment(patient, guideline)
    if mutant.change is None:
        held = [evaluate(one.expression, where).value for one in mutant.conditions]
        return not held or any(value is not False for value in held)
    before = evaluate(mutant.change.before, where).value
    return before is None or before != evaluate(mutant.change.after, where).value


def _first(
    situation: Situation, plan: Plan, other: Planner, patient: Patient, mutant: Mutant
) -> Item | None:
    changed = other.plan(patient)
    if changed == plan:
        return None
    there = other.situation(patient)
    for item in items(situation, plan):
        if any(differences(there, changed, renamed(item.expectation, mutant))):
            return item
    return None


def _expressions(mutant: Mutant) -> Iterator[Expression]:
    if mutant.change is not None:
        yield mutant.change.before
        yield mutant.change.after
    yield from (condition.expression for condition in mutant.conditions)


def _values(fact: Fact, numbers: Iterable[Expression], guideline: Guideline) -> Iterator[Any]:
    match fact.type:
        case "boolean":
            yield from (True, False, "unknown")
        case "code":
            yield from (code.id for code in fact.values)
        case "date":
            found = {0, *_days(numbers, guideline)}
            yield from (
                timedelta(days=days + more) for days in sorted(found) for more in (-1, 0, 1)
            )
        case "integer":
            whole = {one.value for one in numbers if isinstance(one, IntegerLiteral)}
            yield from sorted({one + more for one in whole for more in (-1, 0, 1)})
        case _:
            yield from dict.fromkeys(_amounts(fact, numbers))


def _amounts(fact: Fact, numbers: Iterable[Expression]) -> Iterator[str]:
    for node in numbers:
        match node:
            case QuantityLiteral(value=value, unit=unit) if factor(unit, fact.unit or "1"):
                behind = f" {unit}"
            case DecimalLiteral(value=value) if fact.unit is None:
                behind = ""
            case _:
                continue
        exponent = value.as_tuple().exponent
        step = value.__class__(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0))
        yield from (f"{value + more * step}{behind}" for more in (-1, 0, 1))


def _days(numbers: Iterable[Expression], guideline: Guideline) -> Iterator[int]:
    settings = [setting.value for setting in guideline.manifest.settings]
    for node in (*numbers, *settings):
        match node:
            case IntegerLiteral(value=value) if 0 < value < 1000:
                yield value
            case QuantityLiteral(value=value, unit="d"):
                yield int(value)
            case _:
                pass


def _dated(changed: Mapping[str, Any], vignette: Vignette) -> dict[str, Any]:
    """Days before the day of the case become dates."""
    return {
        name: (vignette.as_of - value).isoformat() if isinstance(value, timedelta) else value
        for name, value in changed.items()
    }
