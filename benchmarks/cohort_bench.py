"""The guideline over registries of 10,000 to ten million rows, beside its peers and its limit.

    python benchmarks/cohort_bench.py [--rows N …] [--rounds N] [--picture FILE] [--folder DIR]

A synthetic registry (`myorx cohort sample`) is written to Parquet; every task reads that file, in a
process of its own, so that its peak memory is its own. ``--folder`` keeps the registries for
another run. More in `README.md` beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from multiprocessing import active_children
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from as_sql import Sql
from cql_execution import missing, peer
from oracle_export import Shelf, is_exact, of_guideline

from myorx.cohort.engine import AS_OF, Engine
from myorx.cohort.input.databases import connect
from myorx.cohort.input.mapping import map_columns
from myorx.cohort.input.reader import Read
from myorx.cohort.input.source import ROWS as ROWS_AT_ONCE
from myorx.cohort.input.source import open_table
from myorx.cohort.input.therapies import TherapyTable
from myorx.cohort.input.unit_row import Table
from myorx.cohort.run import Task, run
from myorx.cohort.sample import write_sample
from myorx.cohort.workers import Crew, Recipe, Result, Work
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.language import BOOLEAN, BooleanType, DateType, Facts, StringType, Type, Value
from myorx.language.columns import Program, compile_all, decode

ROWS = (10_000, 100_000, 1_000_000)
FEW = 100
"""Patients for what answers one at a time."""
MOST_FOR_SQL, MOST_FOR_THERAPIES = 1_000_000, 10_000
MOST = {"sql": MOST_FOR_SQL, "with_therapies": MOST_FOR_THERAPIES, "whole_run": MOST_FOR_SQL}
"""Rows beyond which a task is left out."""
WORKERS = 2
"""Processes that share our engine's work."""


@cache
def guideline_of() -> Guideline:
    """Read once: that is not timed."""
    return load()


def recipe_of(path: Path) -> Recipe:
    """The registry, ready to read."""
    source = open_table(path)
    mapping = map_columns(source.names, guideline_of())
    return Recipe(guideline_of(), Table(source, mapping), mapping, {}, None)


@cache
def crew_of(path: Path, work: Work[Any]) -> Crew[Any]:
    """Processes that are started, and compile, in the first round, which is not timed."""
    return Crew(recipe_of(path), work, WORKERS)


def each_part(path: Path, work: Work[Result]) -> Iterator[Result]:
    """What is made of each part of the registry, opened anew."""
    recipe_of(path)
    for part in crew_of(path, work).parts(ROWS_AT_ONCE):
        assert part.result is not None
        yield part.result


@cache
def shelf_and_program() -> tuple[Shelf, Program]:
    """The conditions, and the program of them."""
    shelf = of_guideline(guideline_of(), 0)
    return shelf, compile_all(shelf.definitions, shelf.parameters, definitions=shelf.definitions)


@cache
def engine_of() -> Engine:
    """Compiled once."""
    return Engine(guideline_of(), threads=1)


# -- the tasks: each gives what it found, so that nothing is left out -----------------------------


def touching(path: Path) -> Any:
    """The limit: DuckDB reads the file and makes one number of each column."""
    schema = pq.read_schema(path)
    parts = []
    for field in schema:
        name = f'"{field.name}"'
        kind = field.type
        maker = "count_if({})" if pa.types.is_boolean(kind) else "sum({})"
        if pa.types.is_date(kind) or pa.types.is_string(kind):
            maker = "max({})"
        parts.append(maker.format(name))
    with connect() as database:
        query = f"SELECT {', '.join(parts)} FROM read_parquet('{path}')"  # noqa: S608
        return str(database.sql(query).fetchall())


def statuses(engine: Engine, read: Read, _: int) -> int:
    """The columns of a part, in the memory of the process that made them."""
    return engine.run(read.batch).batch().num_rows


