"""One row of a table as a patient, so that the planner can explain what the columns say of it.

What the row holds goes through the reader of cases, cell by cell, as an import does: a value that
is refused is unknown, facts that contradict each other become unknown together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from myorx.cohort.input.cells import said, texts_of, trimmed
from myorx.cohort.input.days import EPOCH, NO_DAY, days_of
from myorx.cohort.input.mapping import FactColumn, TableColumns
from myorx.cohort.input.therapies import Histories, TherapyTable, begun, history_source
from myorx.cohort.input.unit_row import Table
from myorx.cohort.run import Task, tables_of
from myorx.cohort.texts import RowError, say
from myorx.facts import Patient, resolve
from myorx.facts.case import Case, Given
from myorx.facts.faults import CaseError, Faults
from myorx.facts.read import Written, read_written
from myorx.facts.spelling import shown
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text


class Row(NamedTuple):
    """One usable row of a table."""

    number: int
    day: date
    cells: Mapping[str, str]
    """The text of each column that is read and not empty."""


def rows_of(table: Table, mapping: TableColumns, patient: str) -> tuple[Row, ...]:
    """The usable rows of a patient, the first of each date, in the order of the table."""
    found: dict[date, Row] = {}
    if not patient:  # a row without a patient is nobody's
        return ()
    for chunk in table.chunks():
        here = trimmed(chunk.batch.column(mapping.patient))
        for place in pc.indices_nonzero(pc.equal(here, patient)).to_pylist():
            row = chunk.batch.slice(place, 1)
            day = _day(row, mapping)
            if day is not None and day not in found:
                found[day] = Row(int(chunk.numbers[place]), day, _cells(row))
    return tuple(found.values())


def row_of(table: Table, mapping: TableColumns, patient: str, on: date | None) -> Row:
    """The row of a patient, of a day where there are several. Raises RowError."""
    rows = rows_of(table, mapping, patient)
    chosen = [row for row in rows if on in (None, row.day)]
    if not chosen:
        where = Text("", "") if on is None else say("on_day", day=on.isoformat())
        raise RowError(say("no_such_patient", patient=shown(patient), on=where))
    if len(chosen) > 1:
        days = ", ".join(row.day.isoformat() for row in chosen)
        raise RowError(say("several_rows", patient=shown(patient), days=days))
    return chosen[0]


def patient_of_row(
    row: Row,
    patient: str,
    guideline: Guideline,
    mapping: TableColumns,
    units: Mapping[str, str],
    therapies: Histories | None,
) -> Patient:
    """The patient that a row describes; ``units``: by column. Raises CaseError only for what makes
    the whole row unusable."""
    faults = Faults()
    facts: dict[str, Given] = {}
    for each in mapping.facts:
        value = _value(each, row.cells, guideline, units)
        if value is not None:
            facts.update(_read({each.fact: value}, guideline, row.day, faults, each.fact))
    case = _course(row, patient, guideline, mapping, therapies, faults)
    case = msgspec.structs.replace(case, facts=facts)
    return resolve(case, guideline, mode="import", faults=faults)


def single(task: Task, patient: str, on: date | None, store: Path) -> tuple[Row, Patient]:
    """The row of a patient in the tables of a task, and whom it describes. ``store``: a folder for
    a file that is only needed meanwhile. Raises TableError, RowError, and CaseError as above."""
    table, mapping, therapies = tables_of(task)
    row = row_of(table, mapping, patient, on)
    long = None if therapies is None else TherapyTable(therapies, store / "therapies.duckdb")
    try:
        return row, patient_of_row(row, patient, task.guideline, mapping, table.units, long)
    finally:
        if long is not None:
            long.close()


# -- one row ---------------------------------------------------------------------------------------


def _day(row: pa.RecordBatch, mapping: TableColumns) -> date | None:
    if mapping.as_of is None:
        return mapping.day
    (day,) = days_of(row.column(mapping.as_of))
    return None if day == NO_DAY else date.fromordinal(int(day) + EPOCH)


def _cells(row: pa.RecordBatch) -> dict[str, str]:
    texts = {name: texts_of(row.column(name))[0] for name in row.schema.names}
    return {name: text for name, text in texts.items() if text is not None and text.strip()}


def _value(
    each: FactColumn, cells: Mapping[str, str], guideline: Guideline, units: Mapping[str, str]
) -> object:
    """What a row says of a fact, as a case file would; None where it does not speak of it."""
    fact = guideline.facts[each.fact]
    text = cells.get(each.column)
    if text is None:
        # A table with a column of the fact speaks of it in every row.
        return "unknown" if fact.absent == "no" else None
    unit = cells.get(each.unit_column or "") or each.unit or units.get(each.column)
    found = said(fact, text, unit)
    day = cells.get(each.day_column or "")
    if day is None:
        return found
    return {**(found if isinstance(found, dict) else {"value": found}), "on": day}


def _read(
    source: Mapping[str, object], guideline: Guideline, day: date, faults: Faults, fact: str
) -> Mapping[str, Given]:
    try:
        written: Written = read_written(source, guideline, as_of=day)
    except CaseError as error:
        faults.all.extend(error.faults)
        return {fact: Given("", reason="refused")}
    faults.all.extend(written.faults.all)
    return written.case.facts


def _course(
    row: Row,
    patient: str,
    guideline: Guideline,
    mapping: TableColumns,
    therapies: Histories | None,
    faults: Faults,
) -> Case:
    """The therapies and orders of a row, as far as they can be read."""
    lines, complete = None, None
    if therapies is not None:
        here = therapies.lines(pa.array([patient])).get(patient)
        lines = None if here is None else begun(here, row.day)[0]
        complete = row.cells.get(mapping.complete or "")
    source = history_source(lines, complete, row.cells.get(mapping.orders or ""))
    try:
        written = read_written(source, guideline, as_of=row.day)
    except CaseError as error:
        faults.all.extend(error.faults)
        return Case(row.day, {})
    faults.all.extend(written.faults.all)
    return written.case
