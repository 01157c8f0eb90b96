"""The engine for cohorts against the planner, on very many random cases, with progress.

    python tools/cohort_property.py [--cases N] [--seed S] [--workers W] [--after N]

Every status of every case must be what the planner says; one that is not ends it with exit code 1
and the case. A run that was stopped goes on with ``--after`` and what it had compared.
"""

from __future__ import annotations

import argparse
import gc
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.cohort.compared import compared

CHUNK = 2000


def chunk(seed: int, count: int) -> list[str]:
    """What differs in one chunk; garbage is collected once, after it."""
    gc.disable()
    try:
        return compared(seed, count)
    finally:
        gc.enable()
        gc.collect()


def main(cases: int, seed: int, workers: int, after: int) -> int:
    """Compare, and say how far it has come."""
    started = perf_counter()
    sizes = [CHUNK] * (cases // CHUNK) + ([cases % CHUNK] if cases % CHUNK else [])
    first = after // CHUNK
    done = first * CHUNK
    with ProcessPoolExecutor(workers) as pool:
        waiting = {
            pool.submit(chunk, seed * 1_000_003 + place, size): size
            for place, size in list(enumerate(sizes))[first:]
        }
        for each in as_completed(waiting):
            wrong = each.result()
            if wrong:
                for other in waiting:
                    other.cancel()
                print("\n\n".join(wrong[:3]))
                return 1
            done += waiting[each]
            if done % (5 * CHUNK) == 0 or done == cases:
                seconds = perf_counter() - started
                print(f"{done:,} of {cases:,} cases agree, {seconds:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--workers", type=int, default=2, metavar="W")
    parser.add_argument("--after", type=int, default=0, metavar="N", help="cases done before")
    given = parser.parse_args()
    sys.exit(main(given.cases, given.seed, given.workers, given.after))
