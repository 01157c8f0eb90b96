"""The vignettes of two guidelines, each run under both: whose result differs, and in what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from myorx.facts import CaseError, read_case
from myorx.guideline.vignettes import Vignette
from myorx.plan.assemble import Planner
from myorx.plan.compare import compare
from myorx.plan.diff.model import CaseOf, VignetteChange
from myorx.plan.model import Plan

Vignettes: TypeAlias = Sequence[Vignette] | None
"""The vignettes of one guideline; None where they are not at hand."""


class Run(NamedTuple):
    """A vignette to be run under both guidelines, and whose case it is."""

    vignette: Vignette
    case_of: CaseOf


def runs(a: Vignettes, b: Vignettes) -> Iterator[Run]:
    """Every case of either side, one that both have only once; in the order of B, then of A."""
    earlier = {vignette.id: vignette for vignette in a or ()}
    for vignette in b or ():
        before = earlier.pop(vignette.id, None)
        if before is not None and _case(before) == _case(vignette):
            yield Run(vignette, "both")
            continue
        yield Run(vignette, "b")
        if before is not None:
            yield Run(before, "a")
    yield from (Run(vignette, "a") for vignette in earlier.values())


def _case(vignette: Vignette) -> object:
    return vignette.as_of, vignette.case


def result(run: Run, a: Planner, b: Planner) -> VignetteChange | None:
    """What differs in one case; None where nothing does."""
    vignette = run.vignette
    before, after = _plan(a, vignette), _plan(b, vignette)
    if isinstance(before, Plan) and isinstance(after, Plan):
        changes = compare(before, after).changes
        if not changes:
            return None
        return VignetteChange(vignette.id, vignette.title, run.case_of, changes)
    refused = [() if isinstance(came, Plan) else came for came in (before, after)]
    if refused[0] == refused[1]:
        return None
    return VignetteChange(
        vignette.id,
        vignette.title,
        run.case_of,
        refused_before=refused[0],
        refused_after=refused[1],
    )


def _plan(planner: Planner, vignette: Vignette) -> Plan | tuple[str, ...]:
    """The plan, or the codes of all faults for which the case is refused."""
    try:
        return planner.plan(read_case(vignette.case, planner.guideline, as_of=vignette.as_of))
    except CaseError as error:
        return tuple(sorted({fault.code for fault in error.faults}))
