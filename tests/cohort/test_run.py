"""A run over a table: counts add up, a broken run is taken up, and everything is said aloud."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner

from myorx.cli import main
from myorx.cohort.profile import profile, written
from myorx.cohort.run import Task, run
from myorx.cohort.sample import write_sample
from myorx.cohort.texts import TableError, WorkerError
from myorx.guideline.load import load
from tests.cohort.reference import written_cases
from tests.cohort.tables import as_csv, as_tables

ROWS, PART = 60, 16


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wide table with much unknown and faults of every sort, and its therapies."""
    folder = tmp_path_factory.mktemp("tables")
    rows, therapies = as_tables(source for source, _, _ in written_cases(load(), ROWS, seed=41))
    for number, row in enumerate(rows):
        row["centre"] = f"C{number % 3}"
        row["as_of"] = row["as_of"] if number % 3 else row["as_of"].replace("-", "/")
        row["colour"] = "blue"
    rows[1]["as_of"] = "2026年11月22日"
    rows[5]["patient"] = rows[2]["patient"]
    rows[7]["patient"] = " "
    rows[9]["as_of"] = "some day"
    rows[11]["ferritin"] = "3 parsec"
    therapies.append({"patient": rows[3]["patient"], "drug": "snake oil", "start": "2026-01-01"})
    therapies.append({"patient": "", "drug": "snake oil"})
    table, long = folder / "table.csv", folder / "therapies.csv"
    table.write_bytes(as_csv(rows) + b"too,few\n")
    long.write_bytes(as_csv(therapies))
    return table, long


def task(tables: tuple[Path, Path]) -> Task:
    return Task(load(), *tables, by=("centre",), rows=PART)


