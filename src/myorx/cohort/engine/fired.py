"""Which arguments fire: every argument of a candidate or an advice, and every hazard of a drug."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from myorx.plan.formulas import Formula, Standing, Weighed


class Firing(NamedTuple):
    """One argument, by what it belongs to and its place there (from 0), and when it is true."""

    name: str
    """``c_<decision>__<candidate>:0``, ``a_<advice>:0`` or ``v_<drug>:0``: as the columns are."""
    formula: Formula


def firings(standing: Standing) -> tuple[Firing, ...]:
    """All of a guideline, in its order."""
    return tuple(_firings(standing))


def _firings(standing: Standing) -> Iterator[Firing]:
    for decision in standing.decisions.values():
        for candidate in decision.candidates.values():
            yield from _of(f"c_{decision.id}__{candidate.id}", candidate.arguments)
    for advice in standing.advice.values():
        yield from _of(f"a_{advice.id}", advice.arguments)
    for drug in standing.drugs.values():
        yield from _of(f"v_{drug.id}", drug.hazards)


def _of(owner: str, arguments: Iterable[Weighed]) -> Iterator[Firing]:
    for place, each in enumerate(arguments):
        yield Firing(f"{owner}:{place}", each.holds.true)
