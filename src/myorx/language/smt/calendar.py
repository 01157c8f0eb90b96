"""Whole periods between two days, as solver terms; the same as ``language.calendar``.

``Loose`` knows only what every calendar keeps: more spans than there are, so that what is proved
with it is proved, and far less for the solver to work out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import combinations
from typing import NamedTuple

import z3

from myorx.language.calendar import whole_periods
from myorx.language.syntax import CalendarUnit

from .bits import Bit, Term, at_most, choose, conj, disj, floor_div, less, neg, same


def periods(unit: CalendarUnit, start: Term, end: Term) -> Term:
    """Whole years, months, weeks or days from day ``start`` to day ``end``; negative backwards."""
    if isinstance(start, int) and isinstance(end, int):
        return _plain(unit, start, end)
    span = end - start
    match unit:
        case "days":
            return span
        case "weeks":
            return choose(less(span, 0), -floor_div(-span, 7), floor_div(span, 7))
    one, other = _civil(start), _civil(end)
    return choose(less(end, start), -_forward(unit, other, one), _forward(unit, one, other))


def _plain(unit: CalendarUnit, start: int, end: int) -> int:
    first, last = date.min.toordinal(), date.max.toordinal()
    if not (first <= start <= last and first <= end <= last):  # an end that is not there
        return 0
    return whole_periods(unit, date.fromordinal(start), date.fromordinal(end))


class _Civil(NamedTuple):
    year: Term
    month: Term
    day: Term
    length: Term
    """How many days the month has."""


def _forward(unit: CalendarUnit, start: _Civil, end: _Civil) -> Term:
    months = (end.year - start.year) * 12 + end.month - start.month
    short = conj(less(end.day, start.day), less(end.day, end.length))
    months = months - choose(short, 1, 0)
    return floor_div(months, 12) if unit == "years" else months


def _civil(ordinal: Term) -> _Civil:
    """Year, month and day of an ordinal: years counted from March, so that 29 February is last."""
    if isinstance(ordinal, int):
        found = date.fromordinal(max(ordinal, 1))
        return _Civil(found.year, found.month, found.day, monthrange(found.year, found.month)[1])
    shifted = ordinal + 305  # days since 1 March of the year 0
    era = floor_div(shifted, 146097)
    in_era = shifted - era * 146097
    of_era = floor_div(
        in_era - floor_div(in_era, 1460) + floor_div(in_era, 36524) - floor_div(in_era, 146096),
        365,
    )
    in_year = in_era - (365 * of_era + floor_div(of_era, 4) - floor_div(of_era, 100))
    from_march = floor_div(5 * in_year + 2, 153)
    day = in_year - floor_div(153 * from_march + 2, 5) + 1
    month = choose(less(from_march, 10), from_march + 3, from_march - 9)
    year = of_era + era * 400 + choose(less(month, 3), 1, 0)
    return _Civil(year, month, day, _length(year, month))


def _length(year: Term, month: Term) -> Term:
    leap = conj(same(year % 4, 0), disj(neg(same(year % 100, 0)), same(year % 400, 0)))
    thirty: Bit = disj(*(same(month, each) for each in (4, 6, 9, 11)))
    return choose(same(month, 2), choose(leap, 29, 28), choose(thirty, 30, 31))


_DAYS = {"years": (365, 366), "months": (28, 31)}
"""Of the shortest and the longest one."""


class Loose:
    """Years and months as any numbers that keep within their lengths, and in order."""

    def __init__(self) -> None:
        self._spans: dict[CalendarUnit, dict[tuple[Term, Term], Term]] = {"years": {}, "months": {}}

    def periods(self, unit: CalendarUnit, start: Term, end: Term) -> Term:
        """Like ``periods`` above; years and months are held together by ``axioms`` alone."""
        plain = isinstance(start, int) and isinstance(end, int)
        if unit not in _DAYS or plain:
            return periods(unit, start, end)
        spans = self._spans[unit]
        found = spans.get((start, end))
        if found is None:
            found = spans[start, end] = z3.FreshInt(unit)
        return found

    @property
    def count(self) -> int:
        """How many spans were asked for."""
        return sum(map(len, self._spans.values()))

    def axioms(self) -> Iterator[Bit]:
        """What holds of every span that was asked for."""
        for unit, spans in self._spans.items():
            for (start, end), count in spans.items():
                yield from _within(unit, end - start, count)
            for (one, count), (other, another) in combinations(spans.items(), 2):
                yield from _ordered(one, count, other, another)

    def exactly(self, term: Term, day: date) -> Iterator[Bit]:
        """That ``term`` is this day, and every span from or to it is counted as it is, for up to
        120 years and 24 months; spans between other days stay loose."""
        yield same(term, day.toordinal())
        for unit, spans in self._spans.items():
            most = 120 if unit == "years" else 24
            for (start, end), count in spans.items():
                for number in range(-most, most + 1):
                    if end is term:
                        last = _last_start(unit, day, number)
                        yield _alike(at_most(number, count), at_most(start, last))
                    elif start is term:
                        first = _first_end(unit, day, number)
                        yield _alike(at_most(number, count), at_most(first, end))


def _alike(one: Bit, other: Bit) -> Bit:
    return conj(disj(neg(one), other), disj(neg(other), one))


@cache
def _first_end(unit: CalendarUnit, start: date, number: int) -> int:
    """The first day up to which ``number`` whole periods have passed since ``start``."""
    return _first(lambda day: whole_periods(unit, start, day) >= number)


@cache
def _last_start(unit: CalendarUnit, end: date, number: int) -> int:
    """The last day from which ``number`` whole periods have passed until ``end``."""
    return _first(lambda day: whole_periods(unit, day, end) < number) - 1


def _first(holds: Callable[[date], bool]) -> int:
    """The first day of the calendar for which something holds that then goes on to hold."""
    low, high = date.min.toordinal(), date.max.toordinal()
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(date.fromordinal(middle)) else (middle + 1, high)
    return low


def _within(unit: CalendarUnit, days: Term, count: Term) -> Iterator[Bit]:
    shortest, longest = _DAYS[unit]
    back = less(days, 0)
    yield disj(back, conj(at_most(shortest * count, days), less(days, longest * (count + 1))))
    backwards = conj(at_most(-shortest * count, -days), less(-days, longest * (1 - count)))
    yield disj(neg(back), backwards)


def _ordered(
    one: tuple[Term, Term], count: Term, other: tuple[Term, Term], another: Term
) -> Iterator[Bit]:
    """An earlier start and a later end never make a span shorter."""
    for (start, end), here, (begin, stop), there in (
        (one, count, other, another),
        (other, another, one, count),
    ):
        wider = conj(at_most(start, begin), at_most(stop, end))
        yield disj(neg(wider), at_most(there, here))
