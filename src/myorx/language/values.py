"""Values at run time: three-valued Booleans, coded strings, and intervals of numbers and days.

``None`` is unknown. An exact number or day is the special case of an interval with equal ends.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

import msgspec


class Bounds(msgspec.Struct, frozen=True):
    """All numbers from ``low`` to ``high``; an end that is None is unbounded.

    ``>2000`` is ``Bounds(2000, None, low_open=True)``. ``unit`` is a UCUM code for a Quantity and
    None for an Integer or Decimal.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False
    unit: str | None = None

    @property
    def exact(self) -> Decimal | None:
        """The one number this is, or None when it is a proper interval."""
        return self.low if self.low is not None and self.low == self.high else None


class Days(msgspec.Struct, frozen=True):
    """All days from ``earliest`` to ``latest``, both included; an end that is None is unbounded."""

    earliest: date | None
    latest: date | None

    @property
    def exact(self) -> date | None:
        """The one day this is, or None when it is a proper interval."""
        return self.earliest if self.earliest is not None and self.earliest == self.latest else None


Value: TypeAlias = bool | str | Bounds | Days | None
