"""Units that stand in the table itself: in a row of their own, or in the metadata of its file."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

import pyarrow as pa

from myorx.cohort.input.cells import texts_of
from myorx.cohort.input.mapping import TableColumns
from myorx.cohort.input.source import ROWS, Chunk, DividedSource, Source, Stretch
from myorx.facts.spelling import key

_UNITS_ROW = frozenset(key(word) for word in "unit|units|单位|计量单位".split("|"))


class Table:
    """A source with its units: a first row that holds units is no row of anybody's."""

    def __init__(self, source: Source, mapping: TableColumns) -> None:
        self.source = source
        self._columns = mapping.used
        self.units = units_of(mapping, source.schema)
        with closing(source.chunks(1)) as chunks:
            first = next(chunks, None)
        self.is_empty = first is None
        """Whether there is nothing below the names of the columns."""
        row = {} if first is None else units_row(first, mapping)
        self.has_units_row = bool(row)
        self.units.update(row)

    def chunks(self, rows: int = ROWS, columns: Sequence[str] | None = None) -> Generator[Chunk]:
        """The chunks of the source, without the row of units; by default with the columns that
        mean something."""
        for chunk in self.source.chunks(rows, self._columns if columns is None else columns):
            yield self._without_units(chunk)

    def stretches(self, rows: int) -> tuple[Stretch, ...]:
        """Where else than at its start the table can be read in chunks of at most ``rows`` rows;
        nowhere, unless its source can."""
        return self.source.stretches(rows) if isinstance(self.source, DividedSource) else ()

    def within(self, stretch: Stretch) -> Generator[Chunk]:
        """The chunks of a stretch, as ``chunks`` gives them."""
        assert isinstance(self.source, DividedSource)
        for chunk in self.source.within(stretch, self._columns):
            yield self._without_units(chunk)

    def _without_units(self, chunk: Chunk) -> Chunk:
        if self.has_units_row and len(chunk.numbers) and chunk.numbers[0] == 1:
            return Chunk(chunk.batch.slice(1), chunk.numbers[1:], chunk.bad)
        return chunk


def units_row(chunk: Chunk, mapping: TableColumns) -> dict[str, str]:
    """The units by column where the first row of a table holds units in place of values.

    That is a row whose patient is called ``unit`` or ``单位``, or that has neither a patient nor a
    date but something in the columns of numbers.
    """
    if not chunk.batch.num_rows or int(chunk.numbers[0]) != 1:
        return {}
    row = {
        name: texts_of(chunk.batch.column(name).slice(0, 1))[0] for name in chunk.batch.schema.names
    }
    patient = (row[mapping.patient] or "").strip()
    dated = (row.get(mapping.as_of or "") or "").strip()
    cells = {name: text.strip() for name, text in row.items() if text and text.strip()}
    spoken = [each.column for each in mapping.facts if each.column in cells]
    if key(patient) in _UNITS_ROW or (not patient and not dated and spoken):
        return {name: cells[name] for name in spoken}
    return {}


def units_of(mapping: TableColumns, schema: pa.Schema) -> dict[str, str]:
    """The units that the columns of a typed file carry themselves."""
    found: dict[str, str] = {}
    for each in mapping.facts:
        metadata = schema.field(each.column).metadata or {}
        unit = metadata.get(b"unit")
        if unit:
            found[each.column] = unit.decode()
    return found
