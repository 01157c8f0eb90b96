"""A patient: every fact of the guideline with its value, or with the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.facts.case import Case, Reason
from myorx.facts.faults import Fault
from myorx.guideline.texts import Basis, Text
from myorx.language.values import Days, Value

Origin: TypeAlias = OneOf["given", "inferred", "derived", "absent_no", "not_given"]
"""Where a value comes from. ``absent_no``: the fact declares that silence means no."""


class FactState(msgspec.Struct, frozen=True):
    """One fact as it stands for this patient.

    ``value`` is in the fact's own unit; it may be an interval. Where it is None, ``reason`` says
    why, unless the fact cannot have one ("last date" of something never taken). ``given`` is what
    was typed, kept also where the value is stale, refused, or was inferred in spite of it.
    """

    value: Value
    reason: Reason | None
    origin: Origin
    given: str | None = None
    on: Days | None = None
    method: str | None = None
    says: Text | None = None
    """The inference in words, where inferred."""
    basis: Basis | None = None
    """Of the inference."""
    cites: tuple[str, ...] = ()


class Patient(msgspec.Struct, frozen=True):
    """A case read against a guideline: all its facts, converted, inferred and derived."""

    case: Case
    facts: Mapping[str, FactState]
    """By fact id, in the order of the guideline; every fact of it is here."""
    refused: tuple[Fault, ...] = ()
    """Imports only: what was wrong, and is therefore unknown."""

    @property
    def as_of(self) -> date:
        """The date of the case."""
        return self.case.as_of
