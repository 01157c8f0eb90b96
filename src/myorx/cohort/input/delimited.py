"""CSV: UTF-8 (with or without a mark) or GB18030; commas, semicolons or tabs; all cells as text."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from myorx.cohort.input.source import Bad, Chunk, Numbers, Source, in_chunks, only
from myorx.cohort.texts import TableError, say

_SAMPLE = 2**20
_BLOCK = 2**23
_LOST = "\ufffd"
"""Stands for bytes that are no character in the file's encoding."""


class DelimitedSource(Source):
    """One file of delimited text."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with path.open("rb") as file:
            sample = file.read(_SAMPLE)
        self.encoding = encoding_of(sample)
        head = sample.decode(self.encoding, "replace").lstrip("\ufeff").split("\n", 1)[0]
        self._delimiter = max(",;\t", key=head.count)
        self._raw: tuple[str, ...] = ()
        with self._reader([]) as reader:
            self._raw = tuple(reader.schema.names)
        names = [name.strip() for name in self._raw]
        if not any(names):
            raise TableError(say("cannot_read", path=str(path), why="no header"))
        self._schema = pa.schema([(name, pa.string()) for name in names])

    @property
    def schema(self) -> pa.Schema:
        """The columns of the header, as text."""
        return self._schema

    def _chunks(self, rows: int, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The rows in order; those with too few or too many cells, or lost characters, apart."""
        bad: list[Bad] = []
        told = kept = 0
        with self._reader(bad) as reader:
            batches = (
                pa.RecordBatch.from_arrays(each.columns, schema=self._schema) for each in reader
            )
            for batch in in_chunks(batches, self._schema, rows):
                # Rows that were left out are known up to the block read last, so past this chunk.
                left_out = [each.number for each in bad]
                numbers = _with_gaps(kept + 1, batch.num_rows, left_out)
                kept += batch.num_rows
                end = int(numbers[-1])
                upto = bisect_right(left_out, end)
                here = bad[told:upto]
                told = upto
                batch, numbers, lost = _without_lost(batch, numbers)
                yield Chunk(only(batch, columns), numbers, tuple(sorted((*here, *lost))))
            if bad[told:]:
                nothing = pa.RecordBatch.from_pylist([], self._schema)
                yield Chunk(only(nothing, columns), np.zeros(0, np.int64), tuple(bad[told:]))

    @contextmanager
    def _reader(self, bad: list[Bad]) -> Iterator[csv.CSVStreamingReader]:
        def refuse(row: csv.InvalidRow) -> str:
            # Physical rows count the header.
            bad.append(Bad(int(row.number) - 1, "reject_unreadable", row.text[:200]))
            return "skip"

        with (
            closing(_Transcoded(self.path, self.encoding)) as text,
            csv.open_csv(
                pa.PythonFile(text, mode="r"),
                read_options=csv.ReadOptions(use_threads=False, block_size=_BLOCK),
                parse_options=csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=refuse
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(self._raw, pa.string()), strings_can_be_null=False
                ),
            ) as reader,
        ):
            yield reader


def encoding_of(sample: bytes) -> str:
    """``utf-8``, or where the sample is none, ``gb18030``, which holds all Chinese encodings."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


class _Transcoded:
    """A file as UTF-8, whatever its encoding; what is no character becomes U+FFFD."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._file: BinaryIO = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""
        self._first = True
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        while size < 0 or len(self._ready) < size:
            found = self._file.read(_SAMPLE)
            text = self._decoder.decode(found, final=not found)
            if self._first and text:
                text, self._first = text.removeprefix("\ufeff"), False
            self._ready += text.encode()
            if not found:
                break
        size = len(self._ready) if size < 0 else size
        ready, self._ready = self._ready[:size], self._ready[size:]
        return ready

    def close(self) -> None:
        """Nothing more is read."""
        self._file.close()
        self.closed = True

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It only goes forward."""
        return False


def _with_gaps(kept: int, rows: int, left_out: list[int]) -> Numbers:
    """The numbers of the readable rows ``kept`` …, where those ``left_out`` have numbers too."""
    found = np.arange(kept, kept + rows, dtype=np.int64)
    for number in left_out:  # in rising order: each pushes on all that stand at or behind it
        found[found >= number] += 1
    return found


def _without_lost(
    batch: pa.RecordBatch, numbers: Numbers
) -> tuple[pa.RecordBatch, Numbers, list[Bad]]:
    """The rows whose characters could all be decoded, and the others."""
    lost = np.zeros(batch.num_rows, bool)
    for column in batch.columns:
        lost |= pc.match_substring(column, _LOST).fill_null(False).to_numpy(zero_copy_only=False)
    if not lost.any():
        return batch, numbers, []
    bad = [Bad(int(number), "reject_characters", "") for number in numbers[lost]]
    return batch.filter(pa.array(~lost)), numbers[~lost], bad
