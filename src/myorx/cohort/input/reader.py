"""Chunks of a table to batches for the engine: what can be read is, the rest is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from myorx.cohort.engine.columns import AS_OF, day_column, derived_column, said_column
from myorx.cohort.histories import NOTHING, REMEMBERED, Course, Deriver
from myorx.cohort.input.cells import CellReader, as_text, texts_of, trimmed
from myorx.cohort.input.days import EPOCH, NO_DAY, days_of, with_days
from myorx.cohort.input.mapping import FactColumn, TableColumns
from myorx.cohort.input.source import Chunk, Numbers
from myorx.cohort.input.therapies import Histories, Line, Rejected, begun, history_source, reject
from myorx.cohort.lines import PlainLines
from myorx.cohort.rows import drug_columns
from myorx.facts.faults import CaseError
from myorx.facts.names import index
from myorx.facts.read import read_written
from myorx.facts.spelling import shown
from myorx.guideline.check.context import fact_type
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.columns import decode, encode
from myorx.language.values import Bounds, Value


class FactTally(NamedTuple):
    """How the cells of one column came out."""

    outcomes: Counter[str]
    faults: Counter[str]
    samples: dict[str, tuple[str, Text]]


class Read(NamedTuple):
    """One chunk, read."""

    batch: pa.RecordBatch
    """For the engine; one row a row of the table that is used."""
    patients: pa.Array
    numbers: Numbers
    by: Mapping[str, pa.Array]
    read: int
    """Rows met, used or not."""
    rejected: tuple[Rejected, ...]
    facts: Mapping[str, FactTally]
    therapies: Counter[str]
    """Codes of what was wrong with lines of therapies; ``later``: begun after the row's date."""


class _Said(NamedTuple):
    """What a row and its lines say of therapies."""

    day: date
    lines: tuple[Line, ...] | None
    complete: str | None
    orders: str | None


