"""``check``: everything that is wrong with a guideline, at once, each with its place and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from myorx.guideline.check import (
    absence,
    anchors,
    citations,
    cycles,
    decisions,
    disputes,
    doses,
    expressions,
    facts,
    hazards,
    ids,
    instruments,
    names,
    spellings,
    statements,
    strengths,
    texts,
    timing,
    units,
    unused,
)
from myorx.guideline.check.context import Check, Context
from myorx.guideline.check.mappings import check_mappings
from myorx.guideline.check.theorems import check_theorems
from myorx.guideline.check.vignettes import check_vignettes
from myorx.guideline.faults import GuidelineError, Problem
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Positions

__all__ = ["CHECKS", "check", "check_folder", "check_sound", "check_theorems", "check_vignettes"]


class _Entry(NamedTuple):
    """One check. ``sound``: no engine can run a guideline that fails it. ``local``: it looks at one
    object at a time, so it can be trusted where other objects could not be read."""

    run: Check
    sound: bool = False
    local: bool = False


CHECKS: tuple[_Entry, ...] = (
    _Entry(ids.check, sound=True),
    _Entry(names.check, sound=True),
    _Entry(expressions.check, sound=True),
    _Entry(cycles.check, sound=True),
    _Entry(facts.check, sound=True),
    _Entry(instruments.check, sound=True),
    _Entry(doses.check, sound=True),
    _Entry(timing.check, sound=True),
    _Entry(texts.check, local=True),
    _Entry(statements.check, local=True),
    _Entry(disputes.check),
    _Entry(citations.check),
    _Entry(strengths.check),
    _Entry(hazards.check),
    _Entry(absence.check),
    _Entry(decisions.check),
    _Entry(spellings.check),
    _Entry(unused.check),
    _Entry(units.check),
    _Entry(anchors.check, local=True),
)


def check(
    guideline: Guideline, positions: Positions, *, paper: Path | None = None
) -> tuple[Problem, ...]:
    """Everything that is wrong, sorted by place. ``paper`` is the text of the source, where it is
    at hand: then the anchors of all statements are looked up in it."""
    return _run(CHECKS, Context(guideline, positions, paper))


def check_sound(guideline: Guideline, positions: Positions) -> tuple[Problem, ...]:
    """Only what keeps the engines from running it: names, ids, types, units, circles."""
    return _run((entry for entry in CHECKS if entry.sound), Context(guideline, positions, None))


def check_folder(folder: Path | str, *, paper: Path | None = None) -> tuple[Problem, ...]:
    """Read a guideline folder, its vignettes, theorems and mappings and check everything; never
    raises GuidelineError.

    Where some objects cannot be read, the others are checked one by one: what is said about them
    does not depend on what is missing.
    """
    from myorx.guideline.sources import (
        read_guideline,
        read_mappings,
        read_theorems,
        read_vignettes,
    )

    guideline, positions, problems = read_guideline(Path(folder))
    found = list(problems)
    if guideline is not None:
        entries = CHECKS if not problems else tuple(entry for entry in CHECKS if entry.local)
        found += _run(entries, Context(guideline, positions, paper))
    try:
        vignettes, places = read_vignettes(Path(folder))
    except GuidelineError as error:
        found += error.problems
    else:
        if guideline is not None and not problems:
            found += check_vignettes(vignettes, guideline, places)
    try:
        mappings, places = read_mappings(Path(folder))
    except GuidelineError as error:
        found += error.problems
    else:
        if guideline is not None and not problems:
            found += check_mappings(mappings, guideline, places)
    try:
        theorems, places = read_theorems(Path(folder))
    except GuidelineError as error:
        found += error.problems
    else:
        if guideline is not None and not problems:
            found += check_theorems(theorems, guideline, places)
    return tuple(sorted(set(found)))


def _run(entries: Iterable[_Entry], context: Context) -> tuple[Problem, ...]:
    return tuple(sorted({problem for entry in entries for problem in entry.run(context)}))
