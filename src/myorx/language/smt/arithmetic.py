"""``+ - * /`` of lowered numbers; the same rules, and rounding, as ``intervals.arithmetic``."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import z3

from myorx.language.syntax import ArithmeticOperator

from .bits import (
    Bit,
    Term,
    at_most,
    choose,
    conj,
    disj,
    is_plain,
    less,
    lifted,
    minus,
    neg,
    plus,
    real,
    same,
    smaller,
    times,
)
from .relations import conversion
from .values import NOTHING, Lowered, Nothing, Number

_SCALE = 10**8
_LIMIT = Fraction(10**20)
_INTEGERS = (Fraction(-(2**31)), Fraction(2**31))


def arithmetic(
    operator: ArithmeticOperator, left: Lowered, right: Lowered, *, integers: bool
) -> Lowered:
    """The rounded interval; unknown beyond the limits. ``integers``: both operands are Integers."""
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        return NOTHING
    if not isinstance(left, Number) or not isinstance(right, Number):
        raise TypeError(f"cannot compute {left!r} {operator} {right!r}")
    known = conj(disj(left.has_low, left.has_high), disj(right.has_low, right.has_high))
    if operator in ("+", "-"):
        found = _sum(left, right if operator == "+" else _negated(right), right.unit)
    elif operator == "*":
        found = _product(left, right)
    else:
        found = _quotient(left, right)
    if found is None:
        return NOTHING
    bounded = operator != "/" and integers and found.unit is None
    return _within_limits(found, known, bounded)


def _negated(value: Number) -> Number:
    return Number(
        minus(value.high),
        minus(value.low),
        value.has_high,
        value.has_low,
        value.high_open,
        value.low_open,
        value.unit,
        value.grid,
    )


def _sum(left: Number, right: Number, unit: str | None) -> Number | None:
    ratio = conversion(unit, left.unit)
    if ratio is None:
        return None
    if unit != left.unit:
        right = right._replace(
            low=rounded(times(right.low, ratio)),
            high=rounded(times(right.high, ratio)),
            low_open=False,
            high_open=False,
            grid=True,
        )
        left = left._replace(low_open=False, high_open=False)
    low_open = disj(left.low_open, right.low_open)
    high_open = disj(left.high_open, right.high_open)
    # Off the grid of 8 digits a member beyond an open end may round onto it.
    if not (left.grid and right.grid):
        low_open = conj(low_open, _on_grid(left.low), _on_grid(right.low))
        high_open = conj(high_open, _on_grid(left.high), _on_grid(right.high))
    return Number(
        plus(left.low, right.low),
        plus(left.high, right.high),
        conj(left.has_low, right.has_low),
        conj(left.has_high, right.has_high),
        low_open,
        high_open,
        left.unit,
        left.grid and right.grid,
    )


def _product(left: Number, right: Number) -> Number | None:
    if left.unit is not None and right.unit is not None:
        return None
    unit = left.unit or right.unit
    for value, other in ((left, right), (right, left)):
        factor = plain_point(other)
        if factor:  # a factor of zero makes infinite ends finite
            return _scaled(value, factor, unit)
    return _hull(left, right, unit)


def plain_point(value: Number) -> Fraction | None:
    """The one number that a value is for every patient; None for any other value."""
    low, high = value.low, value.high
    if value.has_low is True and value.has_high is True and is_plain(low) and is_plain(high):
        return Fraction(low) if low == high else None
    return None


def _scaled(value: Number, factor: Fraction, unit: str | None) -> Number:
    grid = value.grid and factor.denominator == 1
    ends = (times(value.low, factor), times(value.high, factor))
    has = (value.has_low, value.has_high)
    if factor < 0:
        ends, has = (ends[1], ends[0]), (has[1], has[0])
    return Number(*ends, *has, False, False, unit, grid)


class _End(NamedTuple):
    """One end of an interval: finite, or infinite to its own side."""

    value: Term
    finite: Bit
    side: int


def _ends(value: Number) -> tuple[_End, _End]:
    return _End(value.low, value.has_low, -1), _End(value.high, value.has_high, 1)


def _hull(left: Number, right: Number, unit: str | None) -> Number:
    """The least and the greatest product of two ends; an infinite end times zero is zero."""
    below: Bit = False
    above: Bit = False
    corners: list[tuple[Term, Bit]] = []
    for a in _ends(left):
        for b in _ends(right):
            finite = conj(a.finite, b.finite)
            zero = disj(
                conj(a.finite, same(a.value, Fraction(0))),
                conj(b.finite, same(b.value, Fraction(0))),
            )
            endless = conj(neg(finite), neg(zero))
            positive = disj(conj(_up(a), _up(b)), conj(neg(_up(a)), neg(_up(b))))
            below = disj(below, conj(endless, neg(positive)))
            above = disj(above, conj(endless, positive))
            product = choose(finite, times(a.value, b.value), Fraction(0))
            corners.append((product, disj(finite, zero)))
    low = _least(corners)
    high = minus(_least([(minus(value), there) for value, there in corners]))
    return Number(low, high, neg(below), neg(above), False, False, unit, False)


def _up(end: _End) -> Bit:
    """That an end that is not zero is positive."""
    return choose(end.finite, less(Fraction(0), end.value), end.side > 0)


def _least(corners: list[tuple[Term, Bit]]) -> Term:
    (value, there), *others = corners
    for other, valid in others:
        value = choose(valid, choose(there, smaller(value, other), other), value)
        there = disj(there, valid)
    return value


def _quotient(left: Number, right: Number) -> Number | None:
    """``left / right``; unknown where ``right`` touches zero."""
    unit = left.unit
    if right.unit is not None:
        ratio = conversion(right.unit, left.unit)
        if ratio is None:
            return None
        right = right._replace(low=times(right.low, ratio), high=times(right.high, ratio))
        unit = None
    zero = Fraction(0)
    touches = conj(
        disj(neg(right.has_low), at_most(right.low, zero)),
        disj(neg(right.has_high), at_most(zero, right.high)),
    )
    divisor = plain_point(right)
    if divisor:
        found = _scaled(left, 1 / divisor, unit)
    else:
        inverse = Number(
            choose(right.has_high, _inverse(right.high), zero),
            choose(right.has_low, _inverse(right.low), zero),
            *(True, True, False, False, None, False),
        )
        found = _hull(left, inverse, unit)
    known = neg(touches)
    return found._replace(
        low=rounded(found.low),
        high=rounded(found.high),
        has_low=conj(found.has_low, known),
        has_high=conj(found.has_high, known),
        grid=True,
    )


def _inverse(value: Term) -> Term:
    """``1 / value``; of zero anything, nobody looks there."""
    if is_plain(value):
        return Fraction(0) if value == 0 else 1 / Fraction(value)
    return lifted(Fraction(1)) / real(value)


def rounded(value: Term) -> Term:
    """Half-up, away from zero, to 8 digits after the point."""
    if is_plain(value):
        scaled = abs(Fraction(value)) * _SCALE
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Fraction(whole if value >= 0 else -whole, _SCALE)
    scaled = real(value) * _SCALE
    half = lifted(Fraction(1, 2))
    whole = z3.If(scaled >= 0, z3.ToInt(scaled + half), -z3.ToInt(half - scaled))
    return z3.ToReal(whole) / _SCALE


def _on_grid(value: Term) -> Bit:
    if is_plain(value):
        return (Fraction(value) * _SCALE).denominator == 1
    return z3.IsInt(real(value) * _SCALE)


def _within_limits(found: Number, known: Bit, integers: bool) -> Number:
    """Both ends rounded; unknown where one is out of range."""
    low, high = found.low, found.high
    low_open, high_open = found.low_open, found.high_open
    if not found.grid:
        low_open = conj(low_open, _on_grid(low))
        high_open = conj(high_open, _on_grid(high))
        low, high = rounded(low), rounded(high)
    fits = [known]
    for end, there in ((low, found.has_low), (high, found.has_high)):
        fits.append(disj(neg(there), conj(less(-_LIMIT, end), less(end, _LIMIT))))
        if integers:
            least, beyond = _INTEGERS
            fits.append(disj(neg(there), conj(at_most(least, end), less(end, beyond))))
    there = conj(*fits)
    has_low, has_high = conj(found.has_low, there), conj(found.has_high, there)
    return Number(
        low,
        high,
        has_low,
        has_high,
        conj(low_open, has_low),
        conj(high_open, has_high),
        found.unit,
        True,
    )
