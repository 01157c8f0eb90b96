"""Small faults put into the guideline, one at a time: what notices each of them?

    .venv/bin/python tools/mutate.py                     # all; exit code 1: one survives unlisted
    .venv/bin/python tools/mutate.py --sample 100        # some, always the same ones
    .venv/bin/python tools/mutate.py 'drug methotrexate' # those whose name holds these words
    .venv/bin/python tools/mutate.py --pin               # vignettes for the survivors: pins.yaml
    .venv/bin/python tools/mutate.py --theorems          # survivors meet the theorems too (hours)
    .venv/bin/python tools/mutate.py --write             # all; and write down what came of it

Each mutant meets the vignettes, up to the first that fails, then `myorx check`; then the solver is
asked whether it is the same guideline for every patient. tools/killers.json remembers the vignette
that killed a mutant last: it is tried first, and where it has become wrong that only costs time.
Those that mutants.yaml lists, with the reason, may survive; an entry there that no longer survives,
or no longer exists, is named so that it can be taken out. `--write` writes tools/killers.json, and
the figures in docs/proofs.md.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import multiprocessing
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import groupby
from random import Random
from typing import Any, NamedTuple

from marked import ROOT, between
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from myorx.guideline.check import check
from myorx.guideline.load import GUIDELINES, load_with_positions
from myorx.guideline.models import Guideline
from myorx.guideline.mutants import load_excused
from myorx.guideline.positions import Positions
from myorx.guideline.theorems import Theorem, load_theorems
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan.mutation.hunt import Hunter
from myorx.plan.mutation.mutants import Mutant, mutants
from myorx.plan.mutation.pins import Pin, Pinner
from myorx.plan.mutation.telling import merged
from myorx.proof.same import Sameness

FOLDER = GUIDELINES / "aim"
KILLERS = ROOT / "tools" / "killers.json"
FIGURES = ROOT / "docs" / "proofs.md"
START, END = "<!-- mutants:start -->", "<!-- mutants:end -->"
PINS = FOLDER / "vignettes" / "pins.yaml"
PROVED = ("stated", "classification")
HEAD = """\
# Rules held in place, written by `tools/mutate.py --pin`: one expectation for each small fault that
# no vignette written by hand notices. What stands here is what the guideline says, not a sign that
# it is right. Where a rule is changed on purpose, delete what fails and let it be written again.
"""


class Verdict(NamedTuple):
    """What kills a mutant, or shows that it is none (``by``: a kind, and which one), or a pin that
    would kill it."""

    number: int
    by: tuple[str, str] | None
    pin: Pin | None


class Court:
    """Everything a mutant meets; made once, before the processes part."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.guideline, self.positions = load_with_positions(FOLDER)
        self.vignettes: tuple[Vignette, ...] = load_vignettes(FOLDER)[0]
        self.theorems: tuple[Theorem, ...] = load_theorems(FOLDER)[0]
        self.hunter = Hunter(self.guideline, self.vignettes)
        self.mutants = _chosen(self.guideline, options)
        self.options = options
        self._hints = _remembered()
        self._sameness: Sameness | None = None

    def judge(self, number: int) -> Verdict:
        """One mutant."""
        mutant = self.mutants[number]
        vignette = self.hunter.kill(mutant, self._hints.get(_brief(mutant.id)))
        if vignette is not None:
            return Verdict(number, ("vignette", vignette), None)
        if self.options.pin:
            return Verdict(number, None, Pinner(self.hunter).pin(mutant))
        code = _checked(mutant.make(), self.positions)
        if code is not None:
            return Verdict(number, ("check", code), None)
        if self._sameness is None:
            self._sameness = Sameness(self.guideline)
        why = self._sameness.why(mutant)
        if why is not None:
            return Verdict(number, ("same", why), None)
        if self.options.theorems:
            theorem = _refuted(mutant.make(), self.theorems)
            if theorem is not None:
                return Verdict(number, ("theorem", theorem), None)
        return Verdict(number, None, None)


