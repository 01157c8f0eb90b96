"""A guideline in, everything its plans can say out, as formulas; made once for each guideline."""

from __future__ import annotations

from collections.abc import Mapping

from myorx.guideline.models import Advice, Alert, Guideline
from myorx.language.syntax import Name
from myorx.plan.formulas import truth
from myorx.plan.formulas.decisions import decision_standings
from myorx.plan.formulas.drugs import drug_standings
from myorx.plan.formulas.formula import NEVER, both, either, negate
from myorx.plan.formulas.model import AdviceStanding, AlertStanding, Standing
from myorx.plan.formulas.parts import Parts, holding, weighed
from myorx.plan.formulas.truth import Truth


def standing(guideline: Guideline) -> Standing:
    """What the plans of ``guideline`` say of decisions, candidates, drugs, advice and alerts."""
    parts = Parts(guideline)
    scope = truth.of(guideline.manifest.scope.when)
    decisions = decision_standings(guideline, scope, parts)
    advice = _advice(guideline, scope, parts)
    return Standing(
        scope=scope,
        topics=parts.topics,
        definitions={name: truth.of(Name(name)) for name in guideline.definitions},
        decisions=decisions,
        drugs=drug_standings(guideline, parts, decisions, advice),
        advice=advice,
        alerts={alert.id: _alert(alert) for alert in guideline.alerts.values()},
    )


def _advice(guideline: Guideline, scope: Truth, parts: Parts) -> Mapping[str, AdviceStanding]:
    ranked = sorted(guideline.advice.values(), key=lambda advice: advice.order)
    return {advice.id: _one_advice(advice, scope, parts) for advice in ranked}


def _one_advice(advice: Advice, scope: Truth, parts: Parts) -> AdviceStanding:
    own, contained = weighed(advice.arguments), parts.all(advice.parts)
    exclude = truth.any_of((holding(own, "exclude"), *(part.exclude for part in contained)))
    against = truth.any_of((holding(own, "against"), *(part.against for part in contained)))
    uncovered = truth.any_of(part.uncovered for part in contained)
    applies = truth.of(advice.when)
    outside = NEVER if advice.outside_scope else scope.false
    shown = both(negate(outside), applies.not_false)
    free = both(applies.true, exclude.false, against.not_true, uncovered.not_true)
    return AdviceStanding(
        id=advice.id,
        status={
            "do": both(shown, free),
            "may_apply": both(shown, exclude.not_true, negate(free)),
            "withheld": both(shown, exclude.true),
            "absent": either(outside, applies.false),
        },
        applies=applies,
        exclude=exclude,
        against=against,
        uncovered=uncovered,
        parts=contained,
        arguments=own,
    )


def _alert(alert: Alert) -> AlertStanding:
    """Raised when true; possible only where the alert says what makes it so."""
    holds = truth.of(alert.when)
    maybe = NEVER if alert.possible is None else truth.of(alert.possible).true
    return AlertStanding(
        id=alert.id,
        status={
            "raised": holds.true,
            "possible": both(holds.unknown, maybe),
            "absent": both(holds.not_true, negate(both(holds.unknown, maybe))),
        },
        holds=holds,
    )
