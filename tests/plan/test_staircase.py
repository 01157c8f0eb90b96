"""The way down in tablets, from every dose: what must hold of each step and of the whole."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.plan.staircase import Rules, is_countable, staircase

RULES = Rules(
    least=Fraction(1, 5),
    most=Fraction(1, 4),
    low=Fraction(5),
    high=Fraction(10),
    grain=Fraction(5, 2),
    every=30,
    at_least=180,
)
ON_THE_GRID = [Fraction(5, 2) * count for count in range(5, 33)]


def check_all(dose: Fraction, rules: Rules) -> None:
    stairs = staircase(dose, rules)
    doses = [dose, *(fall.dose for fall in stairs.falls)]
    assert all(below < above for above, below in pairwise(doses))
    assert rules.low <= doses[-1] <= rules.high
    assert all(each % rules.grain == 0 for each in doses[1:])
    assert stairs.days >= rules.every
    if len(stairs.falls) > 1:
        assert stairs.length >= rules.at_least
    for (above, below), fall in zip(pairwise(doses), stairs.falls, strict=True):
        assert fall.share == 1 - below / above
        within = rules.least <= fall.share <= rules.most
        assert within == (fall.why == "as_asked")
        if fall.share > rules.most:
            # Larger than asked only where the next tablet step already is.
            assert fall.why == "only_step"
            assert above - below <= rules.grain


@pytest.mark.parametrize("dose", ON_THE_GRID, ids=float)
def test_from_every_dose_in_half_tablets(dose: Fraction) -> None:
    check_all(dose, RULES)
    stairs = staircase(dose, RULES)
    assert stairs.length >= 180
    assert all(fall.share <= RULES.most for fall in stairs.falls)


@given(
    dose=st.integers(41, 480).map(lambda quarters: Fraction(quarters, 4)),
    grain=st.sampled_from([Fraction(1), Fraction(5, 4), Fraction(5, 2), Fraction(5)]),
    at_least=st.sampled_from([90, 180, 365]),
)
def test_from_any_dose_with_any_tablet(dose: Fraction, grain: Fraction, at_least: int) -> None:
    check_all(dose, RULES._replace(grain=grain, at_least=at_least))


@pytest.mark.parametrize(
    ("dose", "doses", "length"),
    [
        (60, [47.5, 37.5, 30, 25, 20, 15, 12.5, 10], 210),
        (55, [42.5, 32.5, 25, 20, 15, 12.5, 10], 180),
        (40, [32.5, 25, 20, 15, 12.5, 10, 7.5], 180),
        (25, [22.5, 20, 17.5, 15, 12.5, 10, 7.5], 180),
        (12.5, [10, 7.5], 180),
    ],
)
def test_the_doses_that_must_hold(dose: float, doses: list[float], length: int) -> None:
    stairs = staircase(Fraction(dose), RULES)
    assert [float(fall.dose) for fall in stairs.falls] == doses
    assert stairs.length == length


def test_smaller_steps_only_where_the_whole_would_be_too_short() -> None:
    assert not staircase(Fraction(60), RULES).slower
    assert staircase(Fraction(40), RULES).slower
    assert not staircase(Fraction(40), RULES).longer
    assert staircase(Fraction(20), RULES).longer
    unhurried = staircase(Fraction(40), RULES._replace(at_least=30))
    assert not unhurried.slower
    assert len(unhurried.falls) < len(staircase(Fraction(40), RULES).falls)


def test_whole_tablets_say_where_nothing_lies_in_between() -> None:
    stairs = staircase(Fraction(60), RULES._replace(grain=Fraction(5)))
    assert [fall.why for fall in stairs.falls][-1] == "only_step"
    assert stairs.length >= 180


@pytest.mark.parametrize("grain", [Fraction(0), Fraction(-1), Fraction(20), Fraction(1, 100)])
def test_tablets_that_cannot_be_counted_are_refused(grain: Fraction) -> None:
    rules = RULES._replace(grain=grain)
    assert not is_countable(Fraction(60), rules)
    with pytest.raises(ValueError, match="no way down"):
        staircase(Fraction(60), rules)


@pytest.mark.parametrize("dose", [Fraction(10), Fraction(5), Fraction(0)])
def test_at_the_target_there_is_no_way_down(dose: Fraction) -> None:
    with pytest.raises(ValueError, match="no way down"):
        staircase(dose, RULES)
