"""Claims and courses of any format -> a case, a patient, and the report of how it came about."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import msgspec

from myorx.exchange.claims import Claim, settle
from myorx.exchange.courses import Course, write
from myorx.exchange.report import Format, Ignored, Report, Used
from myorx.exchange.words import Note, note
from myorx.facts import Patient, read_case
from myorx.facts.document import written
from myorx.facts.names import index
from myorx.facts.units import spelled
from myorx.guideline.models import Guideline
from myorx.language.values import Bounds
from myorx.plan.values import shown


class Found(NamedTuple):
    """All that one source holds, in our words."""

    format: Format
    claims: tuple[Claim, ...]
    courses: tuple[Course, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    notes: tuple[Note, ...] = ()


class Imported(NamedTuple):
    """What an import gives. ``document`` is the case as ``read_case`` takes it."""

    patient: Patient
    report: Report
    document: dict[str, Any]

    @property
    def yaml(self) -> str:
        """The case as a file."""
        return written(self.document)


def finish(found: Found, guideline: Guideline, as_of: date) -> Imported:
    """The case of all claims, read by the reader of every case in mode ``import``.

    Raises CaseError where not even a case with unknown facts comes of it.
    """
    settled = settle(found.claims, guideline, as_of)
    lines = write(found.courses, guideline, as_of)
    document: dict[str, Any] = {"as_of": as_of.isoformat(), **settled.facts}
    if lines.therapies:
        document["therapies"] = lines.therapies
    if lines.orders:
        document["orders"] = lines.orders
    patient = read_case(document, guideline, mode="import")
    used = (*(_judged(each, document, patient, guideline) for each in settled.used), *lines.used)
    incomplete = (note("history_open"),) if lines.therapies else ()
    report = Report(
        found.format,
        used,
        (*found.ignored, *settled.ignored, *lines.ignored),
        (*found.notes, *incomplete),
        patient.refused,
    )
    return Imported(patient, report, document)


def _judged(used: Used, document: dict[str, Any], patient: Patient, guideline: Guideline) -> Used:
    """A value with what the case reader made of it: converted, too old, refused."""
    name = used.subject.removeprefix("fact:")
    said, state = document[name], patient.facts[name]
    notes: list[Note] = []
    if state.reason == "stale":
        fact = guideline.facts[name]
        limit = index(guideline).settings.get(fact.max_age or "")
        days = limit.exact if isinstance(limit, Bounds) else None
        notes.append(note("stale", days=f"{days:f}" if days is not None else "?"))
    elif state.reason == "refused":
        notes.append(note("refused"))
    elif isinstance(said, dict) and "unit" in said and isinstance(state.value, Bounds):
        unit = spelled(said["unit"])
        if unit != state.value.unit:
            notes.append(note("converted", value=shown(state.value)))
    return msgspec.structs.replace(used, notes=(*used.notes, *notes)) if notes else used
