"""The columnar engine over a table in memory: every condition of the guideline, every patient.

    python benchmarks/columns_bench.py [--rows N …] [--threads N] [--rounds N] [--profile]

Random patients, three facts in ten unknown, numbers around the guideline's own thresholds. Beside
the engine stand two limits on the same data: numpy reading each byte once, and DuckDB making one
number of each column. The table holds decimals (as databases write them), days, dictionary codes
and bits; reading it from a file is not timed. Medians of the rounds; the fastest in brackets. The
processors' time (all threads) stands beside the clock's: other work on the machine changes it less.
"""

from __future__ import annotations

import argparse
import cProfile
import statistics
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from myorx.guideline.check.context import Context
from myorx.guideline.load import load
from myorx.guideline.positions import Positions
from myorx.language import (
    BooleanType,
    DateType,
    Expression,
    Facts,
    IntegerType,
    StringType,
    Type,
    Value,
    evaluate,
    names,
    walk,
)
from myorx.language.columns import Program, compile_all
from myorx.language.syntax import DecimalLiteral, IntegerLiteral, QuantityLiteral

UNKNOWN = 0.3
DAYS = (18_000, 20_700)
"""From 1970; what dates are drawn from."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--threads", type=int, help="default: one for each processor")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="where the time goes, one thread")
    options = parser.parse_args()

    start = time.perf_counter()
    program, conditions, nodes = compiled()
    took = time.perf_counter() - start
    listed = list(conditions)
    print(f"{len(listed)} conditions over {len(program.facts)} facts: {len(program)} steps")
    print(f"loading and compiling: {took * 1e3:.0f} ms")
    for rows in options.rows:
        batch = table(program.facts, nodes, rows)
        run = partial(program.run, batch, threads=options.threads)
        if options.profile:
            profile(partial(program.run, batch, threads=1))
            continue
        tasks: dict[str, Callable[[], Any]] = {
            "numpy touching every byte": partial(touch, batch),
            "DuckDB touching every column": partial(aggregate, batch),
            "answers": run,
            "answers, and masks of what is true": lambda run=run: run().masks(listed),
        }
        print(f"{rows:,} patients, {batch.nbytes / 2**20:.0f} MB of Arrow data")
        show(in_turns(tasks, options.rounds), rows)


class Times(NamedTuple):
    """Seconds of each round: by the clock, and of the processors."""

    clock: list[float]
    work: list[float]


def show(times: Mapping[str, Times], rows: int) -> None:
    """One line for each task."""
    median = {name: statistics.median(found.work) for name, found in times.items()}
    for name, (clock, work) in times.items():
        print(
            f"  {name:36}"
            f"{statistics.median(clock) * 1e3:8.1f} ({min(clock) * 1e3:.1f}) ms by the clock, "
            f"{median[name] * 1e3:8.1f} ({min(work) * 1e3:.1f}) ms of work, "
            f"{median[name] / rows * 1e9:6.0f} ns a patient; "
            f"{median[name] / median['DuckDB touching every column']:.2f} x DuckDB touching, "
            f"{median[name] / median['answers']:.2f} x answers"
        )


def compiled() -> tuple[Program, Mapping[str, Expression], list[Expression]]:
    """Every definition and every other condition of the guideline, under its place."""
    guideline = load("aim")
    context = Context(guideline, Positions(), None)
    settings: dict[str, Value] = {
        each.id: evaluate(each.value, Facts({})).value for each in guideline.manifest.settings
    }
    definitions = {
        name: definition.expression.expression for name, definition in guideline.definitions.items()
    }
    conditions = dict(definitions)
    for place, expression, is_condition in context.formulas:
        if is_condition and names(expression):
            conditions[str(place)] = expression
    program = compile_all(conditions, context.types, definitions=definitions, settings=settings)
    return program, conditions, [node for each in conditions.values() for node in walk(each)]


def table(facts: Mapping[str, Type], nodes: list[Expression], rows: int) -> pa.RecordBatch:
    """Random patients; the same every time."""
    dice = np.random.default_rng(20260315)
    columns = {name: column(type_, nodes, rows, dice) for name, type_ in facts.items()}
    return pa.RecordBatch.from_pydict(columns)


def column(type_: Type, nodes: list[Expression], rows: int, dice: np.random.Generator) -> pa.Array:
    """The column of one fact."""
    unknown = dice.random(rows) < UNKNOWN
    match type_:
        case BooleanType():
            return pa.array(dice.random(rows) < 0.5, mask=unknown)
        case StringType(codes=codes):
            words = codes or ("code",)
            picked = pa.array(dice.integers(0, len(words), rows, np.int8), mask=unknown)
            return pa.DictionaryArray.from_arrays(picked, list(words))
        case DateType():
            return pa.array(dice.integers(*DAYS, rows, np.int32), pa.date32(), mask=unknown)
        case IntegerType():
            return pa.array(dice.integers(0, 100, rows, np.int32), mask=unknown)
    near = {
        abs(node.value)
        for node in nodes
        if isinstance(node, (QuantityLiteral, DecimalLiteral, IntegerLiteral))
    }
    high = int(max(map(Decimal, near)) * 200)
    hundredths = dice.integers(0, dice.choice((2_000, 20_000, high)), rows, np.int64)
    halves = np.stack((hundredths, hundredths >> 63), axis=1)
    valid = pa.py_buffer(np.packbits(~unknown, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(18, 2), rows, [valid, pa.py_buffer(halves)])


def touch(batch: pa.RecordBatch) -> int:
    """Read every value and every null once."""
    found = 0
    for each in batch.columns:
        for buffer in each.buffers():
            if buffer is None:
                continue
            octets = np.frombuffer(buffer, np.uint8)
            whole = octets[: len(octets) // 8 * 8].view(np.int64)
            found ^= int(np.bitwise_xor.reduce(whole))
    return found


def aggregate(batch: pa.RecordBatch) -> Any:
    """One aggregate of each column by DuckDB, straight from the Arrow data."""
    makers = {pa.bool_(): "count_if({})", pa.date32(): "max({})"}
    parts = []
    for each in batch.schema:
        maker = "max({})" if pa.types.is_dictionary(each.type) else makers.get(each.type, "sum({})")
        parts.append(maker.format(f'"{each.name}"'))
    facts = duckdb.from_arrow(pa.Table.from_batches([batch]))
    return facts.aggregate(", ".join(parts)).fetchall()


def in_turns(tasks: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, Times]:
    """The times of each task, after one round to warm up; in turns, so that other work on the
    machine slows all of them."""
    for task in tasks.values():
        task()
    times = {name: Times([], []) for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            clock, work = time.perf_counter(), time.process_time()
            task()
            times[name].clock.append(time.perf_counter() - clock)
            times[name].work.append(time.process_time() - work)
    return times


def profile(run: Callable[[], Any]) -> None:
    """The functions that take the time of one run."""
    run()
    profiler = cProfile.Profile()
    profiler.runcall(run)
    profiler.print_stats("tottime")


if __name__ == "__main__":
    main()
