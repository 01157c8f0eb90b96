"""Statements: what is left out is left out for a stated reason; what is later carries nothing."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Statement


def check(context: Context) -> Iterator[Problem]:
    """An untranslatable statement says why."""
    for place, statement in context.all(Statement):
        if statement.status == "untranslatable" and statement.why is None:
            yield context.problem(
                "no-reason",
                place.key("status"),
                f"{statement.id} is untranslatable, but why?",
                allowed="why: {zh, en} for what is not encoded",
                remedy="add why",
            )