def content(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def _run_and_die(tables: tuple[Path, Path], folder: Path, workers: int) -> None:
    def progress(_: int, parts: int) -> None:
        if parts == 2:
            (folder / "parts" / "part-00002.json.draft").write_text("half a p")
            os._exit(9)

    run(task(tables), folder, progress, workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_was_killed_is_taken_up(
    tables: tuple[Path, Path], tmp_path: Path, workers: int
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    run(task(tables), whole)
    process = multiprocessing.get_context("spawn").Process(
        target=_run_and_die, args=(tables, broken, workers)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    assert not (broken / "summary.json").exists()
    done = (broken / "parts" / "part-00001.parquet").stat().st_mtime_ns
    run(task(tables), broken, workers=workers)
    assert (broken / "parts" / "part-00001.parquet").stat().st_mtime_ns == done
    found = {name: data for name, data in content(broken) if not name.endswith(".draft")}
    assert found == dict(content(whole))


def test_every_row_is_accounted_for(tables: tuple[Path, Path], tmp_path: Path) -> None:
    summary = run(task(tables), tmp_path / "out")
    rows = summary["rows"]
    assert rows == {"read": ROWS + 1, "used": ROWS - 3, "rejected": 4}
    assert summary["rejected"] == {
        "reject_as_of_bad": 1,
        "reject_duplicate": 1,
        "reject_patient": 1,
        "reject_unreadable": 1,
    }
    with (tmp_path / "out" / "rejects.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert sorted(int(each["row"]) for each in found if each["table"] == "table") == [6, 8, 10, 61]
    assert sum(each["table"] == "therapies" for each in found) == 1
    parts = sorted((tmp_path / "out" / "parts").glob("*.parquet"))
    read = [pq.read_table(each).to_pylist() for each in parts]
    patients = [row for part in read for row in part]
    assert len(patients) == rows["used"]
    for name, counts in summary["columns"].items():
        assert sum(counts.values()) == rows["used"], name
        column = [row[name] for row in patients]
        assert counts == {value: column.count(value) for value in sorted(set(column))}, name
    for group in ("year", "centre"):
        by_group = summary["groups"][group].values()
        for name in (each for each in summary["columns"] if each.startswith("k_")):
            counted = sum(counts.get(name, {}).get("concordant", 0) for counts in by_group)
            assert counted == summary["columns"][name].get("concordant", 0)
    assert summary["therapies"]["unknown-drug"] == 1
    assert summary["facts"]["ferritin"]["faults"]
    breaches = (tmp_path / "out" / "breaches.csv").read_text().splitlines()[1:]
    counted = sum(
        counts.get("breach", 0) + counts.get("possible", 0)
        for name, counts in summary["columns"].items()
        if name.startswith("x_")
    )
    assert len(breaches) == counted


def test_the_report_stands_alone(tables: tuple[Path, Path], tmp_path: Path) -> None:
    run(task(tables), tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for asset in ("http:", "https:", "src=", "<link", "<script", "url("):
        assert asset not in page
    guideline = load()
    for decision in guideline.decisions.values():
        assert decision.question.zh in page
    assert "<svg" in page
    assert guideline.manifest.review.says.zh in page
    assert "P00002" not in page  # no patient is named in a report


def test_another_run_is_not_overwritten(tables: tuple[Path, Path], tmp_path: Path) -> None:
    run(task(tables), tmp_path / "out")
    other = task(tables)._replace(by=())
    with pytest.raises(TableError, match="another run"):
        run(other, tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(TableError, match="no cohort run"):
        run(other, tmp_path / "full")


def damaged(folder: Path) -> Path:
    """A Parquet file whose head and foot are whole, and whose middle is not."""
    path = folder / "damaged.parquet"
    write_sample(load(), 500, 3, path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 4
    data[middle : middle + 2000] = b"\xa5" * 2000
    path.write_bytes(data)
    return path


def refused(table: Path, out: Path, *words: str) -> str:
    """What a run says of a table that it does not take."""
    found = CliRunner().invoke(main, ["cohort", "run", str(table), "--out", str(out), *words])
    assert found.exit_code == 3
    return found.stderr


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("patient,as_of,age\n")
    nothing = pa.array([], pa.string())
    pq.write_table(pa.table({"patient": nothing, "as_of": nothing}), tmp_path / "empty.parquet")
    for name in ("empty.csv", "empty.parquet"):
        assert "no rows" in refused(tmp_path / name, tmp_path / "out")


def test_a_folder_whose_table_was_refused_may_be_taken_again(tmp_path: Path) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out"
    table.write_text("patient,as_of,age\n")
    assert "no rows" in refused(table, out)
    begun = out / "parts" / "part-00007.parquet"
    begun.touch()
    table.write_text("patient,as_of,age\n1,2026-11-23,50\n")
    assert CliRunner().invoke(main, ["cohort", "run", str(table), "--out", str(out)]).exit_code == 0
    assert not begun.exists()
    table.write_text("patient,as_of,age\n1,2026-11-23,51\n")
    assert "another run" in refused(table, out)


def test_texts_that_are_no_utf8_are_named_by_column(tmp_path: Path) -> None:
    as_bytes = pa.array(["男".encode("gb18030"), b"male"])
    as_texts = pa.Array.from_buffers(pa.string(), 2, as_bytes.buffers())
    columns = {
        "patient": pa.array(["1", "2"]),
        "as_of": pa.array(["2026-11-23"] * 2),
        "sex": as_texts,
        "centre": as_bytes,
    }
    path = tmp_path / "table.parquet"
    for in_words in (False, True):
        pq.write_table(pa.table(columns), path, use_dictionary=in_words)
        said = refused(path, tmp_path / "out", "--by", "centre")
        assert "no text in UTF-8: centre, sex" in said or "no text in UTF-8: sex, centre" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["run", "profile"])
def test_a_table_damaged_in_its_middle_is_refused(command: str, lang: str, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out")] if command == "run" else []
    words = ["cohort", command, str(damaged(tmp_path)), *out, "--lang", lang]
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 3
    assert {"zh": "请检查文件是否完整", "en": "check that the file is whole"}[lang] in found.stderr


def test_what_cannot_be_written_is_said(tables: tuple[Path, Path], tmp_path: Path) -> None:
    table = str(tables[0])
    (tmp_path / "file").touch()
    found = CliRunner().invoke(
        main, ["cohort", "run", table, "--out", str(tmp_path / "file" / "x")]
    )
    assert found.exit_code == 1
    assert "cannot write" in found.stderr
    for option in ("--out", "--therapies"):
        paths = {"--out": tmp_path / "a.csv", "--therapies": tmp_path / "b.csv"}
        paths[option] = tmp_path / "nowhere" / "c.csv"
        words = [str(each) for pair in paths.items() for each in pair]
        found = CliRunner().invoke(main, ["cohort", "sample", "--rows", "2", "--seed", "1", *words])
        assert found.exit_code == 2
        assert option in found.stderr
        assert "no folder that you may write to" in found.stderr


def test_output_that_nobody_reads_is_no_fault(tables: tuple[Path, Path], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = ["-m", "myorx.cli", "cohort", "run", str(tables[0]), "--out", str(tmp_path / "out")]
    found = subprocess.run(
        [sys.executable, *words], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert "cannot write" not in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(("lang", "said"), [("zh", "内存不足"), ("en", "want of memory")])
def test_a_process_ended_from_outside_is_said(
    lang: str,
    said: str,
    tables: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ended(*_: object, **__: object) -> None:
        raise WorkerError

    monkeypatch.setattr("myorx.cohort.run.run", ended)
    words = ["cohort", "run", str(tables[0]), "--out", str(tmp_path / "out"), "--lang", lang]
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 1
    assert said in found.stderr
    assert "--workers" in found.stderr


def test_a_profile_names_each_fault(tables: tuple[Path, Path]) -> None:
    found = profile(task(tables))
    assert found.duplicates == 1
    assert found.unmapped == {"colour": ()}
    ferritin = next(each for each in found.facts if each.fact == "ferritin")
    assert ferritin.day_column == "ferritin date"
    assert ferritin.faults["unit-unknown"] == 1
    assert ferritin.samples["unit-unknown"][0] == "3 parsec"
    text = "\n".join(written(found, load(), "en"))
    for said in ("colour", "3 parsec", "same patient and date", "unknown-drug", "keeps something"):
        assert said in text
    assert "未对应的列" in "\n".join(written(found, load(), "zh"))


def test_a_column_in_a_wrong_unit_is_named_and_loses_no_row(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    days = ("2026-01-02", "2026/1/2", "2026年1月2日")
    lines = [f"P{row},{days[row % 3]},{row + 1},{row + 1}" for row in range(12)]
    head = "patient,as_of,ferritin (mmHg),crp (mg/L)"
    table.write_text("\n".join([head, *lines, lines[4]]) + "\n", encoding="utf-8")
    found = profile(Task(load(), table))
    facts = {each.fact: each for each in found.facts}
    assert facts["ferritin"].outcomes == {"refused": 12}
    (fault,) = facts["ferritin"].faults
    assert "mmHg" in facts["ferritin"].samples[fault][1].en
    assert facts["crp"].outcomes == {"known": 12}
    assert found.duplicates == 1
    summary = run(Task(load(), table), tmp_path / "out")
    assert summary["rows"] == {"read": 13, "used": 12, "rejected": 1}


def test_all_that_is_wrong_with_a_mapping_is_said_at_once(tmp_path: Path) -> None:
    table, mapping = tmp_path / "t.csv", tmp_path / "m.yaml"
    table.write_text("nummer,x,y\n1,2,3\n")
    mapping.write_text(
        "person: nummer\ncolumns:\n  x: feritin\n  y: {fact: ferritin, units: mg}\n  z: ferritin\n"
    )
    arguments = ["cohort", "profile", str(table), "--mapping", str(mapping), "--by", "centre"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 3
    for said in ("person", "did you mean ferritin", "not understood", "column z", "centre",
                 "patient's number", "the date of the row"):  # fmt: skip
        assert said in result.stderr


def test_a_mapping_says_what_names_do_not(tmp_path: Path) -> None:
    table, mapping = tmp_path / "t.csv", tmp_path / "m.yaml"
    table.write_text("nummer,SF,SF_U,lab_day,why\n1,500,ug/L,2026-01-01,x\n2,1,,2020-01-01,x\n")
    mapping.write_text(
        "patient: nummer\ncolumns:\n  SF: {fact: ferritin, unit: ng/mL}\n"
        "  SF_U: {unit_of: ferritin}\n  lab_day: {day_of: [ferritin]}\n  why: null\n"
    )
    arguments = ["cohort", "profile", str(table), "--mapping", str(mapping)]
    result = CliRunner().invoke(main, [*arguments, "--as-of", "2026-01-02", "--format", "json"])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    (ferritin,) = found["facts"]
    assert ferritin["outcomes"] == {"known": 2}
    assert ferritin["stale"] == 1
    assert found["ignored"] == ["why"]
    assert not found["unmapped"]


def test_a_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    guideline = load()
    for name, rows in (("a", 300), ("b", 300), ("c", 200)):
        folder = tmp_path / name
        folder.mkdir()
        write_sample(guideline, rows, 7, folder / "t.parquet", folder / "th.parquet")
    assert dict(content(tmp_path / "a")) == dict(content(tmp_path / "b"))
    long, short = (pq.read_table(tmp_path / each / "t.parquet") for each in ("a", "c"))
    assert long.slice(0, 200) == short
    assert long.schema.metadata[b"synthetic"] == b"true"
    summary = run(
        Task(guideline, tmp_path / "a" / "t.parquet", tmp_path / "a" / "th.parquet"),
        tmp_path / "out",
    )
    assert summary["synthetic"]
    assert summary["rows"] == {"read": 300, "used": 300, "rejected": 0}
    assert "SYNTHETIC" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    concordance = [c for name, c in summary["columns"].items() if name.startswith("k_")]
    for value in ("concordant", "discordant", "unknown"):
        assert any(counts.get(value) for counts in concordance)


def test_engine_spark_says_what_it_lacks(tmp_path: Path) -> None:
    """What it does is looked at in tools/check_spark.py, which needs pyspark."""
    arguments = ["cohort", "run", "t.parquet", "--engine", "spark", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, [*arguments, "--by", "centre"])
    assert result.exit_code == 2
    assert "--engine spark takes no --by" in result.stderr
    if find_spec("pyspark") is None:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 2
        assert "myorx[spark]" in result.stderr
