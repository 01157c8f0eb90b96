"""Doses: scaled, capped, in tablets; withheld where the source gives none for this patient."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.guideline.models import Tablet
from myorx.language.syntax import QuantityLiteral
from myorx.plan.doses import Amount, _end
from myorx.plan.model import DoseLine, Plan
from tests.plan import look
from tests.plan.conftest import PlanOf

NEW = {"ill": True, "severe": False, "therapies": [], "therapies_complete": True}


def _alpha(plan: Plan) -> DoseLine:
    return look.candidate(plan, "start", "start_alpha").parts[0].doses[0]


@pytest.mark.parametrize(
    ("weight", "amount", "unrounded", "capped", "tablets"),
    [
        ("45", "45 mg/d", "45 mg/d", False, "9 × 5 mg"),
        ("57", "55 mg/d", "57 mg/d", False, "11 × 5 mg"),
        ("57.5", "55 mg/d", "57.5 mg/d", False, "11 × 5 mg"),  # a tie goes down
        ("57.6", "60 mg/d", "57.6 mg/d", False, "12 × 5 mg"),
        ("60", "60 mg/d", "60 mg/d", False, "12 × 5 mg"),
        ("79", "80 mg/d", "79 mg/d", False, "16 × 5 mg"),
        ("80", "80 mg/d", "80 mg/d", False, "16 × 5 mg"),
        ("80.1", "80 mg/d", "80.1 mg/d", True, "16 × 5 mg"),
        ("130", "80 mg/d", "130 mg/d", True, "16 × 5 mg"),
    ],
)
def test_scaled_capped_and_counted(
    plan_of: PlanOf, weight: str, amount: str, unrounded: str, capped: bool, tablets: str
) -> None:
    line = _alpha(plan_of(**NEW, age=40, weight=f"{weight} kg"))
    assert (line.amount, line.unrounded, line.capped, line.tablets) == (
        amount,
        unrounded,
        capped,
        tablets,
    )
    assert line.scaled_by == f"weight {weight} kg"
    assert ("capped at 80 mg/d" in line.says.en) is capped
    assert f"{weight} kg" in line.says.en
    assert f"{weight} kg" in line.says.zh


def test_the_words_of_a_dose(plan_of: PlanOf) -> None:
    line = _alpha(plan_of(**NEW, age=40, weight=130))
    assert line.says.en == (
        "oral alpha 80 mg/d = 16 × 5 mg (1 mg/kg/d × 130 kg = 130 mg/d, capped at 80 mg/d)"
    )
    assert (
        line.says.zh == "口服甲药 80 mg/d＝16 × 5 mg（1 mg/kg/d×130 kg＝130 mg/d，按上限80 mg/d）"
    )


def test_weight_unknown_gives_the_formula_and_asks(plan_of: PlanOf) -> None:
    plan = plan_of(**NEW, age=40)
    line = _alpha(plan)
    assert line.amount is None
    assert "1 mg/kg/d; at most 80 mg/d" in line.says.en
    assert line.needs == ("weight",)
    need = look.need(plan, "weight")
    assert need is not None
    assert "alpha" in need.why.en


@pytest.mark.parametrize("age", [0, 10, 17])
def test_a_child_gets_no_adult_dose_of_anything(plan_of: PlanOf, age: int) -> None:
    plan = plan_of(**NEW, age=age, weight=25)
    line = _alpha(plan)
    assert (line.amount, line.tablets) == (None, None)
    assert line.withheld is not None
    assert line.withheld.en == "no paediatric dose in the source"
    salt = look.part(look.advice(plan, "salt"), "salt").doses[0]
    assert salt.withheld is not None
    assert "mg/d" not in look.headline(plan)


def test_age_unknown_withholds_and_asks(plan_of: PlanOf) -> None:
    plan = plan_of(**NEW, weight=60)
    line = _alpha(plan)
    assert line.withheld is not None
    assert "age unknown" in line.withheld.en
    assert look.need(plan, "age") is not None


@pytest.mark.parametrize(
    ("born", "withheld"),
    [("2008-11-22", False), ("2008-11-23", True), ("2008", True), ("2007", False), ("2009", True)],
)
def test_a_birth_date_decides_as_far_as_it_can(plan_of: PlanOf, born: str, withheld: bool) -> None:
    line = _alpha(plan_of(**NEW, birth_date=born, weight=60))
    assert (line.withheld is not None) is withheld


def test_a_range_keeps_both_ends(plan_of: PlanOf) -> None:
    salt = look.part(look.advice(plan_of(**NEW, age=40), "salt"), "salt").doses[0]
    assert (salt.amount, salt.high) == ("1000 mg/d", "1200 mg/d")
    assert salt.says.en == "supplement 1000–1200 mg/d"


def test_a_dose_that_is_not_stated_is_never_invented(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=True, sex="male", wish=False, age=40, weight=60)
    triple = look.candidate(plan, "induction", "triple")
    assert all(part.dose_not_stated and not part.doses for part in triple.parts)
    assert "doses not stated in the source" in look.headline(plan)
    assert "剂量文献未给出" in look.headline(plan, "zh")


@given(
    weight=st.decimals("2", "300", places=1),
    cap=st.integers(1, 200),
    strength=st.sampled_from(["1", "2.5", "4", "5", "25"]),
)
def test_tablets_are_nearest_and_never_above_the_cap(
    weight: Decimal, cap: int, strength: str
) -> None:
    tablet = Tablet(QuantityLiteral(Decimal(strength), "mg"), "test", True)
    per_kg, scale = Amount(Decimal(1), "mg/kg/d"), Amount(weight, "kg")
    end = _end(per_kg, scale, Amount(Decimal(cap), "mg/d"), tablet)
    exact = min(weight, Decimal(cap))
    assert end.amount.value <= cap
    assert end.capped is (weight > cap)
    if end.tablets:
        assert end.amount.value == end.tablets * Decimal(strength)
        room = end.amount.value + Decimal(strength) <= cap
        assert abs(end.amount.value - exact) <= Decimal(strength) / 2 or not room
    else:
        assert end.amount.value == exact
