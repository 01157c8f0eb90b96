"""Which drugs a part stands for, and what speaks against each of them."""

from __future__ import annotations

from collections.abc import Mapping

from myorx.guideline.models import Argument, Drug, Guideline, Part


def members(guideline: Guideline) -> Mapping[str, tuple[Drug, ...]]:
    """For each class: the drugs that name it, in the order of the files. Make it once, keep it."""
    found: dict[str, list[Drug]] = {id_: [] for id_ in guideline.classes}
    for drug in guideline.drugs.values():
        for id_ in drug.classes:
            found.setdefault(id_, []).append(drug)
    return {id_: tuple(drugs) for id_, drugs in found.items()}


def drugs_of(
    part: Part, guideline: Guideline, by_class: Mapping[str, tuple[Drug, ...]]
) -> tuple[Drug, ...]:
    """The one drug of a part, or every member of its class (any one of them serves)."""
    if part.drug is not None:
        return (guideline.drugs[part.drug],)
    return by_class[part.drug_class or ""]


def hazards_of(
    part: Part, guideline: Guideline, by_class: Mapping[str, tuple[Drug, ...]]
) -> tuple[tuple[Drug, tuple[Argument, ...]], ...]:
    """Each drug the part may be, with all its hazards; ``by_class`` is what ``members`` gave."""
    return tuple((drug, drug.hazards) for drug in drugs_of(part, guideline, by_class))
