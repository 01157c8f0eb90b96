"""All vignettes of a guideline watched: which marks are earned, by whom, and which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from myorx.facts import CaseError, read_case
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Vignette
from myorx.language.syntax import Expression
from myorx.plan.assemble import Planner
from myorx.plan.exercise.marks import Mark, required
from myorx.plan.exercise.thresholds import thresholds
from myorx.plan.exercise.watch import refused, watched


class Exercise(NamedTuple):
    """What is asked of the vignettes, and the first of them that does it; None: none does."""

    earned: Mapping[Mark, str | None]

    @property
    def missing(self) -> tuple[Mark, ...]:
        """The marks that no vignette earns."""
        return tuple(mark for mark, vignette in self.earned.items() if vignette is None)


def exercise(guideline: Guideline, vignettes: Iterable[Vignette]) -> Exercise:
    """Plan every vignette and see what it exercises. Expectations are read here, not tested."""
    earned: dict[Mark, str | None] = dict.fromkeys(required(guideline))
    planner, limits = Planner(guideline), thresholds(guideline)
    for vignette in vignettes:
        for mark in _marks(planner, vignette, limits):
            if earned.get(mark, "") is None:
                earned[mark] = vignette.id
    return Exercise(earned)


def _marks(
    planner: Planner, vignette: Vignette, limits: Mapping[str, Expression]
) -> Iterator[Mark]:
    expect = vignette.expect
    try:
        patient = read_case(vignette.case, planner.guideline, as_of=vignette.as_of)
    except CaseError as error:
        codes = {fault.code for fault in error.faults}
        return refused(codes.intersection(expect.refused), planner.guideline)
    return watched(planner.situation(patient), planner.plan(patient), expect, limits)
