"""The mapping of a hospital: the example has no fault, and every fault is found at its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from myorx.exchange.hospital import check_hospital, read_hospital
from myorx.guideline.faults import GuidelineError
from myorx.guideline.models import Guideline
from tests.exchange.conftest import HOSPITAL


def faults(text: str, guideline: Guideline, folder: Path) -> list[tuple[int, str, str]]:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        hospital, positions = read_hospital(path)
    except GuidelineError as error:
        return [(each.line, each.code, each.severity) for each in error.problems]
    found = check_hospital(hospital, positions, guideline)
    return [(each.line, each.code, each.severity) for each in found]


def test_the_example_has_no_fault(guideline: Guideline) -> None:
    hospital, positions = read_hospital(HOSPITAL)
    assert not check_hospital(hospital, positions, guideline)


BAD = [
    ("- {code: a, fact: no_such_fact}", "unknown-fact", "error"),
    ("- {code: a, fact: rapid_ild}", "unknown-fact", "error"),  # a definition, nothing given
    ("- {code: a, fact: ferritin, unit: mg/dL}", "unit-unknown", "error"),  # refused by the fact
    ("- {code: a, fact: ferritin, unit: ng/mL, units: {x: kg}}", "unit-unknown", "error"),
    ("- {code: a, fact: anti_mda5, unit: U/mL}", "unit-misplaced", "error"),
    ("- {code: a, fact: crp}", "unit-unstated", "warning"),
    ("- {code: a, fact: ck, positive_from: '1:10'}", "bad-cutoff", "error"),
    ("- {code: a, fact: anti_mda5, positive_from: high}", "bad-cutoff", "error"),
    ("- {code: a, fact: ck}\n  - {code: a, fact: ck}", "duplicate-code", "error"),
    ("- {code: a, fact: ck, spelling: x}", "unknown-key", "error"),
    ("- {fact: ck}", "missing-key", "error"),
]


@pytest.mark.parametrize(("rows", "code", "severity"), BAD)
def test_faults_of_results(
    rows: str, code: str, severity: str, guideline: Guideline, tmp_path: Path
) -> None:
    found = faults(f"id: h\nresults:\n  {rows}\n", guideline, tmp_path)
    assert [each[1:] for each in found] == [(code, severity)]
    assert found[0][0] == 2 + len(rows.splitlines())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("drugs:\n  - {code: a, drug: aspirin}", "unknown-drug"),
        ("drugs:\n  - {code: a, drug: 泼尼松, route: nasal spray}", "unknown-route"),
        ("drugs:\n  - {code: a, drug: 泼尼松, piece: half}", "bad-amount"),
        ("columns: {results: x}", "unknown-key"),
        ("statuses: {done: [x]}", "unknown-key"),
        ("encoding: gb99999", "unknown-encoding"),
    ],
)
def test_other_faults(text: str, code: str, guideline: Guideline, tmp_path: Path) -> None:
    found = faults(f"id: h\n{text}\n", guideline, tmp_path)
    assert [each[1] for each in found] == [code]
    assert found[0][0] > 1


def test_all_faults_in_one_go(guideline: Guideline, tmp_path: Path) -> None:
    rows = "\n  ".join(row for row, _, _ in BAD[:6])
    assert len(faults(f"id: h\nresults:\n  {rows}\n", guideline, tmp_path)) >= 6


def test_the_mapping_in_the_guide_for_integrators_has_no_fault(
    guideline: Guideline, tmp_path: Path
) -> None:
    guide = Path(__file__).parents[2] / "docs" / "integrators.md"
    blocks = re.findall(r"^```yaml\n(.*?)^```", guide.read_text(encoding="utf-8"), re.M | re.S)
    (text,) = (block for block in blocks if "results:" in block)
    assert faults(text, guideline, tmp_path) == []
