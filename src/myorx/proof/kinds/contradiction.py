"""No contradiction: what is advised together can stand together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from myorx.guideline.models import Decision
from myorx.plan.formulas import any_of, both
from myorx.proof.claim import Claim
from myorx.proof.kinds.subject import CHOSEN, Subject, status_in
from myorx.proof.texts import say

_STUCK = ("contraindicated", "conflict", "blocked")


def claims(subject: Subject) -> Iterator[Claim]:
    """Doing nothing beside doing something; and every drug with its own verdict."""
    for decision in subject.guideline.decisions.values():
        yield from _none_beside_some(subject, decision)
    for drug in subject.guideline.drugs.values():
        verdict = subject.standing.drugs[drug.id].verdict
        stuck = any_of(verdict[word] for word in _STUCK)  # type: ignore[index]
        containing = tuple(subject.with_part(drug.id))
        if containing:
            chosen = any_of(status_in(each, CHOSEN) for _, each in containing)
            says = say("contradiction_candidate", drug=drug.names)
            subjects = (f"drug:{drug.id}", *(name for name, _ in containing))
            id_ = f"contradiction:{drug.id}/offered"
            yield Claim(id_, "contradiction", says, both(chosen, stuck), subjects=subjects)
        advice = tuple(subject.advice_with(drug.id))
        if advice:
            done = any_of(item.status["do"] for item in advice)
            says = say("contradiction_advice", drug=drug.names)
            subjects = (f"drug:{drug.id}", *(f"advice:{item.id}" for item in advice))
            id_ = f"contradiction:{drug.id}/advised"
            yield Claim(id_, "contradiction", says, both(done, stuck), subjects=subjects)


def _none_beside_some(subject: Subject, decision: Decision) -> Iterator[Claim]:
    """To give no drug is never recommended beside a first-line drug of the same decision."""
    standing = subject.standing.decisions[decision.id]
    none = [each for each in decision.candidates if each.role == "no_drug" and not each.parts]
    some = [each for each in decision.candidates if each.role == "first_line" and each.parts]
    for one, other in product(none, some):
        together = both(
            status_in(standing.candidates[one.id], ("recommended",)),
            status_in(standing.candidates[other.id], ("recommended",)),
        )
        names = {"question": decision.question, "one": one.names, "other": other.names}
        yield Claim(
            f"contradiction:{decision.id}/{one.id}/{other.id}",
            "contradiction",
            say("contradiction_none", **names),
            together,
            subjects=(f"{decision.id}/{one.id}", f"{decision.id}/{other.id}"),
        )
