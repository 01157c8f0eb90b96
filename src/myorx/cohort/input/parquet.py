"""Parquet files: typed columns; a unit may stand in a column's metadata (``unit``)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from myorx.cohort.input.source import ROWS, Chunk, Source, in_chunks, numbered


class ParquetSource(Source):
    """One Parquet file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._schema = pq.read_schema(path)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the file."""
        return self._schema

    def chunks(self, rows: int = ROWS, columns: Sequence[str] | None = None) -> Generator[Chunk]:
        """The rows in order."""
        first = 1
        wanted = None if columns is None else list(columns)
        # What is read ahead in one go would stay in memory until the end of the file.
        with pq.ParquetFile(self.path, read_dictionary=self._coded(), pre_buffer=False) as file:
            # Where columns are coded, batches end where the file's groups of rows do.
            batches = file.iter_batches(rows, columns=wanted)
            for batch in in_chunks(batches, None, rows):
                yield Chunk(batch, numbered(first, batch.num_rows))
                first += batch.num_rows

    def _coded(self) -> list[str]:
        """The texts that the file holds as numbers of few words: they need not be made texts."""
        with pq.ParquetFile(self.path) as file:
            about = file.metadata
        if not about.num_row_groups:
            return []
        group = about.row_group(0)
        columns = {group.column(place).path_in_schema: place for place in range(group.num_columns)}
        return [
            each.name
            for each in self._schema
            if pa.types.is_string(each.type)
            and each.name in columns
            and group.column(columns[each.name]).total_uncompressed_size < 4 * group.num_rows
        ]
