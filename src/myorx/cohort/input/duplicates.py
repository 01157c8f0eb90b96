"""Rows that repeat a patient and date: found out of core, the first of them kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
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
    try:
        database.execute("CREATE TABLE keys (row BIGINT, patient VARCHAR, day INTEGER)")
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
            database.execute("INSERT INTO keys SELECT * FROM found")
            database.unregister("found")
        found = database.sql(
            "SELECT row, first FROM (SELECT row, min(row) OVER (PARTITION BY patient, day) AS first"
            " FROM keys WHERE patient != '' AND day IS NOT NULL) WHERE row != first"
        ).fetchall()
    finally:
        database.close()
        store.unlink(missing_ok=True)
    return dict(found)
