"""All parts of a guideline, for the references that other engines are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.models import Advice, Candidate, Guideline, Part


def every_part(guideline: Guideline) -> tuple[Part, ...]:
    """What candidates and advice consist of, equal parts once; also each member of a class."""
    parts = dict.fromkeys(part for holder in _holders(guideline) for part in holder.parts)
    classes = {part.drug_class for part in parts}
    members = (
        Part(drug=drug.id)
        for drug in guideline.drugs.values()
        if not classes.isdisjoint(drug.classes)
    )
    return tuple(dict.fromkeys((*parts, *members)))


def _holders(guideline: Guideline) -> Iterator[Candidate | Advice]:
    yield from guideline.advice.values()
    for decision in guideline.decisions.values():
        yield from decision.candidates
