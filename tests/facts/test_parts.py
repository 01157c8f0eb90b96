"""The small parts: spelling, scalars, units, doses, stretches of time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.facts.case import exactly
from myorx.facts.doses import read_dose
from myorx.facts.scalars import day_or_period, days, number, tidy, written
from myorx.facts.spelling import key
from myorx.facts.timeline import Stretch, length, pieces, within
from myorx.facts.units import convert, spelled
from myorx.language.values import Bounds, Days


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anti-MDA5", "ＡＮＴＩ＿ＭＤＡ５"),
        ("date of birth", "Date_of-Birth"),
        ("抗 X 抗体", "抗Ｘ抗体"),
        ("not done", "NOT  DONE"),
        ("x–y", "x-y"),
    ],
)
def test_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@given(st.text())
def test_the_key_of_a_key(text: str) -> None:
    """The short way for ASCII and the long way agree; a key is its own key."""
    assert key(key(text)) == key(text)
    assert key(text + "\u3000") == key(text)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("μg/L", "ug/L"),
        ("µg/l", "ug/L"),
        ("IU/mL", "[iU]/mL"),
        ("mg/(kg·d)", "mg/kg/d"),
        ("mg·kg⁻¹·d⁻¹", "mg/kg/d"),
        ("×10^9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"),
        ("10⁹/L", "10*9/L"),
        ("毫克每升", "mg/L"),
        ("mmHg", "mm[Hg]"),
        ("mg/m²", "mg/m2"),
        ("ｍｇ／ｄＬ", "mg/dL"),
        ("公斤", "kg"),
        ("", ""),
    ],
)
def test_units_as_typed(typed: str, unit: str) -> None:
    assert spelled(typed) == unit


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(2, 3), "0.66666667"),
        (Fraction(1, 200000000), "0.00000001"),
        (Fraction(-1, 200000000), "-0.00000001"),
        (Decimal("0.000000005"), "0.00000001"),
        (Decimal("80.00"), "80"),
        (Decimal("8E+1"), "80"),
        (Decimal("1.10"), "1.1"),
    ],
)
def test_rounding(exact: Fraction | Decimal, rounded: str) -> None:
    assert f"{tidy(exact):f}" == rounded


@given(st.fractions(min_value=-(10**19), max_value=10**19))
def test_rounding_is_to_the_nearest(exact: Fraction) -> None:
    found = Fraction(tidy(exact))
    assert abs(found - exact) <= Fraction(1, 2 * 10**8)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("007", "7"),
        ("-0", "0"),
        ("1e-30", "0"),
        ("1e30", None),
        ("9" * 500, None),
        ("1e19", "1" + "0" * 19),
    ],
)
def test_numbers(text: str, found: str | None) -> None:
    exact = number(text)
    assert (None if exact is None else f"{exact:f}") == found


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%Y-%m", "%Y"]))
def test_dates_round_trip(day: date, form: str) -> None:
    text = day.strftime(form).rjust({"%Y": 4, "%Y-%m": 7}.get(form, 10), "0")
    period = day_or_period(text)
    assert period is not None
    assert period.earliest is not None
    assert period.latest is not None
    assert period.earliest <= day <= period.latest
    assert written(period) == text
    assert days(text) == period


def test_days_open_on_one_side() -> None:
    assert days("<2026-03") == Days(None, date(2026, 2, 28))
    assert days("≥2026-03") == Days(date(2026, 3, 1), None)
    assert days(">2026") == Days(date(2027, 1, 1), None)
    assert days("<=2026") == Days(None, date(2026, 12, 31))
    assert days("<0001") is None
    assert days(">9999") is None
    assert days("==2026") is None


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("60 mg/d", exactly(Decimal(60), "mg/d")),
        ("60 mg qd", exactly(Decimal(60), "mg/d")),
        ("30mg bid", exactly(Decimal(60), "mg/d")),
        ("20 mg, three times a day", exactly(Decimal(60), "mg/d")),
        ("60毫克每日一次", exactly(Decimal(60), "mg/d")),
        ("30 毫克 2次/日", exactly(Decimal(60), "mg/d")),
        ("1 mg/(kg·d)", exactly(Decimal(1), "mg/kg/d")),
        ("15 mg qw", exactly(Decimal(15), "mg/wk")),
        ("每周 15 mg", None),
        ("2片 bid", exactly(Decimal(4), "{piece}/d")),
        ("2 tablets", exactly(Decimal(2), "{piece}")),
        (">40 mg/d", Bounds(Decimal(40), None, low_open=True, unit="mg/d")),
        ("0.06 g/d", exactly(Decimal("0.06"), "g/d")),
        ("-5 mg/d", None),
        ("60", None),
        ("a lot", None),
        ("5 foo/d", None),
    ],
)
def test_doses(text: str, dose: Bounds | None) -> None:
    assert read_dose(text) == dose


def test_conversion_keeps_open_ends() -> None:
    found = convert(Bounds(Decimal(2), Decimal(3), low_open=True, unit="g/d"), "mg/d")
    assert found == Bounds(Decimal(2000), Decimal(3000), low_open=True, unit="mg/d")
    assert convert(exactly(Decimal(1), "mg/d"), "kg") is None
    assert convert(exactly(Decimal(1)), "kg") is None
    assert convert(exactly(Decimal(1), "mg/d"), "no unit at all") is None


STRETCHES = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 10)).map(lambda t: Stretch(t[0], sum(t))),
    max_size=5,
)


@given(STRETCHES)
def test_length_is_a_count_of_days(stretches: list[Stretch]) -> None:
    covered = {day for each in stretches for day in range(each.first or 0, each.end)}
    assert length(stretches) == len(covered)


@given(STRETCHES)
def test_pieces_part_the_days(stretches: list[Stretch]) -> None:
    found = pieces(stretches)
    for piece in found:
        for each in stretches:
            inside = {
                each.first is not None and each.first <= day < each.end
                for day in range(piece.first or 0, piece.end)
            }
            assert inside == {within(piece, each) and not each.is_empty}


def test_a_stretch_without_beginning() -> None:
    assert length([Stretch(None, 5)]) is None
    assert within(Stretch(3, 5), Stretch(None, 5))
    assert within(Stretch(None, 0), Stretch(None, 5))
    assert not within(Stretch(None, 0), Stretch(1, 5))
    assert not Stretch(None, 5).is_empty
