"""A guideline with its formulas, for the modules that make claims of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from myorx.guideline.hazards import members
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Condition, Text
from myorx.language.syntax import BooleanLiteral
from myorx.plan.formulas import (
    AdviceStanding,
    CandidateStanding,
    Formula,
    Standing,
    any_of,
    standing,
)
from myorx.plan.wording import Wording

OFFERED = ("recommended", "option", "contested", "undetermined")
CHOSEN = ("recommended", "option")


class Subject:
    """What the claims are about."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.standing: Standing = standing(guideline)
        self.wording = Wording(guideline)
        self.members = members(guideline)

    @cached_property
    def candidates(self) -> tuple[tuple[str, CandidateStanding], ...]:
        """Every candidate as ``decision/candidate``."""
        return tuple(
            (f"{decision.id}/{candidate.id}", candidate)
            for decision in self.standing.decisions.values()
            for candidate in decision.candidates.values()
        )

    def with_part(self, part: str) -> Iterator[tuple[str, CandidateStanding]]:
        """The candidates with a drug, or a class, as a part of their own."""
        for name, candidate in self.candidates:
            if any(each.id == part for each in candidate.parts):
                yield name, candidate

    def advice_with(self, part: str) -> Iterator[AdviceStanding]:
        """The advice with a drug, or a class, as a part of its own."""
        for item in self.standing.advice.values():
            if any(each.id == part for each in item.parts):
                yield item

    def name(self, candidate: str) -> Text:
        """The names of ``decision/candidate``."""
        decision, _, id_ = candidate.partition("/")
        for each in self.guideline.decisions[decision].candidates:
            if each.id == id_:
                return each.names
        raise KeyError(candidate)

    def condition(self, condition: Condition) -> Text:
        """A condition in words."""
        return self.wording.words(condition.expression).says


def status_in(candidate: CandidateStanding, statuses: Iterable[str]) -> Formula:
    """That a candidate has one of some statuses."""
    return any_of(candidate.status[status] for status in statuses)  # type: ignore[index]


def is_constant(condition: Condition) -> bool:
    """Whether a condition is written as always true, or never."""
    return isinstance(condition.expression, BooleanLiteral)
