"""What the therapy history of a row gives: the bedside's own derivation, each history once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from myorx.facts.case import Case
from myorx.facts.derive import Entry, derive, timeline
from myorx.facts.doses import ANYTHING, Span, span
from myorx.facts.history import drugs_taken
from myorx.facts.names import covers, index
from myorx.facts.resolution import exclusions, resolutions
from myorx.facts.units import convert
from myorx.guideline.models import Fact, Guideline
from myorx.language.evaluate import Facts, evaluate
from myorx.language.syntax import Expression
from myorx.language.values import Bounds, Value
from myorx.language.walk import names

REMEMBERED = 2**14
"""So many histories are kept: patients without any, or with one drug since today, are many."""


class Course(NamedTuple):
    """What a history says of its patient on the day of the case."""

    derived: Mapping[str, Value]
    """By derived fact; without those that are unknown."""
    taken: Mapping[str, bool]
    """By drug that is or may be taken: whether it certainly is."""
    ordered: frozenset[str]
    complete: bool
    """The therapies known are all."""


NOTHING = Course({}, {}, frozenset(), False)
"""Where nothing was said of therapies and orders."""


class Deriver:
    """Derives the facts of one guideline from histories.

    Raises ValueError for a guideline whose derivations rest on more than settings and a weight that
    is simply given: their order among the other facts would matter.
    """

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._members = index(guideline).members
        self._facts = [each.fact for each in resolutions(guideline) if each.derivation is not None]
        self._covered = {
            fact.id: frozenset(
                drug.id
                for drug in guideline.drugs.values()
                if fact.derive is not None and covers(fact.derive, drug, self._members)
            )
            for fact in self._facts
        }
        self._without = lru_cache(None)(self._of_nothing)
        self._settings = Facts(index(guideline).settings)
        self.weight = guideline.manifest.scales.weight if self._weighs() else None
        """The fact whose value doses need; None where none does."""
        self._refuse()
        self._course = lru_cache(REMEMBERED)(self._work_out)

    def course(self, case: Case, weight: Value) -> Course:
        """What the therapies and orders of ``case`` give; ``weight``: that fact's value, if any."""
        if case.therapies is None and not case.orders:
            return NOTHING
        known = weight if isinstance(weight, Bounds) else None
        orders = tuple(dict.fromkeys(order.drug for order in case.orders))
        return self._course(case.as_of, case.therapies, case.therapies_complete, orders, known)

    def _work_out(
        self,
        as_of: date,
        therapies: tuple[object, ...] | None,
        complete: bool | None,
        orders: tuple[str, ...],
        weight: Bounds | None,
    ) -> Course:
        case = Case(as_of, {}, therapies, complete)  # type: ignore[arg-type]
        entries = timeline(case, self._guideline.drugs)
        derived: dict[str, Value] = {}
        if entries is not None:
            kilograms = span(None if weight is None else convert(weight, "kg"))
            known = {entry.drug.id for entry in entries}
            for fact in self._facts:
                if known.isdisjoint(self._covered[fact.id]):
                    value = self._without(fact.id, complete)
                else:
                    value = self._derived(fact, case, entries, kilograms)
                if value is not None:
                    derived[fact.id] = value
        taken = {drug: sure is True for drug, sure in drugs_taken(case).items()}
        whole = entries is not None and complete is True
        return Course(derived, taken, frozenset(orders), whole)

    def _derived(
        self, fact: Fact, case: Case, entries: tuple[Entry, ...], kilograms: Span
    ) -> Value:
        assert fact.derive is not None
        heavy = kilograms if fact.derive.weighs else ANYTHING
        found = derive(fact, fact.derive, case, entries, self._members, heavy, self._evaluate)
        return found.value

    def _of_nothing(self, name: str, complete: bool | None) -> Value:
        """The value where no line concerns the fact: neither date nor weight then matter."""
        case = Case(date.min, {}, (), complete)
        return self._derived(self._guideline.facts[name], case, (), ANYTHING)

    def _evaluate(self, expression: Expression) -> Value:
        return evaluate(expression, self._settings).value

    # -- what it can do ----------------------------------------------------------------------------

    def _weighs(self) -> bool:
        weight = self._guideline.manifest.scales.weight
        heavy = any(fact.derive is not None and fact.derive.weighs for fact in self._facts)
        return heavy and weight in self._guideline.facts

    def _refuse(self) -> None:
        for fact in self._facts:
            for name in _mentioned(fact):
                if name in self._guideline.facts or name in self._guideline.definitions:
                    raise ValueError(f"{fact.id}: its derivation rests on {name}, no setting")
        if self.weight is None:
            return
        found = next(each for each in resolutions(self._guideline) if each.fact.id == self.weight)
        others = (found.derivation, found.instrument, *found.inferences)
        contradicted = any(self.weight in each.facts for each in exclusions(self._guideline))
        if any(others) or contradicted or not found.given:
            raise ValueError(f"{self.weight}: derivations need a weight that is simply given")


def _mentioned(fact: Fact) -> Iterable[str]:
    how = fact.derive
    if how is None:
        return
    expressions = [how.min_days]
    if how.at_least is not None:
        expressions += [how.at_least.per_kg, how.at_least.cap, how.at_least.tolerance]
    for expression in expressions:
        if expression is not None:
            yield from names(expression)
