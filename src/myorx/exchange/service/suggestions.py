"""What a card suggests: drafts to be completed and signed by the prescriber, never orders.

Of a candidate only where it is recommended, not provisional, and nothing excludes or blocks it; a
blocked one suggests the tests that would decide. Drugs that are taken or ordered are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any, Final, NamedTuple

from myorx.exchange.codes import DRUGS, FACTS, Codes
from myorx.exchange.service.cards import Action, Suggestion, identity
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.speech import Language
from myorx.exchange.service.words import plain, side
from myorx.plan.model import CandidateResult, PartResult, Plan

_TESTS: Final = "loinc"
"""The system whose codes name what a laboratory does."""
_WAYS: Final = 4
"""So many ways of filling the classes of one regimen are suggested."""


class Desk(NamedTuple):
    """What a suggestion is made of."""

    knowledge: Knowledge
    patient_id: str
    instance: str
    lang: Language

    def identity(self, *parts: str) -> str:
        """An identifier inside this question."""
        return identity(self.instance, *parts)


def of_plan(plan: Plan, desk: Desk) -> tuple[Suggestion, ...]:
    """Everything that a plan suggests: regimens first, then tests."""
    had = frozenset(each.id for each in plan.drugs if each.taken or each.ordered)
    candidates = [
        (f"{decision.id}/{candidate.id}", candidate)
        for decision in plan.decisions
        if decision.status == "live"
        for candidate in decision.candidates
    ]
    regimens = [
        suggestion
        for name, candidate in candidates
        if suggested(candidate)
        for suggestion in _regimens(name, candidate, had, desk)
    ]
    awaited = {
        fact: None
        for _, candidate in candidates
        if candidate.status == "blocked"
        for fact in candidate.needs
    }
    return (*regimens, *tests(awaited, desk))


def suggested(candidate: CandidateResult) -> bool:
    """Whether a candidate may be suggested as such."""
    return (
        candidate.status == "recommended"
        and candidate.safety == "clear"
        and not (candidate.provisional or candidate.reserved)
    )


def tests(facts: Mapping[str, None], desk: Desk) -> Iterator[Suggestion]:
    """The tests among the facts that are still to be found out, each as a request in draft."""
    codes = desk.knowledge.codes
    for fact in facts:
        coded = _codings(fact, codes)
        if coded is None:
            continue
        label = side(desk.knowledge.guideline.facts[fact].label, desk.lang)
        own = {"system": codes.addresses.get(FACTS, FACTS), "code": fact, "display": label}
        request = {
            **_head("ServiceRequest", desk),
            "code": {"coding": [*coded, own], "text": label},
        }
        said = plain("suggest_test", desk.lang, test=label)
        action = Action("create", said, resource=request)
        yield Suggestion(said, desk.identity("test", fact), (action,))


def _codings(fact: str, codes: Codes) -> list[dict[str, str]] | None:
    """The codes of the test that decides a fact; None where no test does. A code that is answered
    by codes of its own is a question, and one that can only confirm is no test for the whole."""
    found = [
        (code, meaning)
        for (system, code), meanings in codes.facts.items()
        if system == _TESTS
        for meaning in meanings
        if meaning.fact == fact and not meaning.answers
    ]
    if not found:
        return None
    system = codes.addresses.get(_TESTS, _TESTS)
    whole = [code for code, meaning in found if meaning.only is None]
    return [{"system": system, "code": code} for code in whole]


def _regimens(
    name: str, candidate: CandidateResult, had: frozenset[str], desk: Desk
) -> Iterator[Suggestion]:
    """A regimen with each class filled by one of its members that nothing speaks against."""
    choices = [
        list(_members(part))
        for part in candidate.parts
        if not had & {part.id, *(each.id for each in part.members)}
    ]
    if not choices:
        return
    label = side(candidate.names, desk.lang)
    for chosen in islice(product(*choices), _WAYS):
        filled = [each for part, each in zip(choices, chosen, strict=True) if len(part) > 1]
        names = ", ".join(side(each.names, desk.lang) for each in filled)
        said = f"{label}: {names}" if names else label
        yield Suggestion(
            plain("suggest_regimen", desk.lang, regimen=said),
            desk.identity("regimen", name, *(each.id for each in chosen)),
            tuple(_draft(each, desk) for each in chosen),
        )


def _members(part: PartResult) -> Iterator[PartResult]:
    """The drugs that may stand for a part; none where one is not known to be safe."""
    for each in part.members if part.is_class else (part,):
        if each.safety == "clear":
            yield each


def _draft(part: PartResult, desk: Desk) -> Action:
    knowledge = desk.knowledge
    drug = knowledge.guideline.drugs[part.id]
    text = side(part.names, desk.lang)
    addresses = knowledge.codes.addresses
    codings = [
        {"system": addresses[system], "code": code, "display": drug.names.en}
        for system, code in (*drug.codes.items(), (DRUGS, drug.id))
        if system in addresses
    ]
    concept = {"coding": codings, "text": text}
    if drug.kind != "drug":
        resource = {**_head("ServiceRequest", desk), "code": concept}
    else:
        resource = {**_head("MedicationRequest", desk), "medicationCodeableConcept": concept}
        dose = next((each for each in part.doses if each.amount and not each.withheld), None)
        if dose is not None:
            resource["dosageInstruction"] = [{"text": side(dose.brief, desk.lang)}]
    return Action("create", plain("suggest_draft", desk.lang, what=text), resource=resource)


def _head(kind: str, desk: Desk) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "status": "draft",
        "intent": "proposal",
        "subject": {"reference": f"Patient/{desk.patient_id}"},
    }
