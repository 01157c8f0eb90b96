"""Two guidelines in, everything that differs out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from myorx.guideline.models import Guideline
from myorx.plan.assemble import Planner
from myorx.plan.diff.knowledge import changed_items
from myorx.plan.diff.model import SCHEMA, GuidelineDiff, Version
from myorx.plan.diff.results import Run, Vignettes, result, runs


def _as_it_is(cases: Sequence[Run]) -> Iterable[Run]:
    return cases


def diff(
    a: Guideline,
    b: Guideline,
    vignettes_of_a: Vignettes = None,
    vignettes_of_b: Vignettes = None,
    watch: Callable[[Sequence[Run]], Iterable[Run]] = _as_it_is,
) -> GuidelineDiff:
    """What B changes of A, and the cases that come out otherwise.

    ``watch`` is handed the cases to run and hands them on one by one: a place to show progress.
    """
    cases = tuple(runs(vignettes_of_a, vignettes_of_b))
    under_a, under_b = Planner(a), Planner(b)
    results = (result(run, under_a, under_b) for run in watch(cases))
    return GuidelineDiff(
        schema=SCHEMA,
        a=_version(a, vignettes_of_a),
        b=_version(b, vignettes_of_b),
        items=tuple(changed_items(a, b)),
        cases=len(cases),
        vignettes=tuple(change for change in results if change is not None),
    )


def _version(guideline: Guideline, vignettes: Vignettes) -> Version:
    manifest = guideline.manifest
    return Version(
        guideline=manifest.id,
        version=manifest.version,
        date=manifest.date,
        source_hash=guideline.source_hash,
        vignettes=None if vignettes is None else len(vignettes),
    )
