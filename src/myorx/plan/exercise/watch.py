"""What one vignette shows: the marks it earns, from its plan and from what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from myorx.facts import Patient
from myorx.guideline.models import Argument, Guideline
from myorx.guideline.vignettes import Expectation
from myorx.language.syntax import Expression
from myorx.plan.drugs import drugs_of
from myorx.plan.exercise.marks import Kind, Mark, rule_id
from myorx.plan.model import PartResult, Plan
from myorx.plan.situation import Situation

_ANSWERED = frozenset({"live", "open"})
_INDICATED = frozenset({"indicated", "contested"})


def refused(codes: Iterable[str], guideline: Guideline) -> Iterator[Mark]:
    """The marks of a case that is refused, as it should be."""
    for code in codes:
        if code in guideline.contradictions:
            yield Mark("contradiction", code, "refused")


def watched(
    situation: Situation,
    plan: Plan,
    expect: Expectation,
    thresholds: Mapping[str, Expression],
) -> Iterator[Mark]:
    """The marks of a case that is planned."""
    yield from _drugs(situation, plan, expect)
    yield from _decisions(situation, plan, expect)
    yield from _advice(situation, plan, expect)
    yield from _alerts(plan, situation.guideline, expect)
    for text, node in thresholds.items():
        value = situation.trace(node).value
        if value is not None:
            yield Mark("threshold", text, "true" if value is True else "false")
    yield from _ages(situation.patient, situation.guideline)
    for dispute in plan.disputes:
        yield Mark("dispute", dispute.id, "surfaced")
        if dispute.id in expect.disputes:
            yield Mark("dispute", dispute.id, "named")


# -- drugs -------------------------------------------------------------------------------------


def _drugs(situation: Situation, plan: Plan, expect: Expectation) -> Iterator[Mark]:
    named = {*expect.drugs, *expect.hazards, *expect.doses, *_named_parts(plan, expect)}
    for drug in plan.drugs:
        yield Mark("drug", drug.id, "in_plan")
        if drug.id in named:
            yield Mark("drug", drug.id, "named")
        for hazard in situation.guideline.drugs[drug.id].hazards:
            yield from _holds(situation, "hazard", drug.id, hazard)


def _named_parts(plan: Plan, expect: Expectation) -> Iterator[str]:
    """The drugs in whatever candidate or advice an expectation names."""
    for decision in plan.decisions:
        wanted = expect.decisions.get(decision.id)
        for candidate in decision.candidates if wanted is not None else ():
            if wanted is not None and candidate.id in wanted.candidates:
                yield from _in_parts(candidate.parts)
    for item in plan.advice:
        if item.id in expect.advice:
            yield from _in_parts(item.parts)


def _in_parts(parts: Iterable[PartResult]) -> Iterator[str]:
    for part in parts:
        yield from drugs_of(part)


def _holds(situation: Situation, kind: Kind, owner: str, argument: Argument) -> Iterator[Mark]:
    holds = situation.holds(argument.when)
    yield Mark(kind, rule_id(owner, argument), "true" if holds else "not_true")


# -- decisions ---------------------------------------------------------------------------------


def _decisions(situation: Situation, plan: Plan, expect: Expectation) -> Iterator[Mark]:
    for decision in plan.decisions:
        wanted = expect.decisions.get(decision.id)
        if wanted is not None:
            yield Mark("decision", decision.id, "named")
        if decision.status not in _ANSWERED:
            continue
        if decision.status == "live":
            yield Mark("decision", decision.id, "live")
        for gap in decision.gaps:
            if gap.value == "true":
                yield Mark("gap", f"{decision.id}/{gap.id}", "true")
        for candidate in decision.candidates:
            path = f"{decision.id}/{candidate.id}"
            if decision.status == "live" and candidate.indication in _INDICATED:
                yield Mark("candidate", path, "indicated")
                if wanted is not None and candidate.id in wanted.candidates:
                    yield Mark("candidate", path, "named")
        for stated in situation.guideline.decisions[decision.id].candidates:
            for argument in stated.arguments:
                yield from _holds(situation, "argument", f"{decision.id}/{stated.id}", argument)


# -- advice and alerts -------------------------------------------------------------------------


def _advice(situation: Situation, plan: Plan, expect: Expectation) -> Iterator[Mark]:
    shown = {item.id: item.status for item in plan.advice}
    for id_, advice in situation.guideline.advice.items():
        if id_ in expect.advice:
            yield Mark("advice", id_, "named")
        if id_ not in shown:
            yield Mark("advice", id_, "absent")
            continue
        if shown[id_] == "do":
            yield Mark("advice", id_, "do")
        for argument in advice.arguments:
            yield from _holds(situation, "argument", id_, argument)


def _alerts(plan: Plan, guideline: Guideline, expect: Expectation) -> Iterator[Mark]:
    shown = {alert.id: alert.possible for alert in plan.alerts}
    for id_ in guideline.alerts:
        if id_ not in shown:
            yield Mark("alert", id_, "absent")
        else:
            yield Mark("alert", id_, "possible" if shown[id_] else "raised")
        if id_ in expect.alerts:
            yield Mark("alert", id_, "named")


# -- facts -------------------------------------------------------------------------------------


def _ages(patient: Patient, guideline: Guideline) -> Iterator[Mark]:
    for id_, fact in guideline.facts.items():
        state = patient.facts[id_]
        if fact.max_age is not None and state.on is not None:
            stale = state.reason == "stale"
            yield Mark("max_age", fact.max_age, "stale" if stale else "fresh")
