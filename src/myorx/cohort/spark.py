"""The same engine inside Apache Spark: each of its Arrow batches goes through ``Engine``.

Spark only hosts: what a row gets is what ``Engine`` says. Every executor needs MyoRx with the extra
``cohort`` (the guideline itself travels with the job). Needs the extra ``spark`` on the driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa

from myorx.cohort.engine import AS_OF, Engine, Flag
from myorx.cohort.input.mapping import TableColumns, map_columns
from myorx.cohort.input.reader import TableReader
from myorx.cohort.input.source import Chunk
from myorx.cohort.texts import MissingExtraError
from myorx.guideline.models import Guideline

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PATIENT, REJECTED = "patient", "rejected"


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
    said: Mapping[str, Any] | None = None,
    as_of: date | None = None,
) -> DataFrame:
    """The statuses of a table as ``myorx cohort run`` reads it, but for a table of therapies.

    ``said``: a mapping as ``read_mapping`` gives it. Every row of the frame is a row of the result:
    one that cannot be used has the code of the reason in ``rejected``, and no status. Rows that
    repeat a patient and date are not looked for: a cluster has no first one. Raises TableError with
    all that is wrong with the columns.
    """
    mapping = map_columns(frame.columns, guideline, said=said, as_of=as_of)
    fields = [f"`{PATIENT}` string", f"`{AS_OF}` date", f"`{REJECTED}` string"]
    work = partial(_tables, msgspec.json.encode(guideline), mapping)
    return frame.mapInArrow(work, ", ".join([*fields, *_fields(guideline)]))


def run_on_spark(
    table: str,
    folder: str,
    guideline: Guideline,
    *,
    said: Mapping[str, Any] | None = None,
    as_of: date | None = None,
) -> None:
    """``statuses_of_table`` from Parquet to Parquet, in the session that the machine is set up for.

    Raises MissingExtraError without pyspark.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError(str(error)) from None
    spark = SparkSession.builder.getOrCreate()
    frame = statuses_of_table(spark.read.parquet(table), guideline, said=said, as_of=as_of)
    frame.write.parquet(folder)


def _fields(guideline: Guideline) -> Iterator[str]:
    for each in Engine(guideline).outputs:
        yield f"`{each.column}` {'boolean' if isinstance(each, Flag) else 'string'}"


@lru_cache(maxsize=2)
def _engine(body: bytes) -> Engine:
    """Compiled once in each Python worker."""
    return Engine(msgspec.json.decode(body, type=Guideline))


def _batches(
    body: bytes, kept: tuple[str, ...], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = {name: batch.column(batch.schema.get_field_index(name)) for name in kept}
        yield pa.RecordBatch.from_pydict({**columns, **_found(_engine(body), batch)})


def _found(engine: Engine, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """The statuses, as plain text: Spark takes no dictionaries."""
    found = engine.run(batch, threads=1).batch()
    return {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(found.schema.names, found.columns, strict=True)
    }


def _tables(
    body: bytes, mapping: TableColumns, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    engine = _engine(body)
    reader = TableReader(engine.guideline, mapping)
    for batch in batches:
        read = reader.read(Chunk(batch, np.arange(batch.num_rows)))
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
