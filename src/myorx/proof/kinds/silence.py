"""No silence: whoever a decision is about is answered, or told why not."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.models import Decision
from myorx.plan.formulas import any_of, both, either, negate
from myorx.plan.formulas.decisions import OFFERED
from myorx.proof.claim import Claim
from myorx.proof.kinds.subject import Subject, status_in
from myorx.proof.texts import say


def claims(subject: Subject) -> Iterator[Claim]:
    """Three claims for each decision."""
    for decision in subject.guideline.decisions.values():
        yield _outside(subject, decision)
        yield _answered(subject, decision)
        yield from _yields(subject, decision)


def _outside(subject: Subject, decision: Decision) -> Claim:
    standing = subject.standing.decisions[decision.id]
    marked = standing.status["outside_guideline"]
    if decision.outside_scope:
        wrong = marked
    else:
        scope = subject.standing.scope
        concerned = both(scope.false, standing.applies.not_false)
        wrong = either(both(concerned, negate(marked)), both(marked, negate(concerned)))
    says = say("silence_outside", question=decision.question)
    return Claim(f"silence:{decision.id}/scope", "silence", says, wrong, subjects=_of(decision))


def _answered(subject: Subject, decision: Decision) -> Claim:
    standing = subject.standing.decisions[decision.id]
    left = any_of(status_in(each, OFFERED) for each in standing.candidates.values())
    wrong = both(standing.status["live"], negate(left), negate(standing.none_left))
    says = say("silence_answered", question=decision.question)
    return Claim(f"silence:{decision.id}/answer", "silence", says, wrong, subjects=_of(decision))


def _yields(subject: Subject, decision: Decision) -> Iterator[Claim]:
    decisions = subject.standing.decisions
    for each in decisions[decision.id].yields:
        wrong = both(each.holds, negate(decisions[each.decision].status["live"]))
        other = subject.guideline.decisions[each.decision]
        says = say("silence_yield", question=decision.question, other=other.question)
        id_ = f"silence:{decision.id}/yields/{each.decision}"
        yield Claim(id_, "silence", says, wrong, subjects=(*_of(decision), *_of(other)))


def _of(decision: Decision) -> tuple[str, ...]:
    return (f"decision:{decision.id}",)
