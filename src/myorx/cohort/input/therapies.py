"""The long table of therapies: kept on disk, and handed out patient by patient.

One row a line of somebody's history: the patient, and what a therapy of a case has (drug, dose,
route, start, stop, on, response, effective, pulse). A row of the cohort gets the lines that had
begun by its date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

import pyarrow as pa

from myorx.cohort.input.cells import texts_of
from myorx.cohort.input.databases import connect
from myorx.cohort.input.mapping import PATIENT
from myorx.cohort.input.source import Source
from myorx.cohort.texts import TableError, say
from myorx.facts.scalars import day_or_period
from myorx.facts.spelling import key
from myorx.facts.words import THERAPY_FIELDS
from myorx.guideline.texts import Text

Line: TypeAlias = tuple[tuple[str, str], ...]
"""The fields of one therapy that are not empty, as typed."""


_SEPARATORS = str.maketrans("；、|，", ";;;;")


class Rejected(NamedTuple):
    """A row of a table that is not used, and why."""

    number: int
    patient: str
    code: str
    """Key of the message."""
    reason: Text
    text: str = ""


def reject(number: int, patient: str, code: str, text: str = "", **slots: str | int) -> Rejected:
    """A row that is not used, because of ``code``."""
    return Rejected(number, patient, code, say(code, **slots), text)


def line_of(names: Iterable[str], cells: Iterable[str | None]) -> Line:
    """A line of its cells, each under the name of its field."""
    return tuple((n, c) for n, c in zip(names, cells, strict=True) if c and c.strip())


class Histories(Protocol):
    """Where the lines of patients come from."""

    def lines(self, patients: pa.Array) -> Mapping[str, list[Line]]:
        """The lines of each of ``patients`` who has any, in the order of the table."""


class TherapyTable:
    """The lines of every patient. ``store``: a file of its own, which it makes."""

    def __init__(self, source: Source, store: Path) -> None:
        self._patient, self.fields = therapy_columns(source.names)
        self.rejected: list[Rejected] = []
        self.read = 0
        store.unlink(missing_ok=True)
        self._store = store
        with connect(store) as self._database:
            self._load(source)
        self._database = connect(store, read_only=True)

    def __getstate__(self) -> dict[str, object]:
        """What another process needs to read the same file."""
        return {name: value for name, value in vars(self).items() if name != "_database"}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._database = connect(self._store, read_only=True)

    def lines(self, patients: pa.Array) -> Mapping[str, list[Line]]:
        """The lines of each of ``patients`` who has any, in the order of the table."""
        wanted = pa.table({"patient": patients})
        self._database.register("wanted", wanted)
        columns = ", ".join(f'"{name}"' for name in self.fields.values())
        found = self._database.sql(
            f"SELECT patient, {columns} FROM therapies "  # noqa: S608 - names of a closed list
            "WHERE patient IN (SELECT patient FROM wanted) ORDER BY row"
        ).fetchall()
        self._database.unregister("wanted")
        lines: dict[str, list[Line]] = {}
        names = tuple(self.fields.values())
        for patient, *cells in found:
            lines.setdefault(patient, []).append(line_of(names, cells))
        return lines

    def close(self) -> None:
        """Nothing more is asked."""
        self._database.close()

    def _load(self, source: Source) -> None:
        columns = ", ".join(f'"{name}" VARCHAR' for name in self.fields.values())
        self._database.execute(f"CREATE TABLE therapies (row BIGINT, patient VARCHAR, {columns})")
        for chunk in source.chunks():
            self.read += chunk.read
            for bad in chunk.bad:
                self.rejected.append(reject(bad.number, "", bad.reason, bad.text))
            found = {name: texts_of(chunk.batch.column(column)) for column, name in self._columns}
            patients = [(each or "").strip() for each in found.pop("patient")]
            for number, patient in zip(chunk.numbers, patients, strict=True):
                if not patient:
                    self.rejected.append(reject(int(number), "", "reject_patient"))
            table = pa.table(
                {"row": pa.array(chunk.numbers), "patient": pa.array(patients, pa.string())}
                | {name: pa.array(cells, pa.string()) for name, cells in found.items()}
            )
            self._database.register("found", table)
            self._database.execute("INSERT INTO therapies SELECT * FROM found WHERE patient != ''")
            self._database.unregister("found")

    @property
    def _columns(self) -> Iterator[tuple[str, str]]:
        yield from ((self._patient, "patient"), *self.fields.items())


def history_source(
    lines: Iterable[Line] | None, complete: str | None, orders: str | None
) -> dict[str, object]:
    """What a row and its lines say of therapies and orders, as a case file would.

    ``lines``: None where there are none; ``complete``, ``orders``: the cells of those columns.
    """
    source: dict[str, object] = {}
    if lines is not None or complete:
        source["therapies"] = [dict(line) for line in lines or ()]
    if complete:
        source["therapies_complete"] = complete
    if orders:
        listed = (each.strip() for each in orders.translate(_SEPARATORS).split(";"))
        source["orders"] = [each for each in listed if each]
    return source


def begun(lines: list[Line], as_of: date) -> tuple[tuple[Line, ...], int]:
    """The lines that may have begun by ``as_of``, and how many had not."""
    kept = tuple(line for line in lines if not _later(line, as_of))
    return kept, len(lines) - len(kept)


def _later(line: Line, as_of: date) -> bool:
    for name, cell in line:
        if name in ("start", "on"):
            found = day_or_period(cell)
            if found is not None and found.earliest is not None and found.earliest > as_of:
                return True
    return False


def therapy_columns(names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The patient's column, and the other columns with the field of a therapy that each holds.

    Raises TableError with all that is wrong with the columns.
    """
    patient: str | None = None
    found: dict[str, str] = {}
    faults: list[Text] = []
    for column in names:
        field = THERAPY_FIELDS.get(key(column))
        if key(column) in PATIENT and patient is None:
            patient = column
        elif field is not None and field in found.values():
            first = next(name for name, other in found.items() if other == field)
            faults.append(say("two_columns", what=field, first=first, second=column))
        elif field is not None and field != "note":
            found[column] = field
    if patient is None:
        faults.append(say("no_patient"))
    if "drug" not in found.values():
        faults.append(say("no_drug"))
    if faults or patient is None:
        raise TableError(*faults)
    return patient, found
