"""Theorems that the guideline's authors wrote: ``theorems.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from myorx.guideline.theorems import Theorem
from myorx.language.syntax import Name
from myorx.plan.formulas import Formula, PartStanding, all_of, any_of, both, known, negate, refuted
from myorx.plan.formulas.truth import of
from myorx.proof.claim import Claim
from myorx.proof.kinds.subject import CHOSEN, Subject, status_in
from myorx.proof.texts import say


class UnknownSubjectError(ValueError):
    """A theorem about something that the guideline does not have, or a word it cannot take."""


def claims(subject: Subject, theorems: Iterable[Theorem]) -> Iterator[Claim]:
    """The claims that each theorem makes. Raises UnknownSubjectError."""
    for theorem in theorems:
        if theorem.then or theorem.never:
            yield _said(subject, theorem)
        if theorem.apart:
            yield from _apart(subject, theorem)
        if theorem.classes:
            yield from _classified(subject, theorem)


def _said(subject: Subject, theorem: Theorem) -> Claim:
    about = both(
        of(theorem.when).true,
        of(theorem.possible).not_false,
        negate(known(theorem.unless.expression)) if theorem.unless else of(None).true,
    )
    wrong = any_of(
        (
            *(negate(_one_of(subject, name, words)) for name, words in theorem.then.items()),
            *(_one_of(subject, name, words) for name, words in theorem.never.items()),
        )
    )
    names = tuple(dict.fromkeys((*theorem.then, *theorem.never)))
    formula = both(about, wrong)
    return Claim(theorem.id, "stated", theorem.says, formula, subjects=_shown(subject, names))


def _shown(subject: Subject, names: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        kind, _, drug = name.partition(":")
        if kind == "offer":
            found += [each for each, _ in subject.candidates if _offering(subject, each, drug)]
            found.append(f"drug:{drug}")
        else:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _one_of(subject: Subject, name: str, words: Iterable[str]) -> Formula:
    """That the plan says one of some words of a subject."""
    kind, _, id_ = name.partition(":")
    if kind == "offer":
        return any_of(
            both(status_in(candidate, _checked(name, candidate.status, words)), free)
            for each, candidate in subject.candidates
            for free in _offering(subject, each, id_)
        )
    found = choice(subject, name)
    return any_of(found[word] for word in _checked(name, found, words))


def _checked(name: str, choice: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    listed, allowed = tuple(words), tuple(choice)
    for word in listed:
        if word not in allowed:
            raise UnknownSubjectError(f"{name}: {word}; allowed: {', '.join(allowed)}")
    return listed


def choice(subject: Subject, name: str) -> Mapping[str, Formula]:
    """What the plan can say of a subject, and when. Raises UnknownSubjectError."""
    standing = subject.standing
    kind, colon, id_ = name.partition(":")
    try:
        if not colon:
            decision, _, candidate = name.partition("/")
            return standing.decisions[decision].candidates[candidate].status  # type: ignore[return-value]
        match kind:
            case "decision":
                return standing.decisions[id_].status  # type: ignore[return-value]
            case "drug":
                return standing.drugs[id_].verdict  # type: ignore[return-value]
            case "advice":
                return standing.advice[id_].status  # type: ignore[return-value]
            case "alert":
                return standing.alerts[id_].status  # type: ignore[return-value]
    except KeyError:
        pass
    raise UnknownSubjectError(f"{name}: no such thing in the guideline")


def _offering(subject: Subject, name: str, drug: str) -> tuple[Formula, ...]:
    """When a candidate offers a drug: as a part of its own, or in a class where it may serve."""
    if drug not in subject.guideline.drugs:
        raise UnknownSubjectError(f"offer:{drug}: no such drug")
    candidate = dict(subject.candidates)[name]
    found: list[Formula] = []
    for part in candidate.parts:
        found += _serving(part, drug)
    return tuple(found)


def _serving(part: PartStanding, drug: str) -> Iterator[Formula]:
    if part.id == drug:
        yield of(None).true
    for member in part.members:
        if member.id == drug:
            yield member.exclude.false


def _apart(subject: Subject, theorem: Theorem) -> Iterator[Claim]:
    for one, other in combinations(theorem.apart, 2):
        together = both(_one_of(subject, one, CHOSEN), _one_of(subject, other, CHOSEN))
        says = say("apart", says=theorem.says, one=subject.name(one), other=subject.name(other))
        yield Claim(f"{theorem.id}/{one}+{other}", "stated", says, together, subjects=(one, other))


def _classified(subject: Subject, theorem: Theorem) -> Iterator[Claim]:
    """No gap but the known one, no overlap; and the known gap is one."""
    definitions = subject.guideline.definitions
    for each in theorem.classes:
        if each not in definitions:
            raise UnknownSubjectError(f"{theorem.id}: there is no definition {each}")
    within = of(theorem.within).true
    outside = all_of(refuted(Name(each)) for each in theorem.classes)
    gap = known(theorem.gap.expression) if theorem.gap is not None else negate(of(None).true)
    id_ = theorem.id
    says = say("class_gap", says=theorem.says)
    yield Claim(f"{id_}/gap", "classification", says, both(within, outside, negate(gap)))
    for one, other in combinations(theorem.classes, 2):
        names = {"one": definitions[one].label, "other": definitions[other].label}
        says = say("class_overlap", says=theorem.says, **names)
        formula = both(within, known(Name(one)), known(Name(other)))
        yield Claim(f"{id_}/{one}+{other}", "classification", says, formula)
    if theorem.gap is not None:
        says = say("class_known_gap", says=theorem.says, disputes=", ".join(theorem.disputes))
        formula = both(within, outside, gap)
        yield Claim(f"{id_}/known_gap", "classification", says, formula, "sometimes")
