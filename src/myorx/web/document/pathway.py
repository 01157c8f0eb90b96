"""A decision as a pathway: its situations, and what the guideline answers in each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from myorx.guideline.models import Argument, Candidate, Decision, Guideline, Part, Preference
from myorx.guideline.texts import Basis, Condition, Text
from myorx.language.syntax import Expression
from myorx.plan.model import Truth
from myorx.plan.texts import join, route_name, say
from myorx.plan.wording import Wording
from myorx.web.document.address import Address, address

Mark: TypeAlias = OneOf[
    "recommended", "option", "against", "exclude", "caution", "gap", "elsewhere"
]
"""What an answer is: how strongly it is offered, what speaks against it, or why there is none."""


class Answer(NamedTuple):
    """What the guideline says in one situation."""

    mark: Mark
    name: Text
    parts: Text | None
    """What it is made of, where the name does not say so."""
    after: Text | None
    """What must have happened first."""
    strength: str | None
    """The source's own verb."""
    basis: Basis
    cites: tuple[str, ...]
    target: Address
    here: Text | None = None
    """How it stands for a patient, where the pathway is one patient's."""


class Situation(NamedTuple):
    """One condition, and every answer that is given under it, the preferred one first."""

    condition: Text
    answers: tuple[Answer, ...]
    expression: Expression
    state: Truth | None = None
    """Whether it holds for a patient, where the pathway is one patient's."""


class Pathway(NamedTuple):
    """From the question over the situations to the answers."""

    question: Text
    applies: Text
    situations: tuple[Situation, ...]


class _Open(NamedTuple):
    """A situation while its answers are gathered."""

    expression: Expression
    answers: list[Answer]
    order: list[str]
    """The candidate of each answer; empty where it is none."""


def pathway(guideline: Guideline, wording: Wording, decision: Decision) -> Pathway:
    """The pathway of one decision; situations come in the order of its candidates."""
    found: dict[str, _Open] = {}

    def at(condition: Condition) -> _Open:
        text = wording.words(condition.expression).text
        return found.setdefault(text, _Open(condition.expression, [], []))

    for other in decision.yield_to:
        place = at(other.when or guideline.decisions[other.decision].applies)
        target = address("decision", other.decision, {})
        name = guideline.decisions[other.decision].question
        place.answers.append(
            Answer("elsewhere", name, None, None, None, other.basis, other.cites, target)
        )
        place.order.append("")
    for candidate in decision.candidates:
        for argument in candidate.arguments:
            place = at(argument.when)
            place.answers.append(_answer(guideline, wording, decision, candidate, argument))
            place.order.append(candidate.id)
    for gap in decision.gaps:
        place = at(gap.when)
        target = address("decision", decision.id, {}).below(f"gaps.{gap.id}")
        place.answers.append(Answer("gap", gap.says, None, None, None, "quoted", gap.cites, target))
        place.order.append("")
    applies = wording.words(decision.applies.expression)
    return Pathway(
        decision.question,
        applies.says,
        tuple(
            Situation(
                wording.words(place.expression).says,
                _preferred(place, decision.prefer, {text, applies.text, "true"}),
                place.expression,
            )
            for text, place in found.items()
        ),
    )


def _answer(
    guideline: Guideline,
    wording: Wording,
    decision: Decision,
    candidate: Candidate,
    argument: Argument,
) -> Answer:
    requires = candidate.requires if argument.kind == "for" else None
    return Answer(
        mark=_mark(wording, argument),
        name=candidate.names,
        parts=parts_text(wording, candidate.parts) if _tells(guideline, candidate) else None,
        after=wording.words(requires.expression).says if requires is not None else None,
        strength=argument.strength,
        basis=argument.basis,
        cites=argument.cites,
        target=address("candidate", f"{decision.id}/{candidate.id}", {}),
    )


def _mark(wording: Wording, argument: Argument) -> Mark:
    if argument.kind != "for":
        return argument.kind
    verb = wording.verb(argument.strength)
    # As in a plan: without a verb, or with one that has no level, it is an option.
    return verb.level if verb is not None else "option"


def _tells(guideline: Guideline, candidate: Candidate) -> bool:
    """Whether the parts say more than the name of the candidate."""
    if len(candidate.parts) != 1:
        return bool(candidate.parts)
    part = candidate.parts[0]
    drug = guideline.drugs.get(part.drug or "")
    return drug is None or drug.names != candidate.names


def parts_text(wording: Wording, parts: Iterable[Part]) -> Text:
    """``IV drug + any one of a class``."""
    return join((_part(wording, part) for part in parts), "plus")


def _part(wording: Wording, part: Part) -> Text:
    name = wording.drug(part.drug or part.drug_class or "")
    if part.route is None:
        return name
    return say("by_route", name=name, route=route_name(part.route))


def _preferred(
    place: _Open, preferences: Iterable[Preference], always: set[str]
) -> tuple[Answer, ...]:
    """The answers, those that are preferred here before those they are preferred to."""
    pairs = list(zip(place.order, place.answers, strict=True))
    for preference in preferences:
        if preference.when.text not in always:
            continue
        chosen = [pair for pair in pairs if pair[0] == preference.choose]
        over = [index for index, pair in enumerate(pairs) if pair[0] in preference.over]
        if chosen and over:
            index = over[0]
            before = [pair for pair in pairs[:index] if pair not in chosen]
            pairs = [*before, *chosen, *(pair for pair in pairs[index:] if pair not in chosen)]
    return tuple(answer for _, answer in pairs)
