"""A request's body -> the patient. A case as a case file has it, or a Bundle by its media type."""

from __future__ import annotations

from datetime import date
from typing import Final

from myorx.exchange.fhir import read_source
from myorx.exchange.fhir.source import read_json
from myorx.exchange.importing import Imported, finish
from myorx.exchange.report import UnreadableError
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.problems import Fault, RefusedError
from myorx.exchange.service.speech import Language
from myorx.exchange.service.words import side
from myorx.facts import CaseError, Patient, read_case
from myorx.facts.faults import MOST_SHOWN
from myorx.facts.scalars import day_or_period

FHIR: Final = "application/fhir+json"
YAML: Final = ("application/yaml", "application/x-yaml", "text/yaml")
JSON: Final = "application/json"
KNOWN: Final = (JSON, *YAML, FHIR)


def read_patient(
    body: bytes, media: str, as_of: str | None, knowledge: Knowledge, lang: Language
) -> Patient:
    """The patient of a case or a Bundle. Raises RefusedError with every fault at once."""
    if media_type(media) == FHIR:
        return read_bundle(body, as_of, knowledge, lang).patient
    try:
        return read_case(body, knowledge.guideline, as_of=_day(as_of))
    except CaseError as error:
        raise refused_case(error, lang) from None


def read_bundle(body: bytes, as_of: str | None, knowledge: Knowledge, lang: Language) -> Imported:
    """The case that a Bundle holds, with the report. Raises RefusedError."""
    day = _day(as_of)
    if day is None:
        raise RefusedError(400, "no_day")
    try:
        found = read_source(read_json(body), knowledge.codes, knowledge.guideline)
        return finish(found, knowledge.guideline, day)
    except UnreadableError as error:
        raise unreadable(error, lang) from None
    except CaseError as error:
        raise refused_case(error, lang) from None


def media_type(header: str) -> str:
    """The media type of a body, one of those that are read; JSON where none is given."""
    name = header.partition(";")[0].strip().lower() or JSON
    if name not in KNOWN:
        raise RefusedError(415, "media_type", found=name, allowed=", ".join(KNOWN))
    return name


def refused_case(error: CaseError, lang: Language) -> RefusedError:
    """A case that cannot be used, as a problem."""
    faults = (Fault(each.code, each.text(lang), each.path) for each in error.faults[:MOST_SHOWN])
    return RefusedError(422, "case", faults, count=str(len(error.faults)))


def unreadable(error: UnreadableError, lang: Language) -> RefusedError:
    """A source of which no case can be made, as a problem."""
    return RefusedError(
        422, "unreadable", (Fault(each.code, side(each.says, lang)) for each in error.notes)
    )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    found = day_or_period(text)
    if found is None or found.exact is None:
        raise RefusedError(400, "bad_day", found=text)
    return found.exact
