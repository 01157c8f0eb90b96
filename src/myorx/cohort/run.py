"""A whole table through the engine, part by part, so that it fits memory and can be taken up again.

The folder of a run holds:

| file | what |
|---|---|
| ``manifest.json`` | what was run on what; a second run in the folder must match it |
| ``parts/part-00000.parquet`` … | the statuses of every row that was used |
| ``parts/part-00000.json`` … | the counts of the part; written last: a part that has it is done |
| ``summary.json`` | the counts of all parts |
| ``rejects.csv`` | the rows that were not used, and why |
| ``breaches.csv`` | drugs taken against an exclusion, by patient |
| ``report.html`` | the report, in both languages |
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from myorx.cohort.input.duplicates import duplicates
from myorx.cohort.input.mapping import TableColumns, map_columns, read_mapping
from myorx.cohort.input.source import ROWS, Source, open_table
from myorx.cohort.input.therapies import TherapyTable
from myorx.cohort.input.unit_row import Table
from myorx.cohort.manifest import of_guideline
from myorx.cohort.parts import as_csv, as_json, is_written, path_of, reject_row, write, write_part
from myorx.cohort.tally import Tally, add
from myorx.cohort.texts import TableError, say
from myorx.cohort.workers import Crew, Recipe
from myorx.guideline.models import Guideline

_BLOCK = 2**20
_REJECTS = ("table", "row", "patient", "code", "zh", "en", "text")
_BREACHES = ("patient", "as_of", "drug", "kind")

Progress = Callable[[int, int], None]
"""Told the rows read so far, and how many parts are done."""


class Task(NamedTuple):
    """What to run."""

    guideline: Guideline
    table: Path
    therapies: Path | None = None
    mapping: Path | None = None
    as_of: date | None = None
    by: tuple[str, ...] = ()
    rows: int = ROWS
    """Rows in a part."""
    settings: tuple[tuple[str, str], ...] = ()
    """Settings that were changed, for the manifest."""


class Tables(NamedTuple):
    """The tables of a task, mapped."""

    table: Table
    mapping: TableColumns
    therapies: Source | None


def tables_of(task: Task) -> Tables:
    """Raises TableError with all that is wrong with the table's columns or the mapping."""
    source = open_table(task.table)
    mapping = map_columns(
        source.names,
        task.guideline,
        said=read_mapping(task.mapping),
        as_of=task.as_of,
        by=task.by,
    )
    therapies = None if task.therapies is None else open_table(task.therapies)
    table = Table(source, mapping)
    if table.is_empty:
        raise TableError(say("no_rows", path=str(task.table)))
    return Tables(table, mapping, therapies)


def opened(task: Task, store: Path) -> Recipe:
    """The tables of a task, ready to be read. ``store``: a folder for files needed only while it
    runs. Raises TableError as ``tables_of`` does."""
    table, mapping, therapies = tables_of(task)
    store.mkdir(parents=True, exist_ok=True)
    repeated = duplicates(table.chunks(columns=mapping.key), mapping, store / "keys.duckdb")
    long = None if therapies is None else TherapyTable(therapies, store / "therapies.duckdb")
    return Recipe(task.guideline, table, mapping, repeated, long)


def run(task: Task, folder: Path, progress: Progress | None = None, *, workers: int = 1) -> Tally:
    """Run a task into a folder; parts that are done already are kept. Gives the summary.

    ``workers``: processes beside this one, for tables of several parts; where there are any, a
    script that calls this must do so under ``if __name__ == "__main__"``. The result does not
    depend on them. Raises TableError for tables that cannot be used, and for a folder that holds
    another run.
    """
    manifest = _manifest(task)
    _claim(folder, manifest)
    (folder / "parts").mkdir(exist_ok=True)
    recipe = opened(task, folder / "work")
    therapies = recipe.therapies
    summary: Tally = {}
    rows = 0
    parts = folder / "parts"
    try:
        crew = Crew(recipe, partial(write_part, folder=parts), workers)
        with closing(crew), closing(crew.parts(task.rows, partial(is_written, parts))) as done:
            for part in done:
                path = path_of(parts, part.number).with_suffix(".json")
                summary = add(summary, json.loads(path.read_text(encoding="utf-8")))
                rows += part.rows
                if progress is not None:
                    progress(rows, part.number + 1)
        if therapies is not None:
            lines = {"read": therapies.read, "rejected": len(therapies.rejected)}
            summary = add(summary, {"therapy_rows": lines})
    finally:
        if therapies is not None:
            therapies.close()
    return _finish(task, folder, recipe, manifest, summary)


# -- the whole -------------------------------------------------------------------------------------


def _finish(
    task: Task, folder: Path, recipe: Recipe, manifest: Mapping[str, Any], summary: Tally
) -> Tally:
    from myorx.cohort.report import write_report

    parts = sorted((folder / "parts").glob("part-*.json"))
    long = () if recipe.therapies is None else recipe.therapies.rejected
    others = as_csv(reject_row("therapies", each) for each in long)
    _join(folder / "rejects.csv", _REJECTS, parts, ".rejects.csv", others)
    _join(folder / "breaches.csv", _BREACHES, parts, ".breaches.csv", "")
    synthetic = recipe.table.source.synthetic
    summary = {**summary, "manifest": dict(manifest), "parts": len(parts), "synthetic": synthetic}
    write(folder / "summary.json", as_json(summary))
    write(folder / "report.html", write_report(task.guideline, summary))
    for left in (folder / "work").glob("*"):
        left.unlink()
    (folder / "work").rmdir()
    return summary


def _join(path: Path, head: tuple[str, ...], parts: list[Path], kind: str, more: str) -> None:
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(as_csv([head]))
        for part in parts:
            file.write(part.with_suffix(kind).read_text(encoding="utf-8"))
        file.write(more)
    draft.replace(path)


# -- the manifest ----------------------------------------------------------------------------------


def _manifest(task: Task) -> dict[str, Any]:
    return {
        **of_guideline(task.guideline),
        "settings": dict(task.settings),
        "table": _hash(task.table),
        "therapies": None if task.therapies is None else _hash(task.therapies),
        "mapping": None if task.mapping is None else _hash(task.mapping),
        "as_of": None if task.as_of is None else task.as_of.isoformat(),
        "by": list(task.by),
        "rows_in_part": task.rows,
    }


def _hash(path: Path) -> str:
    """SHA-256 of a file's bytes; the name behind ``::`` belongs to it."""
    text, _, table = str(path).partition("::")
    digest = hashlib.sha256(table.encode())
    try:
        with Path(text).open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise TableError(say("cannot_read", path=text, why=error.strerror or "")) from None
    return digest.hexdigest()


def _claim(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Make the folder this run's, or find that it is; raises TableError where it is another's."""
    path = folder / "manifest.json"
    if path.is_file():
        try:
            same = json.loads(path.read_text(encoding="utf-8")) == manifest
        except ValueError:
            same = False
        if same:
            return
        if any((folder / "parts").glob("*.json")):
            raise TableError(say("other_run", folder=str(folder)))
        # A run that was refused, or got no further than its start, leaves nothing of worth.
        for begun in (folder / "parts").glob("part-*"):
            begun.unlink()
    elif folder.is_dir() and any(folder.iterdir()):
        raise TableError(say("folder_used", folder=str(folder)))
    folder.mkdir(parents=True, exist_ok=True)
    write(path, as_json(manifest))


__all__ = ["Progress", "Tables", "Task", "opened", "run", "tables_of"]
