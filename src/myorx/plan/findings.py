"""Findings: the guideline's definitions that the plan rests on, each with its trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from myorx.guideline.models import Decision, Definition, Guideline
from myorx.guideline.texts import Condition
from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    DecisionResult,
    DrugResult,
    Finding,
)
from myorx.plan.situation import Situation
from myorx.plan.wording import Wording


class Mentions:
    """The definitions under each thing of a guideline; each looked up once."""

    def __init__(self, guideline: Guideline, wording: Wording) -> None:
        self._guideline = guideline
        self._wording = wording
        self._found: dict[tuple[str, str], frozenset[str]] = {}

    def decision(self, id_: str, *, live: bool) -> frozenset[str]:
        """Under a decision with its candidates; only under whether it applies, unless live."""
        decision = self._guideline.decisions[id_]
        if live:
            return self._under("live", id_, lambda: _live(decision))
        return self._under("decision", id_, lambda: [decision.applies])

    def drug(self, id_: str) -> frozenset[str]:
        """Under the hazards of a drug."""
        hazards = self._guideline.drugs[id_].hazards
        return self._under("drug", id_, lambda: [hazard.when for hazard in hazards])

    def advice(self, id_: str) -> frozenset[str]:
        """Under whether an advice applies."""
        return self._under("advice", id_, lambda: [self._guideline.advice[id_].when])

    def alert(self, id_: str) -> frozenset[str]:
        """Under an alert of the guideline; none under one that a drug raises by itself."""
        alert = self._guideline.alerts.get(id_)
        return self._under("alert", id_, lambda: [] if alert is None else [alert.when])

    def _under(
        self, kind: str, id_: str, conditions: Callable[[], Iterable[Condition]]
    ) -> frozenset[str]:
        found = self._found.get((kind, id_))
        if found is None:
            words = [self._wording.words(condition.expression) for condition in conditions()]
            found = frozenset([name for each in words for name in each.definitions])
            self._found[kind, id_] = found
        return found


def _live(decision: Decision) -> Iterator[Condition]:
    yield decision.applies
    for candidate in decision.candidates:
        yield from (argument.when for argument in candidate.arguments)
        if candidate.requires is not None:
            yield candidate.requires
    yield from (gap.when for gap in decision.gaps)
    yield from (preference.when for preference in decision.prefer)


def find(
    situation: Situation,
    mentions: Mentions,
    decisions: Iterable[DecisionResult],
    drugs: Iterable[DrugResult],
    advice: Iterable[AdviceResult],
    alerts: Iterable[AlertResult],
) -> tuple[Finding, ...]:
    """The definitions under anything the plan shows, in the order of the guideline."""
    touched: set[str] = set()
    touched.update(*[mentions.decision(each.id, live=each.status == "live") for each in decisions])
    touched.update(*[mentions.drug(each.id) for each in drugs])
    touched.update(*[mentions.advice(each.id) for each in advice])
    touched.update(*[mentions.alert(each.id) for each in alerts])
    definitions = situation.guideline.definitions
    return tuple([_finding(situation, definitions[id_]) for id_ in definitions if id_ in touched])


def _finding(situation: Situation, definition: Definition) -> Finding:
    ground = situation.grounds.definition(definition)
    return situation.once(ground, None, lambda: _found(situation, definition))


def _found(situation: Situation, definition: Definition) -> Finding:
    step = situation.step(definition.expression)
    return Finding(
        id=definition.id,
        label=definition.label,
        says=situation.wording.finding(definition, step.value),
        value=step.value,
        basis=definition.basis,
        trace=step,
        cites=definition.cites,
        disputes=definition.disputes,
    )
