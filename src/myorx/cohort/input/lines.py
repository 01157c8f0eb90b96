"""JSON lines: one object a line, flat, or with ``{value, unit, on}`` in place of a value."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from myorx.cohort.input.source import Bad, Chunk, Source, only
from myorx.cohort.texts import TableError, say


class LinesSource(Source):
    """One file of JSON lines, in UTF-8."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        names: dict[str, None] = {}
        for _, row in self._rows():
            if isinstance(row, dict):
                names.update(dict.fromkeys(row))
        if not names:
            raise TableError(say("cannot_read", path=str(path), why="no JSON object in it"))
        self._schema = pa.schema([(name, pa.string()) for name in names])

    @property
    def schema(self) -> pa.Schema:
        """Every key of any row, as text."""
        return self._schema

    def _chunks(self, rows: int, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The rows in order."""
        found: list[dict[str, str | None]] = []
        numbers: list[int] = []
        bad: list[Bad] = []
        for number, row in self._rows():
            if isinstance(row, str):
                reason = "reject_characters" if "\ufffd" in row else "reject_unreadable"
                bad.append(Bad(number, reason, row[:200]))
                continue
            found.append(row)
            numbers.append(number)
            if len(found) == rows:
                yield self._chunk(found, numbers, bad, columns)
                found, numbers, bad = [], [], []
        if found or bad:
            yield self._chunk(found, numbers, bad, columns)

    def _chunk(
        self,
        rows: list[dict[str, str | None]],
        numbers: list[int],
        bad: list[Bad],
        columns: Sequence[str] | None,
    ) -> Chunk:
        batch = only(pa.RecordBatch.from_pylist(rows, self._schema), columns)
        return Chunk(batch, np.array(numbers, np.int64), tuple(bad))

    def _rows(self) -> Iterator[tuple[int, dict[str, str | None] | str]]:
        """Each line that is not empty, as an object or, where it is none, as its text."""
        with self.path.open(encoding="utf-8", errors="replace") as file:
            number = 0
            for line in file:
                if not line.strip():
                    continue
                number += 1
                yield number, _row(line.strip())


def _row(line: str) -> dict[str, str | None] | str:
    if "\ufffd" in line:
        return line
    try:
        # Numbers stay the text that they are: no float ever rounds them.
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError:
        return line
    return dict(_flat(found)) if isinstance(found, dict) else line


def _flat(found: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name, value in found.items():
        if isinstance(value, dict):
            for part, inside in value.items():
                yield name if part == "value" else f"{name}.{part}", _text(inside)
        else:
            yield name, _text(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
