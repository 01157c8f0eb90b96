"""Vignettes: whatever an expectation names exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from myorx.guideline.check.context import Context
from myorx.guideline.check.names import known_ids
from myorx.guideline.faults import Problem
from myorx.guideline.models import Decision, Drug, Guideline
from myorx.guideline.positions import Place, Positions
from myorx.guideline.vignettes import DecisionExpectation, Vignette
from myorx.language.cql import cql

_SOURCES = ("boundary", "reading")
"""What a vignette may come from beside a published report."""

_EXPECTED: Mapping[str, tuple[str, ...]] = {
    "drugs": ("drug",),
    "hazards": ("drug",),
    "notes": ("drug", "decision", "advice"),
    "doses": ("drug",),
    "topics": ("drug",),
    "elsewhere": ("elsewhere",),
    "alerts": ("alert",),
    "advice": ("advice",),
    "calendar": ("due",),
    "needs": ("fact",),
    "needs_not": ("fact",),
    "facts": ("fact",),
    "findings": ("definition", "fact"),
    "cites": ("statement",),
    "disputes": ("dispute",),
}
"""Key of ``expect`` -> the kinds of object its names may be."""


def check_vignettes(
    vignettes: Sequence[Vignette], guideline: Guideline, positions: Positions
) -> tuple[Problem, ...]:
    """Every name that an expectation uses and the guideline does not know; ``positions`` are those
    of ``load_vignettes``."""
    context = Context(guideline, positions, None)
    known = known_ids(guideline)
    problems: list[Problem] = []
    for vignette in vignettes:
        place = Place("vignette", vignette.id)
        if vignette.source not in _SOURCES and vignette.source not in known["reference"]:
            problems.append(
                context.unknown(
                    "source",
                    place.key("source"),
                    vignette.source,
                    (*_SOURCES, *known["reference"]),
                )
            )
        problems += _expected(context, place.key("expect"), vignette.expect, known)
    return tuple(sorted(problems))


def _expected(
    context: Context, place: Place, expect: Any, known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    for key, kinds in _EXPECTED.items():
        names = [name for kind in kinds for name in known[kind]]
        listed = isinstance(getattr(expect, key), tuple)
        for index, name in enumerate(getattr(expect, key)):
            if name not in names:
                here = place.key(key).item(index) if listed else place.key(key).key(name)
                yield context.unknown(kinds[0], here, name, names)
    for id_, topics in expect.topics.items():
        for index, topic in enumerate(topics):
            if topic not in known["topic"]:
                here = place.key("topics").key(id_).item(index)
                yield context.unknown("topic", here, topic, known["topic"])
    yield from _hazards(context, place.key("hazards"), expect, known["drug"])
    yield from _notes(context, place.key("notes"), expect, known)
    for id_, decision in expect.decisions.items():
        here = place.key("decisions").key(id_)
        if id_ not in known["decision"]:
            yield context.unknown("decision", here, id_, known["decision"])
        else:
            yield from _decision(context, here, decision, known["decision"][id_])
    others = (key for key in expect.__struct_fields__ if key != "refused" and getattr(expect, key))
    other = next((key for key in others if not _is_empty(getattr(expect, key))), None)
    if expect.refused and other is not None:
        yield context.problem(
            "refused-and-more",
            place.key("refused"),
            f"the case is refused, yet {other} is expected",
            allowed="refused alone",
            remedy="make two vignettes of it",
        )


def _hazards(
    context: Context, place: Place, expect: Any, drugs: Mapping[str, Drug]
) -> Iterator[Problem]:
    """Conditions that are not those of any hazard of the drug."""
    for id_, wanted in expect.hazards.items():
        if id_ not in drugs:
            continue
        stated = [cql(hazard.when.expression) for hazard in drugs[id_].hazards]
        for condition in wanted:
            if condition not in stated:
                here = place.key(id_).key(condition)
                yield context.unknown("hazard", here, condition, stated)


def _notes(
    context: Context, place: Place, expect: Any, known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    """Conditions that are not those of any note of the drug, decision or advice."""
    for id_, wanted in expect.notes.items():
        owner = next((known[kind][id_] for kind in _EXPECTED["notes"] if id_ in known[kind]), None)
        if owner is None:
            continue
        holders = (owner, *getattr(owner, "candidates", ()))
        notes = [note for holder in holders for note in holder.notes if note.when is not None]
        stated = [cql(note.when.expression) for note in notes]
        for condition in wanted:
            if condition not in stated:
                here = place.key(id_).key(condition)
                yield context.unknown("note", here, condition, stated)


def _is_empty(words: Any) -> bool:
    return bool(words == type(words)())


def _decision(
    context: Context, place: Place, expected: DecisionExpectation, decision: Decision
) -> Iterator[Problem]:
    candidates = {candidate.id: candidate for candidate in decision.candidates}
    gaps = [gap.id for gap in decision.gaps]
    for index, gap in enumerate(expected.gaps):
        if gap not in gaps:
            yield context.unknown("gap", place.key("_gaps").item(index), gap, gaps)
    for gap in expected.gaps_are:
        if gap not in gaps:
            yield context.unknown("gap", place.key("_gaps_are").key(gap), gap, gaps)
    for index, id_ in enumerate(expected.order):
        if id_ not in candidates:
            yield context.unknown("candidate", place.key("_order").item(index), id_, candidates)
    for id_, candidate in expected.candidates.items():
        here = place.key(id_)
        if id_ not in candidates:
            yield context.unknown("candidate", here, id_, candidates)
            continue
        parts = [part.drug or part.drug_class or "" for part in candidates[id_].parts]
        for name in candidate.parts:
            if name not in parts:
                yield context.unknown("part", here.key("parts").key(name), name, parts)
        stated = [cql(argument.when.expression) for argument in candidates[id_].arguments]
        for condition in candidate.reasons:
            if condition not in stated:
                place_of = here.key("reasons").key(condition)
                yield context.unknown("argument", place_of, condition, stated)
