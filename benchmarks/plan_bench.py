"""How long one plan takes: warm with its full trace, and cold as the command `myorx plan`.

    python benchmarks/plan_bench.py [--runs N] [--cold N] [CASE]

CASE is a file with one case; without it, the guideline's published vignettes are used, each one.
Times are medians; the fastest run stands beside them, since a busy machine only ever adds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import Planner, encode

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "mda5-rp-ild.yaml"
KINDS = ("boundary", "reading")
"""Sources of vignettes that are no published reports."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("case", nargs="?", type=Path, help="a case file")
    parser.add_argument("--runs", type=int, default=200, help="plans per case (default 200)")
    parser.add_argument("--cold", type=int, default=10, help="starts of the command (default 10)")
    options = parser.parse_args()

    guideline = load("aim")
    planner = Planner(guideline)
    cases = _one(options.case, guideline) if options.case else _published(guideline)
    print(f"{len(cases)} cases, {options.runs} plans each; milliseconds: median (fastest)")
    medians = []
    for name, patient in cases.items():
        times = _times(partial(planner.plan, patient), options.runs)
        plan = planner.plan(patient)
        size = len(encode(plan)) // 1024
        medians.append(statistics.median(times))
        print(f"  {name:56} {_shown(times)}  {len(plan.needs):3} needs, {size:4} kB")
    print(f"one plan, warm, full trace: median of medians {statistics.median(medians):.2f} ms")
    if options.cold:
        file = options.case or EXAMPLE
        times = _times(partial(_start, file), options.cold)
        print(f"`myorx plan {file.name}`, cold start: {_shown(times)}")


def _published(guideline: Guideline) -> dict[str, Patient]:
    vignettes, _ = load_vignettes(GUIDELINES / guideline.manifest.id)
    found = {}
    for vignette in vignettes:
        if vignette.source not in KINDS:
            try:
                patient = read_case(vignette.case, guideline, as_of=vignette.as_of)
            except CaseError:
                continue
            found[vignette.id] = patient
    return found


def _one(file: Path, guideline: Guideline) -> dict[str, Patient]:
    return {file.stem: read_case(file.read_bytes(), guideline)}


def _times(run: Callable[[], Any], runs: int) -> list[float]:
    """Milliseconds of each run, one run before them left out."""
    run()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        found.append((time.perf_counter() - start) * 1000)
    return found


def _shown(times: list[float]) -> str:
    return f"{statistics.median(times):8.2f} ({min(times):.2f}) ms"


def _start(file: Path) -> None:
    command = [sys.executable, "-m", "myorx.cli", "plan", str(file)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
