"""Ten thousand random cases: the whole guideline over columns says what the plan says.

``make check-all`` looks at ten times as many, ``make soak`` at a million: tools/cohort_property.py.
"""

from __future__ import annotations

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.guideline.load import load
from myorx.plan import Planner
from tests.cohort.compared import compared
from tests.cohort.reference import said_in, said_of, written_cases

CASES, SHARES = 10_000, 10
"""In so many shares, which may run beside each other."""


@pytest.mark.parametrize("seed", range(SHARES))
def test_every_status_of_ten_thousand_cases(seed: int) -> None:
    assert compared(700 + seed, CASES // SHARES) == []


def test_a_planner_that_does_not_explain_says_the_same() -> None:
    """What ``compared`` asks leaves out words and needs; the statuses are those of a whole plan."""
    guideline = load()
    planner = Planner(guideline)
    for source, _, patient in written_cases(guideline, 150, seed=71):
        assert said_of(planner, patient) == said_in(planner.situation(patient)), source
