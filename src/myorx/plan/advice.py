"""Advice: what to do that is no choice between candidates."""

from __future__ import annotations

from collections.abc import Container

from myorx.guideline.models import Advice
from myorx.plan.candidates import part_needs, remarks
from myorx.plan.doses import size_of
from myorx.plan.model import AdviceResult, AdviceStatus, Reason
from myorx.plan.safety import holding, judge_parts
from myorx.plan.situation import Situation
from myorx.plan.truth import Kleene, any_of, truth


def judge_advice(
    situation: Situation, *, only: Container[str] | None = None
) -> tuple[AdviceResult, ...]:
    """Every advice (or ``only`` those of some ids) that applies or may, by its rank on the page."""
    inside = situation.holds(situation.guideline.manifest.scope.when)
    ranked = sorted(situation.guideline.advice.values(), key=lambda advice: advice.order)
    return tuple(
        [
            _judge(situation, advice)
            for advice in ranked
            if only is None or advice.id in only
            if (inside is not False or advice.outside_scope)
            and situation.holds(advice.when) is not False
        ]
    )


def _judge(situation: Situation, advice: Advice) -> AdviceResult:
    ground = situation.grounds.advice(advice)
    size = size_of(situation) if ground.sized else None
    return situation.once(ground, size, lambda: _judged(situation, advice))


def _judged(situation: Situation, advice: Advice) -> AdviceResult:
    parts = judge_parts(situation, advice.parts)
    reasons = tuple([situation.traced(argument) for argument in advice.arguments])
    exclude = any_of([holding(reasons, "exclude"), *[part.exclude for part in parts]])
    against = any_of([holding(reasons, "against"), *[part.against for part in parts]])
    uncovered = any_of([part.uncovered for part in parts])
    applies = situation.holds(advice.when)
    status = _status(applies, exclude, against, uncovered)
    asked = list(situation.needs(advice.when))
    if exclude is not True:
        for part in parts:
            asked += part_needs(situation, part.result, against=against is None)
        for reason in reasons:
            if reason.value == "unknown" and reason.kind in ("exclude", "against"):
                asked += reason.needs
    return AdviceResult(
        id=advice.id,
        kind=advice.kind,
        status=status,
        label=advice.label,
        says=advice.says,
        verb=situation.wording.strength(advice.strength),
        basis=advice.basis,
        condition=_condition(situation, advice),
        parts=tuple([part.result for part in parts]),
        reasons=reasons,
        notes=remarks(situation, advice.notes),
        needs=tuple(dict.fromkeys(asked)) if status != "withheld" else (),
        cites=advice.cites,
        disputes=advice.disputes,
    )


def _status(applies: Kleene, exclude: Kleene, against: Kleene, uncovered: Kleene) -> AdviceStatus:
    """``do`` only where nothing is known, or may still turn out, to stand in its way."""
    if exclude is True:
        return "withheld"
    if applies is True and exclude is False and against is not True and uncovered is not True:
        return "do"
    return "may_apply"


def _condition(situation: Situation, advice: Advice) -> Reason:
    words = situation.wording.words(advice.when.expression)
    return Reason(
        kind="for",
        value=truth(situation.holds(advice.when)),
        condition=words.says,
        text=words.text,
        strength=situation.wording.strength(advice.strength),
        basis=advice.basis,
        needs=situation.needs(advice.when),
        cites=advice.cites,
        trace=situation.step(advice.when),
    )
