"""Decisions as formulas: which are live, which yield; the reference is ``plan.decisions``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from myorx.guideline.models import Decision, Guideline, Verb
from myorx.plan.formulas import truth
from myorx.plan.formulas.candidates import Frame, candidate_standing
from myorx.plan.formulas.formula import Formula, any_of, both, either, negate
from myorx.plan.formulas.model import (
    CandidateStanding,
    DecisionStanding,
    YieldStanding,
)
from myorx.plan.formulas.parts import Parts
from myorx.plan.formulas.truth import Truth
from myorx.plan.model import Status

OFFERED: tuple[Status, ...] = ("recommended", "option", "contested", "undetermined", "blocked")


def decision_standings(
    guideline: Guideline, scope: Truth, parts: Parts
) -> Mapping[str, DecisionStanding]:
    """Every decision, by its rank on the page."""
    verbs = {verb.zh: verb for verb in guideline.manifest.verbs}
    ranked = sorted(guideline.decisions.values(), key=lambda decision: decision.order)
    applying = {decision.id: _applying(decision, scope) for decision in ranked}
    return {decision.id: _standing(decision, scope, applying, parts, verbs) for decision in ranked}


def _applying(decision: Decision, scope: Truth) -> Truth:
    """Whether it applies to a patient for whom the guideline speaks at all."""
    applies = truth.of(decision.applies)
    if decision.outside_scope:
        return applies
    return truth.when(scope.false, truth.FALSE, applies)


def _standing(
    decision: Decision,
    scope: Truth,
    applying: Mapping[str, Truth],
    parts: Parts,
    verbs: Mapping[str, Verb],
) -> DecisionStanding:
    applies = truth.of(decision.applies)
    outside = truth.FALSE.true if decision.outside_scope else scope.false
    yielding = [
        truth.all_of((applying.get(other.decision, truth.FALSE), truth.of(other.when)))
        for other in decision.yield_to
    ]
    answered = both(applies.not_false, negate(outside))
    judged = both(answered, *(each.not_true for each in yielding))
    status_open = both(judged, applies.unknown)
    live = both(judged, applies.true)
    frame = Frame(judged, status_open, any_of(each.unknown for each in yielding))
    candidates = {
        candidate.id: candidate_standing(candidate, parts, verbs, frame)
        for candidate in decision.candidates
    }
    return DecisionStanding(
        id=decision.id,
        status={
            "live": live,
            "open": status_open,
            "yielded": both(answered, any_of(each.true for each in yielding)),
            "outside_guideline": both(applies.not_false, outside),
            "absent": applies.false,
        },
        applies=applies,
        yields=_yields(decision, answered, yielding),
        none_left=_none_left(live, candidates.values()),
        candidates=candidates,
        gaps={gap.id: truth.of(gap.when) for gap in decision.gaps},
    )


def _yields(
    decision: Decision, answered: Formula, yielding: list[Truth]
) -> tuple[YieldStanding, ...]:
    """The first one that holds takes the decision over."""
    return tuple(
        YieldStanding(
            other.decision,
            both(answered, yielding[index].true, *(each.not_true for each in yielding[:index])),
        )
        for index, other in enumerate(decision.yield_to)
    )


def _none_left(live: Formula, candidates: Iterable[CandidateStanding]) -> Formula:
    offered = any_of(either(*(each.status[value] for value in OFFERED)) for each in candidates)
    return both(live, negate(offered))
