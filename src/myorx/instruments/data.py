"""Reading the instruments' data files."""

from __future__ import annotations

import pkgutil
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import msgspec

from myorx.instruments.errors import InstrumentError

T = TypeVar("T")


def table(name: str, shape: type[T]) -> T:
    """The data file ``name`` of this package as ``shape``; numbers stay exact decimals."""
    # pkgutil, because importlib.resources is slow to import.
    return msgspec.json.decode(pkgutil.get_data("myorx.instruments", name) or b"", type=shape)


def finite(what: str, number: Decimal) -> Decimal:
    """``number`` when it is a finite number of zero or more, else InstrumentError."""
    if not number.is_finite() or number < 0:
        raise InstrumentError(f"{what} is {number}; allowed: a number of zero or more")
    return number


def rounded(number: Decimal, digits: int) -> Decimal:
    """``number`` rounded half-up to ``digits`` places, without trailing zeros."""
    result = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP).normalize()
    return (
        result if result.as_tuple().exponent in range(-digits, 1) else result.quantize(Decimal(1))
    )
