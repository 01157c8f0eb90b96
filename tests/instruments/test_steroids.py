"""Steroid equivalence against the printed table."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.instruments import InstrumentError, equivalent, ratio, steroids

FIVE = {
    "cortisone": "25",
    "hydrocortisone": "20",
    "prednisone": "5",
    "prednisolone": "5",
    "methylprednisolone": "4",
    "triamcinolone": "4",
    "dexamethasone": "0.75",
    "deflazacort": "6",
}


def test_every_steroid_is_tested_and_sourced() -> None:
    assert set(steroids()) == {*FIVE, "betamethasone"}
    for row in steroids().values():
        assert row.source
        assert row.mg[0] <= row.mg[1]
    assert steroids()["deflazacort"].approximate
    assert not steroids()["prednisone"].approximate


@pytest.mark.parametrize(("steroid", "mg"), FIVE.items())
def test_the_printed_table(steroid: str, mg: str) -> None:
    assert equivalent(steroid, Decimal(mg)).exact == Decimal(5)


@pytest.mark.parametrize(
    ("steroid", "dose", "found"),
    [
        ("methylprednisolone", "40", "50"),
        ("methylprednisolone", "48", "60"),
        ("dexamethasone", "1", "6.66666667"),
        ("hydrocortisone", "30", "7.5"),
        ("prednisone", "0", "0"),
        ("prednisone", "1E+3", "1000"),
        ("deflazacort", "30", "25"),
    ],
)
def test_doses(steroid: str, dose: str, found: str) -> None:
    assert f"{equivalent(steroid, Decimal(dose)).exact:f}" == found


def test_tables_that_differ_give_both_ends() -> None:
    found = equivalent("betamethasone", Decimal(3))
    assert (found.low, found.high, found.exact) == (Decimal(20), Decimal(25), None)
    assert found.steroid.note["en"]


@pytest.mark.parametrize("dose", ["-1", "NaN", "Infinity", "-Infinity"])
def test_no_dose(dose: str) -> None:
    with pytest.raises(InstrumentError, match="zero or more"):
        equivalent("prednisone", Decimal(dose))


@pytest.mark.parametrize("steroid", ["", "Prednisone", "meprednisone", "泼尼松"])
def test_no_steroid(steroid: str) -> None:
    with pytest.raises(InstrumentError, match="not in the steroid table"):
        equivalent(steroid, Decimal(5))


@given(
    st.sampled_from(sorted(FIVE)),
    st.decimals(0, 10**6, places=3, allow_nan=False, allow_infinity=False),
)
def test_rounded_once(steroid: str, dose: Decimal) -> None:
    exact = Fraction(dose) * ratio(steroid)[0]
    found = equivalent(steroid, dose).exact
    assert found is not None
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**8)
