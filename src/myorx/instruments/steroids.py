"""Equivalent doses of systemic glucocorticoids, in milligrams of prednisone.

For oral and ordinary parenteral doses only. A pulse (hundreds of milligrams into a vein for a few
days) has no meaningful equivalent: do not convert it, say that it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache

import msgspec

from myorx.instruments.data import finite, rounded, table
from myorx.instruments.errors import InstrumentError

DIGITS = 8
"""Places to which an equivalent dose is rounded, half-up."""


class Steroid(msgspec.Struct, frozen=True):
    """One row of the table: ``mg`` (low, high end) do what 5 mg of prednisone do."""

    id: str
    mg: tuple[Decimal, Decimal]
    source: str
    verified: bool
    approximate: bool = False
    note: dict[str, str] = {}
    """Remark by language (``zh``, ``en``)."""


class Equivalent(msgspec.Struct, frozen=True):
    """A dose in mg of prednisone. ``low`` and ``high`` differ where the tables do."""

    low: Decimal
    high: Decimal
    steroid: Steroid

    @property
    def exact(self) -> Decimal | None:
        """The one figure, or None where the tables differ."""
        return self.low if self.low == self.high else None


class _Table(msgspec.Struct, frozen=True):
    prednisone_mg: Decimal
    sources: dict[str, str]
    steroids: tuple[Steroid, ...]


@cache
def _table() -> _Table:
    return table("steroids.json", _Table)


@cache
def steroids() -> Mapping[str, Steroid]:
    """Every steroid of the table by id, with the source written out."""
    sources = _table().sources
    return {
        row.id: msgspec.structs.replace(row, source=sources[row.source])
        for row in _table().steroids
    }


def equivalent(steroid: str, dose_mg: Decimal) -> Equivalent:
    """What ``dose_mg`` (mg, or mg per day) of ``steroid`` is in prednisone, rounded to 8 places.

    Raises InstrumentError for a steroid that is not in the table, or a dose that is negative or not
    a finite number.
    """
    least, most = ratio(steroid)
    dose = Fraction(finite(f"the dose of {steroid}", dose_mg))
    return Equivalent(_decimal(dose * least), _decimal(dose * most), steroids()[steroid])


def ratio(steroid: str) -> tuple[Fraction, Fraction]:
    """The mg of prednisone for one mg of ``steroid``, exactly: low and high end.

    Raises InstrumentError for a steroid that is not in the table.
    """
    row = steroids().get(steroid)
    if row is None:
        raise InstrumentError(
            f"'{steroid}' is not in the steroid table; allowed: {', '.join(steroids())}"
        )
    prednisone = Fraction(_table().prednisone_mg)
    return prednisone / Fraction(row.mg[1]), prednisone / Fraction(row.mg[0])


def _decimal(number: Fraction) -> Decimal:
    """Half-up to 8 places, computed on whole numbers so that no digit is lost on the way."""
    units = (2 * number.numerator * 10**DIGITS + number.denominator) // (2 * number.denominator)
    return rounded(Decimal(units).scaleb(-DIGITS), DIGITS)
