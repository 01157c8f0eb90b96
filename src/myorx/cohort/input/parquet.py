"""Parquet files: typed columns; a unit may stand in a column's metadata (``unit``)."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from myorx.cohort.input.source import ROWS, Chunk, Source, numbered


class ParquetSource(Source):
    """One Parquet file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._schema = pq.read_schema(path)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the file."""
        return self._schema

    def chunks(self, rows: int = ROWS) -> Generator[Chunk]:
        """The rows in order."""
        first = 1
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(rows):
                yield Chunk(batch, numbered(first, batch.num_rows))
                first += batch.num_rows