def statuses_and_masks(engine: Engine, read: Read, _: int) -> int:
    """The same, and for every row which of all arguments and hazards fired."""
    found = engine.run(read.batch, fired=True)
    assert len(found.fired()) == found.rows
    return found.batch().num_rows


def guideline(path: Path) -> Any:
    """Everything a plan says, as columns in memory: resolution, contradictions, all statuses."""
    return sum(each_part(path, statuses))


def masks(path: Path) -> Any:
    """The same, and for every row which of all arguments and hazards fired."""
    return sum(each_part(path, statuses_and_masks))


def with_therapies(path: Path) -> Any:
    """The whole guideline, with what a long table of therapies says of each patient."""
    with tempfile.TemporaryDirectory() as folder:
        long = TherapyTable(open_table(therapies_of(path)), Path(folder, "store"))
        recipe = recipe_of(path)._replace(therapies=long)
        reader = recipe.reader()
        chunks = recipe.table.chunks()
        found = sum(statuses(engine_of(), reader.read(chunk), 0) for chunk in chunks)
        long.close()
    return found


def therapies_of(path: Path) -> Path:
    """The long table beside a registry."""
    return path.with_name(f"{path.stem}-therapies.parquet")


def whole_run(path: Path) -> Any:
    """`myorx cohort run`: also the parts as Parquet, the counts and the report."""
    with tempfile.TemporaryDirectory() as folder:
        return run(Task(guideline_of(), path), Path(folder, "out"), workers=WORKERS)["rows"]


def counts(_: Engine, read: Read, __: int) -> list[list[int]]:
    """Of one part, how often each condition is true and false."""
    shelf, program = shelf_and_program()
    answers = program.run(read.batch, threads=1)
    here = (answers.counts(name) for name in shelf.definitions)
    return [[each.true, each.false] for each in here]


def conditions(path: Path) -> Any:
    """Every condition, by the columnar engine: how often each is true and false."""
    return np.sum(list(each_part(path, counts)), axis=0).tolist()


def sql(path: Path) -> Any:
    """The same conditions as SQL in DuckDB."""
    shelf, _ = shelf_and_program()
    mapped = {
        each.fact: each.column for each in map_columns(open_table(path).names, guideline_of()).facts
    }
    types = {**shelf.parameters, **dict.fromkeys(shelf.definitions, BOOLEAN)}
    writer = Sql(types, shelf.definitions)
    columns = [
        f'"{mapped[name]}" AS "{name}"' if name in mapped else f'{_null(kind)} AS "{name}"'
        for name, kind in shelf.parameters.items()
        if name != AS_OF
    ]
    names = [f"r_{place}" for place in range(len(shelf.definitions))]
    wanted = ", ".join(
        f"{writer.of(tree)} AS {name}"
        for name, tree in zip(names, shelf.definitions.values(), strict=True)
    )
    counted = ", ".join(f"count_if({name}), count_if(NOT {name})" for name in names)
    query = (
        f"SELECT {counted} FROM (SELECT {wanted} FROM "  # noqa: S608
        f"(SELECT \"{AS_OF}\", {', '.join(columns)} FROM read_parquet('{path}')))"
    )
    with connect() as database:
        (found,) = database.sql(query).fetchall()
    pairs = iter(found)
    return [[one or 0, other or 0] for one, other in zip(pairs, pairs, strict=True)]


def _null(kind: Type) -> str:
    """Unknown everywhere, of the type of a fact."""
    match kind:
        case BooleanType():
            return "NULL::BOOLEAN"
        case DateType():
            return "NULL::DATE"
        case StringType():
            return "NULL::VARCHAR"
    return "NULL::DECIMAL(18, 2)"


TASKS: Mapping[str, Callable[[Path], Any]] = {
    each.__name__: each
    for each in (touching, guideline, masks, whole_run, with_therapies, conditions, sql)
}


def measured(task: str, path: Path, rounds: int) -> dict[str, Any]:
    """One task in a process of its own."""
    command = [sys.executable, __file__, "--measure", task, str(path), "--rounds", str(rounds)]
    found = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=os.environ)
    result: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return result


