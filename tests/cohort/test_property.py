"""Ten thousand random cases: the whole guideline over columns says what the plan says.

``make check-all`` looks at ten times as many, ``make soak`` at a million: tools/cohort_property.py.
"""

from __future__ import annotations

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from tests.cohort.compared import compared

CASES, SHARES = 10_000, 10
"""In so many shares, which may run beside each other."""


@pytest.mark.parametrize("seed", range(SHARES))
def test_every_status_of_ten_thousand_cases(seed: int) -> None:
    assert compared(700 + seed, CASES // SHARES) == []
