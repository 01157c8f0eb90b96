"""Amounts: settings, doses, tablets and thresholds are literals in units that fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Dose, FullDose, Setting, Tablet
from myorx.guideline.positions import Place
from myorx.guideline.settings import LITERALS
from myorx.language import units
from myorx.language.syntax import Expression, Name, QuantityLiteral
from myorx.language.types import QuantityType

_SCALES: Mapping[str, str] = {"/kg": "kg", "/m2": "m2"}
"""What a dose may be per, and the unit that takes it away."""

_AMOUNTS = ("mg", "mg/d", "[iU]", "[iU]/d", "mL", "mL/d", "1", "/d")
"""One unit of each dimension that a dose may have once it is scaled (1: tablets, sessions)."""


def check(context: Context) -> Iterator[Problem]:
    """Values that stand alone are literals; the parts of a dose measure the same."""
    for place, setting in context.all(Setting):
        if not isinstance(setting.value, LITERALS):
            yield context.problem(
                "not-a-literal",
                place.key("value"),
                f"setting {setting.id} is computed",
                allowed="a literal: 2, 0.5, 30, 500 'ng/mL', 'code'",
                remedy="write the value itself",
            )
    for place, dose in context.all(Dose):
        yield from _dose(context, place, dose)
    for place, tablet in context.all(Tablet):
        yield from _measures(context, place.key("strength"), tablet.strength, ("mg", "[iU]"))
    for place, full in context.all(FullDose):
        yield from _measures(context, place.key("per_kg"), full.per_kg, ("mg/kg/d",), True)
        yield from _measures(context, place.key("cap"), full.cap, ("mg/d",), True)
        yield from _measures(context, place.key("tolerance"), full.tolerance, ("mg/d",), True)


def _dose(context: Context, place: Place, dose: Dose) -> Iterator[Problem]:
    ranged = dose.low is not None or dose.high is not None
    if (dose.amount is None) == (not ranged):
        yield context.problem(
            "dose-of-what",
            place,
            "a dose with both an amount and a range" if ranged else "a dose without an amount",
            allowed="amount, or low and high",
            remedy="give one of the two",
        )
    amounts = [
        (key, value)
        for key in ("amount", "low", "high")
        if isinstance(value := getattr(dose, key), QuantityLiteral)
    ]
    for key in ("amount", "low", "high", "cap"):
        value = getattr(dose, key)
        if value is not None and not isinstance(value, QuantityLiteral):
            yield _not_a_quantity(context, place.key(key))
    try:
        yield from _units(context, place, dose, amounts)
    except units.UnitError:  # said by the check of expressions
        return
    if isinstance(dose.low, QuantityLiteral) and isinstance(dose.high, QuantityLiteral):
        factor = units.factor(dose.high.unit, dose.low.unit)
        if factor is not None and dose.high.value * factor.numerator < (
            dose.low.value * factor.denominator
        ):
            yield context.problem(
                "empty-range",
                place.key("high"),
                "the high end lies below the low end",
                allowed="low, then high",
                remedy="exchange or correct them",
            )


def _units(
    context: Context, place: Place, dose: Dose, amounts: list[tuple[str, QuantityLiteral]]
) -> Iterator[Problem]:
    """Amounts of one dimension that a dose can have; the cap measures the scaled amount."""
    allowed = {units.dimension(unit) for unit in _AMOUNTS}
    for key, amount in amounts:
        scaled = _scaled(amount.unit)
        first = _scaled(amounts[0][1].unit)
        if units.dimension(scaled) not in allowed:
            yield context.problem(
                "wrong-dimension",
                place.key(key),
                f"'{amount.unit}' is no unit of a dose",
                allowed="an amount, or an amount per day, kg or m2: mg, mg/d, mg/kg/d, g/m2 …",
                remedy="correct the unit",
            )
        elif units.factor(scaled, first) is None or _per(amount.unit) != _per(amounts[0][1].unit):
            yield context.problem(
                "wrong-dimension",
                place.key(key),
                f"'{amount.unit}' beside '{amounts[0][1].unit}'",
                allowed="both ends of a range in units of one dimension",
                remedy="correct one of the units",
            )
    if not amounts or not isinstance(dose.cap, QuantityLiteral):
        return
    unit = amounts[0][1].unit
    if _per(unit) is None:
        yield context.problem(
            "cap-without-scale",
            place.key("cap"),
            f"a cap on a dose in '{unit}', which nothing scales",
            allowed="a cap on a dose per kg or per m2",
            remedy="remove the cap",
        )
    elif units.factor(_scaled(unit), dose.cap.unit) is None:
        yield context.problem(
            "wrong-dimension",
            place.key("cap"),
            f"a cap in '{dose.cap.unit}' on a dose in '{unit}'",
            allowed=f"a unit that converts to '{_scaled(unit)}'",
            remedy="correct the unit of the cap",
        )


def _per(unit: str) -> str | None:
    """What the dose is multiplied with (kg, m2), or None."""
    return next((scale for mark, scale in _SCALES.items() if mark in unit), None)


def _scaled(unit: str) -> str:
    """The unit of the dose for one patient: ``mg/kg/d`` gives ``mg/d``."""
    for mark in _SCALES:
        unit = unit.replace(mark, "", 1)
    return unit


def _measures(
    context: Context,
    place: Place,
    value: Expression,
    like: tuple[str, ...],
    or_setting: bool = False,
) -> Iterator[Problem]:
    """``value`` is a quantity that converts to one of the units ``like``."""
    unit = value.unit if isinstance(value, QuantityLiteral) else None
    if or_setting and isinstance(value, Name):
        found = context.types.get(value.name)
        unit = found.unit if isinstance(found, QuantityType) else None
    if unit is None:
        yield _not_a_quantity(context, place)
        return
    try:
        fits = any(
            units.factor(unit, other) is not None and _per(unit) == _per(other) for other in like
        )
    except units.UnitError:  # said by the check of expressions
        return
    if not fits:
        yield context.problem(
            "wrong-dimension",
            place,
            f"a value in '{unit}'",
            allowed=f"a unit that converts to {' or '.join(map(repr, like))}",
            remedy="correct the unit",
        )


def _not_a_quantity(context: Context, place: Place) -> Problem:
    return context.problem(
        "not-a-quantity",
        place,
        "no number with a unit",
        allowed="a number with a unit: 1 'mg/kg/d'",
        remedy="write the number and its unit in single quotes",
    )
