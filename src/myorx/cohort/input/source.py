"""A table file as a stream of chunks with the numbers of their rows, whatever its format.

Rows are numbered from 1 as they stand in the file, the header not counted; rows that cannot be read
have numbers too. The same file gives the same chunks every time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from myorx.cohort.texts import TableError, say

ROWS = 2**16
"""Rows in a chunk: what is held in memory at once."""

SYNTHETIC = "synthetic"
"""Metadata, and a column, of tables that we made up ourselves."""

SEPARATOR = "::"
"""Between a DuckDB file and the name of a table in it."""

Numbers = npt.NDArray[np.int64]


class Bad(NamedTuple):
    """A row that cannot be read at all."""

    number: int
    reason: str
    """Key of the message."""
    text: str


class Chunk(NamedTuple):
    """Some rows of a table; columns are text, or as the file types them."""

    batch: pa.RecordBatch
    numbers: Numbers
    """The number of each row in the file."""
    bad: tuple[Bad, ...] = ()

    @property
    def read(self) -> int:
        """All rows that were met, readable or not."""
        return len(self.numbers) + len(self.bad)


class Stretch(NamedTuple):
    """Rows of a table that can be read without those before them."""

    first: int
    """The number of its first row."""
    rows: int
    most: int
    """Rows of a chunk, at most."""
    places: tuple[int, ...]
    """Where they stand in the file, as its source counts."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """The rows of each of its chunks: of as few as there can be, of one size but for the
        last."""
        size = self.size
        return tuple(min(size, self.rows - first) for first in range(0, self.rows, size))

    @property
    def size(self) -> int:
        """The rows of its first chunk."""
        return -(-self.rows // -(-self.rows // self.most))


class Source(ABC):
    """A table; may be read any number of times."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    @abstractmethod
    def schema(self) -> pa.Schema:
        """The columns of the file."""

    def chunks(self, rows: int = ROWS, columns: Sequence[str] | None = None) -> Generator[Chunk]:
        """The rows in order; no chunk has more than ``rows`` readable ones.

        ``columns``: only these, by default all. Raises TableError where the file is damaged.
        """
        return self._sound(self._chunks(rows, columns))

    @abstractmethod
    def _chunks(self, rows: int, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The same, with the faults of the library that reads it."""

    def _sound(self, chunks: Generator[Chunk]) -> Generator[Chunk]:
        """The chunks; a fault of the library in words."""
        try:
            yield from chunks
        except (OSError, ValueError, pa.ArrowException, duckdb.Error) as error:
            if isinstance(error, TableError):
                raise
            raise TableError(say("cannot_read", path=str(self.path), why=_brief(error))) from None

    @property
    def synthetic(self) -> bool:
        """Whether the table says of itself that it holds no real patients."""
        return SYNTHETIC in self.names or SYNTHETIC.encode() in (self.schema.metadata or {})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.schema.names)


class DividedSource(Source):
    """A table that can be read from more places than its start."""

    @abstractmethod
    def stretches(self, rows: int) -> tuple[Stretch, ...]:
        """All rows, in order, so divided that the chunks of the stretches are those of
        ``chunks(rows)``."""

    def within(self, stretch: Stretch, columns: Sequence[str] | None = None) -> Generator[Chunk]:
        """The chunks of a stretch. ``columns`` and faults as in ``chunks``."""
        return self._sound(self._within(stretch, columns))

    @abstractmethod
    def _within(self, stretch: Stretch, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The same, with the faults of the library that reads it."""


def open_table(name: str | Path) -> Source:
    """The table in a file; ``file.duckdb::table`` names one of several.

    Raises TableError for what is no table, or one with two columns of one name.
    """
    text, _, table = str(name).partition(SEPARATOR)
    path = Path(text)
    if not path.is_file():
        raise TableError(say("no_file", path=text))
    kind = path.suffix.lower()
    try:
        source = _open(path, kind, table)
    except (OSError, ValueError, pa.ArrowException) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(say("cannot_read", path=text, why=_brief(error))) from None
    names = source.names
    twice = [
        say("column_twice", name=n, count=names.count(n))
        for n in dict.fromkeys(names)
        if names.count(n) > 1
    ]
    if twice:
        raise TableError(*twice)
    return source


def _open(path: Path, kind: str, table: str) -> Source:
    from myorx.cohort.input import databases, delimited, lines, parquet

    match kind:
        case ".parquet" | ".pq":
            return parquet.ParquetSource(path)
        case ".csv" | ".tsv" | ".txt":
            return delimited.DelimitedSource(path)
        case ".jsonl" | ".ndjson":
            return lines.LinesSource(path)
        case ".duckdb" | ".db":
            return databases.DatabaseSource(path, table)
    raise TableError(say("unknown_kind", path=path.name))


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def in_chunks(
    batches: Iterator[pa.RecordBatch], schema: pa.Schema | None, rows: int
) -> Iterator[pa.RecordBatch]:
    """Batches of any size as batches of ``rows`` rows, the last one shorter. ``schema``: that of
    all batches, where theirs may differ in what they say beside the types."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        waiting.append(batch)
        held += batch.num_rows
        while held >= rows:
            whole = _joined(waiting, schema)
            yield whole.slice(0, rows)
            waiting = [whole.slice(rows)]
            held -= rows
    if held:
        yield _joined(waiting, schema)


def _joined(batches: list[pa.RecordBatch], schema: pa.Schema | None) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches, schema).combine_chunks()
    found = table.to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], table.schema)


def only(batch: pa.RecordBatch, columns: Sequence[str] | None) -> pa.RecordBatch:
    """A batch with some of its columns; by default as it is."""
    return batch if columns is None else batch.select(list(columns))


def numbered(first: int, rows: int) -> Numbers:
    """The numbers ``first`` … of so many rows."""
    return np.arange(first, first + rows, dtype=np.int64)
