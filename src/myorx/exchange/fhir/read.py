"""FHIR R4 in: a Bundle, or resources, of one patient -> what they say, and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Codes
from myorx.exchange.courses import Course
from myorx.exchange.fhir import conditions, medications, observations, person
from myorx.exchange.fhir.context import Context, Outcome
from myorx.exchange.fhir.elements import part, text
from myorx.exchange.fhir.shelf import Item, Shelf, of_resources, plain_reference, shelve
from myorx.exchange.importing import Found, Imported, finish
from myorx.exchange.report import Ignored, Report
from myorx.exchange.words import Note, note
from myorx.facts import Case
from myorx.guideline.models import Guideline

_Reader = Callable[[Item, Context], Iterator[Outcome]]

_READERS: Final[Mapping[str, _Reader]] = {
    "Patient": person.read,
    "Observation": observations.read,
    "Condition": conditions.read_condition,
    "AllergyIntolerance": conditions.read_allergy,
    "MedicationStatement": medications.read,
    "MedicationRequest": medications.read,
    "MedicationAdministration": medications.read,
    "Procedure": medications.read,
}
_LOOKED_UP: Final = ("Medication",)
"""Read where another resource refers to it."""


def read_source(source: Mapping[str, Any], codes: Codes, guideline: Guideline) -> Found:
    """What a Bundle, or one resource alone, says. Raises UnreadableError for what is neither, and
    for more than one patient."""
    return _read(shelve(dict(source)), codes, guideline)


def read_resources(
    resources: Iterable[Mapping[str, Any]], codes: Codes, guideline: Guideline
) -> Found:
    """Likewise for resources without a Bundle. Raises UnreadableError for several patients."""
    return _read(of_resources(dict(each) for each in resources), codes, guideline)


def bundle_to_case(
    resources: Iterable[Mapping[str, Any]], guideline: Guideline, as_of: date, mapping: Codes
) -> tuple[Case, Report]:
    """The case that resources of one patient describe at ``as_of``, and how it came about.

    Raises UnreadableError for several patients, CaseError where not even unknown facts are left.
    """
    found = import_resources(resources, guideline, as_of, mapping)
    return found.patient.case, found.report


def import_resources(
    resources: Iterable[Mapping[str, Any]], guideline: Guideline, as_of: date, mapping: Codes
) -> Imported:
    """Likewise, with the patient as the plan takes it."""
    return finish(read_resources(resources, mapping, guideline), guideline, as_of)


def _read(shelf: Shelf, codes: Codes, guideline: Guideline) -> Found:
    context = Context(shelf, codes, guideline)
    outcomes: list[Outcome] = list(shelf.ignored)
    referred = _referred(shelf)
    for item in shelf.items:
        reader = _READERS.get(item.type)
        if reader is not None:
            outcomes += reader(item, context)
        elif item.type not in _LOOKED_UP:
            outcomes.append(Ignored(item.where, item.type, note("kind", kind=item.type)))
        elif id(item.resource) not in referred:
            outcomes.append(Ignored(item.where, item.type, note("unreferenced")))
    notes: tuple[Note, ...] = () if shelf.patient is not None else (note("no_patient"),)
    return Found(
        "fhir",
        tuple(each for each in outcomes if isinstance(each, Claim)),
        tuple(each for each in outcomes if isinstance(each, Course)),
        tuple(each for each in outcomes if isinstance(each, Ignored)),
        notes,
    )


def _referred(shelf: Shelf) -> frozenset[int]:
    """The medications that other resources refer to, by the identity of the object."""
    references = (
        text(part(item.resource, "medicationReference"), "reference") for item in shelf.items
    )
    found = (shelf.by_reference.get(plain_reference(each)) for each in references if each)
    return frozenset(id(each) for each in found if each is not None)
