"""Comparison and arithmetic of values that may be intervals. Pure functions; None is unknown.

Everywhere: a result is definite only when every member of the operands gives it, and no operand's
identity is used (``x - x`` of an interval is an interval), so that every engine can say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import msgspec

from . import units
from .calendar import whole_periods
from .syntax import ArithmeticOperator, CalendarUnit, Comparator
from .values import Bounds, Days

SCALE = Decimal("1e-8")
LIMIT = Decimal(10) ** 20
"""A Decimal has at most 28 digits, 8 of them after the point: less than this in magnitude."""

# Wide enough that + - * of any two numbers in range are exact before they are rounded.
_WIDE = Context(prec=100, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


class _Range(msgspec.Struct, frozen=True):
    """The ends of an interval as things that can be compared: numbers, Fractions or days."""

    low: Any
    high: Any
    low_open: bool = False
    high_open: bool = False


def compare(operator: Comparator, left: Bounds | Days, right: Bounds | Days) -> bool | None:
    """Kleene comparison of two intervals of one kind.

    Quantities of one dimension are compared exactly, in the unit of the left; quantities of two
    dimensions, or a bare number beside a quantity, give unknown. Raises TypeError for a day beside
    a number.
    """
    if type(left) is not type(right):
        raise TypeError(f"cannot compare {left!r} with {right!r}")
    if isinstance(left, Bounds) and isinstance(right, Bounds):
        if left.unit == right.unit:
            one, other = left.low, right.low
            if one is not None and other is not None and one == left.high and other == right.high:
                return _EXACT[operator](one, other)
            return _INTERVAL[operator](left, right)
        converted = _convert(right, left.unit)
        return None if converted is None else _INTERVAL[operator](left, converted)
    return _INTERVAL[operator](_days(left), _days(right))


def arithmetic(
    operator: ArithmeticOperator, left: Bounds, right: Bounds, *, integers: Callable[[], bool]
) -> Bounds | None:
    """``+ - * /`` of two intervals, rounded half-up to 8 digits at both ends.

    Rounding never reverses an order, so the rounded ends enclose the rounded result of every pair
    of members. An open end stays open only in ``+`` and ``-`` without conversion or rounding;
    elsewhere it becomes closed, which encloses more and never less. Division by an interval that
    touches zero, and a result of 10^20 or more, are unknown; ``integers()`` is asked only for a
    result beyond 32 bit and says whether both operands are Integers, so that it is unknown too.
    """
    unit = left.unit
    if operator in ("+", "-"):
        if left.unit != right.unit:
            converted = _convert(right, left.unit)
            if converted is None:
                return None
            right = Bounds(_decimal(converted.low), _decimal(converted.high), unit=left.unit)
            left = Bounds(left.low, left.high, unit=left.unit)
        ends = _sum(left, right if operator == "+" else _negated(right))
    elif operator == "*":
        if left.unit is not None and right.unit is not None:
            return None
        unit = left.unit or right.unit
        ends = _hull(left, right, lambda a, b: _WIDE.multiply(a, b))
    else:
        if right.unit is not None:
            divisor, unit = _convert(right, left.unit), None
        else:
            divisor = _Range(right.low, right.high)
        quotient = None if divisor is None else _quotient(left, divisor)
        if quotient is None:
            return None
        ends = quotient
    return _within_limits(ends, unit, operator, integers)


def duration(unit: CalendarUnit, start: Days, end: Days) -> Bounds | None:
    """Whole periods from ``start`` to ``end``, for the shortest and the longest possible span."""
    low = high = None
    if start.latest is not None and end.earliest is not None:
        low = Decimal(whole_periods(unit, start.latest, end.earliest))
    if start.earliest is not None and end.latest is not None:
        high = Decimal(whole_periods(unit, start.earliest, end.latest))
    return None if low is None and high is None else Bounds(low, high)


def _less(left: _Range | Bounds, right: _Range | Bounds) -> bool | None:
    if left.high is not None and right.low is not None:
        if left.high < right.low:
            return True
        if left.high == right.low and (left.high_open or right.low_open):
            return True
    if left.low is not None and right.high is not None and left.low >= right.high:
        return False
    return None


def _less_or_equal(left: _Range | Bounds, right: _Range | Bounds) -> bool | None:
    greater = _less(right, left)
    return None if greater is None else not greater


def _equal(left: _Range | Bounds, right: _Range | Bounds) -> bool | None:
    if _less(left, right) or _less(right, left):
        return False
    point = left.low
    if point is None or right.low is None:
        return None
    return True if point == left.high == right.low == right.high else None


def _unequal(left: _Range | Bounds, right: _Range | Bounds) -> bool | None:
    equal = _equal(left, right)
    return None if equal is None else not equal


_INTERVAL: dict[Comparator, Callable[[_Range | Bounds, _Range | Bounds], bool | None]] = {
    "=": _equal,
    "!=": _unequal,
    "<": _less,
    "<=": _less_or_equal,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _less_or_equal(right, left),
}
_EXACT: dict[Comparator, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _days(value: Bounds | Days) -> _Range:
    if not isinstance(value, Days):
        raise TypeError(f"{value!r} is no day")
    return _Range(value.earliest, value.latest)


def _convert(value: Bounds, unit: str | None) -> _Range | None:
    """``value`` in another unit, with exact Fractions as ends; None for another dimension."""
    if value.unit is None or unit is None:
        return None
    factor = units.factor(value.unit, unit)
    if factor is None:
        return None
    low = None if value.low is None else Fraction(value.low) * factor
    high = None if value.high is None else Fraction(value.high) * factor
    return _Range(low, high, value.low_open, value.high_open)


def _decimal(number: Fraction | Decimal | None) -> Decimal | None:
    """A Fraction rounded half-up (away from zero) to 8 digits after the point."""
    if number is None or isinstance(number, Decimal):
        return number
    scaled, rest = divmod(abs(number.numerator) * 10**8, number.denominator)
    scaled += 2 * rest >= number.denominator
    return _tidy(_WIDE.scaleb(Decimal(scaled if number >= 0 else -scaled), -8))


def _tidy(number: Decimal) -> Decimal:
    """The same number without zeros at its end, and without an exponent."""
    whole = _WIDE.quantize(number, Decimal(1))
    return whole if whole == number else _WIDE.normalize(number)


def _negated(value: Bounds) -> Bounds:
    return Bounds(
        None if value.high is None else -value.high,
        None if value.low is None else -value.low,
        value.high_open,
        value.low_open,
        value.unit,
    )


def _sum(left: Bounds, right: Bounds) -> _Range:
    low = high = None
    if left.low is not None and right.low is not None:
        low = _WIDE.add(left.low, right.low)
    if left.high is not None and right.high is not None:
        high = _WIDE.add(left.high, right.high)
    low_open = left.low_open or right.low_open
    high_open = left.high_open or right.high_open
    # Off the grid of 8 digits a member beyond an open end may round onto it.
    if low_open and not (_on_grid(left.low) and _on_grid(right.low)):
        low_open = False
    if high_open and not (_on_grid(left.high) and _on_grid(right.high)):
        high_open = False
    return _Range(low, high, low_open, high_open)


def _on_grid(number: Decimal | None) -> bool:
    return number is not None and _WIDE.quantize(number, SCALE) == number


def _hull(
    left: Bounds | _Range, right: Bounds | _Range, combine: Callable[[Any, Any], Any]
) -> _Range:
    """The least and greatest of ``combine`` over the four corners; None where unbounded."""
    corners: list[Any] = []
    below = above = False
    for a, a_sign in _ends(left):
        for b, b_sign in _ends(right):
            if a is not None and b is not None:
                corners.append(combine(a, b))
            elif a == 0 or b == 0:
                corners.append(Decimal(0))
            else:
                sign = a_sign * b_sign
                below |= sign < 0
                above |= sign > 0
    return _Range(None if below else min(corners), None if above else max(corners))


def _ends(value: Bounds | _Range) -> tuple[tuple[Any, int], tuple[Any, int]]:
    """Both ends with their signs; an unbounded end is None with the sign of its infinity."""
    low, high = value.low, value.high
    return (
        (low, -1 if low is None else _sign(low)),
        (high, 1 if high is None else _sign(high)),
    )


def _sign(number: Decimal | Fraction) -> int:
    return int(number > 0) - int(number < 0)


def _quotient(left: Bounds, right: _Range) -> _Range | None:
    """``left / right``; None when ``right`` touches zero."""
    touches_below = right.low is None or right.low <= 0
    touches_above = right.high is None or right.high >= 0
    if touches_below and touches_above:
        return None
    # The reciprocal of an interval of one sign; an infinite end becomes zero.
    low = Fraction(0) if right.high is None else 1 / Fraction(right.high)
    high = Fraction(0) if right.low is None else 1 / Fraction(right.low)
    ends = _Range(
        None if left.low is None else Fraction(left.low),
        None if left.high is None else Fraction(left.high),
    )
    found = _hull(ends, _Range(low, high), lambda a, b: a * b)
    return _Range(_decimal(found.low), _decimal(found.high))


def _within_limits(
    ends: _Range, unit: str | None, operator: ArithmeticOperator, integers: Callable[[], bool]
) -> Bounds | None:
    """Round both ends; None when one is out of range, or when nothing is known any more."""
    low, low_open, low_fits = _rounded(ends.low, ends.low_open)
    high, high_open, high_fits = _rounded(ends.high, ends.high_open)
    if not (low_fits and high_fits) or (low is None and high is None):
        return None
    beyond = (low is not None and not -(2**31) <= low < 2**31) or (
        high is not None and not -(2**31) <= high < 2**31
    )
    if beyond and unit is None and operator != "/" and integers():
        return None
    return Bounds(low, high, low_open, high_open, unit)


def _rounded(number: Decimal | None, is_open: bool) -> tuple[Decimal | None, bool, bool]:
    """``(rounded, still open, in range)``."""
    if number is None:
        return None, False, True
    if abs(number) >= LIMIT:
        return None, False, False
    found = _WIDE.quantize(number, SCALE)
    if found == number:
        return number, is_open, True
    return _tidy(found), False, abs(found) < LIMIT
