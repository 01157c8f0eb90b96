"""The facts of one patient at one date, as given: nothing converted, inferred or judged yet.

A ``Case`` names facts and drugs by id but rests on no guideline: what a number means (its unit, its
range, its age) is decided when it is resolved against one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.language.values import Bounds, Days

Reason: TypeAlias = OneOf[
    "not_asked", "pending", "not_done", "indeterminate", "stale", "refused", "uncertain"
]
"""Why a fact is unknown. ``refused``: given, but impossible (imports only). ``uncertain``: computed
from a history that leaves it open."""

Comparison: TypeAlias = OneOf["<", "<=", ">", ">="]


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value as given, in canonical form.

    Either ``value`` or ``reason`` is set. ``value`` is ``true`` or ``false``, a code's id, an exact
    number, or a date of any precision (``2026-03``); ``unit`` is a UCUM code as far as it could be
    told. ``on`` is the day the value is of; without it, it is of the case's own date.
    """

    typed: str
    """As it was typed."""
    value: str | None = None
    comparator: Comparison | None = None
    unit: str | None = None
    on: Days | None = None
    method: str | None = None
    reason: Reason | None = None


class Therapy(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the treatment history: one drug at one dose over one stretch of time.

    Taken from ``start`` up to but not including ``stop``, the day of stopping (one started and
    stopped on the same day was taken for that day). ``stop`` None: still taken. Ends of ``start``
    and ``stop`` that are None are unknown.
    """

    drug: str
    """Id of the drug."""
    typed: str
    """The drug as it was typed."""
    start: Days = Days(None, None)
    stop: Days | None = None
    dose: Bounds | None = None
    """With its unit; None: not known."""
    route: str | None = None
    response: str | None = None
    effective: bool | None = None
    """Whether the dose was an effective one, as judged by whoever gave it."""
    pulse: bool | None = None

    @property
    def ongoing(self) -> bool:
        """Known not to have been stopped."""
        return self.stop is None

    @property
    def stop_unknown(self) -> bool:
        """Nothing is known of whether and when it was stopped."""
        return self.stop is not None and self.stop.earliest is None and self.stop.latest is None


class Order(msgspec.Struct, frozen=True):
    """A drug that is ordered or planned now."""

    drug: str
    typed: str


class Case(msgspec.Struct, frozen=True):
    """Everything given about one patient at the date ``as_of``."""

    as_of: date
    facts: Mapping[str, Given] = {}
    """By fact id, in the order given."""
    therapies: tuple[Therapy, ...] | None = None
    """None: nothing was said about therapies at all."""
    therapies_complete: bool | None = None
    """Whether ``therapies`` is the whole history; None: not said."""
    orders: tuple[Order, ...] = ()


def exactly(number: Decimal, unit: str | None = None) -> Bounds:
    """The one number ``number``."""
    return Bounds(number, number, unit=unit)
