"""What a plan can say of a patient, as formulas over the guideline's expressions.

A ``Choice`` maps every value that something can take to the formula for it: for every patient
exactly one of them holds. Values are those of ``myorx.plan.model``; ``absent`` and ``not_judged``
stand for what a plan leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias, TypeVar

from myorx.guideline.models import Argument, Level, Severity
from myorx.language.syntax import Expression, Name
from myorx.plan.formulas.formula import Formula, either
from myorx.plan.formulas.truth import Truth
from myorx.plan.model import (
    AdviceStatus,
    DecisionStatus,
    Indication,
    Safety,
    Status,
    Verdict,
)

Value = TypeVar("Value")
Choice: TypeAlias = Mapping[Value, Formula]
Absent: TypeAlias = OneOf["absent"]
NotJudged: TypeAlias = OneOf["not_judged"]
Nothing: TypeAlias = OneOf["none"]

TAKEN, ORDERED = "taken:", "ordered:"
"""Before a drug's id: the names of the Booleans "is taken" and "is ordered" in formulas. They are
always known, and no fact of a guideline has a colon in its name."""


def taken(drug: str) -> Expression:
    """Whether a drug is, or may be, taken on the day of the plan."""
    return Name(TAKEN + drug)


def ordered(drug: str) -> Expression:
    """Whether a drug is ordered."""
    return Name(ORDERED + drug)


class Weighed(NamedTuple):
    """One argument or hazard with when it is true and when false: for asking which of them fires,
    and which unknown one blocks."""

    argument: Argument
    holds: Truth
    drug: str | None = None
    """Whose hazard it is; None for an argument of a candidate or advice itself."""


class PartStanding(NamedTuple):
    """One part of a candidate or advice."""

    id: str
    """Drug or class id."""
    exclude: Truth
    against: Truth
    uncovered: Truth
    safety: Choice[Safety]
    opposed: Formula
    """Something known speaks against it: against the drug; of a class, against each member."""
    drugs: tuple[str, ...]
    """The drugs it stands for: itself, or the members of its class."""
    is_class: bool = False
    members: tuple[PartStanding, ...] = ()


class CandidateStanding(NamedTuple):
    """One candidate. The choices hold ``not_judged`` where its decision is neither live nor open;
    the truths stand whatever becomes of the decision."""

    id: str
    status: Choice[Status | NotJudged]
    indication: Choice[Indication | NotJudged]
    safety: Choice[Safety | NotJudged]
    level: Choice[Level | Nothing]
    """``none`` where the plan gives no level."""
    provisional: Formula
    reserved: Formula
    favour: Truth
    against: Truth
    exclude: Truth
    uncovered: Truth
    requires: Truth
    parts: tuple[PartStanding, ...]
    arguments: tuple[Weighed, ...]


class YieldStanding(NamedTuple):
    """That a decision leaves the answer to another one; at most one of its yields holds."""

    decision: str
    holds: Formula


class DecisionStanding(NamedTuple):
    """One decision."""

    id: str
    status: Choice[DecisionStatus | Absent]
    applies: Truth
    yields: tuple[YieldStanding, ...]
    none_left: Formula
    """It is live and no candidate is left that could be offered; the plan says so."""
    candidates: Mapping[str, CandidateStanding]
    gaps: Mapping[str, Truth]
    """Shown, with their value, where the decision is live or open and they are not false."""


class DrugStanding(NamedTuple):
    """One drug, whoever offers it."""

    id: str
    verdict: Choice[Verdict]
    severity: Choice[Severity | Nothing]
    provisional: Formula
    exclude: Truth
    against: Truth
    caution: Truth
    uncovered: Truth
    hazards: tuple[Weighed, ...]
    real: Formula
    """Taken or ordered."""
    offered: Formula
    """A live candidate with anything for it, or an advice, has it as a part."""
    alert: Formula
    """The plan raises the alert ``drug:id``."""

    @property
    def shown(self) -> Formula:
        """The plan gives a verdict on it."""
        return either(self.real, self.offered)


class AdviceStanding(NamedTuple):
    """One advice."""

    id: str
    status: Choice[AdviceStatus | Absent]
    applies: Truth
    exclude: Truth
    against: Truth
    uncovered: Truth
    parts: tuple[PartStanding, ...]
    arguments: tuple[Weighed, ...]


class AlertStanding(NamedTuple):
    """One alert that the guideline states."""

    id: str
    status: Choice[OneOf["raised", "possible", "absent"]]
    holds: Truth


class Standing(NamedTuple):
    """Everything, by id, in the order of the guideline."""

    scope: Truth
    """False: the patient is outside the guideline."""
    topics: Mapping[str, Truth]
    definitions: Mapping[str, Truth]
    decisions: Mapping[str, DecisionStanding]
    drugs: Mapping[str, DrugStanding]
    advice: Mapping[str, AdviceStanding]
    alerts: Mapping[str, AlertStanding]
