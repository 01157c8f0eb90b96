"""Any format that is read: what it says, finished as a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from myorx.exchange.codes import Codes, table
from myorx.exchange.fhir.read import read_source
from myorx.exchange.fhir.source import read_json
from myorx.exchange.hospital import Hospital
from myorx.exchange.importing import Found, Imported, finish
from myorx.exchange.limits import MAX_BYTES
from myorx.exchange.report import Format, UnreadableError
from myorx.exchange.words import note
from myorx.guideline.mapping import load_mappings
from myorx.guideline.models import Guideline


def codes_of(folder: Path | str, guideline: Guideline, optional: tuple[str, ...] = ()) -> Codes:
    """The codes of a guideline by the mappings in its folder; those that are optional only where
    they are named. Raises GuidelineError."""
    mappings, _ = load_mappings(folder)
    return table(guideline, [each for each in mappings if not each.optional or each.id in optional])


def read_foreign(
    data: bytes,
    guideline: Guideline,
    as_of: date,
    codes: Codes,
    *,
    form: Format,
    hospital: Hospital | None = None,
    patient: str | None = None,
) -> Imported:
    """The case in ``data``. Raises UnreadableError where it is not in the format ``form``, or not
    of one patient; CaseError where not even unknown facts are left.

    ``patient`` names one of several in a table.
    """
    found = _found(data, guideline, codes, form, hospital, patient)
    return finish(found, guideline, as_of)


def _found(
    data: bytes,
    guideline: Guideline,
    codes: Codes,
    form: Format,
    hospital: Hospital | None,
    patient: str | None,
) -> Found:
    if len(data) > MAX_BYTES:
        raise UnreadableError(note("too_large", size=f"{len(data):,}", most=f"{MAX_BYTES:,}"))
    match form:
        case "fhir":
            return read_source(read_json(data), codes, guideline)
        case "phenopacket":
            from myorx.exchange.phenopackets.read import read as read_packet

            return read_packet(read_json(data), codes, guideline)
        case "hl7":
            from myorx.exchange.hl7v2.read import read as read_messages

            return read_messages(data, hospital, codes, guideline)
        case "csv":
            from myorx.exchange.table.read import read as read_table

            return read_table(data, hospital, codes, guideline, patient)
