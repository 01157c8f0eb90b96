"""Tables in a DuckDB file, read without changing it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from myorx.cohort.input.source import Chunk, Source, in_chunks, numbered
from myorx.cohort.texts import TableError, say


def connect(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that never fetches anything from elsewhere."""
    found = duckdb.connect(":memory:" if path is None else str(path), read_only=read_only)
    found.execute("SET autoinstall_known_extensions = false")
    found.execute("SET autoload_known_extensions = false")
    return found


class DatabaseSource(Source):
    """One table, or view, of a DuckDB file."""

    def __init__(self, path: Path, table: str) -> None:
        super().__init__(path)
        try:
            with connect(path, read_only=True) as database:
                self._table = _chosen(database, path, table)
                self._schema = database.sql(self._query).limit(0).to_arrow_table().schema
        except duckdb.Error as error:
            why = " ".join(str(error).split())[:200]
            raise TableError(say("cannot_read", path=str(path), why=why)) from None

    @property
    def _query(self) -> str:
        name = self._table.replace('"', '""')
        return f'SELECT * FROM "{name}"'  # noqa: S608 - a quoted name of the file's own

    @property
    def schema(self) -> pa.Schema:
        """The columns of the table."""
        return self._schema

    def _chunks(self, rows: int, columns: Sequence[str] | None) -> Generator[Chunk]:
        """The rows in the order of the file."""
        first = 1
        with connect(self.path, read_only=True) as database:
            found = database.sql(self._query)
            if columns is not None:
                found = found.select(*map(duckdb.ColumnExpression, columns))
            reader = found.to_arrow_reader(rows)
            for batch in in_chunks(iter(reader), reader.schema, rows):
                yield Chunk(batch, numbered(first, batch.num_rows))
                first += batch.num_rows


def _chosen(database: duckdb.DuckDBPyConnection, path: Path, table: str) -> str:
    found = [row[0] for row in database.sql("SELECT table_name FROM duckdb_tables()").fetchall()]
    rows = database.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    found += [row[0] for row in rows]
    listed = ", ".join(sorted(found)) or "–"
    if table and table not in found:
        raise TableError(say("no_such_table", path=path.name, table=table, tables=listed))
    if not table and len(found) != 1:
        first = sorted(found)[0] if found else "patients"
        raise TableError(say("which_table", path=path.name, tables=listed, first=first))
    return table or str(found[0])
