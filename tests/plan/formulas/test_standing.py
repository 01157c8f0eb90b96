"""The formulas say what the planner says, of random patients of every guideline at hand."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from myorx.guideline.load import load, load_folder
from myorx.guideline.models import Guideline
from myorx.plan import Planner
from myorx.plan.formulas import standing
from tests.conftest import PROFILE, SOAK
from tests.plan.conftest import FOLDER
from tests.plan.formulas.altered import altered
from tests.plan.formulas.reference import Said, by_formulas, by_plan
from tests.random_cases import random_patients

TIMES = SOAK if PROFILE == "soak" else 1


@cache
def invented() -> Guideline:
    return load_folder(FOLDER)


def compare(guideline: Guideline, count: int, seed: int) -> Counter[object]:
    """How often each value came up; fails where the two differ."""
    planner, formulas = Planner(guideline), standing(guideline)
    met: Counter[object] = Counter()
    for case, patient in random_patients(guideline, count, seed=seed):
        expected, found = by_plan(planner, patient), by_formulas(formulas, planner, patient)
        assert set(expected) <= set(found), set(expected) - set(found)
        wrong = _differences(expected, found)
        assert not wrong, (wrong, case)
        met.update(value for key, value in expected.items() if not key.endswith("/hazards"))
    return met


def _differences(expected: Said, found: Said) -> dict[str, tuple[object, object]]:
    return {key: (value, found[key]) for key, value in expected.items() if found[key] != value}


def test_formulas_say_what_the_plan_says() -> None:
    met = compare(load("aim"), 120 * TIMES, seed=7)
    # The cases are worth something: what a plan can say came up.
    said = "recommended option contested undetermined blocked excluded advised_against live open"
    said += " yielded outside_guideline contraindicated conflict caution not_covered clear do"
    said += " may_apply raised possible critical"
    assert not [word for word in said.split() if not met[word]]


def test_formulas_say_what_the_plan_says_of_shuffled_rules() -> None:
    met: Counter[object] = Counter()
    for seed in range(40 * TIMES):
        met += compare(altered(invented(), seed), 10, seed)
    said = "withheld recommended option contested undetermined blocked excluded advised_against"
    said += " yielded outside_guideline contraindicated conflict caution not_covered critical"
    assert not [word for word in said.split() if not met[word]]


@pytest.mark.parametrize("seed", range(3))
def test_cases_are_the_same_for_the_same_seed(seed: int) -> None:
    one = [case for case, _ in random_patients(invented(), 5, seed=seed)]
    again = [case for case, _ in random_patients(invented(), 5, seed=seed)]
    other = [case for case, _ in random_patients(invented(), 5, seed=seed + 1)]
    assert one == again
    assert one != other
