"""Safety, for every hazard of every drug and every argument against a candidate: nothing that is
offered has an exclusion that is not known to be absent."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.models import Argument, Drug
from myorx.guideline.texts import Text
from myorx.plan.formulas import Formula, all_of, any_of, both, known, negate, refuted
from myorx.proof.claim import Claim
from myorx.proof.kinds.subject import CHOSEN, OFFERED, Subject, is_constant, status_in
from myorx.proof.texts import say

_FREE = ("clear", "caution", "not_covered")


def claims(subject: Subject) -> Iterator[Claim]:
    """One claim for each hazard, each class and each argument."""
    for drug in subject.guideline.drugs.values():
        yield from _drug(subject, drug)
    for drug_class, drugs in subject.members.items():
        yield from _class(subject, drug_class, drugs)
    for name, candidate in subject.candidates:
        for index, weighed in enumerate(candidate.arguments):
            argument = weighed.argument
            cleared = refuted(argument.when.expression)
            says = {"candidate": subject.name(name), "condition": subject.condition(argument.when)}
            if argument.kind == "exclude" and not is_constant(argument.when):
                offered = status_in(candidate, OFFERED)
                text = say("safety_own", **says)
                yield _claim(f"{name}/{index}", text, both(offered, negate(cleared)), name)
            elif argument.kind == "against" and not is_constant(argument.when):
                settled = both(status_in(candidate, CHOSEN), negate(candidate.provisional))
                text = say("safety_own_against", **says)
                yield _claim(f"{name}/{index}", text, both(settled, negate(cleared)), name)


def _claim(id_: str, says: Text, formula: Formula, *subjects: str) -> Claim:
    return Claim(f"safety:{id_}", "safety", says, formula, subjects=subjects)


def _drug(subject: Subject, drug: Drug) -> Iterator[Claim]:
    containing = tuple(subject.with_part(drug.id))
    names = (f"drug:{drug.id}", *(name for name, _ in containing))
    for index, hazard in enumerate(drug.hazards):
        if hazard.kind == "caution" or is_constant(hazard.when):
            continue
        cleared = refuted(hazard.when.expression)
        slots = {"drug": drug.names, "condition": subject.condition(hazard.when)}
        if hazard.kind == "exclude":
            formula = both(_offered(subject, drug), negate(cleared))
            yield _claim(f"{drug.id}/{index}", say("safety_exclude", **slots), formula, *names)
        else:
            settled = any_of(
                both(status_in(each, CHOSEN), negate(each.provisional)) for _, each in containing
            )
            opposed = both(_advised(subject, drug.id), known(hazard.when.expression))
            formula = any_of((both(settled, negate(cleared)), opposed))
            yield _claim(f"{drug.id}/{index}", say("safety_against", **slots), formula, *names)


def _offered(subject: Subject, drug: Drug) -> Formula:
    verdict = subject.standing.drugs[drug.id].verdict
    return any_of(
        (
            *(status_in(each, OFFERED) for _, each in subject.with_part(drug.id)),
            _advised(subject, drug.id),
            *(verdict[word] for word in _FREE),  # type: ignore[index]
        )
    )


def _advised(subject: Subject, part: str) -> Formula:
    return any_of(item.status["do"] for item in subject.advice_with(part))


def _class(subject: Subject, drug_class: str, drugs: tuple[Drug, ...]) -> Iterator[Claim]:
    containing = tuple(subject.with_part(drug_class))
    if not containing and not any(subject.advice_with(drug_class)):
        return
    offered = any_of(
        (*(status_in(each, OFFERED) for _, each in containing), _advised(subject, drug_class))
    )
    nobody = all_of(negate(_cleared(drug.hazards)) for drug in drugs)
    names = subject.guideline.classes[drug_class].names
    subjects = tuple(name for name, _ in containing)
    yield _claim(drug_class, say("safety_class", drug=names), both(offered, nobody), *subjects)


def _cleared(hazards: tuple[Argument, ...]) -> Formula:
    return all_of(refuted(each.when.expression) for each in hazards if each.kind == "exclude")
