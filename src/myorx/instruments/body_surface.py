"""Body surface area from height and weight, by four published formulas.

The limits are limits of entry (and, for the two formulas made on adults, of use): outside them the
calculator refuses instead of extrapolating. Which formula a guideline's doses mean is for the
guideline to say; within adults the four differ by a few percent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from functools import cache
from typing import Literal as OneOf

import msgspec

from myorx.instruments.data import finite, rounded, table
from myorx.instruments.errors import InstrumentError

DIGITS = 3
"""Places to which an area is rounded, half-up; no formula is true to more."""


class Formula(msgspec.Struct, frozen=True):
    """One formula with its constants, its limits (cm, kg; both ends allowed) and its source."""

    id: str
    kind: OneOf["root", "power", "linear"]
    numbers: dict[str, Decimal]
    height_cm: tuple[Decimal, Decimal]
    weight_kg: tuple[Decimal, Decimal]
    verified: bool
    adults_only: bool
    source: str


class BodySurface(msgspec.Struct, frozen=True):
    """An area in square metres, and the formula it comes from."""

    m2: Decimal
    formula: Formula


@cache
def formulas() -> Mapping[str, Formula]:
    """Every formula by id."""
    return {row.id: row for row in table("body_surface.json", tuple[Formula, ...])}


def body_surface(height_cm: Decimal, weight_kg: Decimal, formula: str = "mosteller") -> BodySurface:
    """The body surface area for a height (cm) and a weight (kg), rounded to 3 places.

    Raises InstrumentError for an unknown formula and for a height or weight outside its limits.
    """
    row = formulas().get(formula)
    if row is None:
        raise InstrumentError(f"'{formula}' is no formula; allowed: {', '.join(formulas())}")
    _within("the height", finite("the height", height_cm), row.height_cm, "cm", row)
    _within("the weight", finite("the weight", weight_kg), row.weight_kg, "kg", row)
    with localcontext(prec=28):
        area = _KINDS[row.kind](height_cm, weight_kg, row.numbers)
    return BodySurface(rounded(area, DIGITS), row)


def _within(
    what: str, number: Decimal, limits: tuple[Decimal, Decimal], unit: str, formula: Formula
) -> None:
    low, high = limits
    if not low <= number <= high:
        raise InstrumentError(
            f"{what} is {number} {unit}; allowed for '{formula.id}': {low} to {high} {unit}"
        )


_Calculation = Callable[[Decimal, Decimal, Mapping[str, Decimal]], Decimal]

_KINDS: Mapping[str, _Calculation] = {
    "root": lambda height, weight, k: (height * weight / k["divisor"]).sqrt(),
    "power": lambda height, weight, k: k["factor"] * height ** k["height"] * weight ** k["weight"],
    "linear": lambda height, weight, k: k["height"] * height + k["weight"] * weight + k["constant"],
}