class TableReader:
    """Reads the chunks of one table, by its mapping.

    ``duplicates``: numbers of rows to leave out, each with the row that it repeats.
    """

    def __init__(
        self,
        guideline: Guideline,
        mapping: TableColumns,
        *,
        units: Mapping[str, str] | None = None,
        duplicates: Mapping[int, int] | None = None,
        therapies: Histories | None = None,
    ) -> None:
        self._guideline = guideline
        self._mapping = mapping
        self._duplicates = duplicates or {}
        self._repeated = np.fromiter(self._duplicates, np.int64, len(self._duplicates))
        self._therapies = therapies
        self._deriver = Deriver(guideline)
        self._plain = PlainLines(guideline)
        self._courses_of = lru_cache(REMEMBERED)(self._course)
        self._readers = {
            each.fact: CellReader(
                guideline.facts[each.fact],
                guideline,
                each.column,
                each.unit or (units or {}).get(each.column),
            )
            for each in mapping.facts
        }

    def read(self, chunk: Chunk, *, duplicates: Mapping[int, int] | None = None) -> Read:
        """The rows of a chunk that can be used, as a batch; the others with the reason.

        ``duplicates``: of this chunk, where those of the whole table were not given.
        """
        if duplicates is not None:
            self._duplicates = duplicates
            self._repeated = np.fromiter(duplicates, np.int64, len(duplicates))
        rejected = [reject(bad.number, "", bad.reason, bad.text) for bad in chunk.bad]
        batch, patients, numbers, days = self._dated(chunk, rejected)
        columns: dict[str, pa.Array] = {AS_OF: pa.array(days, pa.int32()).cast(pa.date32())}
        years = _years(columns[AS_OF])
        tallies: dict[str, FactTally] = {}
        for each in self._mapping.facts:
            columns.update(self._fact(each, batch, days, years, tallies))
        found: Counter[str] = Counter()
        columns.update(self._courses(batch, patients, days, columns, found))
        return Read(
            pa.RecordBatch.from_pydict(columns),
            patients,
            numbers,
            {name: as_text(batch.column(name)) for name in self._mapping.by},
            chunk.read,
            tuple(rejected),
            tallies,
            found,
        )

    # -- rows --------------------------------------------------------------------------------------

    def _dated(
        self, chunk: Chunk, rejected: list[Rejected]
    ) -> tuple[pa.RecordBatch, pa.Array, Numbers, npt.NDArray[np.int32]]:
        """The rows with a patient and a date that no earlier row has; who and when they are."""
        batch, numbers = chunk.batch, chunk.numbers
        patients = trimmed(batch.column(self._mapping.patient))
        has_patient = pc.not_equal(patients, "").to_numpy(zero_copy_only=False)
        days = self._days(batch)
        repeated = np.isin(numbers, self._repeated)
        good = has_patient & (days != NO_DAY) & ~repeated
        for row in np.flatnonzero(~good):
            number, patient = int(numbers[row]), shown(patients[row].as_py())
            if not has_patient[row]:
                rejected.append(reject(number, patient, "reject_patient"))
            elif days[row] != NO_DAY:
                first = self._duplicates[number]
                rejected.append(reject(number, patient, "reject_duplicate", first=first))
            elif (text := self._day_text(batch, int(row))).strip():
                found = shown(text)
                rejected.append(reject(number, patient, "reject_as_of_bad", found=found))
            else:
                rejected.append(reject(number, patient, "reject_as_of_missing"))
        if good.all():
            return batch, patients, numbers, days
        kept = pa.array(good)
        return batch.filter(kept), patients.filter(kept), numbers[good], days[good]

    def _days(self, batch: pa.RecordBatch) -> npt.NDArray[np.int32]:
        """The day of each row since 1970."""
        if self._mapping.day is not None:
            day = self._mapping.day.toordinal() - EPOCH
            return np.full(batch.num_rows, day, np.int32)
        assert self._mapping.as_of is not None
        return days_of(batch.column(self._mapping.as_of))

    def _day_text(self, batch: pa.RecordBatch, row: int) -> str:
        """What stands in the place of a row's date."""
        if self._mapping.as_of is None:
            return ""
        (text,) = texts_of(batch.column(self._mapping.as_of).slice(row, 1))
        return text or ""

    # -- facts -------------------------------------------------------------------------------------

    def _fact(
        self,
        each: FactColumn,
        batch: pa.RecordBatch,
        days: npt.NDArray[np.int32],
        years: npt.NDArray[np.int64],
        tallies: dict[str, FactTally],
    ) -> dict[str, pa.Array]:
        units = None if each.unit_column is None else batch.column(each.unit_column)
        cells = self._readers[each.fact].cells(batch.column(each.column), units, years)
        found = {each.fact: cells.values}
        if each.day_column is not None:
            found, cells = with_days(each.fact, cells, batch.column(each.day_column), days)
        if self._guideline.facts[each.fact].absent == "no":
            found[said_column(each.fact)] = pa.array(np.ones(len(days), bool))
        tallies[each.fact] = FactTally(cells.outcomes, cells.faults, cells.samples)
        return found

    # -- therapies ---------------------------------------------------------------------------------

    def _courses(
        self,
        batch: pa.RecordBatch,
        patients: pa.Array,
        days: npt.NDArray[np.int32],
        columns: Mapping[str, pa.Array],
        found: Counter[str],
    ) -> dict[str, pa.Array]:
        # Without a table of therapies nothing was said of them, whatever "complete" stands for.
        is_complete = None if self._therapies is None else self._mapping.complete
        if self._therapies is None and self._mapping.orders is None:
            return {}
        rows = len(days)
        lines = {} if self._therapies is None else self._therapies.lines(patients)
        nothing = pa.nulls(rows, pa.string())
        complete, orders = (
            [(text or "").strip() for text in texts_of(nothing if n is None else batch.column(n))]
            for n in (is_complete, self._mapping.orders)
        )
        weights = self._weights(columns, rows)
        courses: list[Course] = []
        for row, patient in enumerate(patients.to_pylist()):
            here = lines.get(patient, [])
            if not here and not complete[row] and not orders[row]:
                courses.append(NOTHING)
                continue
            day = date.fromordinal(int(days[row]) + EPOCH)
            kept, later = begun(here, day)
            found["later"] += later
            said = _Said(day, kept if here else None, complete[row] or None, orders[row] or None)
            course, faults = self._courses_of(said, weights[row] if kept else None)
            found.update(faults)
            courses.append(course)
        derived = {
            derived_column(fact.id): encode(
                [each.derived.get(fact.id) for each in courses], fact_type(fact)
            )
            for fact in self._guideline.facts.values()
            if fact.derive is not None
        }
        return {**derived, **drug_columns(courses, self._guideline)}

    def _course(self, said: _Said, weight: Value) -> tuple[Course, tuple[str, ...]]:
        """What a history gives, and the codes of what is wrong in it."""
        if said.lines and not said.orders:
            case = self._plain.case(said.day, said.lines, said.complete)
            if case is not None:
                return self._deriver.course(case, weight), ()
        source = history_source(said.lines, said.complete, said.orders)
        try:
            written = read_written(source, self._guideline, as_of=said.day)
        except CaseError as error:
            return NOTHING, tuple(fault.code for fault in error.faults)
        course = self._deriver.course(written.case, weight)
        return course, tuple(fault.code for fault in written.faults.all)

    def _weights(self, columns: Mapping[str, pa.Array], rows: int) -> list[Value]:
        """The weight of each row where derivations need it, and it is not too old."""
        name = self._deriver.weight
        if name is None or name not in columns:
            return [None] * rows
        fact = self._guideline.facts[name]
        values = decode(columns[name], fact_type(fact))
        limit = index(self._guideline).settings.get(fact.max_age or "")
        dated = columns.get(day_column(name))
        if dated is None or not isinstance(limit, Bounds) or limit.exact is None:
            return values
        ages = pc.subtract(columns[AS_OF].cast(pa.int32()), dated.cast(pa.int32())).to_pylist()
        return [
            None if age is not None and age > limit.exact else value
            for value, age in zip(values, ages, strict=True)
        ]


def _years(days: pa.Array) -> npt.NDArray[np.int64]:
    return np.asarray(pc.year(days).to_numpy(zero_copy_only=False), np.int64)
