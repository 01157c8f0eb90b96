"""Nothing without a vignette: every rule is exercised, and every rule is missed when it is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan.exercise.guards import guards
from myorx.plan.exercise.report import exercise

AIM = "aim"
FOLDER: Path = GUIDELINES / AIM


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    return load(AIM)


@pytest.fixture(scope="module")
def vignettes() -> tuple[Vignette, ...]:
    return load_vignettes(FOLDER)[0]


def test_every_rule_has_a_vignette(guideline: Guideline, vignettes: tuple[Vignette, ...]) -> None:
    """Each drug, decision, candidate, argument, hazard, gap, advice, alert, threshold (both sides),
    age limit (both sides), contradiction and dispute; `myorx test --coverage` prints the same."""
    found = exercise(guideline, vignettes)
    assert len(found.earned) > 900
    assert not found.missing, "\n".join(" ".join(mark) for mark in found.missing)


def test_no_rule_can_be_deleted_without_a_vignette_failing(
    guideline: Guideline, vignettes: tuple[Vignette, ...]
) -> None:
    """Each hazard of each drug, argument, gap, advice and alert, taken out one at a time."""
    found = tuple(guards(guideline, vignettes))
    hazards = [guard for guard in found if guard.kind == "hazard"]
    assert len(hazards) == sum(len(drug.hazards) for drug in guideline.drugs.values())
    assert {guard.kind for guard in found} == {"hazard", "argument", "gap", "advice", "alert"}
    unguarded = [f"{guard.kind} {guard.id}" for guard in found if guard.vignette is None]
    assert not unguarded, "\n".join(unguarded)


def test_as_many_vignettes_as_promised(vignettes: tuple[Vignette, ...]) -> None:
    published = [v for v in vignettes if v.source not in ("boundary", "reading")]
    assert len(vignettes) >= 220
    assert len(published) >= 25
