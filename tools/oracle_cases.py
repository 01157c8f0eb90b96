"""The parameter sets on which engines are compared: values at, and just beside, every threshold."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from myorx.language import (
    BooleanType,
    Bounds,
    DateType,
    Days,
    Expression,
    IntegerType,
    QuantityType,
    StringType,
    Type,
    Value,
    walk,
)
from myorx.language.syntax import (
    DateLiteral,
    DecimalLiteral,
    IntegerLiteral,
    QuantityLiteral,
    StringLiteral,
)
from myorx.language.units import factor

UNKNOWN = 0.3
"""How often a parameter is unknown."""
STEP = Decimal("0.01")
"""How far beside a threshold a number is tried."""
# Leap day, ends of months, a year apart: where whole periods are easily miscounted.
DAYS = [
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(2025, 12, 31),
    date(2026, 1, 31),
    date(2026, 3, 1),
]
NUMBERS = [Decimal(0), Decimal(1), Decimal("2.5")]


def cases(
    parameters: Mapping[str, Type], expressions: Iterable[Expression], count: int, seed: str
) -> tuple[Mapping[str, Value], ...]:
    """``count`` parameter sets; the first knows nothing. The same seed gives the same sets."""
    dice = random.Random(seed)  # noqa: S311 - reproducible, no secret
    nodes = [node for each in expressions for node in walk(each)]
    choices = {name: tried(wanted, nodes) for name, wanted in parameters.items()}
    nothing: dict[str, Value] = dict.fromkeys(parameters)
    sets = (
        {
            name: None if dice.random() < UNKNOWN else dice.choice(values)
            for name, values in choices.items()
        }
        for _ in range(count - 1)
    )
    return (nothing, *sets)


def tried(wanted: Type, nodes: list[Expression]) -> list[Value]:
    """Known values worth trying for a parameter of this type beside these expressions."""
    if isinstance(wanted, BooleanType):
        return [True, False]
    if isinstance(wanted, StringType):
        return [*(wanted.codes or _values(nodes, StringLiteral)), "other"]
    if isinstance(wanted, DateType):
        own = [day for node in nodes if type(node) is DateLiteral for day in _around(node)]
        return [Days(day, day) for day in dict.fromkeys([*own, *DAYS])]
    if isinstance(wanted, QuantityType):
        near = [_in_unit(node, wanted.unit) for node in nodes if type(node) is QuantityLiteral]
        known = [number for number in near if number is not None] + NUMBERS
        # No negative amounts: no patient has any, and one engine fails to convert their units.
        amounts = [abs(number) for number in _beside(known, STEP)]
        return [Bounds(each, each, unit=wanted.unit) for each in dict.fromkeys(amounts)]
    if isinstance(wanted, IntegerType):
        whole = [Decimal(value) for value in _values(nodes, IntegerLiteral)]
        return [Bounds(each, each) for each in _beside([*whole, Decimal(1)], Decimal(1))]
    decimals = [*_values(nodes, DecimalLiteral), *map(Decimal, _values(nodes, IntegerLiteral))]
    return [Bounds(each, each) for each in _beside([*decimals, *NUMBERS], STEP)]


def _values(nodes: list[Expression], kind: type[Any]) -> list[Any]:
    return list(dict.fromkeys(node.value for node in nodes if type(node) is kind))


def _around(literal: DateLiteral) -> list[date]:
    day = timedelta(days=1)
    return [literal.earliest - day, literal.earliest, literal.latest, literal.latest + day]


def _in_unit(literal: QuantityLiteral, unit: str) -> Decimal | None:
    """The literal's number in another unit; None for another dimension or too many digits."""
    by = factor(literal.unit, unit)
    if by is None:
        return None
    number = literal.value * by.numerator / by.denominator
    return number if number == round(number, 8) else None


def _beside(numbers: Iterable[Decimal], step: Decimal) -> list[Decimal]:
    return list(dict.fromkeys(each for n in numbers for each in (n - step, n, n + step)))
