"""Rows that repeat a patient and date: found out of core, the first of them kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from myorx.cohort.input.cells import trimmed
from myorx.cohort.input.databases import connect
from myorx.cohort.input.days import NO_DAY, days_of
from myorx.cohort.input.mapping import TableColumns
from myorx.cohort.input.source import Chunk


def duplicates(chunks: Iterator[Chunk], mapping: TableColumns, store: Path) -> Mapping[int, int]:
    """The number of each row that repeats an earlier one, with the number of that one.

    ``store``: a file that this makes, and removes when done.
    """
    store.unlink(missing_ok=True)
    database = connect(store)
    hashes: list[npt.NDArray[np.uint64]] = []
    try:
        database.execute(
            "CREATE TABLE keys (row BIGINT, patient VARCHAR, day INTEGER, hash UBIGINT)"
        )
        for chunk in chunks:
            days = np.zeros(len(chunk.numbers), np.int32)
            if mapping.as_of is not None:
                days = days_of(chunk.batch.column(mapping.as_of))
            table = pa.table(
                {
                    "row": pa.array(chunk.numbers),
                    "patient": trimmed(chunk.batch.column(mapping.patient)),
                    "day": pa.array(days, mask=days == NO_DAY),
                }
            )
            database.register("found", table)
            database.execute(
                "INSERT INTO keys SELECT row, patient, day, hash(patient, day) FROM found "
                "WHERE patient != '' AND day IS NOT NULL"
            )
            database.unregister("found")
            hashes.append(_hashes(database, chunk))
        again = _twice(hashes)
        if not len(again):
            return {}
        database.register("again", pa.table({"hash": again}))
        found = database.sql(
            "SELECT row, first FROM (SELECT row, min(row) OVER (PARTITION BY patient, day) AS first"
            " FROM keys WHERE hash IN (SELECT hash FROM again)) WHERE row != first"
        ).fetchall()
    finally:
        database.close()
        store.unlink(missing_ok=True)
    return dict(found)


def _hashes(database: duckdb.DuckDBPyConnection, chunk: Chunk) -> npt.NDArray[np.uint64]:
    """Those of the rows just written."""
    if not len(chunk.numbers):
        return np.zeros(0, np.uint64)
    found = database.execute("SELECT hash FROM keys WHERE row >= ?", [int(chunk.numbers[0])])
    column: npt.NDArray[np.uint64] = found.fetchnumpy()["hash"]
    return column


def _twice(hashes: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """The hashes that more than one row has: few, so that only those rows are looked at closely."""
    every = np.sort(np.concatenate([np.zeros(0, np.uint64), *hashes]))
    return np.unique(every[1:][every[1:] == every[:-1]])
