"""Parquet files: typed columns; a unit may stand in a column's metadata (``unit``).

A file is divided where its groups of rows end, so that several processes may read it at once.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from myorx.cohort.input.source import Chunk, DividedSource, Stretch, in_chunks, numbered
from myorx.cohort.texts import TableError, say
from myorx.facts.spelling import shown


class ParquetSource(DividedSource):
    """One Parquet file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with pq.ParquetFile(path) as file:
            self._about, self._schema = file.metadata, file.schema_arrow
        self._coded = _coded(self._about, self._schema)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the file."""
        return self._schema

    def _chunks(self, rows: int, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The rows in order."""
        for stretch in self.stretches(rows):
            yield from self._within(stretch, columns)

    def stretches(self, rows: int) -> tuple[Stretch, ...]:
        """Neighbouring groups together as long as they fit one chunk; a larger group in several."""
        found: list[Stretch] = []
        first = 1
        for group in range(self._about.num_row_groups):
            count = self._about.row_group(group).num_rows
            last = found[-1] if found else None
            if last is not None and last.rows + count <= rows:
                found[-1] = last._replace(rows=last.rows + count, places=(*last.places, group))
            elif count:
                found.append(Stretch(first, count, rows, (group,)))
            first += count
        return tuple(found)

    def _within(self, stretch: Stretch, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The rows of some groups."""
        wanted = None if columns is None else list(columns)
        rows = stretch.size
        # What is read ahead in one go would stay in memory until the end of the file.
        with pq.ParquetFile(
            self.path, metadata=self._about, read_dictionary=self._coded, pre_buffer=False
        ) as file:
            # Where columns are coded, batches end where the file's groups of rows do.
            batches = file.iter_batches(rows, row_groups=list(stretch.places), columns=wanted)
            first = stretch.first
            for batch in in_chunks(batches, None, rows):
                batch = _without_views(batch)
                self._check_texts(batch)
                yield Chunk(batch, numbered(first, batch.num_rows))
                first += batch.num_rows

    def _check_texts(self, batch: pa.RecordBatch) -> None:
        """Raises TableError with every column whose texts are no UTF-8: the format asks for it,
        and nobody checks it when writing."""
        wrong = [
            name
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
            if not _is_readable(column)
        ]
        if wrong:
            columns = ", ".join(map(shown, wrong))
            raise TableError(say("not_utf8", path=str(self.path), columns=columns))
        for column in batch.columns:
            if pa.types.is_dictionary(column.type):
                column.validate(full=True)  # of a damaged file a code may mean nothing


def _without_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same, its texts in the layout that every operation takes."""
    for place, field in enumerate(batch.schema):
        if pa.types.is_string_view(field.type):
            batch = batch.set_column(place, field.name, batch.column(place).cast(pa.string()))
    return batch


def _is_readable(column: pa.Array) -> bool:
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    kind = texts.type
    try:
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            texts.cast(pa.large_string())
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _coded(about: pq.FileMetaData, schema: pa.Schema) -> list[str]:
    """The texts that a file holds as numbers of few words: they need not be made texts."""
    if not about.num_row_groups:
        return []
    group = about.row_group(0)
    columns = {group.column(place).path_in_schema: place for place in range(group.num_columns)}
    return [
        each.name
        for each in schema
        if pa.types.is_string(each.type)
        and each.name in columns
        and group.column(columns[each.name]).total_uncompressed_size < 4 * group.num_rows
    ]
