"""What the source says for each drug that the plan offers: for use outside a drug's label.

Whether a use is off label the source does not say, nor do we: the committee reads the label. Here
stands, for each drug offered, for what, under which verb, on which sentences, and how directly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from myorx.guideline.texts import Text
from myorx.plan.model import (
    AdviceResult,
    CandidateResult,
    DecisionResult,
    PartResult,
    Plan,
    Reason,
    Remark,
)

_OFFERED = frozenset({"recommended", "option", "contested"})


class Use(NamedTuple):
    """One drug in one candidate or measure that the plan offers, or holds back until checked."""

    part: PartResult
    within: tuple[PartResult, ...]
    """The other parts of the same regimen."""
    names: Text
    """The candidate or measure."""
    question: Text | None
    """The decision it answers."""
    verb: Text | None
    reasons: tuple[Reason, ...]
    """The true reasons for it."""
    notes: tuple[Remark, ...]
    blocked: bool
    """Whether this part itself must wait; that another of the regimen must is no matter here."""
    cites: tuple[str, ...]
    """Of everything above and of the doses; each once."""
    disputes: tuple[str, ...]

    @property
    def indirect(self) -> bool:
        """Whether any of it rests on other diseases or populations."""
        of_reasons = any(each.indirect for each in self.reasons)
        return of_reasons or any(each.indirect for each in self.notes)

    @property
    def inferred(self) -> bool:
        """Whether everything that speaks for it is inferred."""
        return bool(self.reasons) and all(each.basis == "inferred" for each in self.reasons)


def evidence(plan: Plan) -> tuple[Use, ...]:
    """Every drug that is offered, or would be once something is checked; in the plan's order."""
    return tuple(_uses(plan))


def _uses(plan: Plan) -> Iterator[Use]:
    for decision in plan.decisions:
        if decision.status == "live":
            for candidate in decision.candidates:
                if _counts(candidate):
                    yield from _of_candidate(decision, candidate)
    for advice in plan.advice:
        if advice.status == "do":
            yield from _of_advice(advice)


def _counts(candidate: CandidateResult) -> bool:
    if candidate.status in _OFFERED:
        return True
    return candidate.status == "blocked" and candidate.indication in ("indicated", "contested")


def _of_candidate(decision: DecisionResult, candidate: CandidateResult) -> Iterator[Use]:
    for part in candidate.parts:
        if part.safety != "excluded":
            yield _use(
                part,
                candidate.parts,
                candidate.names,
                decision.question,
                candidate.verb,
                candidate.reasons,
                candidate.notes,
                candidate.disputes,
            )


def _of_advice(advice: AdviceResult) -> Iterator[Use]:
    condition = () if advice.condition is None else (advice.condition,)
    for part in advice.parts:
        if part.safety != "excluded":
            yield _use(
                part,
                advice.parts,
                advice.label,
                None,
                advice.verb,
                (*condition, *advice.reasons),
                (Remark(advice.says, advice.basis, cites=advice.cites), *advice.notes),
                advice.disputes,
            )


def _use(
    part: PartResult,
    parts: tuple[PartResult, ...],
    names: Text,
    question: Text | None,
    verb: Text | None,
    reasons: Iterable[Reason],
    notes: tuple[Remark, ...],
    disputes: tuple[str, ...],
) -> Use:
    speaking = tuple(each for each in reasons if each.kind == "for" and each.value == "true")
    members = (part, *part.members)
    cites = (
        *(cite for reason in speaking for cite in reason.cites),
        *(cite for each in members for dose in each.doses for cite in dose.cites),
        *(cite for note in notes for cite in note.cites),
    )
    return Use(
        part=part,
        within=tuple(each for each in parts if each is not part),
        names=names,
        question=question,
        verb=verb,
        reasons=speaking,
        notes=notes,
        blocked=part.safety == "blocked",
        cites=tuple(dict.fromkeys(cites)),
        disputes=disputes,
    )
