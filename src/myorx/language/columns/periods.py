"""Whole periods between days, as ``calendar.py`` counts them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from myorx.language.columns.vectors import Ints, Numbers, Vector, numbers
from myorx.language.syntax import CalendarUnit

_TABLE = 2**17
"""Days (more than three centuries) that a table of the calendar is made for."""


def periods(unit: CalendarUnit, start: Vector, end: Vector) -> Numbers:
    """For the shortest and the longest possible span of each row; days count from 1970."""
    one, other = numbers(start), numbers(end)
    exact = one.exact and other.exact
    low = _count(unit, one.high, other.low, one, other)
    has_low = one.has_high & other.has_low
    if exact:
        high, has_high = low, has_low
    else:
        high = _count(unit, one.low, other.high, one, other)
        has_high = one.has_low & other.has_high
    reach = max(abs(other.most - one.least), abs(one.most - other.least))
    return Numbers(low, high, has_low, has_high, None, None, 0, -reach, reach)


def _count(unit: CalendarUnit, start: Ints, end: Ints, one: Numbers, other: Numbers) -> Ints:
    first, last = start.astype(np.int64), end.astype(np.int64)
    if unit in ("days", "weeks"):
        found: Ints = last - first
        return found if unit == "days" else _whole(found, 7)
    calendar = _calendar(min(one.least, other.least), max(one.most, other.most))
    months = calendar.months(first, last)
    backwards = last < first
    if backwards.any():
        # Backwards it is the same number, negative.
        months = np.where(backwards, -calendar.months(last, first), months)
    return _whole(months, 12) if unit == "years" else months


def _whole(count: Ints, length: int) -> Ints:
    """Divided and cut off towards zero."""
    found: Ints = abs(count) // length
    return np.where(count < 0, -found, found) if (count < 0).any() else found


class _Calendar(NamedTuple):
    """Days as months and days in one number, ``32 * month + day``: where a span starts, and where
    it ends. At the end the last day of a month counts as its 31st, which completes any month.
    ``first`` is the day of the first entry; None: there is no table, days are computed."""

    starts: Ints
    ends: Ints
    first: int | None

    def months(self, start: Ints, end: Ints) -> Ints:
        """Whole months from ``start`` to a later ``end``."""
        if self.first is None:
            found: Ints = _keys(end)[1] - _keys(start)[0]
        else:
            found = np.take(self.ends, end - self.first, mode="clip")
            found = found - np.take(self.starts, start - self.first, mode="clip")
        return found >> 5


def _calendar(least: int, most: int) -> _Calendar:
    """The calendar for days between two bounds; a table where they are near."""
    if most - least > _TABLE:
        return _Calendar(np.zeros(0), np.zeros(0), None)
    return _table(least // 512 * 512, -(-(most + 1) // 512) * 512)


@lru_cache(maxsize=64)
def _table(first: int, last: int) -> _Calendar:
    return _Calendar(*_keys(np.arange(first, last, dtype=np.int64)), first)


def _keys(days: Ints) -> tuple[Ints, Ints]:
    """For each day its number as a start, and as an end."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    before = months.astype("datetime64[D]").astype(np.int64) - 1
    last = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    month = 32 * months.astype(np.int64)
    return month + (days - before), month + np.where(days == last, 31, days - before)
