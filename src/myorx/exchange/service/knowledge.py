"""What every answer needs: the guideline, made ready once, and the codes of other systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from myorx.exchange.codes import Codes
from myorx.guideline.models import Guideline
from myorx.plan.assemble import Planner, planner

Place: TypeAlias = Callable[[str, str], str | None]
"""(statement, language) -> the path at which it can be read, or None."""


def nowhere(statement: str, lang: str) -> None:  # noqa: ARG001
    """The place of every statement where no document is served."""
    return


class Knowledge:
    """One guideline, ready to be asked."""

    def __init__(self, guideline: Guideline, codes: Codes, place: Place = nowhere) -> None:
        self.guideline = guideline
        self.codes = codes
        self.place = place
        self.planner: Planner = planner(guideline)
        """One for all requests."""
