"""Whole periods agree with DuckDB's ``date_sub`` and never run backwards."""

from __future__ import annotations

import random
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.language.calendar import whole_periods
from myorx.language.syntax import CalendarUnit

UNITS: tuple[CalendarUnit, ...] = ("years", "months", "weeks", "days")
units = st.sampled_from(UNITS)
dates = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def pairs() -> list[tuple[date, date]]:
    """Random days, and all pairs of days around the ends of short and long months."""
    source = random.Random(20261122)  # noqa: S311
    first = date(1990, 1, 1)
    found = [
        (first + timedelta(source.randrange(20_000)), first + timedelta(source.randrange(20_000)))
        for _ in range(3_000)
    ]
    edges = [date(2024, 1, 1) + timedelta(offset) for offset in range(-40, 100)]
    return found + [(start, end) for start in edges for end in edges[::3]]


@pytest.mark.parametrize("unit", UNITS)
def test_agrees_with_duckdb(unit: CalendarUnit) -> None:
    days = pairs()
    with duckdb.connect() as connection:
        connection.execute("create table pairs(i integer, a date, b date)")
        rows = [f"({i}, '{start}'::date, '{end}'::date)" for i, (start, end) in enumerate(days)]
        connection.execute(f"insert into pairs values {', '.join(rows)}")  # noqa: S608
        query = f"select date_sub('{unit[:-1]}', a, b) from pairs order by i"  # noqa: S608
        theirs = [row[0] for row in connection.execute(query).fetchall()]
    assert [whole_periods(unit, start, end) for start, end in days] == theirs


@given(units, dates, dates, st.integers(0, 100))
def test_later_ends_and_earlier_starts_never_count_less(
    unit: CalendarUnit, start: date, end: date, shift: int
) -> None:
    count = whole_periods(unit, start, end)
    assert whole_periods(unit, start, end + timedelta(shift)) >= count
    assert whole_periods(unit, start - timedelta(shift), end) >= count


@given(units, dates, dates)
def test_reversed_is_negative(unit: CalendarUnit, start: date, end: date) -> None:
    assert whole_periods(unit, start, end) == -whole_periods(unit, end, start)
