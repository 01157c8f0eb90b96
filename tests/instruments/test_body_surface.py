"""Body surface area against the printed formulas."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.instruments import InstrumentError, body_surface, formulas

FLOATS = {
    "mosteller": lambda h, w: math.sqrt(h * w / 3600),
    "du_bois": lambda h, w: 0.007184 * h**0.725 * w**0.425,
    "haycock": lambda h, w: 0.024265 * h**0.3964 * w**0.5378,
    "stevenson": lambda h, w: 0.0061 * h + 0.0128 * w - 0.1529,
}


@pytest.mark.parametrize(
    ("formula", "m2"),
    [("mosteller", "1.752"), ("du_bois", "1.754"), ("haycock", "1.754"), ("stevenson", "1.716")],
)
def test_vector(formula: str, m2: str) -> None:
    found = body_surface(Decimal(170), Decimal(65), formula)
    assert found.m2 == Decimal(m2)
    assert found.formula.id == formula


def test_the_default_is_mosteller() -> None:
    assert body_surface(Decimal(180), Decimal(80)).m2 == Decimal(2)
    assert str(body_surface(Decimal(180), Decimal(80)).m2) == "2"


@given(
    st.sampled_from(sorted(FLOATS)),
    st.decimals(120, 220, places=1),
    st.decimals(30, 250, places=1),
)
def test_against_floats(formula: str, height: Decimal, weight: Decimal) -> None:
    found = body_surface(height, weight, formula).m2
    assert abs(float(found) - FLOATS[formula](float(height), float(weight))) <= 0.00051


@pytest.mark.parametrize(
    ("height", "weight", "formula"),
    [
        ("1.70", "65", "mosteller"),
        ("170", "4.9", "mosteller"),
        ("220.1", "65", "haycock"),
        ("110", "20", "du_bois"),
        ("110", "20", "stevenson"),
        ("-170", "65", "mosteller"),
        ("NaN", "65", "mosteller"),
        ("170", "65", "nobody"),
    ],
)
def test_refused(height: str, weight: str, formula: str) -> None:
    with pytest.raises(InstrumentError, match="allowed"):
        body_surface(Decimal(height), Decimal(weight), formula)


def test_limits_and_sources() -> None:
    assert not formulas()["stevenson"].verified
    assert all(row.source for row in formulas().values())
    for row in formulas().values():
        for height in row.height_cm:
            for weight in row.weight_kg:
                assert body_surface(height, weight, row.id).m2 > 0
