"""Decisions: which are live, which yield to another, and the order of their candidates."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from myorx.guideline.models import Decision, Yield
from myorx.guideline.texts import Text
from myorx.plan.candidates import Frame, judge_candidate, remarks
from myorx.plan.model import (
    CandidateResult,
    DecisionResult,
    DecisionStatus,
    GapResult,
    Reason,
    Remark,
)
from myorx.plan.situation import Situation
from myorx.plan.texts import join, say
from myorx.plan.truth import Kleene, all_of, truth

_OFFERED = frozenset({"recommended", "option", "contested", "undetermined", "blocked"})


def judge_decisions(
    situation: Situation, *, whole: bool = False, only: Container[str] | None = None
) -> tuple[DecisionResult, ...]:
    """Every decision that applies or may apply, by its rank on the page.

    ``whole``: also candidates that nobody would use here are shown with their parts. ``only``: the
    decisions of these ids alone.
    """
    inside = situation.holds(situation.guideline.manifest.scope.when)
    ranked = sorted(situation.guideline.decisions.values(), key=lambda decision: decision.order)
    applying = {decision.id: _applies(situation, decision, inside) for decision in ranked}
    results = (
        _judge(situation, decision, inside, applying, whole)
        for decision in ranked
        if only is None or decision.id in only
    )
    return tuple(result for result in results if result is not None)


def _applies(situation: Situation, decision: Decision, inside: Kleene) -> Kleene:
    if inside is False and not decision.outside_scope:
        return False
    return situation.holds(decision.applies)


def _judge(
    situation: Situation,
    decision: Decision,
    inside: Kleene,
    applying: Mapping[str, Kleene],
    whole: bool,
) -> DecisionResult | None:
    holds = situation.holds(decision.applies)
    if holds is False:
        return None
    if inside is False and not decision.outside_scope:
        return _frame(situation, decision, "outside_guideline")
    provisional = False
    for other in decision.yield_to:
        taken_over = all_of((applying.get(other.decision, False), situation.holds(other.when)))
        if taken_over:
            return _yielded(situation, decision, other)
        provisional = provisional or taken_over is None
    frame = Frame(open=holds is None, provisional=provisional, whole=whole)
    return _answered(situation, decision, frame)


def _frame(situation: Situation, decision: Decision, status: DecisionStatus) -> DecisionResult:
    return DecisionResult(
        id=decision.id,
        section=decision.section,
        question=decision.question,
        status=status,
        applies=applies_reason(situation, decision),
    )


def applies_reason(situation: Situation, decision: Decision) -> Reason:
    """Why a decision applies, with its trace."""
    words = situation.wording.words(decision.applies.expression)
    return Reason(
        kind="for",
        value=truth(situation.holds(decision.applies)),
        condition=words.says,
        text=words.text,
        basis=decision.basis,
        needs=situation.needs(decision.applies),
        cites=decision.cites,
        trace=situation.step(decision.applies),
    )


# -- yielding ----------------------------------------------------------------------------------


def _yielded(situation: Situation, decision: Decision, other: Yield) -> DecisionResult:
    """What this decision alone says stays visible as a note; its candidates are not judged."""
    base = _frame(situation, decision, "yielded")
    kept = [note for candidate in decision.candidates for note in candidate.notes]
    return DecisionResult(
        id=base.id,
        section=base.section,
        question=base.question,
        status=base.status,
        applies=base.applies,
        yields_to=other.decision,
        keeps=Remark(
            says=other.keeps, basis=other.basis, cites=other.cites, disputes=other.disputes
        ),
        notes=remarks(situation, (*decision.notes, *kept)),
    )


# -- answering ---------------------------------------------------------------------------------


def _answered(situation: Situation, decision: Decision, frame: Frame) -> DecisionResult:
    base = _frame(situation, decision, "open" if frame.open else "live")
    judged = [judge_candidate(situation, candidate, frame) for candidate in decision.candidates]
    candidates = _ordered(situation, decision, judged)
    return DecisionResult(
        id=base.id,
        section=base.section,
        question=base.question,
        status=base.status,
        applies=base.applies,
        candidates=candidates,
        none_left=None if frame.open else _none_left(candidates),
        gaps=_gaps(situation, decision),
        notes=remarks(situation, decision.notes),
    )


def _gaps(situation: Situation, decision: Decision) -> tuple[GapResult, ...]:
    return tuple(
        GapResult(
            id=gap.id,
            value=truth(situation.holds(gap.when)),
            says=gap.says,
            cites=gap.cites,
            disputes=gap.disputes,
        )
        for gap in decision.gaps
        if situation.holds(gap.when) is not False
    )


def _none_left(candidates: tuple[CandidateResult, ...]) -> Text | None:
    if any(candidate.status in _OFFERED for candidate in candidates):
        return None
    excluded = [candidate.names for candidate in candidates if candidate.status == "excluded"]
    if excluded:
        return say("none_left_excluded", names=join(excluded))
    return say("none_left")


# -- order -------------------------------------------------------------------------------------


def rank(candidate: CandidateResult) -> int:
    """How near the head of its decision a candidate stands.

    A candidate that is indicated but blocked keeps the place it would have when unblocked, so that
    the way to unblock it is read first.
    """
    match candidate.status:
        case "recommended" | "option" | "contested":
            return _standing(candidate)
        case "blocked" if candidate.indication in ("indicated", "contested"):
            return _standing(candidate)
        case "undetermined" | "blocked":
            return 4
        case "excluded":
            return 5
        case "advised_against":
            return 6
        case "not_indicated":
            return 7 if candidate.reserved else 8


def _standing(candidate: CandidateResult) -> int:
    contested = candidate.indication == "contested"
    return (0 if candidate.level == "recommended" else 2) + contested


def _ordered(
    situation: Situation, decision: Decision, judged: list[CandidateResult]
) -> tuple[CandidateResult, ...]:
    """By standing, then by what the source prefers, then as the file has them."""
    beats = _preferences(situation, decision)
    by_rank: dict[int, list[CandidateResult]] = {}
    for candidate in judged:
        by_rank.setdefault(rank(candidate), []).append(candidate)
    done: list[CandidateResult] = []
    for standing in sorted(by_rank):
        equals = by_rank[standing]
        done += _preferred(equals, beats) if beats and len(equals) > 1 else equals
    return tuple(done)


def _preferred(
    waiting: list[CandidateResult], beats: frozenset[tuple[str, str]]
) -> Iterator[CandidateResult]:
    """Candidates of equal standing, those that the source prefers before those they beat."""
    while waiting:
        # A circle of preferences leaves none unbeaten: then the order of the file decides.
        first = next(
            (
                candidate
                for candidate in waiting
                if not any((other.id, candidate.id) in beats for other in waiting)
            ),
            waiting[0],
        )
        waiting.remove(first)
        yield first


def _preferences(situation: Situation, decision: Decision) -> frozenset[tuple[str, str]]:
    return frozenset(
        (preference.choose, over)
        for preference in decision.prefer
        if situation.holds(preference.when) is True
        for over in preference.over
    )
