"""What a program computes with: numbers, days and codes of many rows, and where they are known.

Numbers are whole multiples of ``10 ** -scale`` in numpy integers. Nothing may overflow: the bounds
``least`` and ``most`` are known before an operation, and where a result might not fit 64 bit the
operation runs over Python's own integers (dtype object), slowly and exactly.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from myorx.language.columns.planes import Plane
from myorx.language.columns.steps import Fixed

Ints: TypeAlias = npt.NDArray[Any]
"""Integers of 8 to 64 bit, or Python's (dtype object)."""

LONGEST = 2**63 - 1


class Numbers(NamedTuple):
    """Intervals, one a row. Exact ones have one array twice: ``high is low``, ``has_high is
    has_low``. Arrays have one entry a row (filled up to whole words) or a single one for all rows;
    what stands where ``has_low`` or ``has_high`` is 0 means nothing but lies within the bounds.
    ``low_open`` and ``high_open`` are None where no end is open.
    """

    low: Ints
    high: Ints
    has_low: Plane
    has_high: Plane
    low_open: Plane | None
    high_open: Plane | None
    scale: int
    least: int
    most: int

    @property
    def exact(self) -> bool:
        """Whether every row is one number, or unknown."""
        return self.low is self.high and self.has_low is self.has_high

    @property
    def known(self) -> Plane:
        """Where at least one end is known."""
        return self.has_low if self.has_low is self.has_high else self.has_low | self.has_high

    @property
    def reach(self) -> int:
        """No number here is larger in magnitude."""
        return max(abs(self.least), abs(self.most))


class Constants(NamedTuple):
    """One interval for all rows, and planes that are set everywhere and nowhere."""

    fixed: Fixed
    ones: Plane
    zeros: Plane

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.fixed.low is not None and self.fixed.low == self.fixed.high


class Texts(NamedTuple):
    """Codes, one a row (or one for all): indices into ``words``; a known one is in range."""

    codes: Ints
    words: tuple[str, ...]
    known: Plane


Vector: TypeAlias = Numbers | Constants | Texts


def numbers(vector: Vector) -> Numbers:
    """Numbers, also of a constant."""
    if isinstance(vector, Numbers):
        return vector
    assert isinstance(vector, Constants)
    fixed, ones, zeros = vector
    ends = [end for end in (fixed.low, fixed.high) if end is not None]
    scale = max(_digits(end) for end in ends)
    low, high = (0 if end is None else int(end * 10**scale) for end in (fixed.low, fixed.high))
    first = _one(low)
    has_low = zeros if fixed.low is None else ones
    has_high = zeros if fixed.high is None else ones
    return Numbers(
        first,
        first if high == low else _one(high),
        has_low,
        has_high,
        ones if fixed.low_open else None,
        ones if fixed.high_open else None,
        scale,
        min(low, high),
        max(low, high),
    )


def tight(vector: Numbers) -> Numbers:
    """The same with bounds that some number reaches."""
    least, most = int(vector.low.min()), int(vector.low.max())
    if vector.high is not vector.low:
        least, most = min(least, int(vector.high.min())), max(most, int(vector.high.max()))
    return vector._replace(least=least, most=most)


def fitting(values: Ints, reach: int) -> Ints:
    """Values for an operation whose numbers all stay within ``reach``."""
    if reach > LONGEST:
        return values if values.dtype == object else values.astype(object)
    return values if values.dtype == np.int64 else values.astype(np.int64)


def multiplied(values: Ints, factor: int, reach: int) -> Ints:
    """``values`` times a positive ``factor``; they reach up to ``reach`` before."""
    return values if factor == 1 else fitting(values, max(reach, 1) * factor) * factor


def _digits(number: Fraction) -> int:
    """How many digits a decimal fraction has after the point."""
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    return digits


def _one(number: int) -> Ints:
    return np.array([number], np.int64 if -LONGEST <= number <= LONGEST else object)
