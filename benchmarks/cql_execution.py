"""The guideline's definitions, on our reference engine and on `cql-execution` (Node), side by side.

    python benchmarks/cql_execution.py [--rounds N]

One run: both engines get the same cases, answer once for comparison, and are then timed in turns, a
round of ours and a round of theirs, so that a busy machine slows both. Prints medians, and the
median of the rounds' ratios. Exits with 1 where an answer differs that may not. More in
`README.md` beside this file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from oracle_export import Shelf, entry, of_guideline

from myorx.guideline.load import load
from myorx.language import Facts, library

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_MODEL = ROOT.parent / "shared" / "modelinfo" / "system-modelinfo.xml"
PEER = Path(__file__).with_suffix(".mjs")
NODE_PACKAGES = ROOT / "conformance" / "node" / "node_modules"

RANDOM_CASES = 141
"""Beside the vignettes: values at and just beside every threshold, unknown three times in ten."""
ROUNDS = 9
"""How often each engine is timed on all cases, after one round to warm up."""


def ours(shelf: Shelf) -> float:
    """Seconds that our engine takes for every definition of every case, each with its trace."""
    start = perf_counter()
    for case in shelf.cases:
        facts = Facts(case, shelf.definitions, shelf.parameters)
        for name in shelf.definitions:
            facts.trace(name)
    return perf_counter() - start


class Peer:
    """The other engine, in a process of its own: one line of JSON for each word sent to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, word: str) -> Any:
        """Its answer to ``check`` (what differs) or ``time`` (seconds for all cases)."""
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise RuntimeError("the peer was started without pipes")
        to.write(f"{word}\n")
        to.flush()
        line = back.readline()
        if not line:
            raise SystemExit("cql-execution: it ended before it answered (its words are above)")
        return json.loads(line)


@contextmanager
def peer(shelf: Shelf) -> Iterator[Peer]:
    """The peer with the exported library translated and the cases read."""
    with tempfile.TemporaryDirectory() as folder:
        text = library(shelf.name, "1", shelf.parameters, shelf.definitions)
        Path(folder, f"{shelf.name}.cql").write_text(text, encoding="utf-8")
        Path(folder, "library.json").write_text(
            json.dumps(entry(shelf), ensure_ascii=False), encoding="utf-8"
        )
        process = subprocess.Popen(
            ["node", str(PEER), str(SYSTEM_MODEL), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        with process:
            yield Peer(process)
            if process.stdin is not None:
                process.stdin.close()


def missing() -> str | None:
    """What the benchmark lacks, and how to get it; None when it can run."""
    if shutil.which("node") is None:
        return "node is missing (on Debian: apt-get install nodejs npm)"
    if not NODE_PACKAGES.is_dir():
        return "its packages are missing: (cd conformance/node && npm ci)"
    if not SYSTEM_MODEL.is_file():
        return (
            f"the model of CQL's own types is missing: {SYSTEM_MODEL.name} in ../shared/modelinfo"
        )
    return None


def main(rounds: int) -> int:
    """Compare, time, print; the exit code."""
    lacks = missing()
    if lacks is not None:
        print(f"cql_execution: {lacks}", file=sys.stderr)
        return 2
    shelf = of_guideline(load(), RANDOM_CASES)
    cases, definitions = len(shelf.cases), len(shelf.definitions)
    print(f"{definitions} definitions of {shelf.name}, {cases} cases")
    with peer(shelf) as other:
        checked = other.ask("check")
        print(
            "values: {same} the same, {excused} differ where it counts in doubles, "
            "{skipped} not comparable, {wrong} wrong".format_map(checked)
        )
        for line in checked["shown"]:
            print(f"  {line}")
        other.ask("time"), ours(shelf)  # to warm up
        pairs = [(ours(shelf), float(other.ask("time"))) for _ in range(rounds)]
    mine, theirs = zip(*pairs, strict=True)
    for name, column in (("MyoRx, with traces", mine), ("cql-execution", theirs)):
        usual, best = (seconds / cases * 1e3 for seconds in (median(column), min(column)))
        print(
            f"{name:20}{usual:8.3f} ms a case, {usual / definitions * 1e3:6.2f} us a definition "
            f"(fastest round {best:.3f} ms a case)"
        )
    ratios = sorted(other / our for our, other in pairs)
    print(
        f"ratio: cql-execution takes {median(ratios):.2f} times as long as MyoRx "
        f"(rounds: {ratios[0]:.2f} to {ratios[-1]:.2f}; fastest: {min(theirs) / min(mine):.2f})"
    )
    return 1 if checked["wrong"] else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    sys.exit(main(parser.parse_args().rounds))
