"""The engine inside Spark, in local mode, beside the same engine here: the same for every case.

    python tools/check_spark.py [--cases N]

Random cases (unknowns, intervals, partial dates, therapies, contradictions) as a Spark frame of the
engine's columns; then a table with rows that cannot be used. Needs the extra spark and Java 17.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyarrow as pa

try:
    from pyspark.sql import SparkSession
except ImportError:
    print("check_spark: left out, since pyspark is missing: pip install 'myorx[spark]'")
    sys.exit(0)

from myorx.cohort.engine import AS_OF, Engine
from myorx.cohort.rows import batch_of_cases
from myorx.cohort.spark import statuses, statuses_of_table
from myorx.guideline.load import load
from tests.cohort.reference import written_cases

ROOT = Path(__file__).resolve().parent.parent


def main(cases: int) -> int:
    """Compare; the exit code."""
    # What the workers of Spark start from.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH")])
    )
    os.environ["PYSPARK_PYTHON"] = sys.executable
    guideline = load()
    batch = batch_of_cases(
        (case for _, case, _ in written_cases(guideline, cases, seed=61)), guideline
    )
    names = pa.array([f"P{row:06}" for row in range(batch.num_rows)])
    batch = batch.append_column("patient", names)
    here = pa.Table.from_batches([Engine(guideline).run(batch).batch()]).to_pydict()
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    try:
        spark.sparkContext.setLogLevel("ERROR")
        frame = spark.createDataFrame(pa.Table.from_batches([batch]))
        found = statuses(frame, guideline).toArrow().sort_by("patient").to_pydict()
        wrong = [name for name in here if found[name] != here[name]]
        if wrong:
            print(f"differs in Spark: {', '.join(wrong[:10])}")
            return 1
        print(f"{cases:,} cases, {len(here)} columns: the same in Spark as here")
        return _table(spark)
    finally:
        spark.stop()


def _table(spark: SparkSession) -> int:
    """A small table by names of columns: used rows have statuses, the others a reason."""
    rows = [("1", "2026-01-02", 61), ("", "2026-01-02", 5), ("3", "some day", 5)]
    frame = spark.createDataFrame(rows, ["patient", AS_OF, "age"])
    found = statuses_of_table(frame, load()).toArrow().to_pylist()
    reasons = sorted(str(row["rejected"]) for row in found)
    if reasons != ["None", "reject_as_of_bad", "reject_patient"]:
        print(f"a table in Spark: rows came out as {reasons}")
        return 1
    used = next(row for row in found if row["rejected"] is None)
    if used["scope"] is None:
        print("a table in Spark: a row that was used has no status")
        return 1
    print("a table in Spark: every row accounted for")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000, metavar="N")
    sys.exit(main(parser.parse_args().cases))