def measure(task: str, path: Path, rounds: int) -> None:
    """What ``measured`` reads: of the rounds after a first one, which is not timed."""
    clock, work = [], []
    found = TASKS[task](path)
    for _ in range(rounds):
        began, worked = perf_counter(), worked_so_far()
        found = TASKS[task](path)
        clock.append(perf_counter() - began)
        work.append(worked_so_far() - worked)
    print(json.dumps({"clock": median(clock), "work": median(work), "mb": peak(), "found": found}))


def worked_so_far() -> float:
    """Seconds that processors worked for this process and all that it started."""
    # The clock of another process's work, as clock_getcpuclockid(3) gives it.
    running = (time.clock_gettime(~each.pid << 3 | 2) for each in active_children() if each.pid)
    ended = os.times()
    return process_time() + sum(running) + ended.children_user + ended.children_system


def peak() -> float:
    """The most memory that this process and its workers ever held, in MB: the peaks of all of them
    together, what they share counted each time."""
    running = sum(_peak(each.pid) for each in active_children())
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return _peak("self") + max(running, ended * WORKERS)


def _peak(process: int | str | None) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


# -- one at a time ---------------------------------------------------------------------------------


def of_patients(path: Path) -> Shelf:
    """The conditions, and the first patients of the registry as cases."""
    shelf, _ = shelf_and_program()
    recipe = recipe_of(path)
    batch = recipe.reader().read(next(recipe.table.chunks(FEW))).batch
    columns = {
        name: decode(batch.column(place), shelf.parameters[name])
        for place, name in enumerate(batch.schema.names)
        if name in shelf.parameters
    }
    cases: list[Mapping[str, Value]] = []
    for row in range(batch.num_rows):
        values = {name: column[row] for name, column in columns.items()}
        cases.append(
            {n: values.get(n) if is_exact(values.get(n)) else None for n in shelf.parameters}
        )
    return Shelf(shelf.name, shelf.parameters, shelf.definitions, tuple(cases))


def one_at_a_time(path: Path, rounds: int) -> dict[str, float]:
    """Patients a second: of the reference engine, and of cql-execution where it is installed."""
    shelf = of_patients(path)

    def reference() -> float:
        began = perf_counter()
        for case in shelf.cases:
            facts = Facts(case, shelf.definitions, shelf.parameters)
            for name in shelf.definitions:
                facts.trace(name)
        return perf_counter() - began

    found: dict[str, float] = {}
    lacks = missing()
    if lacks is not None:
        print(f"cql-execution left out: {lacks}", file=sys.stderr)
        found["reference"] = len(shelf.cases) / median(reference() for _ in range(rounds))
        return found
    with peer(shelf) as other:
        checked = other.ask("check")
        if checked["wrong"]:
            raise SystemExit(f"cql-execution differs: {checked['shown']}")
        other.ask("time")
        pairs = [(reference(), float(other.ask("time"))) for _ in range(rounds)]
    found["reference"] = len(shelf.cases) / median(ours for ours, _ in pairs)
    found["cql-execution"] = len(shelf.cases) / median(theirs for _, theirs in pairs)
    return found


# -- all ------------------------------------------------------------------------------------------


def registry(folder: Path, count: int) -> Path:
    """The registry of so many rows, written unless it is there."""
    path = folder / f"{count}.parquet"
    if not path.exists():
        begun = path.with_name(f"begun-{path.name}")
        long = therapies_of(path) if count <= MOST_FOR_THERAPIES else None
        write_sample(guideline_of(), count, 1, begun, long)
        begun.rename(path)
    return path