def _brief(name: str) -> str:
    """A mutant's name in the table of killers."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _remembered() -> Mapping[str, str]:
    """Mutant -> the vignette that killed it when it was last written down."""
    if not KILLERS.is_file():
        return {}
    found: Mapping[str, str] = json.loads(KILLERS.read_text(encoding="utf-8"))
    return {brief: vignette for vignette, briefs in found.items() for brief in briefs.split()}


def _chosen(guideline: Guideline, options: argparse.Namespace) -> tuple[Mutant, ...]:
    found = [
        mutant
        for mutant in mutants(guideline)
        if not options.words or any(word in mutant.id for word in options.words)
    ]
    if options.sample is not None and options.sample < len(found):
        found = Random(options.seed).sample(found, options.sample)  # noqa: S311 - no secret
    return tuple(found)


def _checked(guideline: Guideline, positions: Positions) -> str | None:
    return next((problem.code for problem in check(guideline, positions)), None)


def _refuted(guideline: Guideline, theorems: tuple[Theorem, ...]) -> str | None:
    from myorx.proof.prove import Prover

    results = Prover(guideline, theorems).results(PROVED)
    return next((result.id for result in results if result.outcome == "fails"), None)


# -- many at once ------------------------------------------------------------------------------

_COURT: Court


def _judge(number: int) -> Verdict:
    return _COURT.judge(number)


def _verdicts(court: Court) -> Iterator[Verdict]:
    global _COURT
    _COURT = court
    numbers = range(len(court.mutants))
    gc.freeze()  # the processes share what is there already
    with multiprocessing.get_context("fork").Pool(court.options.jobs) as pool:
        yield from pool.imap_unordered(_judge, numbers, chunksize=4)


def _progress(done: int, of: int, alive: int, began: float) -> None:
    if sys.stderr.isatty() or done % 200 == 0 or done == of:
        seconds = time.perf_counter() - began
        end = "\r" if sys.stderr.isatty() and done < of else "\n"
        line = f"{done} of {of} mutants, {alive} alive, {seconds:.0f} s"
        print(line, end=end, file=sys.stderr, flush=True)


# -- what comes of it --------------------------------------------------------------------------


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("words", nargs="*")
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--theorems", action="store_true")
    options.add_argument("--pin", action="store_true")
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    court = Court(asked)
    verdicts: list[Verdict] = []
    began = time.perf_counter()
    for verdict in _verdicts(court):
        verdicts.append(verdict)
        survived = sum(one.by is None for one in verdicts)
        _progress(len(verdicts), len(court.mutants), survived, began)
    verdicts.sort()
    alive = [verdict for verdict in verdicts if verdict.by is None]
    if asked.write:
        _write_down(court, verdicts)
    if asked.pin:
        _write_pins([verdict.pin for verdict in alive if verdict.pin is not None])
        alive = [verdict for verdict in alive if verdict.pin is None]
        print(f"{PINS.name} written; no pin was found for:")
    sys.exit(_report(court, verdicts, [court.mutants[one.number].id for one in alive]))


def _report(court: Court, verdicts: list[Verdict], alive: list[str]) -> int:
    excused = {name: entry.id for entry in load_excused(FOLDER)[0] for name in entry.mutants}
    unexcused = [name for name in alive if name not in excused]
    for name in unexcused:
        print(f"ALIVE  {name}")
    whole = not court.options.words and court.options.sample is None
    needless = sorted(set(excused) - set(alive)) if whole and not court.options.pin else []
    for name in needless:
        print(f"LISTED, but killed or gone  {name}")
    killers = Counter(one.by[0] for one in verdicts if one.by is not None)
    same = killers.pop("same", 0)
    by = ", ".join(f"{count} by {kind}s" for kind, count in sorted(killers.items()))
    print(
        f"{len(court.mutants)} mutants: {by or 'none killed'}; {same} shown to be the same rule, "
        f"{len(alive) - len(unexcused)} alive and listed, {len(unexcused)} alive"
    )
    return 1 if unexcused else 0


def _write_down(court: Court, verdicts: list[Verdict]) -> None:
    """Remember who killed whom, and put the figures into the document."""
    by_vignette: dict[str, set[str]] = defaultdict(set)
    hints = dict(_remembered())
    for verdict in verdicts:
        brief = _brief(court.mutants[verdict.number].id)
        hints.pop(brief, None)
        if verdict.by is not None and verdict.by[0] == "vignette":
            hints[brief] = verdict.by[1]
    for brief, vignette in hints.items():
        by_vignette[vignette].add(brief)
    lines = {name: " ".join(sorted(found)) for name, found in sorted(by_vignette.items())}
    KILLERS.write_text(json.dumps(lines, indent=0) + "\n", encoding="utf-8")
    if not court.options.words and court.options.sample is None:
        text = FIGURES.read_text(encoding="utf-8")
        shown = between(text, START, END, _figures(court, verdicts))
        FIGURES.write_text(shown, encoding="utf-8")


def _figures(court: Court, verdicts: list[Verdict]) -> str:
    """A table: for each kind of object how many mutants, and what became of them."""
    columns = ("vignette", "check", "theorem", "same", "alive")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        kind = court.mutants[verdict.number].kind
        found[kind]["alive" if verdict.by is None else verdict.by[0]] += 1
    found["all"] = sum(found.values(), Counter())
    heads = ("of", "mutants", "killed by a vignette", "by `check`", "by a theorem", "same", "alive")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for kind, counts in found.items():
        figures = (sum(counts.values()), *(counts[column] for column in columns))
        lines.append(f"| {kind} | " + " | ".join(f"{figure:,}" for figure in figures) + " |")
    return "\n".join(lines)


# -- pins --------------------------------------------------------------------------------------


def _write_pins(pins: list[Pin]) -> None:
    """Adds to the pins that are there; several of one case become one vignette."""
    yaml = YAML()
    yaml.width = 4096
    yaml.allow_unicode = True
    known = load_vignettes(FOLDER)[0]
    number = sum(1 for one in known if one.id.startswith("pin_"))

    def case_of(pin: Pin) -> tuple[str, str, str]:
        return pin.vignette.id, repr(sorted(pin.changed.items())), repr(pin.refused)

    text = PINS.read_text(encoding="utf-8") if PINS.is_file() else HEAD
    for _, same in groupby(sorted(pins, key=case_of), key=case_of):
        number += 1
        stream = StringIO()
        yaml.dump([_pinned(f"pin_{number:03}", list(same))], stream)
        text += "\n" + stream.getvalue()
    PINS.write_text(text, encoding="utf-8")


def _pinned(id_: str, pins: list[Pin]) -> Mapping[str, Any]:
    first = pins[0]
    base, changed = first.vignette, first.changed
    with_ = ", ".join(f"{name}: {_shown(value)}" for name, value in changed.items())
    zh = f"{base.title.zh}（{with_}）" if with_ else f"{base.title.zh}（其余结果）"
    en = f"{base.title.en} ({with_})" if with_ else f"{base.title.en} (the rest of it)"
    expect: Mapping[str, Any] = {"refused": list(first.refused)}
    if not first.refused:
        expect = merged(pin.item for pin in pins if pin.item is not None)
    return {
        "id": id_,
        "title": {"zh": DoubleQuotedScalarString(zh), "en": DoubleQuotedScalarString(en)},
        "source": "boundary",
        "as_of": base.as_of,
        "case": _flow({**base.case, **changed}),
        "expect": _quoted(expect),
    }


def _shown(value: Any) -> str:
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _flow(case: Mapping[str, Any]) -> Any:
    from ruamel.yaml.comments import CommentedMap

    flow = CommentedMap(case)
    flow.fa.set_flow_style()
    return flow


def _quoted(value: Any) -> Any:
    """Words that YAML might take for something else stand in quotes."""
    if isinstance(value, Mapping):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_quoted(part) for part in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


if __name__ == "__main__":
    main()
