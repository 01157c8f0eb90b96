"""The guidelines that come with the package pass every check."""

from __future__ import annotations

from pathlib import Path

import pytest

from myorx.guideline.check import check_folder
from myorx.guideline.load import GUIDELINES

PAPER = Path(__file__).resolve().parents[3] / "shared" / "clinical" / "paper.zh.txt"
"""The text of the source lies beside some checkouts; without it the anchors are not looked up."""

FOLDERS = sorted(path.parent for path in GUIDELINES.glob("*/guideline.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_wrong_with_it(folder: Path) -> None:
    problems = check_folder(folder, paper=PAPER if PAPER.exists() else None)
    assert problems == (), "\n".join(map(str, problems))