def main(rows: list[int], rounds: int, picture: Path | None, kept: Path | None) -> None:
    """Measure and print."""
    points: dict[str, list[tuple[int, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in rows:
            path = registry(kept or Path(folder), count)
            turns = max(1, rounds if count <= MOST_FOR_SQL else 1)
            print(f"{count:,} rows, {path.stat().st_size / 2**20:.1f} MB of Parquet")
            found: dict[str, dict[str, Any]] = {}
            for task in TASKS:
                if count > MOST.get(task, count):
                    continue
                found[task] = here = measured(task, path, turns)
                seconds = here["clock"]
                points.setdefault(task, []).append((count, seconds / count))
                print(
                    f"  {task:12}{seconds:9.3f} s, {here['work']:9.3f} s of work, "
                    f"{seconds / count * 1e6:9.3f} us a row, {count / seconds:12,.0f} rows/s, "
                    f"peak {here['mb']:6.0f} MB, "
                    f"{seconds / found['touching']['clock']:6.2f} x touching"
                )
            if "sql" in found:
                same = found["sql"]["found"] == found["conditions"]["found"]
                said = "the same" if same else "DIFFERENT"
                print(f"  counts of all conditions, by SQL and by columns: {said}")
        smallest = registry(kept or Path(folder), rows[0])
        few = one_at_a_time(smallest, 3)
        best = {task: 1 / min(cost for _, cost in found) for task, found in points.items()}
        for name, speed in few.items():
            print(
                f"{name}: {speed:,.0f} patients/s on the conditions; the columns "
                f"{best['conditions'] / speed:,.0f} times that, the whole guideline "
                f"{best['guideline'] / speed:,.0f} times"
            )
            points[name] = [(count, 1 / speed) for count in rows]
    if picture is not None:
        picture.write_text(drawn(points), encoding="utf-8")


def drawn(points: Mapping[str, list[tuple[int, float]]]) -> str:
    """Cost per row over rows, both axes logarithmic."""
    from math import log10

    width, height, left, low = 640, 360, 60, 40
    every = [cost for line in points.values() for _, cost in line]
    counts = [count for line in points.values() for count, _ in line]
    x0, x1 = log10(min(counts)), max(log10(max(counts)), log10(min(counts)) + 1)
    y0, y1 = int(log10(min(every)) - 1), int(log10(max(every)) + 1)

    def at(count: float, cost: float) -> tuple[float, float]:
        x = left + (log10(count) - x0) / (x1 - x0) * (width - left - 150)
        return x, height - low - (log10(cost) - y0) / (y1 - y0) * (height - 2 * low)

    colours = (
        "#555",
        "#14804a",
        "#1b6ca8",
        "#7cc08f",
        "#b07aa1",
        "#c9a227",
        "#b3362b",
        "#7a5195",
        "#8c6d31",
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for power in range(y0, y1 + 1):
        _, y = at(10**x0, 10.0**power)
        parts.append(
            f'<line x1="{left}" x2="{width - 150}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        )
        parts.append(f'<text x="4" y="{y + 4:.1f}">{10.0 ** (power + 6):g} us</text>')
    for count in sorted(set(counts)):
        x, _ = at(count, 10.0**y0)
        parts.append(f'<text x="{x - 18:.1f}" y="{height - 18}">{count:,}</text>')
    names: list[tuple[float, float, str, str]] = []
    for colour, (name, line) in zip(colours, points.items(), strict=False):
        places = [at(*each) for each in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        names.append((*places[-1], colour, name))
    above: dict[float, float] = {}
    for x, y, colour, name in sorted(names, key=lambda each: each[1]):
        # Names at the end of one column stand below each other.
        above[x] = lower = max(y + 4, above.get(x, 0) + 12)
        parts.append(f'<text x="{x + 6:.1f}" y="{lower:.1f}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{left}" y="14">time a row (us) over the number of rows</text></svg>\n')
    return "\n".join(parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--picture", type=Path, metavar="FILE")
    parser.add_argument("--folder", type=Path, metavar="DIR")
    parser.add_argument("--measure", nargs=2, metavar=("TASK", "TABLE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        measure(options.measure[0], Path(options.measure[1]), options.rounds)
    else:
        main(options.rows, options.rounds, options.picture, options.folder)
