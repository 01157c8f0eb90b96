"""Tables are read as the bedside reads a case, whatever their format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from myorx.cohort.engine import Engine
from myorx.cohort.input.mapping import map_columns
from myorx.cohort.input.reader import Read, TableReader
from myorx.cohort.input.source import open_table
from myorx.cohort.input.therapies import TherapyTable
from myorx.cohort.input.unit_row import Table
from myorx.guideline.load import load
from myorx.plan import Planner
from tests.cohort.reference import Said, differences, said_of, written_cases
from tests.cohort.tables import Row, as_csv, as_tables


@cache
def cases_with_plans() -> tuple[list[Mapping[str, Any]], list[Said]]:
    guideline = load()
    planner = Planner(guideline)
    cases = list(written_cases(guideline, 90, seed=31))
    return [source for source, _, _ in cases], [said_of(planner, each) for _, _, each in cases]


def read_all(path: Path, *, therapies: Path | None = None, rows: int = 100) -> list[Read]:
    source = open_table(path)
    mapping = map_columns(source.names, load())
    assert not mapping.unmapped
    table = Table(source, mapping)
    store = None
    if therapies is not None:
        store = TherapyTable(open_table(therapies), path.with_suffix(".store"))
    reader = TableReader(load(), mapping, units=table.units, therapies=store)
    return [reader.read(chunk) for chunk in table.chunks(rows)]


def write(folder: Path, kind: str, rows: list[Row]) -> Path:
    path = folder / f"table.{kind}"
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = pa.table({name: [row.get(name) for row in rows] for name in names})
    match kind:
        case "csv":
            path.write_bytes(as_csv(rows))
        case "jsonl":
            path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        case "parquet":
            pq.write_table(columns, path)
        case "duckdb":
            with duckdb.connect(str(path)) as database:
                database.register("columns", columns)
                database.execute("CREATE TABLE patients AS SELECT * FROM columns")
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "duckdb"])
def test_a_table_gives_what_the_cases_give(kind: str, tmp_path: Path) -> None:
    guideline = load()
    cases, expected = cases_with_plans()
    rows, therapies = as_tables(cases)
    path = write(tmp_path, kind, rows)
    long = tmp_path / "therapies.csv"
    long.write_bytes(as_csv(therapies))
    engine = Engine(guideline)
    done = 0
    for read in read_all(path, therapies=long, rows=50):
        assert not read.rejected
        columns = engine.run(read.batch).batch().to_pydict()
        for row in range(read.batch.num_rows):
            assert not differences(engine, columns, row, expected[done]), cases[done]
            done += 1
    assert done == len(cases)


def test_types_of_the_file_give_what_texts_give(tmp_path: Path) -> None:
    columns = {
        "patient": ["1", "2", "3", "4"],
        "as_of": pa.array([date(2026, 1, 2)] * 4),
        "age": pa.array([61, None, 7, 200]),
        "ferritin (ng/mL)": [512.7, None, 0.1, 1e9],
        "anti_mda5": [True, False, None, True],
        "ild_onset": pa.array([date(2025, 12, 1), None, date(1700, 1, 1), date(2026, 1, 1)]),
    }
    pq.write_table(pa.table(columns), tmp_path / "typed.parquet")
    texts = pa.table({name: pa.array(v).cast(pa.string()) for name, v in columns.items()})
    pq.write_table(texts, tmp_path / "text.parquet")
    (typed,) = read_all(tmp_path / "typed.parquet")
    (plain,) = read_all(tmp_path / "text.parquet")
    for name in typed.batch.schema.names:
        as_numbers = [str(x) and x for x in typed.batch[name].to_pylist()]
        assert as_numbers == plain.batch[name].to_pylist(), name
    assert typed.batch["ferritin"].to_pylist()[3] is None
    assert {f: t.outcomes for f, t in typed.facts.items()} == {
        f: t.outcomes for f, t in plain.facts.items()
    }


def test_headers_and_units_in_chinese(tmp_path: Path) -> None:
    text = (
        "病案号,截至日期,铁蛋白,C反应蛋白,铁蛋白日期\n"
        "单位,,ng/mL,mg/L,\n"
        "甲,2026-03-01,>2000,12,2026/2/27\n"
        "乙,2026/3/1,300,３.5,2026年2月\n"
        "丙,2026年3月1日,待回报,8 mg/dL,2026-04-01\n"
        ",2026-03-01,1,1,\n"
        "丁,去年,1,1,\n"
        "戊,2026-03-01,1\n"
    )
    path = tmp_path / "cohort.csv"
    path.write_bytes(text.encode("gb18030"))
    read, rest = read_all(path)
    assert not rest.batch.num_rows
    assert read.patients.to_pylist() == ["甲", "乙", "丙"]
    assert [str(day) for day in read.batch["as_of"].to_pylist()] == ["2026-03-01"] * 3
    assert read.batch["ferritin"].to_pylist()[0]["low"] == 2000
    assert read.batch["ferritin"].to_pylist()[2] is None
    assert [str(day) for day in read.batch["day:ferritin"].to_pylist()[:2]] == [
        "2026-02-27",
        "2026-02-01",
    ]
    assert [each.number for each in (*read.rejected, *rest.rejected)] == [5, 6, 7]
    assert read.read + rest.read == 6
    assert read.facts["ferritin"].outcomes == {"known": 2, "pending": 1}
    assert read.facts["ferritin"].faults == {"date-in-future": 1}
    # 8 mg/dL in a column of mg/L: two units for one value.
    assert [str(each) for each in read.batch["crp"].to_pylist()[:2]] == ["1.20", "0.35"]
    assert read.facts["crp"].outcomes["refused"] == 1


DAY = date(2026, 11, 23)
KINDS = {
    "int8": pa.array([1, None, 3], pa.int8()),
    "uint64": pa.array([2**64 - 1, None, 3], pa.uint64()),
    "int64": pa.array([-(2**63), None, 3], pa.int64()),
    "float16": pa.array([1.5, None, float("nan")], pa.float16()),
    "float32": pa.array([1.5, None, float("inf")], pa.float32()),
    "float64": pa.array([float("nan"), -0.0, 1e308]),
    "decimal128": pa.array([Decimal("1.5"), None, Decimal("9" * 30)], pa.decimal128(38, 1)),
    "decimal256": pa.array([Decimal("1.5"), None, Decimal("9" * 50)], pa.decimal256(60, 1)),
    "small decimal": pa.array([Decimal("0.5"), None, Decimal("0.1")], pa.decimal128(18, 18)),
    "timestamp": pa.array([-(10**17), None, 10**15], pa.timestamp("us")),
    "zoned timestamp": pa.array([0, None, 2**40], pa.timestamp("us", "Asia/Shanghai")),
    "date32": pa.array([DAY, None, date(9999, 12, 31)]),
    "date64": pa.array([DAY, None, date(1, 1, 1)], pa.date64()),
    "time": pa.array([time(1, 2), None, time(3)], pa.time64("us")),
    "duration": pa.array([1, None, 2], pa.duration("us")),
    "boolean": pa.array([True, None, False]),
    "null": pa.nulls(3),
    "list": pa.array([[1], None, []]),
    "struct": pa.array([{"a": 1}, None, {"a": None}]),
    "map": pa.array([[("a", 1)], None, []], pa.map_(pa.string(), pa.int64())),
    "large_string": pa.array(["a", None, "yes"], pa.large_string()),
    "string_view": pa.array(["a", None, "yes"], pa.string_view()),
    "binary": pa.array([b"a", None, b"yes"]),
    "fixed binary": pa.array([b"ab", None, b"cd"], pa.binary(2)),
    "numbers by code": pa.DictionaryArray.from_arrays(pa.array([0, None, 1]), pa.array([5, 6])),
    "words by code": pa.DictionaryArray.from_arrays(pa.array([0, None, 1]), pa.array(["no", "no"])),
    "long and unseen": pa.array(["x" * 100_000, None, "\x00\x1b[2J"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_of_column_is_read_and_no_row_is_lost(kind: str, tmp_path: Path) -> None:
    rows = {"patient": pa.array(["1", "2", "3"]), "as_of": pa.array([DAY] * 3)}
    values = ("age", "ferritin", "ferritin date", "ferritin unit", "sex", "anti_mda5", "ild_onset")
    others = ("orders", "therapies_complete")
    for names in ((*values, *others), ("patient",), ("as_of",)):
        columns = pa.table({**rows, **dict.fromkeys(names, KINDS[kind])})
        pq.write_table(columns, tmp_path / "table.parquet")
        reads = read_all(tmp_path / "table.parquet", rows=2)
        assert sum(read.read for read in reads) == 3
        assert sum(read.batch.num_rows + len(read.rejected) for read in reads) == 3
        for fact in ("age", "sex"):
            if fact in names:
                found = [count for read in reads for count in read.facts[fact].outcomes.values()]
                assert sum(found) == 3
