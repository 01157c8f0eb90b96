"""A claim about every patient, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias
from typing import Literal as OneOf

import msgspec

from myorx.guideline.texts import Text
from myorx.language.syntax import Expression
from myorx.plan.formulas import Formula

Kind: TypeAlias = OneOf[
    "safety",
    "stated",
    "silence",
    "contradiction",
    "classification",
    "alive",
    "monotone",
    "numbers",
]
KINDS: tuple[Kind, ...] = (
    "safety",
    "stated",
    "silence",
    "contradiction",
    "classification",
    "monotone",
    "numbers",
    "alive",
)


class Claim(NamedTuple):
    """``formula`` holds of no patient (``never``), or of some patient (``sometimes``)."""

    id: str
    kind: Kind
    says: Text
    formula: Formula
    expected: OneOf["never", "sometimes"] = "never"
    subjects: tuple[str, ...] = ()
    """What the plan says of these is shown with a counter-example: ``decision/candidate`` …"""


class Monotone(NamedTuple):
    """To learn more never takes back that a condition is known to be false."""

    id: str
    says: Text
    expression: Expression
    kind: Kind = "monotone"
    subjects: tuple[str, ...] = ()


class Example(msgspec.Struct, frozen=True, omit_defaults=True):
    """A patient, as a case that can be read, replayed through the plan."""

    as_of: date
    case: Mapping[str, Any]
    assumed: Mapping[str, str] = {}
    """What of the therapy history could not be written as therapies: fact -> value as printed."""
    reproduced: bool = False
    """The reference engine says the same of this patient."""
    refused: tuple[str, ...] = ()
    """Faults for which the case is refused; then it shows nothing."""
    plan: Mapping[str, str] = {}
    """What the plan says of the subjects."""
    before: Mapping[str, Any] | None = None
    """For a claim about learning more: the same patient while less is known."""


Outcome: TypeAlias = OneOf["holds", "fails", "undecided"]


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a claim."""

    id: str
    kind: Kind
    says: Text
    outcome: Outcome
    milliseconds: int
    example: Example | None = None
    """The counter-example; for a known gap, the patient who shows it."""
    remark: Text | None = None
