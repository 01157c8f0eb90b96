"""Random patients by the hundred: unknown, exact, vague, open at an end, and of any size.

A batch comes from a seed, so that an example of a property test stays small: an expression and a
number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from myorx.language import (
    BOOLEAN,
    DATE,
    INTEGER,
    Bounds,
    Days,
    QuantityType,
    StringType,
    Type,
    Value,
)
from tests.language.generate import FIRST_DAY

Patient = Mapping[str, Value]

_SIZES = (0, 0, 0, 3, 6, 9, 12, 15, 19)
"""How many further digits a number has before its point."""
_DAYS = (
    date(1, 1, 1),
    date(1969, 12, 31),
    date(2000, 2, 29),
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(9999, 12, 31),
)


def patients(seed: int, rows: int, types: Mapping[str, Type]) -> list[dict[str, Value]]:
    """``rows`` patients. Each fact of a batch has its own habits, so that columns of every make
    come up: without unknowns, without intervals, of small whole numbers only."""
    dice = Random(seed)  # noqa: S311 - reproducible, no secret
    columns = {name: _column(dice, type_, rows) for name, type_ in types.items()}
    return [{name: column[row] for name, column in columns.items()} for row in range(rows)]


def _column(dice: Random, type_: Type, rows: int) -> list[Value]:
    unknown = dice.choice((0.0, 0.3, 0.3, 1.0 if dice.random() < 0.1 else 0.1))
    vague = dice.choice((0.0, 0.0, 0.5))
    size = dice.choice(_SIZES)
    digits = 0 if type_ == INTEGER else dice.choice((0, 1, 2, 8))
    column: list[Value] = []
    for _ in range(rows):
        if dice.random() < unknown:
            column.append(None)
        elif type_ == BOOLEAN:
            column.append(dice.random() < 0.5)
        elif isinstance(type_, StringType):
            column.append(dice.choice(type_.codes or ("code",)))
        elif type_ == DATE:
            column.append(_days(dice, vague))
        else:
            unit = type_.unit if isinstance(type_, QuantityType) else None
            column.append(_number(dice, vague, size, digits, unit))
    return column


def _number(dice: Random, vague: float, size: int, digits: int, unit: str | None) -> Bounds:
    low = Decimal(dice.randint(-20, 20)) * dice.choice((1, 1, 10**size))
    low += Decimal(dice.randint(-3, 3)).scaleb(-digits)
    if dice.random() >= vague:
        return Bounds(low, low, unit=unit)
    high = low + dice.choice((Decimal(1).scaleb(-digits), 1, 7, 10**size))
    open_ends = dice.random() < 0.3, dice.random() < 0.3
    match dice.randrange(4):
        case 0:
            return Bounds(None, high, high_open=open_ends[1], unit=unit)
        case 1:
            return Bounds(low, None, low_open=open_ends[0], unit=unit)
        case _:
            return Bounds(low, high, *open_ends, unit=unit)


def _days(dice: Random, vague: float) -> Days:
    first = FIRST_DAY + timedelta(dice.randint(0, 900))
    if dice.random() < 0.2:
        first = dice.choice(_DAYS)
    if dice.random() >= vague:
        return Days(first, first)
    last = first + min(timedelta(dice.choice((0, 1, 27, 30, 365))), date.max - first)
    match dice.randrange(4):
        case 0:
            return Days(None, last)
        case 1:
            return Days(first, None)
        case _:
            return Days(first, last)
