"""How long one plan takes: warm with its full trace, and cold as the command `myorx plan`.

    python benchmarks/plan_bench.py [--rounds N] [--new N] [--cold N] [CASE]

CASE is a file with one case; without it, the guideline's published vignettes are used, each one.
Every round plans all cases in turn, so that no case finds the memory of itself fresh. A planner
remembers judgements by what they rest on: so the published cases are also planned as new patients,
each once by a planner that has planned the other vignettes (``--new`` such planners). Times are
medians; the fastest run stands beside them, since a busy machine only ever adds. CPU time is what
the process itself used, wall time what a clock on the wall shows.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import Planner, assemble, encode

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "mda5-rp-ild.yaml"
KINDS = ("boundary", "reading")
"""Sources of vignettes that are no published reports."""


class Time(NamedTuple):
    """Milliseconds of one run."""

    wall: float
    cpu: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("case", nargs="?", type=Path, help="a case file")
    parser.add_argument("--rounds", type=int, default=60, help="plans per case (default 60)")
    parser.add_argument("--new", type=int, default=3, help="planners new to them (default 3)")
    parser.add_argument("--cold", type=int, default=15, help="starts of the command (default 15)")
    options = parser.parse_args()

    guideline = load("aim")
    planner = Planner(guideline)
    cases = _one(options.case, guideline) if options.case else _published(guideline)
    print(f"{len(cases)} cases, {options.rounds} rounds; milliseconds: median (fastest)")
    times = _rounds(planner.plan, cases, options.rounds)
    for name, patient in cases.items():
        plan = planner.plan(patient)
        size = len(encode(plan)) // 1024
        print(f"  {name:48} {_shown(times[name])}  {len(plan.needs):3} needs, {size:4} kB")
    print(f"one plan, warm, full trace, median case:   {_median_case(times)}")
    needs = {id(patient): planner.plan(patient).needs for patient in cases.values()}
    with patch.object(assemble, "rank_needs", lambda situation, *_: needs[id(situation.patient)]):
        bare = _rounds(planner.plan, cases, options.rounds)
    print(f"the same, its needs ranked beforehand:     {_median_case(bare)}")
    if options.new and not options.case:
        new = _as_new(guideline, cases, options.new)
        print(f"patients whom the planner has not met:     {_median_case(new)}")
    if options.cold:
        file = options.case or EXAMPLE
        _start(file)
        print(
            f"`myorx plan {file.name}`, cold: {_shown([_start(file) for _ in range(options.cold)])}"
        )


def _published(guideline: Guideline, *, published: bool = True) -> dict[str, Patient]:
    """The published cases; or all other vignettes."""
    vignettes, _ = load_vignettes(GUIDELINES / guideline.manifest.id)
    found = {}
    for vignette in vignettes:
        if (vignette.source not in KINDS) is published:
            try:
                patient = read_case(vignette.case, guideline, as_of=vignette.as_of)
            except CaseError:
                continue
            found[vignette.id] = patient
    return found


def _as_new(
    guideline: Guideline, cases: Mapping[str, Patient], planners: int
) -> dict[str, list[Time]]:
    """The times of each case, planned once by each of several planners that know only others."""
    others = _published(guideline, published=False).values()
    found: dict[str, list[Time]] = {name: [] for name in cases}
    for _ in range(planners):
        planner = Planner(guideline)
        for patient in others:
            planner.plan(patient)
        for name, patient in cases.items():
            found[name].append(_timed(planner.plan, patient))
    return found


def _one(file: Path, guideline: Guideline) -> dict[str, Patient]:
    return {file.stem: read_case(file.read_bytes(), guideline)}


def _rounds(
    plan: Callable[[Patient], Any], cases: Mapping[str, Patient], rounds: int
) -> dict[str, list[Time]]:
    """The times of each case, one round before them left out."""
    found: dict[str, list[Time]] = {name: [] for name in cases}
    for each in range(rounds + 1):
        for name, patient in cases.items():
            took = _timed(plan, patient)
            if each:
                found[name].append(took)
    return found


def _timed(plan: Callable[[Patient], Any], patient: Patient) -> Time:
    wall, cpu = time.perf_counter(), time.process_time()
    plan(patient)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Time(wall * 1000, cpu * 1000)


def _shown(times: list[Time]) -> str:
    return "; ".join(
        f"{what} {statistics.median(column):.2f} ({min(column):.2f})"
        for what, column in zip(Time._fields, zip(*times, strict=True), strict=True)
    )


def _median_case(times: Mapping[str, list[Time]]) -> str:
    """The median over the cases of what ``_shown`` says of each."""
    return "; ".join(
        f"{what} {statistics.median(map(statistics.median, columns)):.2f} "
        f"({statistics.median(map(min, columns)):.2f})"
        for what, columns in (
            (what, [[getattr(one, what) for one in each] for each in times.values()])
            for what in Time._fields
        )
    )


def _start(file: Path) -> Time:
    command = [sys.executable, "-m", "myorx.cli", "plan", str(file)]
    # As installed: with bytecode, which the first start writes unless the environment forbids it.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    wall = time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Time(wall * 1000, cpu * 1000)


if __name__ == "__main__":
    main()
