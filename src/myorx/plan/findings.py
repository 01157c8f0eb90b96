"""Findings: the guideline's definitions that the plan rests on, each with its trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.models import Definition, Guideline
from myorx.language.syntax import Expression
from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    DecisionResult,
    DrugResult,
    Finding,
)
from myorx.plan.situation import Situation
from myorx.plan.values import shown


def find(
    situation: Situation,
    decisions: Iterable[DecisionResult],
    drugs: Iterable[DrugResult],
    advice: Iterable[AdviceResult],
    alerts: Iterable[AlertResult],
) -> tuple[Finding, ...]:
    """The definitions under anything the plan shows, in the order of the guideline."""
    touched: set[str] = set()
    for expression in _shown(situation.guideline, decisions, drugs, advice, alerts):
        touched.update(situation.wording.words(expression).definitions)
    return tuple(
        _finding(situation, definition)
        for definition in situation.guideline.definitions.values()
        if definition.id in touched
    )


def _shown(
    guideline: Guideline,
    decisions: Iterable[DecisionResult],
    drugs: Iterable[DrugResult],
    advice: Iterable[AdviceResult],
    alerts: Iterable[AlertResult],
) -> Iterator[Expression]:
    """The conditions of everything in the plan."""
    for result in decisions:
        decision = guideline.decisions[result.id]
        yield decision.applies.expression
        if result.status != "live":
            continue
        for candidate in decision.candidates:
            yield from (argument.when.expression for argument in candidate.arguments)
            if candidate.requires is not None:
                yield candidate.requires.expression
        yield from (gap.when.expression for gap in decision.gaps)
        yield from (preference.when.expression for preference in decision.prefer)
    for drug in drugs:
        yield from (hazard.when.expression for hazard in guideline.drugs[drug.id].hazards)
    for item in advice:
        yield guideline.advice[item.id].when.expression
    for alert in alerts:
        if alert.id in guideline.alerts:
            yield guideline.alerts[alert.id].when.expression


def _finding(situation: Situation, definition: Definition) -> Finding:
    expression = definition.expression.expression
    value = shown(situation.trace(expression).value)
    return Finding(
        id=definition.id,
        label=definition.label,
        says=situation.wording.finding(definition, value),
        value=value,
        basis=definition.basis,
        trace=situation.step(expression),
        cites=definition.cites,
        disputes=definition.disputes,
    )
