"""Arithmetic of vectors: ``+ - * /`` rounded half-up to 8 digits, as ``intervals.py`` has it.

Exact numbers take the short way, one operation for both ends. Results of 10^20 or more, and results
of Integers beyond 32 bit, are unknown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from myorx.language.columns.planes import Flags, Plane, pack, unpack
from myorx.language.columns.vectors import (
    LONGEST,
    Ints,
    Numbers,
    Vector,
    fitting,
    multiplied,
    numbers,
    tight,
)

SCALE = 8
LIMIT = 10**20
_INTEGERS = (-(2**31), 2**31 - 1)


def add(
    left: Vector, right: Vector, *, minus: bool, ratio: Fraction | None, integer: bool
) -> Numbers:
    """``left + right`` or ``left - right``. With a ``ratio`` the right is brought to the unit of
    the left first: rounded there, and open ends become closed."""
    one, other = numbers(left), numbers(right)
    if ratio is not None:
        one = one._replace(low_open=None, high_open=None)
        other = _converted(other, ratio)
    if minus:
        other = _negated(other)
    one, other = _off_grid_closed(one), _off_grid_closed(other)
    one, other, most = _one_scale(one, other)
    exact = one.exact and other.exact
    low = fitting(one.low, most) + fitting(other.low, most)
    high = low if exact else fitting(one.high, most) + fitting(other.high, most)
    has_low = one.has_low & other.has_low
    has_high = has_low if exact else one.has_high & other.has_high
    found = Numbers(
        low,
        high,
        has_low,
        has_high,
        _either(one.low_open, other.low_open, has_low),
        _either(one.high_open, other.high_open, has_high),
        one.scale,
        one.least + other.least,
        one.most + other.most,
    )
    return _within_limits(_rounded(found), integer=integer)


def multiply(left: Vector, right: Vector, *, integer: bool) -> Numbers:
    """``left * right``."""
    one, other = numbers(left), numbers(right)
    if one.reach * other.reach > LONGEST:
        one, other = tight(one), tight(other)
    reach = max(one.reach * other.reach, one.reach, other.reach)
    scale = one.scale + other.scale
    if one.exact and other.exact:
        low = fitting(one.low, reach) * fitting(other.low, reach)
        has = one.has_low & other.has_low
        found = Numbers(low, low, has, has, None, None, scale, -reach, reach)
    else:
        corners = [_product(a, b, reach) for a in _ends(one, other) for b in _ends(other, one)]
        found = _hull(corners, one.known & other.known, scale, reach)
    return _within_limits(_rounded(found), integer=integer)


def divide(left: Vector, right: Vector, ratio: Fraction) -> Numbers:
    """``left / (right * ratio)``; unknown where the right touches zero."""
    one, other = numbers(left), numbers(right)
    exact = Fraction(10) ** (SCALE + other.scale - one.scale) / ratio
    above, below = exact.numerator, exact.denominator
    reach = _quotient_reach(one, other, above, below)
    if reach > LONGEST:
        one, other = tight(one), tight(other)
        reach = _quotient_reach(one, other, above, below)
    most = one.reach * above
    if one.exact and other.exact:
        low = _quotient(one.low, other.low, above, below, reach)
        has = one.has_low & other.has_low & pack(_full(other.low != 0, one.has_low))
        found = Numbers(low, low, has, has, None, None, SCALE, -most, most)
    else:
        touches = ~_signed(other.has_low, other.low > 0) & ~_signed(other.has_high, other.high < 0)
        corners = [
            _share(a, b, above, below, reach) for a in _ends(one, other) for b in _ends(other, one)
        ]
        found = _hull(corners, one.known & other.known & ~touches, SCALE, most)
    return _within_limits(found, integer=False)


# -- ends and corners ------------------------------------------------------------------------------


class _End(NamedTuple):
    """One end of each row's interval: its number, whether there is one, and else the sign of its
    infinity."""

    values: Ints
    known: Flags
    sign: int


class _Corner(NamedTuple):
    """What two ends make: a number, or where not ``finite`` an infinity that is ``negative``."""

    values: Ints
    finite: Flags
    negative: Flags


def _ends(vector: Numbers, other: Numbers) -> tuple[_End, _End]:
    """Both ends, each filled up to one entry a row."""
    length = max(len(each.low) for each in (vector, other))
    low, high = (np.broadcast_to(each, length) for each in (vector.low, vector.high))
    return (
        _End(low, unpack(vector.has_low, length), -1),
        _End(high, unpack(vector.has_high, length), 1),
    )


def _product(one: _End, other: _End, reach: int) -> _Corner:
    zero = one.known & (one.values == 0) | other.known & (other.values == 0)
    finite = one.known & other.known
    values = fitting(one.values, reach) * fitting(other.values, reach)
    negative = _is_negative(one) ^ _is_negative(other)
    # Nothing times an infinite end is nothing.
    return _Corner(np.where(finite, values, 0), finite | zero, negative)


def _share(one: _End, other: _End, above: int, below: int, reach: int) -> _Corner:
    """``one / other``; what is divided by an infinite end is nothing."""
    values = _quotient(one.values, other.values, above, below, reach)
    finite = one.known & other.known
    negative = _is_negative(one) ^ _is_negative(other)
    return _Corner(np.where(finite, values, 0), one.known | ~other.known, negative)


def _is_negative(end: _End) -> Flags:
    found: Flags = np.where(end.known, end.values < 0, end.sign < 0)
    return found


def _hull(corners: list[_Corner], known: Plane, scale: int, reach: int) -> Numbers:
    """The least and the greatest corner."""
    first, *others = corners
    low, high, any_finite = first.values, first.values, first.finite
    for corner in others:
        low = np.where(corner.finite & (~any_finite | (corner.values < low)), corner.values, low)
        high = np.where(corner.finite & (~any_finite | (corner.values > high)), corner.values, high)
        any_finite = any_finite | corner.finite
    below = np.any([~corner.finite & corner.negative for corner in corners], axis=0)
    above = np.any([~corner.finite & ~corner.negative for corner in corners], axis=0)
    has_low, has_high = known & ~pack(below), known & ~pack(above)
    return Numbers(low, high, has_low, has_high, None, None, scale, -reach, reach)


# -- rounding and limits ---------------------------------------------------------------------------


def _quotient(one: Ints, other: Ints, above: int, below: int, reach: int) -> Ints:
    """``one * above / (other * below)`` rounded half-up, away from zero; anything where that
    divides by zero. ``reach`` is that of ``_quotient_reach``."""
    under = fitting(other, reach) * below
    return _halves_up(fitting(one, reach) * above, under + (under == 0))


def _quotient_reach(one: Numbers, other: Numbers, above: int, below: int) -> int:
    """No number met when ``one * above`` is divided by ``other * below`` is larger."""
    return max(one.reach, 1) * above + max(other.reach, 1) * below


def _halves_up(top: Ints, under: Ints) -> Ints:
    """``top / under`` rounded half-up, away from zero."""
    size = abs(under)
    found: Ints = (abs(top) + size // 2) // size
    signed: Ints = np.where((top < 0) ^ (under < 0), -found, found)
    return signed


def _rounded(vector: Numbers) -> Numbers:
    """At most 8 digits after the point. No end that this changes is open any more."""
    if vector.scale <= SCALE:
        return vector
    step = 10 ** (vector.scale - SCALE)
    if vector.reach + step > LONGEST:
        vector = tight(vector)
    reach = vector.reach + step
    under = np.array([step], np.int64 if reach <= LONGEST else object)
    low = _halves_up(fitting(vector.low, reach), under)
    high = low if vector.exact else _halves_up(fitting(vector.high, reach), under)
    most = vector.reach // step + 1
    return vector._replace(low=low, high=high, scale=SCALE, least=-most, most=most)


def _within_limits(vector: Numbers, *, integer: bool) -> Numbers:
    """Unknown where an end is out of range."""
    limit = LIMIT * 10**vector.scale
    least, most = -limit + 1, limit - 1
    if integer:
        least, most = (end * 10**vector.scale for end in _INTEGERS)
    if vector.least >= least and vector.most <= most:
        return vector
    vector = tight(vector)
    if vector.least >= least and vector.most <= most:
        return vector
    fits = _fits(vector.low, vector.has_low, least, most)
    if not vector.exact:
        fits &= _fits(vector.high, vector.has_high, least, most)
    has_low = vector.has_low & fits
    has_high = has_low if vector.exact else vector.has_high & fits
    return vector._replace(has_low=has_low, has_high=has_high)


def _fits(values: Ints, known: Plane, least: int, most: int) -> Plane:
    return pack(_full((values >= least) & (values <= most), known)) | ~known


# -- small parts -----------------------------------------------------------------------------------


def _converted(vector: Numbers, ratio: Fraction) -> Numbers:
    """In another unit, rounded half-up to 8 digits; open ends become closed."""
    vector = vector._replace(low_open=None, high_open=None)
    exact = ratio * Fraction(10) ** (SCALE - vector.scale)
    above, below = exact.numerator, exact.denominator
    reach = max(vector.reach, 1) * above + below
    if reach > LONGEST:
        vector = tight(vector)
        reach = max(vector.reach, 1) * above + below
    under = np.array([below], np.int64 if reach <= LONGEST else object)

    def moved(values: Ints) -> Ints:
        found = fitting(values, reach) * above
        return found if below == 1 else _halves_up(found, under)

    low = moved(vector.low)
    high = low if vector.high is vector.low else moved(vector.high)
    most = vector.reach * above // below + 1
    return vector._replace(low=low, high=high, scale=SCALE, least=-most, most=most)


def _negated(vector: Numbers) -> Numbers:
    reach = vector.reach
    high = -fitting(vector.low, reach)
    low = high if vector.high is vector.low else -fitting(vector.high, reach)
    return Numbers(
        low,
        high,
        vector.has_high,
        vector.has_low,
        vector.high_open,
        vector.low_open,
        vector.scale,
        -vector.most,
        -vector.least,
    )


def _one_scale(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers, int]:
    """Both in steps of one scale, and a bound of their sum."""
    scale = max(one.scale, other.scale)
    factors = [10 ** (scale - each.scale) for each in (one, other)]
    most = one.reach * factors[0] + other.reach * factors[1]
    if most > LONGEST:
        one, other = tight(one), tight(other)
        most = one.reach * factors[0] + other.reach * factors[1]
    first, second = (
        _at_scale(each, scale, factor) for each, factor in zip((one, other), factors, strict=True)
    )
    return first, second, most


def _at_scale(vector: Numbers, scale: int, factor: int) -> Numbers:
    if factor == 1:
        return vector
    low = multiplied(vector.low, factor, vector.reach)
    high = low if vector.high is vector.low else multiplied(vector.high, factor, vector.reach)
    least, most = vector.least * factor, vector.most * factor
    return vector._replace(low=low, high=high, scale=scale, least=least, most=most)


def _off_grid_closed(vector: Numbers) -> Numbers:
    """Closed where an end has more than 8 digits: a member beyond it may be rounded onto it."""
    step = 10 ** (vector.scale - SCALE) if vector.scale > SCALE else 1
    if step == 1 or (vector.low_open is None and vector.high_open is None):
        return vector
    low_open, high_open = (
        None if is_open is None else is_open & pack(_full(values % step == 0, is_open))
        for values, is_open in ((vector.low, vector.low_open), (vector.high, vector.high_open))
    )
    return vector._replace(low_open=low_open, high_open=high_open)


def _either(one: Plane | None, other: Plane | None, known: Plane) -> Plane | None:
    """Where one of two ends is open; an end that is not there is not."""
    if one is None or other is None:
        found = other if one is None else one
        return None if found is None else found & known
    return (one | other) & known


def _signed(known: Plane, positive: Any) -> Plane:
    """Where an end is known and has the sign asked for."""
    return known & pack(_full(positive, known))


def _full(flags: Any, plane: Plane) -> Flags:
    """Flags for every row; numpy gives one for all where an operand is a constant."""
    found: Flags = np.broadcast_to(np.asarray(flags, np.bool_), len(plane) * 64)
    return found
