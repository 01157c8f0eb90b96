"""The same engine inside Apache Spark: each of its Arrow batches goes through ``Engine``.

Spark only hosts: what a row gets is what ``Engine`` says. It brings each patient's lines of therapy
to the patient's rows, and tells rows that repeat one another. Every executor needs MyoRx with the
extra ``cohort`` (the guideline itself travels with the job). Needs the extra ``spark`` on the
driver.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from myorx.cohort.engine import AS_OF, Engine, Flag
from myorx.cohort.input.cells import texts_of, trimmed
from myorx.cohort.input.days import NO_DAY, days_of
from myorx.cohort.input.mapping import TableColumns, map_columns
from myorx.cohort.input.reader import TableReader
from myorx.cohort.input.source import Chunk
from myorx.cohort.input.therapies import Line, line_of, therapy_columns
from myorx.cohort.manifest import of_guideline
from myorx.cohort.parts import as_json, write
from myorx.cohort.tally import Tally, add, tally
from myorx.cohort.texts import MissingExtraError
from myorx.guideline.models import Guideline

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PATIENT, REJECTED = "patient", "rejected"

# Columns of our own beside those of the table; no header begins so.
_ROW, _WHO, _DAY, _FIRST, _LINES = ("__row", "__who", "__day", "__first", "__lines")


class _Job(NamedTuple):
    """What travels to the workers."""

    body: bytes
    """The guideline."""
    mapping: TableColumns
    fields: Mapping[str, str] | None
    """Of the columns of the therapies, each with what it holds; None: there is no such table."""


def statuses(frame: DataFrame, guideline: Guideline) -> DataFrame:
    """The statuses of every row of a frame that has the engine's own columns (``engine.columns``).

    A column ``patient`` and the dates are kept beside them.
    """
    kept = [f for f in (PATIENT, AS_OF) if f in frame.columns]
    body = msgspec.json.encode(guideline)
    schema = [f"`{name}` {frame.schema[name].dataType.simpleString()}" for name in kept]
    work = partial(_batches, body, tuple(kept))
    return frame.mapInArrow(work, ", ".join([*schema, *_fields(guideline)]))


def statuses_of_table(
    frame: DataFrame,
    guideline: Guideline,
    *,
    therapies: DataFrame | None = None,
    said: Mapping[str, Any] | None = None,
    as_of: date | None = None,
) -> DataFrame:
    """The statuses of a table as ``myorx cohort run`` reads it.

    ``therapies``: the long table of lines. ``said``: a mapping as ``read_mapping`` gives it. Every
    row of the frame is a row of the result: one that cannot be used has the code of the reason in
    ``rejected``, and no status. Of rows that repeat a patient and date the first is used, as Spark
    counts rows (``monotonically_increasing_id``). Raises TableError with all that is wrong with the
    columns.
    """
    job, joined = _joined(frame, guideline, therapies, said, as_of)
    fields = [f"`{PATIENT}` string", f"`{AS_OF}` date", f"`{REJECTED}` string"]
    return joined.mapInArrow(partial(_tables, job), ", ".join([*fields, *_fields(guideline)]))


def summary_of_table(
    frame: DataFrame,
    guideline: Guideline,
    *,
    therapies: DataFrame | None = None,
    said: Mapping[str, Any] | None = None,
    as_of: date | None = None,
) -> Tally:
    """The counts of a table, which are those of a run on one machine; for ``write_report``."""
    job, joined = _joined(frame, guideline, therapies, said, as_of)
    found: Tally = {}
    for row in joined.mapInArrow(partial(_tallies, job), "tally string").toLocalIterator():
        found = add(found, json.loads(row["tally"]))
    return found


def run_on_spark(
    table: str,
    folder: Path,
    guideline: Guideline,
    *,
    therapies: str | None = None,
    said: Mapping[str, Any] | None = None,
    as_of: date | None = None,
) -> None:
    """From Parquet to ``parts`` (Parquet), ``summary.json`` and ``report.html`` in ``folder``, in
    the session that the machine is set up for. The table is gone through twice.

    Raises MissingExtraError without pyspark.
    """
    from myorx.cohort.report import write_report

    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError(str(error)) from None
    spark = SparkSession.builder.getOrCreate()
    frame = spark.read.parquet(table)
    long = None if therapies is None else spark.read.parquet(therapies)
    found = statuses_of_table(frame, guideline, therapies=long, said=said, as_of=as_of)
    found.write.parquet(str(folder / "parts"))
    counts = summary_of_table(frame, guideline, therapies=long, said=said, as_of=as_of)
    synthetic = "synthetic" in frame.columns
    summary = {**counts, "manifest": of_guideline(guideline), "synthetic": synthetic}
    write(folder / "summary.json", as_json(summary))
    write(folder / "report.html", write_report(guideline, summary))


def _fields(guideline: Guideline) -> Iterator[str]:
    for each in Engine(guideline).outputs:
        yield f"`{each.column}` {'boolean' if isinstance(each, Flag) else 'string'}"


# -- bringing together -----------------------------------------------------------------------------


def _joined(
    frame: DataFrame,
    guideline: Guideline,
    therapies: DataFrame | None,
    said: Mapping[str, Any] | None,
    as_of: date | None,
) -> tuple[_Job, DataFrame]:
    """The rows of a table with their numbers, what they repeat, and their patients' lines."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sql
    from pyspark.sql.types import IntegerType, StringType, StructField, StructType

    mapping = map_columns(frame.columns, guideline, said=said, as_of=as_of)
    rows = frame.select(*[f"`{name}`" for name in mapping.used])
    rows = rows.withColumn(_ROW, sql.monotonically_increasing_id())
    who, day = StructField(_WHO, StringType()), StructField(_DAY, IntegerType())
    keyed = StructType([*rows.schema.fields, who, day])
    rows = rows.mapInArrow(partial(_keys, mapping.patient, mapping.as_of), keyed)
    first = sql.min(_ROW).over(Window.partitionBy(_WHO, _DAY))
    is_key = (sql.col(_WHO) != "") & (sql.col(_DAY) != NO_DAY)
    rows = rows.withColumn(_FIRST, sql.when(is_key, first).otherwise(sql.col(_ROW)))
    fields = None
    if therapies is not None:
        patient, fields = therapy_columns(therapies.columns)
        lines = therapies.select(f"`{patient}`", *[f"`{name}`" for name in fields])
        keyed = StructType([*lines.schema.fields, who])
        lines = lines.mapInArrow(partial(_keys, patient, None), keyed)
        line = sql.struct(*[sql.col(f"`{name}`") for name in fields])
        listed = lines.groupBy(_WHO).agg(sql.sort_array(sql.collect_list(line)).alias(_LINES))
        rows = rows.join(listed, _WHO, "left")
    return _Job(msgspec.json.encode(guideline), mapping, fields), rows


