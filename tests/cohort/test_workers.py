"""A table read by several processes, each from where it likes, gives what reading it once gives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.cohort.engine import Engine
from myorx.cohort.input.mapping import map_columns
from myorx.cohort.input.parquet import ParquetSource
from myorx.cohort.input.reader import Read
from myorx.cohort.input.source import open_table
from myorx.cohort.input.unit_row import Table
from myorx.cohort.run import Task, run
from myorx.cohort.texts import TableError, WorkerError
from myorx.cohort.workers import Crew, Part, Recipe
from myorx.guideline.load import load

GROUPS = (3, 1, 20, 2, 2, 2, 9)
"""Rows in the groups of a file: some fit one chunk together, one is larger than a chunk."""
ROWS = 8
"""Rows in a chunk."""

Made = tuple[int, list[str], list[str], int]


def written(path: Path, groups: tuple[int, ...]) -> Path:
    """A Parquet file with so many rows in its groups."""
    rows = sum(groups)
    table = pa.table(
        {
            "patient": [f"P{row}" for row in range(rows)],
            "as_of": [date(2026, 11, 23)] * rows,
            "age": [20 + row % 60 for row in range(rows)],
            "sex": ["female" if row % 3 else "male" for row in range(rows)],
            "rapidly_progressive_ild": [None if row % 4 else row % 8 == 0 for row in range(rows)],
        }
    )
    with pq.ParquetWriter(path, table.schema) as file:
        first = 0
        for count in groups:
            file.write_table(table.slice(first, count), row_group_size=max(count, 1))
            first += count
    return path


def recipe(path: Path) -> Recipe:
    source = open_table(path)
    mapping = map_columns(source.names, load())
    return Recipe(load(), Table(source, mapping), mapping, {}, None)


def made(engine: Engine, read: Read, number: int, fault: Path | None = None) -> Made:
    """All that tells one part from another, and who made it. ``fault``: a file that ends it."""
    if fault is not None and number == 1 and fault.exists():
        raise ValueError("the second part")
    statuses = engine.run(read.batch).batch().column("scope").to_pylist()
    return number, read.patients.to_pylist(), statuses, os.getpid()


def parts(path: Path, workers: int) -> list[Part[Made]]:
    crew: Crew[Made] = Crew(recipe(path), made, workers)
    with closing(crew):
        return list(crew.parts(ROWS))


def said(found: list[Part[Made]]) -> list[tuple[int, int, object]]:
    return [(part.number, part.rows, part.result and part.result[:3]) for part in found]


def makers(found: list[Part[Made]]) -> set[int]:
    return {part.result[3] for part in found if part.result}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("workers") / "table.parquet", GROUPS)


@pytest.fixture(scope="module")
def alone(table: Path) -> Crew[Made]:
    return Crew(recipe(table), partial(made, fault=table.with_suffix(".fault")), 1)


@pytest.fixture(scope="module")
def shared(table: Path) -> Iterator[Crew[Made]]:
    crew = Crew(recipe(table), partial(made, fault=table.with_suffix(".fault")), 2)
    with closing(crew):
        yield crew


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@given(
    groups=st.lists(st.integers(0, 30), max_size=12).map(tuple),
    rows=st.integers(1, 25),
)
@settings(max_examples=60, deadline=None)
def test_stretches_are_the_table(groups: tuple[int, ...], rows: int) -> None:
    with TemporaryDirectory() as folder:
        source = ParquetSource(written(Path(folder, "t.parquet"), groups))
        stretches = source.stretches(rows)
        divided = [list(source.within(each)) for each in stretches]
        whole = list(source.chunks(rows))
    found = [chunk for chunks in divided for chunk in chunks]
    assert [chunk.batch for chunk in found] == [chunk.batch for chunk in whole]
    assert [n for chunk in found for n in chunk.numbers] == list(range(1, sum(groups) + 1))
    assert all(0 < chunk.read <= rows for chunk in found)
    for stretch, chunks in zip(stretches, divided, strict=True):
        assert stretch.sizes == tuple(chunk.read for chunk in chunks)
        assert sum(stretch.sizes) == stretch.rows
        assert chunks[0].numbers[0] == stretch.first


def test_each_process_reads_its_own_stretches(alone: Crew[Made], shared: Crew[Made]) -> None:
    one, two = list(alone.parts(ROWS)), list(shared.parts(ROWS))
    assert [part.rows for part in one] == [4, 7, 7, 6, 6, 5, 4]
    assert said(one) == said(two)
    assert makers(one) == {os.getpid()}
    assert os.getpid() not in makers(two)


def test_what_is_done_is_not_done_again(alone: Crew[Made], shared: Crew[Made]) -> None:
    done = {0, 2, 5}
    whole = list(alone.parts(ROWS))
    for crew in (alone, shared):
        found = list(crew.parts(ROWS, done.__contains__))
        assert {part.number for part in found if part.result is None} == done
        assert [part.rows for part in found] == [part.rows for part in whole]


def test_a_fault_in_a_part_is_told(table: Path, alone: Crew[Made], shared: Crew[Made]) -> None:
    fault = table.with_suffix(".fault")
    fault.touch()
    for crew in (alone, shared):
        with pytest.raises(ValueError, match="the second part"):
            list(crew.parts(ROWS))
    fault.unlink()
    assert said(list(shared.parts(ROWS))) == said(list(alone.parts(ROWS)))


def end(_: Engine, __: Read, ___: int) -> None:
    os._exit(9)


def test_a_process_that_was_ended_is_told(table: Path) -> None:
    crew: Crew[None] = Crew(recipe(table), end, 2)
    with closing(crew), pytest.raises(WorkerError):
        list(crew.parts(ROWS))


def test_damage_found_by_another_process_is_told_in_words(tmp_path: Path) -> None:
    path = written(tmp_path / "damaged.parquet", GROUPS)
    crew: Crew[Made] = Crew(recipe(path), made, 2)
    data = bytearray(path.read_bytes())
    data[100:400] = b"\xa5" * 300
    path.write_bytes(data)
    with closing(crew), pytest.raises(TableError) as error:
        list(crew.parts(ROWS))
    (fault,) = error.value.faults
    assert "cannot be read" in fault.en
    assert "无法读取" in fault.zh


def test_a_table_that_cannot_be_divided_is_sent(table: Path, tmp_path: Path) -> None:
    lines = tmp_path / "table.csv"
    pyarrow.csv.write_csv(pq.read_table(table), lines)
    one, two = parts(lines, 1), parts(lines, 2)
    assert said(one) == said(two)
    assert os.getpid() not in makers(two)


def test_a_row_of_units_stays_out_of_every_stretch(tmp_path: Path) -> None:
    rows = 20
    columns = {
        "patient": ["单位", *(f"P{row}" for row in range(rows))],
        "as_of": [None, *["2026-11-23"] * rows],
        "ferritin": ["ng/mL", *["600"] * rows],
    }
    path = tmp_path / "units.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=5)
    found = recipe(path).table
    chunks = [chunk for each in found.stretches(ROWS) for chunk in found.within(each)]
    names = [name for chunk in chunks for name in chunk.batch["patient"].to_pylist()]
    assert names == columns["patient"][1:]


def test_a_run_does_not_depend_on_how_many_work(table: Path, tmp_path: Path) -> None:
    task = Task(load(), table, rows=ROWS)
    told: list[tuple[int, int]] = []
    run(task, tmp_path / "one")
    run(task, tmp_path / "two", lambda rows, parts: told.append((rows, parts)), workers=2)
    whole = content(tmp_path / "one")
    assert told[-1] == (sum(GROUPS), 7)
    assert content(tmp_path / "two") == whole
    # Broken off with two at work, gone on with one.
    for name in ("part-00001.json", "part-00004.json"):
        (tmp_path / "two" / "parts" / name).unlink()
    (tmp_path / "two" / "summary.json").unlink()
    run(task, tmp_path / "two")
    assert content(tmp_path / "two") == whole
