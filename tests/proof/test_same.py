"""What the solver calls the same rule, no patient at hand tells apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.language import parse
from myorx.plan.mutation.hunt import Hunter
from myorx.plan.mutation.mutants import Change, Mutant, mutants
from myorx.proof.same import Sameness

FOLDER = Path(__file__).resolve().parents[1] / "plan" / "guideline"


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    return load_folder(FOLDER)


@pytest.fixture(scope="module")
def reasons(guideline: Guideline) -> dict[str, tuple[Mutant, str | None]]:
    sameness = Sameness(guideline)
    return {mutant.id: (mutant, sameness.why(mutant)) for mutant in mutants(guideline)}


def test_what_a_vignette_kills_is_never_called_the_same(
    guideline: Guideline, reasons: dict[str, tuple[Mutant, str | None]]
) -> None:
    hunter = Hunter(guideline, load_vignettes(FOLDER)[0])
    killed = {name for name, (mutant, _) in reasons.items() if hunter.kill(mutant)}
    assert len(killed) > 20
    assert not [name for name in killed if reasons[name][1] is not None]


def test_a_denied_hazard_is_told_apart(
    reasons: dict[str, tuple[Mutant, str | None]],
) -> None:
    name = "drug beta hazards.exclude.when | negate: pregnant → not pregnant"
    assert reasons[name][1] is None


def test_the_same_written_otherwise(
    guideline: Guideline, reasons: dict[str, tuple[Mutant, str | None]]
) -> None:
    mutant, _ = reasons["drug beta hazards.exclude.when | negate: pregnant → not pregnant"]
    longer = Change(parse("pregnant"), parse("pregnant and not (not pregnant)"))
    assert Sameness(guideline).why(mutant._replace(change=longer)) == "solver"