def _keys(
    patient: str, day: str | None, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The batches with the patient as we read it, and where asked for the day."""
    for batch in batches:
        who = trimmed(batch.column(batch.schema.get_field_index(patient)))
        found = batch.append_column(_WHO, who)
        if _ROW in batch.schema.names:
            days: pa.Array = pa.array(np.zeros(batch.num_rows, np.int32))
            if day is not None:
                days = pa.array(days_of(batch.column(batch.schema.get_field_index(day))))
            found = found.append_column(_DAY, days)
        yield found


# -- in the workers --------------------------------------------------------------------------------


class _Listed:
    """The lines that stand in a column of the batch itself."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self._batch: pa.RecordBatch | None = None

    def take(self, batch: pa.RecordBatch) -> None:
        """From now on the lines are those of this batch."""
        self._batch = batch

    def lines(self, patients: pa.Array) -> Mapping[str, list[Line]]:
        """The lines of the patients of the batch."""
        assert self._batch is not None
        column = self._batch.column(_LINES)
        owners = self._batch.column(_WHO).take(pc.list_parent_indices(column)).to_pylist()
        inside = pc.list_flatten(column)
        cells = [texts_of(part) for part in inside.flatten()]
        wanted = frozenset(patients.to_pylist())
        names = tuple(self._fields.values())
        found: dict[str, list[Line]] = {}
        seen: dict[str, int] = {}
        rows = pc.list_parent_indices(column).to_pylist()
        for row, owner, line in zip(rows, owners, zip(*cells, strict=True), strict=True):
            # A patient of several rows has the same lines in each: those of the first will do.
            if owner in wanted and seen.setdefault(owner, row) == row:
                found.setdefault(owner, []).append(line_of(names, line))
        return found


@lru_cache(maxsize=2)
def _engine(body: bytes) -> Engine:
    """Compiled once in each Python worker."""
    return Engine(msgspec.json.decode(body, type=Guideline), threads=1)


def _batches(
    body: bytes, kept: tuple[str, ...], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = {name: batch.column(batch.schema.get_field_index(name)) for name in kept}
        yield pa.RecordBatch.from_pydict({**columns, **_found(_engine(body), batch)})


def _found(engine: Engine, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """The statuses, as plain text: Spark takes no dictionaries."""
    found = engine.run(batch).batch()
    return {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(found.schema.names, found.columns, strict=True)
    }


def _read(job: _Job, batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Engine, Any]]:
    """Each batch as read, with the engine for it."""
    engine = _engine(job.body)
    listed = None if job.fields is None else _Listed(job.fields)
    reader = TableReader(engine.guideline, job.mapping, therapies=listed)
    for batch in batches:
        if listed is not None:
            listed.take(batch)
        numbers = batch.column(_ROW).to_numpy(zero_copy_only=False)
        first = batch.column(_FIRST).to_numpy(zero_copy_only=False)
        again = np.flatnonzero(first != numbers)
        duplicates = {int(numbers[row]): int(first[row]) for row in again}
        yield engine, reader.read(Chunk(batch, numbers), duplicates=duplicates)


def _tables(job: _Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for engine, read in _read(job, batches):
        rows = read.batch.num_rows
        days = read.batch.column(read.batch.schema.get_field_index(AS_OF))
        used: dict[str, pa.Array] = {
            PATIENT: read.patients,
            AS_OF: days,
            REJECTED: pa.nulls(rows, pa.string()),
            **_found(engine, read.batch),
        }
        yield pa.RecordBatch.from_pydict(used)
        if read.rejected:
            count = len(read.rejected)
            left = {name: pa.nulls(count, column.type) for name, column in used.items()}
            left[PATIENT] = pa.array([each.patient for each in read.rejected], pa.string())
            left[REJECTED] = pa.array([each.code for each in read.rejected], pa.string())
            yield pa.RecordBatch.from_pydict(left)


def _tallies(job: _Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for engine, read in _read(job, batches):
        counted = tally(engine, read, engine.run(read.batch, explain=True))
        yield pa.RecordBatch.from_pydict({"tally": [json.dumps(counted)]})
