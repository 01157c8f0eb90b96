"""The official tests of CQL: every one that lies inside the language passes."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.conformance_doc import SUITE, TARGET, Case, adapt, cases, document, judge

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="the official tests are not beside the repository"
)
CASES = cases() if SUITE.is_dir() else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}-{case.group}-{case.name}")
def test_official(case: Case) -> None:
    outcome = judge(case)
    if outcome.verdict == "outside":
        pytest.skip(outcome.reason)
    assert outcome.verdict == "passed", outcome.reason


def test_the_document_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [judge(case) for case in CASES]
    counts = Counter(outcome.verdict for outcome in outcomes)
    with capsys.disabled():
        inside = len(outcomes) - counts["outside"]
        print(f"\nofficial CQL tests: {counts['passed']} of {inside} in the subset pass")  # noqa: T201
    assert TARGET.read_text(encoding="utf-8") == document(outcomes), (
        "stale: run python tools/conformance_doc.py"
    )


def test_the_subset_does_not_shrink_unnoticed() -> None:
    outcomes = [judge(case) for case in CASES]
    assert sum(outcome.verdict == "passed" for outcome in outcomes) >= 160


def test_date_selectors_are_read_as_dates() -> None:
    assert adapt("DateTime(2005, 7) > Date(2004)") == "@2005-07 > @2004"
    assert adapt("@2005-10-10T") == "@2005-10-10"
    assert adapt("DateTime(2005, 7, 1, 12)") == "DateTime(2005, 7, 1, 12)"
