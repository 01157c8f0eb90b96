"""One patient before one guideline: what every other module asks, each question answered once."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from myorx.facts import THERAPIES, Patient, drugs_taken, environment
from myorx.guideline.models import Argument, Drug, Guideline, InstrumentUse, Part
from myorx.guideline.texts import Condition
from myorx.language import Trace, evaluate, is_settled, needs
from myorx.language.syntax import Between, Expression, Name
from myorx.language.values import Value
from myorx.plan.judged import Judged
from myorx.plan.model import Reason, Step
from myorx.plan.trace import Stepper
from myorx.plan.truth import Kleene, truth
from myorx.plan.wording import Wording


class _Met(msgspec.Struct, gc=False):
    """A condition as it stands for this patient; needs and step are worked out when asked for."""

    trace: Trace
    holds: Kleene
    needs: tuple[str, ...] | None
    step: Step | None = None


class Situation:
    """The guideline, the patient, and a memory of what was already evaluated for this plan."""

    def __init__(
        self,
        guideline: Guideline,
        patient: Patient,
        wording: Wording,
        members: Mapping[str, tuple[Drug, ...]],
    ) -> None:
        self.guideline = guideline
        self.members = members
        self.patient = patient
        self.wording = wording
        self._environment = environment(patient, guideline)
        self._stepper = Stepper(wording)
        self.judged: dict[Part, Judged] = {}
        self._traces: dict[int, Trace] = {}
        self._met: dict[int, _Met] = {}
        """Conditions by the identity of their expressions."""
        self._hazards: dict[str, tuple[Reason, ...]] = {}
        self._uncovered: dict[tuple[str, ...], tuple[tuple[str, Kleene], ...]] = {}
        self._open: dict[str, dict[str, None]] = {}
        self._askable: dict[str, tuple[str, ...]] = {}
        self._topics: dict[str, Kleene] | None = None
        self.size: tuple[object, ...] | None = None
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
        if condition is None:
            return True
        found = self._met.get(id(condition.expression))
        return (self._meet(condition) if found is None else found).holds

    def _meet(self, condition: Condition) -> _Met:
        """A condition met for the first time; those that say the same are evaluated once."""
        expression = self.wording.alike(condition.expression)
        found = self._met.get(id(expression))
        if found is None:
            trace = evaluate(expression, self._environment)
            value = trace.value
            if value is True or value is False:
                found = _Met(trace, value, ())
            else:
                found = _Met(trace, None, None)
            self._met[id(expression)] = found
        self._met[id(condition.expression)] = found
        return found

    def step(self, condition: Condition) -> Step:
        """The evaluation in words."""
        found = self._met.get(id(condition.expression)) or self._meet(condition)
        if found.step is None:
            found.step = self._stepper.step(found.trace)
        return found.step

    # -- what is missing -----------------------------------------------------------------------

    def needs(self, condition: Condition | None) -> tuple[str, ...]:
        """The facts to ask for that keep a condition unknown; none when it is known."""
        if condition is None:
            return ()
        found = self._met.get(id(condition.expression)) or self._meet(condition)
        if found.needs is None:
            found.needs = self._open_under(found.trace)
        return found.needs

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
            known = self._open.get(expression.name)
            asked.update(self._open_name(expression.name, trace) if known is None else known)
        elif type(expression) is Between:
            for leaf in needs(trace):
                asked.update(dict.fromkeys(self.askable(leaf)))
        else:
            for part in trace.children:
                value = part.value
                if value is None or not (value is True or value is False or is_settled(value)):
                    self._collect(part, asked)

    def _open_name(self, name: str, trace: Trace) -> dict[str, None]:
        """The same under a name; each is walked once in a plan."""
        if trace.children:
            found = self._open[name] = {}
            if not is_settled(trace.value):
                self._collect(trace.children[0], found)
        else:
            found = self._open[name] = dict.fromkeys(self.askable(name))
        return found

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
        condition = argument.when
        met = self._met.get(id(condition.expression)) or self._meet(condition)
        missing = self.needs(condition) if met.needs is None else met.needs
        return self.wording.reason(argument, drug, truth(met.holds), missing)

    def traced(self, argument: Argument, drug: str | None = None) -> Reason:
        """An argument as it stands for this patient, with its trace."""
        step = self.step(argument.when)
        value = truth(self.holds(argument.when))
        return self.wording.reason(argument, drug, value, self.needs(argument.when), step)

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
