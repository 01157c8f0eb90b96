"""Whole periods between two days of the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from .syntax import CalendarUnit


def whole_periods(unit: CalendarUnit, start: date, end: date) -> int:
    """The number of whole years, months, weeks or days from ``start`` to ``end``.

    A month is complete on the same day of the month or, where the month is too short for that, on
    its last day: from 31 January to 28 February is one month, from 29 February 2012 to 28 February
    2013 one year. When ``end`` lies before ``start`` the result is the same number, negative.
    """
    if end < start:
        return -whole_periods(unit, end, start)
    if unit == "days":
        return (end - start).days
    if unit == "weeks":
        return (end - start).days // 7
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day and end.day < monthrange(end.year, end.month)[1]:
        months -= 1
    return months // 12 if unit == "years" else months
