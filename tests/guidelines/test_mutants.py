"""The register of mutants and the figures about them fit the guideline as it is."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.mutants import load_excused
from myorx.plan.mutation.mutants import Mutant, mutants

AIM = "aim"
PROOFS = Path(__file__).resolve().parents[2] / "docs" / "proofs.md"
ROW = re.compile(r"^\| (\w+) \| ([\d,]+) \|.*\| ([\d,]+) \|$", re.M)


@pytest.fixture(scope="module")
def found() -> tuple[Mutant, ...]:
    return tuple(mutants(load(AIM)))


def test_every_listed_mutant_is_one(found: tuple[Mutant, ...]) -> None:
    """An entry for a rule that was rewritten would excuse nothing."""
    listed = [name for entry in load_excused(GUIDELINES / AIM)[0] for name in entry.mutants]
    assert len(listed) == len(set(listed))
    assert not set(listed) - {mutant.id for mutant in found}


def test_the_figures_are_those_of_this_guideline(found: tuple[Mutant, ...]) -> None:
    """`tools/mutate.py --write` writes them again; what it takes minutes to find out is not run."""
    text = PROOFS.read_text(encoding="utf-8").partition("<!-- mutants:start -->")[2]
    figures = {
        kind: int(count.replace(",", ""))
        for kind, count, _ in ROW.findall(text.partition("<!-- mutants:end -->")[0])
    }
    counted = Counter(mutant.kind for mutant in found)
    assert figures == {**counted, "all": counted.total()}
