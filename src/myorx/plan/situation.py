"""One patient before one guideline: what every other module asks, each question answered once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from myorx.facts import THERAPIES, Patient, drugs_taken, environment
from myorx.guideline.models import Argument, Drug, Guideline, Part
from myorx.guideline.texts import Condition
from myorx.language import Trace, evaluate, is_settled, needs
from myorx.language.syntax import Between, Expression, Name
from myorx.language.values import Value
from myorx.plan.judged import Judged
from myorx.plan.model import Reason, Step
from myorx.plan.trace import Stepper
from myorx.plan.truth import Kleene, truth
from myorx.plan.wording import Wording


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
        self._needs: dict[int, tuple[str, ...]] = {}
        self._reasons: dict[int, Reason] = {}
        self._hazards: dict[str, tuple[Reason, ...]] = {}
        self._open: dict[str, dict[str, None]] = {}
        self._askable: dict[str, tuple[str, ...]] = {}
        self._topics: dict[str, Kleene] | None = None
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
        value = self.trace(condition.expression).value
        return value if value is True or value is False else None

    def step(self, expression: Expression) -> Step:
        """The evaluation in words."""
        return self._stepper.step(self.trace(expression))

    # -- what is missing -----------------------------------------------------------------------

    def needs(self, condition: Condition | None) -> tuple[str, ...]:
        """The facts to ask for that keep a condition unknown; none when it is known."""
        if condition is None or self.holds(condition) is not None:
            return ()
        return self._needs_of(condition.expression)

    def _needs_of(self, expression: Expression) -> tuple[str, ...]:
        found = self._needs.get(id(expression))
        if found is None:
            asked: dict[str, None] = {}
            self._collect(self.trace(expression), asked)
            found = self._needs[id(expression)] = tuple(asked)
        return found

    def _collect(self, trace: Trace, asked: dict[str, None]) -> None:
        """What ``language.needs`` finds, as questions; each definition is walked once in a plan."""
        value = trace.value
        if value is not None and is_settled(value):
            return
        kind = type(trace.expression)
        if kind is Name:
            name = cast(Name, trace.expression).name
            if not trace.children:
                asked.update(dict.fromkeys(self.askable(name)))
                return
            known = self._open.get(name)
            if known is None:
                known = self._open[name] = {}
                self._collect(trace.children[0], known)
            asked.update(known)
        elif kind is Between:
            for leaf in needs(trace):
                asked.update(dict.fromkeys(self.askable(leaf)))
        else:
            for part in trace.children:
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

    def _unknown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if self.value(name) is None)

    # -- arguments -----------------------------------------------------------------------------

    def reason(self, argument: Argument, drug: str | None = None) -> Reason:
        """An argument as it stands for this patient, without its trace."""
        found = self._reasons.get(id(argument))
        if found is None:
            value = self.holds(argument.when)
            missing = self.needs(argument.when) if value is None else ()
            found = self.wording.reason(argument, drug, truth(value), missing)
            self._reasons[id(argument)] = found
        return found

    def traced(self, argument: Argument, drug: str | None = None) -> Reason:
        """An argument as it stands for this patient, with its trace."""
        reason = self.reason(argument, drug)
        return msgspec.structs.replace(reason, trace=self.step(argument.when.expression))

    def hazards(self, drug: Drug) -> tuple[Reason, ...]:
        """Every hazard of a drug as it stands for this patient, without traces."""
        found = self._hazards.get(drug.id)
        if found is None:
            made = tuple(self.reason(hazard, drug.id) for hazard in drug.hazards)
            found = self._hazards[drug.id] = made
        return found

    def uncovered(self, drug: Drug) -> tuple[tuple[str, Kleene], ...]:
        """Topics the source does not cover for a drug and that do, or may, matter now."""
        topics = self.topics
        return tuple(
            (topic, topics[topic]) for topic in drug.not_covered if topics[topic] is not False
        )

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
