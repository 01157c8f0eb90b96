"""No definition, inference or derivation leads back to itself."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.check.graph import cycles, dependencies
from myorx.guideline.faults import Problem
from myorx.guideline.positions import Place


def check(context: Context) -> Iterator[Problem]:
    """One problem for each circle."""
    for loop in cycles(dependencies(context.guideline)):
        last = loop[-1]
        kind = "definition" if last in context.guideline.definitions else "fact"
        yield context.problem(
            "cycle",
            Place(kind, last),
            f"{last} depends on itself: {' → '.join((last, *loop))}",
            allowed="definitions and inferences without circles",
            remedy="take one of these names out of the next one's expression",
        )
