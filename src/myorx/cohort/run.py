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

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from myorx import __version__
from myorx.cohort.engine import AS_OF, Engine, Found
from myorx.cohort.input.ahead import ahead
from myorx.cohort.input.duplicates import duplicates
from myorx.cohort.input.mapping import TableColumns, map_columns, read_mapping
from myorx.cohort.input.reader import Read, TableReader
from myorx.cohort.input.source import ROWS, open_table
from myorx.cohort.input.therapies import Rejected, TherapyTable
from myorx.cohort.input.unit_row import Table
from myorx.cohort.tally import Tally, add, breaches, tally
from myorx.cohort.texts import TableError, say
from myorx.guideline.models import Guideline

FORMAT = 1
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


class Opened(NamedTuple):
    """A task's tables, opened and mapped."""

    table: Table
    mapping: TableColumns
    therapies: TherapyTable | None
    repeated: Mapping[int, int]
    reader: TableReader


def opened(task: Task, store: Path) -> Opened:
    """The tables of a task. ``store``: a folder for files that are only needed while it runs.

    Raises TableError with all that is wrong with the table's columns or the mapping.
    """
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
    store.mkdir(parents=True, exist_ok=True)
    repeated = duplicates(table.chunks(columns=mapping.key), mapping, store / "keys.duckdb")
    long = None if therapies is None else TherapyTable(therapies, store / "therapies.duckdb")
    reader = TableReader(
        task.guideline, mapping, units=table.units, duplicates=repeated, therapies=long
    )
    return Opened(table, mapping, long, repeated, reader)


def run(task: Task, folder: Path, progress: Progress | None = None) -> Tally:
    """Run a task into a folder; parts that are done already are kept. Gives the summary.

    Raises TableError for tables that cannot be used, and for a folder that holds another run.
    """
    parts = folder / "parts"
    store = folder / "work"
    manifest = _manifest(task)
    _claim(folder, manifest)
    parts.mkdir(exist_ok=True)
    found = opened(task, store)
    engine = Engine(task.guideline)
    summary: Tally = {}
    rows = 0
    number = 0
    try:
        for number, chunk in enumerate(ahead(lambda: found.table.chunks(task.rows))):
            path = parts / f"part-{number:05}"
            done = path.with_suffix(".json")
            if not done.is_file():
                read = found.reader.read(chunk)
                _write_part(engine, read, path)
            counted: Tally = json.loads(done.read_text(encoding="utf-8"))
            summary = add(summary, counted)
            rows += chunk.read
            if progress is not None:
                progress(rows, number + 1)
        if found.therapies is not None:
            lines = {"read": found.therapies.read, "rejected": len(found.therapies.rejected)}
            summary = add(summary, {"therapy_rows": lines})
    finally:
        if found.therapies is not None:
            found.therapies.close()
    return _finish(task, folder, found, manifest, summary)


def statuses(read: Read, found: Found) -> pa.RecordBatch:
    """The columns of a part: who, when, every status, and which unknown facts leave something
    open (``b_<fact>``)."""
    days = read.batch.column(read.batch.schema.get_field_index(AS_OF))
    columns: dict[str, pa.Array] = {"patient": read.patients, "as_of": days}
    columns.update({f"by_{name}": column for name, column in read.by.items()})
    batch = found.batch()
    columns.update(zip(batch.schema.names, batch.columns, strict=True))
    columns.update(found.open_columns())
    return pa.RecordBatch.from_pydict(columns)


# -- parts -----------------------------------------------------------------------------------------


def _write_part(engine: Engine, read: Read, path: Path) -> None:
    """A part, file by file, each renamed into place; the counts come last."""
    found = engine.run(read.batch, explain=True)
    table = pa.Table.from_batches([statuses(read, found)])
    draft = path.with_suffix(".parquet.draft")
    pq.write_table(table, draft, compression="zstd", write_statistics=False)
    draft.replace(path.with_suffix(".parquet"))
    rejected = [_reject_row("table", each) for each in read.rejected]
    _write(path.with_suffix(".rejects.csv"), _csv(rejected))
    _write(path.with_suffix(".breaches.csv"), _csv(breaches(engine, read, found)))
    _write(path.with_suffix(".json"), _json(tally(engine, read, found)))


def _reject_row(table: str, each: Rejected) -> tuple[str, ...]:
    reason = each.reason
    return (table, str(each.number), each.patient, each.code, reason.zh, reason.en, each.text)


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


# -- the whole -------------------------------------------------------------------------------------


def _finish(
    task: Task, folder: Path, found: Opened, manifest: Mapping[str, Any], summary: Tally
) -> Tally:
    from myorx.cohort.report import write_report

    parts = sorted((folder / "parts").glob("part-*.json"))
    long = () if found.therapies is None else found.therapies.rejected
    others = _csv(_reject_row("therapies", each) for each in long)
    _join(folder / "rejects.csv", _REJECTS, parts, ".rejects.csv", others)
    _join(folder / "breaches.csv", _BREACHES, parts, ".breaches.csv", "")
    synthetic = found.table.source.synthetic
    summary = {**summary, "manifest": dict(manifest), "parts": len(parts), "synthetic": synthetic}
    _write(folder / "summary.json", _json(summary))
    _write(folder / "report.html", write_report(task.guideline, summary))
    for left in (folder / "work").glob("*"):
        left.unlink()
    (folder / "work").rmdir()
    return summary


def _join(path: Path, head: tuple[str, ...], parts: list[Path], kind: str, more: str) -> None:
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(_csv([head]))
        for part in parts:
            file.write(part.with_suffix(kind).read_text(encoding="utf-8"))
        file.write(more)
    draft.replace(path)


# -- the manifest ----------------------------------------------------------------------------------


def _manifest(task: Task) -> dict[str, Any]:
    about = task.guideline.manifest
    return {
        "format": FORMAT,
        "engine": __version__,
        "guideline": {
            "id": about.id,
            "version": about.version,
            "source_hash": task.guideline.source_hash,
            "review": about.review.state,
        },
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
        if not same:
            raise TableError(say("other_run", folder=str(folder)))
        return
    if folder.is_dir() and any(folder.iterdir()):
        raise TableError(say("folder_used", folder=str(folder)))
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, _json(manifest))


__all__ = ["Opened", "Progress", "Task", "opened", "run", "statuses"]
