"""Any patient of a guideline at once: every fact as solver terms, worked out as ``resolve`` does.

What a case may give is a variable of its type (unknown included). What the therapy history gives is
a variable too, within the bounds that every derivation keeps; so what is proved holds for every
history, and a counter-example may be one that no history has (the replay tells). Inferences,
absence, plausible ranges and contradictions are those of the guideline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import z3

from myorx.facts.names import covers, index
from myorx.facts.resolution import Resolution, resolutions
from myorx.facts.scalars import MAX_WHOLE_DIGITS
from myorx.facts.units import factor
from myorx.guideline.check.context import fact_type
from myorx.guideline.models import Derivation, Fact, Guideline, InstrumentUse
from myorx.language.smt import (
    UNKNOWN,
    Day,
    Logic,
    Loose,
    Lowered,
    Lowering,
    Number,
    choice,
    constant,
    empty_like,
    unknown,
    variable,
)
from myorx.language.smt.arithmetic import rounded
from myorx.language.smt.bits import Bit, at_most, conj, disj, less, neg, same, times
from myorx.language.smt.calendar import periods
from myorx.plan.formulas import ORDERED, TAKEN, All, Any, Constant, Formula, Known, Not, Refuted

AS_OF = "as_of"
_FIRST_YEAR, _LAST_YEAR = 1950, 2149
"""The days of the case that are looked at."""
_FAR, _NOT_FAR = 151 * 366, 150 * 365
"""Days; what lies farther than the first from the day of the case is surely refused when a case is
read, what lies nearer than the second is surely not."""
_MOST = Fraction(10**MAX_WHOLE_DIGITS)
_EASY = Fraction(10**5)
_COUNTED = ("count_distinct", "sum_days_at_least", "equivalent_dose")


class World:
    """One patient about whom nothing is known yet; ``name`` keeps two of them apart.

    ``loose``: years and months are only held within their lengths. What no such patient shows, no
    patient shows; a patient who shows it may have a calendar that there is not. The axioms of
    ``loose`` are the caller's to add, once everything is lowered.
    """

    def __init__(self, guideline: Guideline, name: str = "", loose: Loose | None = None) -> None:
        self._guideline = guideline
        self.name = name
        self._name = f"{name}/" if name else ""
        found = index(guideline)
        self._settings = {id_: constant(value) for id_, value in found.settings.items()}
        self._members = found.members
        self.as_of: z3.ArithRef = z3.Int(f"{self._name}as_of")
        self._day = Day(self.as_of, self.as_of, True, True)
        self.given: dict[str, Lowered] = {}
        """What the case gives of each fact that it may give; stale values count as unknown."""
        self.mentioned: dict[str, Bit] = {}
        """For facts whose absence means no: that the case mentions them all the same."""
        self.derived: dict[str, Lowered] = {}
        self.facts: dict[str, Lowered] = {}
        """Every fact as worked out."""
        self.taken: dict[str, Bit] = {}
        self.axioms: list[Bit] = []
        """What holds of every patient whose case is accepted."""
        self.typable: list[Bit] = []
        """What holds besides where every value can be typed as one day or one number."""
        self._formulas: dict[Formula, Bit] = {}
        definitions = {
            id_: definition.expression.expression
            for id_, definition in guideline.definitions.items()
        }
        count = periods if loose is None else loose.periods
        self.lowering = Lowering(self._fact, definitions, found.integers, count)
        self._require_days()
        for resolution in resolutions(guideline):
            self.facts[resolution.fact.id] = self._resolved(resolution)
        self._relate_derived()
        for contradiction in guideline.contradictions.values():
            self.axioms.append(neg(self.lowering.truth(contradiction.when.expression).true))

    def _fact(self, name: str) -> Lowered:
        if name in self.facts:
            return self.facts[name]
        if name == AS_OF:
            return self._day
        if name in self._settings:
            return self._settings[name]
        if name.startswith((TAKEN, ORDERED)):
            bit = self.taken.setdefault(name, z3.Bool(f"{self._name}{name}"))
            return Logic(bit, neg(bit))
        raise KeyError(name)

    def holds(self, formula: Formula) -> Bit:
        """A formula as a term."""
        found = self._formulas.get(formula)
        if found is None:
            found = self._formulas[formula] = self._lower(formula)
        return found

    def _lower(self, formula: Formula) -> Bit:
        match formula:
            case Constant(value=value):
                return value
            case Known(expression=expression):
                return self.lowering.truth(expression).true
            case Refuted(expression=expression):
                return self.lowering.truth(expression).false
            case All(parts=parts):
                return conj(*map(self.holds, parts))
            case Any(parts=parts):
                return disj(*map(self.holds, parts))
            case Not(part=part):
                return neg(self.holds(part))

    # -- facts ---------------------------------------------------------------------------------

    def _require_days(self) -> None:
        first, last = date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31)
        self.axioms.append(
            conj(at_most(first.toordinal(), self.as_of), at_most(self.as_of, last.toordinal()))
        )

    def _resolved(self, resolution: Resolution) -> Lowered:
        """The first source that is known; from the last one to the first."""
        fact = resolution.fact
        value = self._absent(resolution)
        for inference in reversed(resolution.inferences):
            inferred = _in_unit(self.lowering.lower(inference.value), fact)
            applies = neg(unknown(inferred))
            if inference.when is not None:
                applies = conj(self.lowering.truth(inference.when.expression).true, applies)
            value = choice(applies, inferred, value)
        if resolution.instrument is not None:
            computed = self.derived[fact.id] = self._computed(fact, resolution.instrument)
            value = choice(neg(unknown(computed)), computed, value)
        if resolution.derivation is not None:
            derived = self.derived[fact.id] = self._derived(fact, resolution.derivation)
            value = choice(neg(unknown(derived)), derived, value)
        if resolution.given:
            given = self.given[fact.id] = self._given(fact)
            value = choice(neg(unknown(given)), given, value)
        return value

    def _absent(self, resolution: Resolution) -> Lowered:
        fact = resolution.fact
        if resolution.absent_no:
            bit = self.mentioned[fact.id] = z3.Bool(f"{self._name}{fact.id} mentioned")
            return Logic(False, neg(bit))
        return empty_like(variable(fact.id, fact_type(fact))[0])

    def _given(self, fact: Fact) -> Lowered:
        """What can be typed: one number or one-sided bounds; any stretch of days."""
        value, conditions = variable(f"{self._name}{fact.id}", fact_type(fact))
        self.axioms += conditions
        if isinstance(value, Number):
            self.axioms += _readable(value)
            self.typable += _small(value)
            one_sided = neg(conj(value.has_low, value.has_high))
            self.axioms.append(disj(one_sided, same(value.low, value.high)))
            if fact.plausible is not None:
                self.axioms += _plausible(value, *map(Decimal, fact.plausible))
        elif isinstance(value, Day):
            self.axioms += self._near(value, _FAR)
            self.typable += self._near(value, _NOT_FAR)
            whole = conj(value.has_earliest, value.has_latest)
            self.typable.append(disj(neg(whole), same(value.earliest, value.latest)))
        return value

    def _near(self, value: Day, days: int) -> Iterator[Bit]:
        yield disj(neg(value.has_latest), less(self.as_of - days, value.latest))
        yield disj(neg(value.has_earliest), less(value.earliest, self.as_of + days))

    def _computed(self, fact: Fact, use: InstrumentUse) -> Lowered:
        """What an instrument gives: anything, but nothing without what it needs."""
        value, conditions = variable(f"{self._name}{fact.id} computed", fact_type(fact))
        self.axioms += conditions
        if isinstance(value, Number):
            self.axioms += _readable(value)
            self.typable += _small(value)
        for need in use.needs:
            known = neg(unknown(self.lowering.lower(use.inputs[need])))
            self.axioms.append(disj(unknown(value), known))
        return value

    # -- the therapy history -------------------------------------------------------------------

    def _derived(self, fact: Fact, derivation: Derivation) -> Lowered:
        """Any value that an operator can give."""
        value, conditions = variable(f"{self._name}{fact.id} derived", fact_type(fact))
        self.axioms += conditions
        zero = Fraction(0)
        if isinstance(value, Number):
            self.axioms += _readable(value)
            self.typable += _small(value)
        if isinstance(value, Number) and derivation.op in _COUNTED:
            known = neg(unknown(value))
            closed = conj(neg(value.low_open), neg(value.high_open))
            self.axioms.append(
                disj(neg(known), conj(value.has_low, at_most(zero, value.low), closed))
            )
            if derivation.op == "count_distinct":
                most = Fraction(len(self._drugs(derivation)))
                self.axioms.append(disj(neg(value.has_high), at_most(value.high, most)))
        elif isinstance(value, Day):
            known = neg(unknown(value))
            begun = conj(value.has_latest, at_most(value.latest, self.as_of))
            self.axioms.append(disj(neg(known), begun))
            self.axioms += self._near(value, _FAR)
        return value

    def _relate_derived(self) -> None:
        """What is taken now was ever taken, and what is said of a drug holds of its class."""
        asked = [
            (fact, fact.derive)
            for fact in self._guideline.facts.values()
            if fact.derive is not None and fact.derive.op in ("current", "ever", "response")
        ]
        for fact, how in asked:
            for other, wider in asked:
                if fact is not other and self._implies(how, wider):
                    self._follows(self.derived[fact.id], self.derived[other.id])

    def _follows(self, narrow: Lowered, wide: Lowered) -> None:
        if isinstance(narrow, Logic) and isinstance(wide, Logic):
            self.axioms += [disj(neg(narrow.true), wide.true), disj(neg(wide.false), narrow.false)]

    def _implies(self, how: Derivation, wider: Derivation) -> bool:
        """Whether one derivation being true makes another true, for every history."""
        same_question = how.op == wider.op and how.is_response == wider.is_response
        if not (same_question or wider.op == "ever"):
            return False
        free = wider.effective is None and not wider.routes
        alike = (how.effective, how.routes) == (wider.effective, wider.routes)
        return (free or alike) and self._drugs(how) <= self._drugs(wider)

    def _drugs(self, derivation: Derivation) -> frozenset[str]:
        drugs = self._guideline.drugs.values()
        return frozenset(drug.id for drug in drugs if covers(derivation, drug, self._members))


def _small(value: Number) -> Iterator[Bit]:
    """It is short enough to be read with ease."""
    for end in (value.low, value.high):
        yield conj(less(-_EASY, end), less(end, _EASY))


def _readable(value: Number) -> Iterator[Bit]:
    """No number has more digits than a case may hold."""
    for end in (value.low, value.high):
        yield conj(less(-_MOST, end), less(end, _MOST))


def _plausible(value: Number, low: Decimal, high: Decimal) -> Iterable[Bit]:
    """Some part of it lies in the range."""
    least, most = Fraction(low), Fraction(high)
    yield disj(
        neg(value.has_low), less(value.low, most), conj(same(value.low, most), neg(value.low_open))
    )
    yield disj(
        neg(value.has_high),
        less(least, value.high),
        conj(same(value.high, least), neg(value.high_open)),
    )


def _in_unit(value: Lowered, fact: Fact) -> Lowered:
    """A computed number in the fact's own unit, rounded as ``facts.units.convert`` does."""
    if not isinstance(value, Number) or fact.unit is None or value.unit in (None, fact.unit):
        return value
    ratio = factor(value.unit or "", fact.unit)
    if ratio is None:
        return UNKNOWN
    low, high = times(value.low, ratio), times(value.high, ratio)
    if ratio != 1:
        low, high = rounded(low), rounded(high)
    return value._replace(low=low, high=high, unit=fact.unit)
