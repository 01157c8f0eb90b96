"""The engine inside Spark, in local mode, beside the same engine here: the same for every case.

    python tools/check_spark.py [--cases N]

Random cases (unknowns, intervals, partial dates, therapies, contradictions) as a Spark frame of the
engine's columns; then as tables of texts, with a table of therapies, duplicates and rows that
cannot be used: every status and every count must be those of a run on this machine. Last the
command itself on a synthetic registry. Needs the extra spark and Java 17.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

try:
    from pyspark.sql import SparkSession
except ImportError:
    print("check_spark: left out, since pyspark is missing: pip install 'myorx[spark]'")
    sys.exit(0)

from myorx.cohort.engine import Engine
from myorx.cohort.rows import batch_of_cases
from myorx.cohort.run import Task, run
from myorx.cohort.spark import statuses, statuses_of_table, summary_of_table
from myorx.guideline.load import load
from tests.case_pool import CasePool
from tests.cohort.tables import as_tables

ROOT = Path(__file__).resolve().parent.parent
ONLY_HERE = ("manifest", "parts", "synthetic", "therapy_rows")
"""What a summary has of the run itself, not of the rows."""


def main(cases: int) -> int:
    """Compare; the exit code."""
    # What the workers of Spark start from.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH")])
    )
    os.environ["PYSPARK_PYTHON"] = sys.executable
    pool = CasePool(load(), seed=61)
    random = Random(61)  # noqa: S311 - cases for tests
    drawn = [pool.case(random) for _ in range(cases)]
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    try:
        spark.sparkContext.setLogLevel("ERROR")
        wrong = _columns(spark, [case for _, case in drawn])
        wrong += _tables(spark, [source for source, _ in drawn])
    finally:
        spark.stop()
    wrong += _command()
    for line in wrong[:10]:
        print(line)
    return int(bool(wrong))


def _columns(spark: SparkSession, cases: list[Any]) -> list[str]:
    """The engine's own columns."""
    guideline = load()
    batch = batch_of_cases(cases, guideline)
    names = pa.array([f"P{row:06}" for row in range(batch.num_rows)])
    batch = batch.append_column("patient", names)
    here = pa.Table.from_batches([Engine(guideline).run(batch).batch()]).to_pydict()
    frame = spark.createDataFrame(pa.Table.from_batches([batch]))
    found = statuses(frame, guideline).toArrow().sort_by("patient").to_pydict()
    wrong = [f"differs in Spark: {name}" for name in here if found[name] != here[name]]
    if not wrong:
        print(f"{len(cases):,} cases, {len(here)} columns: the same in Spark as here")
    return wrong


def _tables(spark: SparkSession, sources: list[Any]) -> list[str]:
    """Tables of texts, by names of columns, through a whole run."""
    guideline = load()
    rows, lines = as_tables(sources)
    rows[1]["patient"] = rows[0]["patient"]  # one after the other: a duplicate
    rows[3]["patient"] = " "
    rows[5]["as_of"] = "some day"
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("table.parquet", "therapies.parquet")]
        for path, listed in zip(paths, (rows, lines), strict=True):
            pq.write_table(_table(listed), path)
        summary = run(Task(guideline, *paths), Path(folder, "out"))
        parts = sorted(Path(folder, "out", "parts").glob("*.parquet"))
        here = pa.concat_tables([pq.read_table(part) for part in parts]).sort_by("patient")
        frame, long = (spark.read.parquet(str(path)) for path in paths)
        whole = statuses_of_table(frame, guideline, therapies=long).toArrow()
        counts = summary_of_table(frame, guideline, therapies=long)
    found = whole.filter(pc.is_null(whole["rejected"])).sort_by("patient")
    rejected = sorted(filter(None, whole["rejected"].to_pylist()))
    wrong = [
        f"a table in Spark differs: {name}"
        for name in found.column_names
        if name != "rejected" and found[name].to_pylist() != here[name].to_pylist()
    ]
    if rejected != ["reject_as_of_bad", "reject_duplicate", "reject_patient"]:
        wrong.append(f"a table in Spark: rejected were {rejected}")
    for name in sorted({*summary, *counts} - {*ONLY_HERE}):
        if summary.get(name) != counts.get(name):
            wrong.append(f"a table in Spark: other counts of {name}")
    if not wrong:
        print(f"{len(sources):,} rows with {len(lines):,} therapies: the same statuses and counts")
    return wrong


def _command() -> list[str]:
    """``myorx cohort run --engine spark``, with nothing set but what the command sets itself."""
    bare = {name: value for name, value in os.environ.items() if name != "PYSPARK_PYTHON"}
    with tempfile.TemporaryDirectory() as folder:

        def cohort(*words: str) -> None:
            command = [sys.executable, "-m", "myorx.cli", "cohort", *words]
            subprocess.run(command, cwd=folder, env=bare, check=True, capture_output=True)

        def counts(out: str) -> dict[str, Any]:
            found = json.loads(Path(folder, out, "summary.json").read_text("utf-8"))
            return {name: found[name] for name in found if name not in ONLY_HERE}

        table = ("table.parquet", "--therapies", "therapies.parquet")
        cohort("sample", "--rows", "300", "--seed", "3", "--out", *table)
        for engine in ("local", "spark"):
            cohort("run", *table, "--as-of", "2026-11-22", "--engine", engine, "--out", engine)
        if counts("local") != counts("spark"):
            return ["the command counts otherwise with --engine spark"]
    print("the command: the same counts with --engine spark")
    return []


def _table(rows: list[dict[str, str]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000, metavar="N")
    sys.exit(main(parser.parse_args().cases))
