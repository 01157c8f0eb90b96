"""One patient before one guideline: what every other module asks, each question answered once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias, TypeVar

import msgspec

from myorx.facts import THERAPIES, Patient, drugs_taken, environment
from myorx.guideline.models import Argument, Drug, Guideline, InstrumentUse
from myorx.guideline.texts import Condition
from myorx.language import Trace, evaluate, is_settled, needs
from myorx.language.syntax import Between, Expression, Name
from myorx.language.values import Value
from myorx.plan.grounds import Clause, Ground, Grounds, Key, Met, make_room
from myorx.plan.model import Reason, Step
from myorx.plan.trace import Stepper
from myorx.plan.truth import Kleene, truth
from myorx.plan.wording import Wording

Standing: TypeAlias = Value | tuple[str, ...]
"""How a name of a finite clause stands: its value, or the facts to ask for where it has none."""

_T = TypeVar("_T")


class Size(msgspec.Struct, frozen=True, eq=False):
    """All of a patient that a dose depends on; patients of one size share one."""

    adult: Kleene
    weight: Value
    body_surface_area: Value
    asked: tuple[tuple[str, ...], ...]
    """What to ask for weight, body surface area and age."""


class Situation:
    """The guideline, the patient, and a memory of what was already evaluated for this plan."""

    def __init__(self, patient: Patient, wording: Wording, grounds: Grounds) -> None:
        self.guideline: Guideline = grounds.guideline
        self.patient = patient
        self.wording = wording
        self.grounds = grounds
        self._environment = environment(patient, self.guideline)
        self._stepper = Stepper(wording)
        self._traces: dict[int, Trace] = {}
        self._met: dict[Clause, Met] = {}
        self._standings: dict[str, Standing] = {}
        self._steps: dict[Clause, Step] = {}
        self._hazards: dict[str, tuple[Reason, ...]] = {}
        self._uncovered: dict[tuple[str, ...], tuple[tuple[str, Kleene], ...]] = {}
        self._askable: dict[str, tuple[str, ...]] = {}
        self._topics: dict[str, Kleene] | None = None
        self.size: Size | None = None
        """What the patient's doses depend on, once it was asked for."""
        self.taken = tuple(drugs_taken(patient.case))
        self.ordered = tuple(dict.fromkeys(order.drug for order in patient.case.orders))

    # -- values --------------------------------------------------------------------------------

    def trace(self, expression: Expression) -> Trace:
        """The evaluation of an expression of the guideline, every operand with it."""
        found = self._traces.get(id(expression))
        if found is None:
            found = self._traces[id(expression)] = evaluate(expression, self._environment)
        return found

    def value(self, name: str) -> Value:
        """A fact, definition or setting as it stands for this patient."""
        return self._environment.value(name)

    def holds(self, condition: Condition | None) -> Kleene:
        """Whether a condition is true, false or unknown; no condition always holds."""
        return True if condition is None else self.met(condition).holds

    def step(self, condition: Condition) -> Step:
        """The evaluation in words."""
        clause = self.grounds.clause(condition)
        shared = self._meet(clause) if clause.finite else None
        found = self._steps.get(clause) if shared is None else shared.step
        if found is None:
            found = self._stepper.step(self.trace(clause.expression))
            if shared is None:
                self._steps[clause] = found
            else:
                shared.step = found
        return found

    # -- how conditions stand ------------------------------------------------------------------

    def met(self, condition: Condition) -> Met:
        """How a condition stands."""
        return self._meet(self.grounds.clause(condition))

    def _meet(self, clause: Clause) -> Met:
        found = self._met.get(clause)
        if found is None:
            found = self._met[clause] = self._first_met(clause)
        return found

    def _first_met(self, clause: Clause) -> Met:
        """A finite clause is evaluated once for each way in which its names can stand."""
        if not clause.finite:
            met = self._evaluated(clause)
            key: Key = (met.holds, met.needs)
            return clause.met.get(key) or clause.remember(key, met)
        known = self._standings
        key = tuple(
            [known[name] if name in known else self._standing(name) for name in clause.names]
        )
        return clause.met.get(key) or clause.remember(key, self._evaluated(clause))

    def _evaluated(self, clause: Clause) -> Met:
        trace = self.trace(clause.expression)
        value = trace.value
        if value is True or value is False:
            return Met(value, ())
        return Met(None, self._open_under(trace))

    def _standing(self, name: str) -> Standing:
        definition = self.guideline.definitions.get(name)
        if definition is not None:
            met = self.met(definition.expression)
            found: Standing = met.needs if met.holds is None else met.holds
        else:
            value = self.value(name)
            found = self.askable(name) if value is None else value
        self._standings[name] = found
        return found

    def once(self, ground: Ground, given: Hashable, make: Callable[[], _T]) -> _T:
        """A judgement, made once for all patients for whom what it rests on stands alike.

        ``given`` is what else it depends on.
        """
        if not ground.shared:
            return make()
        known = self._met
        key = (given, *[known.get(clause) or self._meet(clause) for clause in ground.clauses])
        found: _T | None = ground.judged.get(key)
        if found is None:
            make_room(ground.judged)
            found = ground.judged[key] = make()
        return found

    # -- what is missing -----------------------------------------------------------------------

    def needs(self, condition: Condition | None) -> tuple[str, ...]:
        """The facts to ask for that keep a condition unknown; none when it is known."""
        return () if condition is None else self.met(condition).needs

    def _needs_of(self, expression: Expression) -> tuple[str, ...]:
        return self._open_under(self.trace(expression))

    def _open_under(self, trace: Trace) -> tuple[str, ...]:
        asked: dict[str, None] = {}
        if not is_settled(trace.value):
            self._collect(trace, asked)
        return tuple(asked)

    def _collect(self, trace: Trace, asked: dict[str, None]) -> None:
        """What ``language.needs`` finds under a trace that is open, as questions."""
        expression = trace.expression
        if type(expression) is Name:
            definition = self.guideline.definitions.get(expression.name)
            found = (
                self.askable(expression.name)
                if definition is None
                else self.needs(definition.expression)
            )
            asked.update(dict.fromkeys(found))
        elif type(expression) is Between:
            for leaf in needs(trace):
                asked.update(dict.fromkeys(self.askable(leaf)))
        else:
            for part in trace.children:
                value = part.value
                if value is None or not (value is True or value is False or is_settled(value)):
                    self._collect(part, asked)

    def askable(self, name: str) -> tuple[str, ...]:
        """What to ask a person so that this fact becomes known: itself, or what it derives from."""
        found = self._askable.get(name)
        if found is None:
            self._askable[name] = ()  # an inference that leads back to itself asks nothing new
            found = self._askable[name] = tuple(dict.fromkeys(self._ask(name)))
        return found

    def _ask(self, name: str) -> tuple[str, ...]:
        fact = self.guideline.facts.get(name)
        if fact is None:
            return ()
        if fact.instrument is not None:
            under = self._instrument_needs(fact.instrument)
            if under:
                return under
        if not fact.derived and fact.question is not None:
            return (name,)
        asked: tuple[str, ...] = ()
        if fact.derive is not None:
            asked += (THERAPIES,)
            if fact.derive.at_least is not None:
                asked += self._unknown((self.guideline.manifest.scales.weight,))
        for inference in fact.infer:
            when = self.holds(inference.when)
            if when is None:
                asked += self.needs(inference.when)
            elif when:
                asked += self._needs_of(inference.value)
        return asked

    def _instrument_needs(self, use: InstrumentUse) -> tuple[str, ...]:
        """What an instrument still lacks: easier to find out than what it computes."""
        found = [self._needs_of(expression) for expression in use.inputs.values()]
        return tuple(dict.fromkeys(name for names in found for name in names))

    def _unknown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if self.value(name) is None)

    # -- arguments -----------------------------------------------------------------------------

    def reason(self, argument: Argument, drug: str | None = None) -> Reason:
        """An argument as it stands for this patient, without its trace."""
        met = self.met(argument.when)
        found = met.reasons.get(id(argument))
        if found is None:
            found = self.wording.reason(argument, drug, truth(met.holds), met.needs)
            met.reasons[id(argument)] = found
        return found

    def traced(self, argument: Argument, drug: str | None = None) -> Reason:
        """An argument as it stands for this patient, with its trace."""
        clause = self.grounds.clause(argument.when)
        met = self._meet(clause)
        found = met.traced.get(id(argument)) if clause.finite else None
        if found is None:
            step = self.step(argument.when)
            found = self.wording.reason(argument, drug, truth(met.holds), met.needs, step)
            if clause.finite:
                met.traced[id(argument)] = found
        return found

    def hazards(self, drug: Drug) -> tuple[Reason, ...]:
        """Every hazard of a drug as it stands for this patient, without traces."""
        found = self._hazards.get(drug.id)
        if found is None:
            made = [self.reason(hazard, drug.id) for hazard in drug.hazards]
            found = self._hazards[drug.id] = tuple(made)
        return found

    def uncovered(self, drug: Drug) -> tuple[tuple[str, Kleene], ...]:
        """Topics the source does not cover for a drug and that do, or may, matter now."""
        found = self._uncovered.get(drug.not_covered)
        if found is None:
            pairs = [(topic, self.topics[topic]) for topic in drug.not_covered]
            found = tuple([(topic, value) for topic, value in pairs if value is not False])
            self._uncovered[drug.not_covered] = found
        return found

    def topic_needs(self, topic: str) -> tuple[str, ...]:
        """The facts that decide whether a topic matters for this patient."""
        for candidate in self.guideline.manifest.topics:
            if candidate.id == topic:
                return self.needs(candidate.when)
        return ()

    @property
    def topics(self) -> dict[str, Kleene]:
        """Topic id -> whether it matters for this patient."""
        if self._topics is None:
            topics = self.guideline.manifest.topics
            self._topics = {topic.id: self.holds(topic.when) for topic in topics}
        return self._topics
