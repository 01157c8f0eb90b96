"""Theorems: conditions have their types, and whatever a claim names exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from myorx.guideline.check.context import Context
from myorx.guideline.check.names import known_ids
from myorx.guideline.faults import Problem, listed
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place, Positions
from myorx.guideline.texts import Condition
from myorx.guideline.theorems import Theorem
from myorx.guideline.vignettes import AdviceState, CandidateStatus, DecisionStatus
from myorx.language.check import check as check_types
from myorx.language.faults import LanguageError

_VERDICTS = ("contraindicated", "conflict", "blocked", "caution", "not_covered", "clear")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "": (*get_args(CandidateStatus), "not_judged"),
    "offer": get_args(CandidateStatus),
    "decision": get_args(DecisionStatus),
    "drug": _VERDICTS,
    "advice": get_args(AdviceState),
    "alert": ("raised", "possible", "absent"),
}
"""For each kind of subject: what a plan can say of it."""

_KINDS = {"offer": "drug", "decision": "decision", "drug": "drug"}


def check_theorems(
    theorems: Sequence[Theorem], guideline: Guideline, positions: Positions
) -> tuple[Problem, ...]:
    """Everything wrong with theorems; ``positions`` are those of ``load_theorems``."""
    context = Context(guideline, positions, None)
    known = known_ids(guideline)
    problems: list[Problem] = []
    for theorem in theorems:
        place = Place("theorem", theorem.id)
        problems += _claims_something(context, place, theorem)
        for field in ("when", "possible", "unless", "within", "gap"):
            condition = getattr(theorem, field)
            if isinstance(condition, Condition):
                problems += _typed(context, place.key(field), condition)
        for field in ("then", "never"):
            for subject, words in getattr(theorem, field).items():
                problems += _subject(context, place.key(field).key(subject), subject, words, known)
        for index, subject in enumerate(theorem.apart):
            problems += _subject(context, place.key("apart").item(index), subject, (), known)
        for field, kind in (
            ("classes", "definition"),
            ("disputes", "dispute"),
            ("cites", "statement"),
        ):
            for index, name in enumerate(getattr(theorem, field)):
                if name not in known[kind]:
                    here = place.key(field).item(index)
                    problems.append(context.unknown(kind, here, name, known[kind]))
    return tuple(sorted(problems))


def _claims_something(context: Context, place: Place, theorem: Theorem) -> Iterator[Problem]:
    if not (theorem.then or theorem.never or theorem.apart or theorem.classes):
        yield context.problem(
            "claims-nothing",
            place,
            f"{theorem.id} claims nothing",
            allowed="then, never, apart, or classes",
            remedy="say what must hold",
        )
    if bool(theorem.classes) != (theorem.within is not None):
        yield context.problem(
            "classes-within",
            place,
            "classes and within belong together",
            allowed="classes with within: who has to fall into one",
            remedy="add the one that is missing",
        )


def _typed(context: Context, place: Place, condition: Condition) -> Iterator[Problem]:
    try:
        check_types(condition.expression, context.types, allow_is_null=False)
    except LanguageError as error:
        for fault in error.faults:
            yield context.problem(
                fault.code, place, fault.message, allowed=fault.allowed, remedy=fault.remedy
            )


def _subject(
    context: Context,
    place: Place,
    subject: str,
    words: Sequence[str],
    known: Mapping[str, Mapping[str, Any]],
) -> Iterator[Problem]:
    kind, colon, id_ = subject.partition(":")
    if not colon:
        kind, id_ = "", subject
        decision, _, candidate = subject.partition("/")
        found = context.guideline.decisions.get(decision)
        if found is None or candidate not in [each.id for each in found.candidates]:
            yield context.unknown("candidate", place, subject, _candidates(context.guideline))
    elif kind not in _WORDS:
        yield context.unknown("subject", place, subject, [f"{each}:…" for each in _WORDS if each])
        return
    elif id_ not in known[_KINDS.get(kind, kind)]:
        yield context.unknown(_KINDS.get(kind, kind), place, id_, known[_KINDS.get(kind, kind)])
    for index, word in enumerate(words):
        if word not in _WORDS[kind]:
            yield context.problem(
                "unknown-word",
                place.item(index),
                f"{word} is never said of {subject}",
                allowed=listed(_WORDS[kind]),
                remedy="use one of these words",
            )


def _candidates(guideline: Guideline) -> list[str]:
    return [
        f"{decision.id}/{candidate.id}"
        for decision in guideline.decisions.values()
        for candidate in decision.candidates
    ]
