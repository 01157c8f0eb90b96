"""Comparison of vectors: where it surely holds, and where it surely does not.

The rules are those of ``intervals.py``. ``right`` is multiplied by ``ratio`` first, which brings it
to the unit of ``left``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeAlias

import numpy as np

from myorx.language.columns.planes import Flags, Plane, pack
from myorx.language.columns.steps import Fixed
from myorx.language.columns.vectors import (
    Constants,
    Ints,
    Numbers,
    Texts,
    Vector,
    multiplied,
    numbers,
    tight,
)

End: TypeAlias = Ints | int
"""What is compared: a number in each row, or one number for all."""


def order(left: Vector, right: Vector, ratio: Fraction, flags: Flags) -> tuple[Plane, Plane]:
    """Where ``left < right``, and where ``left >= right``. ``flags`` is room to work in."""
    if isinstance(right, Constants) and isinstance(left, Numbers):
        return _order_beside(left, _times(right.fixed, ratio), flags, flipped=False)
    if isinstance(left, Constants) and isinstance(right, Numbers):
        return _order_beside(right, _times(left.fixed, 1 / ratio), flags, flipped=True)
    one, other = _aligned(left, right, ratio)
    if one.exact and other.exact:
        known = one.has_low & other.has_low
        less = _packed(np.less, one.low, other.low, flags)
        less &= known
        return less, known & ~less
    less = _surely_less(one, other, flags)
    not_less = _packed(np.greater_equal, one.low, other.high, flags)
    not_less &= one.has_low & other.has_high
    return less, not_less & ~less


def same(left: Vector, right: Vector, ratio: Fraction, flags: Flags) -> tuple[Plane, Plane]:
    """Where ``left = right``, and where they differ."""
    if isinstance(left, Constants):
        left, right, ratio = right, left, 1 / ratio
    if isinstance(left, Numbers) and isinstance(right, Constants) and left.exact and right.exact:
        at = _times(right.fixed, ratio).low
        assert at is not None
        number = at * 10**left.scale
        if number.denominator != 1:
            return np.zeros_like(left.has_low), left.has_low
        equal = _packed(np.equal, left.low, int(number), flags)
        equal &= left.has_low
        return equal, left.has_low & ~equal
    one, other = _aligned(left, right, ratio)
    if one.exact and other.exact:
        known = one.has_low & other.has_low
        equal = _packed(np.equal, one.low, other.low, flags)
        equal &= known
        return equal, known & ~equal
    differ = _surely_less(one, other, flags) | _surely_less(other, one, flags)
    equal = _packed(np.equal, one.low, other.low, flags)
    equal &= _points(one, flags) & _points(other, flags)
    return equal, differ


def among(texts: Texts, words: frozenset[str], flags: Flags) -> tuple[Plane, Plane]:
    """Where a text is one of ``words``, and where it is none of them."""
    found = [code for code, word in enumerate(texts.words) if word in words]
    if not found:
        return np.zeros_like(texts.known), texts.known
    if len(found) == 1:
        inside = _packed(np.equal, texts.codes, found[0], flags)
    else:
        table = np.zeros(len(texts.words), np.bool_)
        table[found] = True
        inside = pack(np.take(table, texts.codes, out=flags, mode="clip"))
    inside &= texts.known
    return inside, texts.known & ~inside


def same_text(left: Texts, right: Texts, flags: Flags) -> tuple[Plane, Plane]:
    """Where two texts are the same, and where they are not."""
    places = {word: code for code, word in enumerate(left.words)}
    table = np.array([places.get(word, -1) for word in right.words] or [-1], np.int64)
    equal = _packed(np.equal, left.codes, np.take(table, right.codes, mode="clip"), flags)
    known = left.known & right.known
    equal &= known
    return equal, known & ~equal


def _order_beside(
    left: Numbers, right: Fixed, flags: Flags, *, flipped: bool
) -> tuple[Plane, Plane]:
    """``left < right`` for a constant; ``flipped``: ``right < left``. The ends of the constant are
    moved to whole steps of the scale, which changes no comparison."""
    if flipped:
        near, far, is_open, own_open = right.high, right.low, right.high_open, left.low_open
        facing, behind = (left.low, left.has_low), (left.high, left.has_high)
        less = _beside(np.greater, *facing, near, floor, left, flags)
    else:
        near, far, is_open, own_open = right.low, right.high, right.low_open, left.high_open
        facing, behind = (left.high, left.has_high), (left.low, left.has_low)
        less = _beside(np.less, *facing, near, ceil, left, flags)
    point = near == far
    if own_open is not None or is_open:
        meet = _meeting(*facing, near, left, flags)
        if point:
            meet &= ~_points(left, flags)
        less |= meet if is_open else meet & _plane(own_open)
    if left.exact and point:
        return less, left.has_low & ~less
    if flipped:
        not_less = _beside(np.less_equal, *behind, far, floor, left, flags)
    else:
        not_less = _beside(np.greater_equal, *behind, far, ceil, left, flags)
    return less, not_less & ~less


def _beside(
    compare: Callable[..., Any],
    values: Ints,
    known: Plane,
    end: Fraction | None,
    whole: Callable[[Fraction], int],
    left: Numbers,
    flags: Flags,
) -> Plane:
    """Where ``compare`` holds of the values and one end of a constant; nowhere without it."""
    if end is None:
        return np.zeros_like(known)
    found = _packed(compare, values, whole(end * 10**left.scale), flags)
    found &= known
    return found


def _meeting(
    values: Ints, known: Plane, end: Fraction | None, left: Numbers, flags: Flags
) -> Plane:
    """Where a value is just the end of a constant."""
    number = None if end is None else end * 10**left.scale
    if number is None or number.denominator != 1:
        return np.zeros_like(known)
    return _packed(np.equal, values, int(number), flags) & known


def _points(vector: Numbers, flags: Flags) -> Plane:
    """Where an interval is one number; its ends count as closed beside another such."""
    return _packed(np.equal, vector.low, vector.high, flags) & vector.has_low & vector.has_high


def _surely_less(left: Numbers, right: Numbers, flags: Flags) -> Plane:
    """Where every member of the left is less than every member of the right."""
    less = _packed(np.less, left.high, right.low, flags)
    if left.high_open is not None or right.low_open is not None:
        meet = _packed(np.equal, left.high, right.low, flags)
        if left.high_open is not None and right.low_open is not None:
            meet &= left.high_open | right.low_open
        else:
            meet &= _plane(left.high_open if right.low_open is None else right.low_open)
        less |= meet & ~(_points(left, flags) & _points(right, flags))
    less &= left.has_high & right.has_low
    return less


def _plane(plane: Plane | None) -> Any:
    """A plane; where there is none, nothing is set."""
    return np.uint64(0) if plane is None else plane


def _packed(compare: Callable[..., Any], left: End, right: End, flags: Flags) -> Plane:
    return pack(compare(left, right, out=flags))


def _aligned(left: Vector, right: Vector, ratio: Fraction) -> tuple[Numbers, Numbers]:
    """Both sides as whole multiples of one number."""
    one, other = numbers(left), numbers(right)
    exact = ratio * Fraction(10) ** (one.scale - other.scale)
    by_left, by_right = exact.denominator, exact.numerator
    if by_left == by_right:
        return one, other
    return _stretched(one, by_left), _stretched(other, by_right)


def _stretched(vector: Numbers, factor: int) -> Numbers:
    if factor == 1:
        return vector
    vector = tight(vector)
    low = multiplied(vector.low, factor, vector.reach)
    high = low if vector.high is vector.low else multiplied(vector.high, factor, vector.reach)
    return vector._replace(low=low, high=high)


def _times(fixed: Fixed, ratio: Fraction) -> Fixed:
    """A constant in another unit."""
    if ratio == 1:
        return fixed
    low = None if fixed.low is None else fixed.low * ratio
    high = None if fixed.high is None else fixed.high * ratio
    return fixed._replace(low=low, high=high)
