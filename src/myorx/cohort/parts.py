"""The parts of a run: each a few files, every one renamed into place, the counts last."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from myorx.cohort.engine import AS_OF, Engine, Found
from myorx.cohort.input.reader import Read
from myorx.cohort.input.therapies import Rejected
from myorx.cohort.tally import breaches, tally


def path_of(folder: Path, number: int) -> Path:
    """The files of a part, but for their endings."""
    return folder / f"part-{number:05}"


def is_written(folder: Path, number: int) -> bool:
    """Whether a part is done: its counts are written last."""
    return path_of(folder, number).with_suffix(".json").is_file()


def write_part(engine: Engine, read: Read, number: int, folder: Path) -> None:
    """A part as files beside each other: what there is of it at any time is whole."""
    path = path_of(folder, number)
    found = engine.run(read.batch, explain=True)
    table = pa.Table.from_batches([statuses(read, found)])
    draft = path.with_suffix(".parquet.draft")
    pq.write_table(table, draft, compression="zstd", write_statistics=False)
    draft.replace(path.with_suffix(".parquet"))
    rejected = [reject_row("table", each) for each in read.rejected]
    write(path.with_suffix(".rejects.csv"), as_csv(rejected))
    write(path.with_suffix(".breaches.csv"), as_csv(breaches(engine, read, found)))
    write(path.with_suffix(".json"), as_json(tally(engine, read, found)))


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


def reject_row(table: str, each: Rejected) -> tuple[str, ...]:
    """A row that was not used, as it stands in ``rejects.csv``."""
    reason = each.reason
    return (table, str(each.number), each.patient, each.code, reason.zh, reason.en, each.text)


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def as_json(value: Any) -> str:
    """A value as JSON, always the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def write(path: Path, text: str) -> None:
    """A whole file, or none."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
