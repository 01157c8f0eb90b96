"""A small clinic of our own: enough facts, drugs and derivations to try everything on."""

from __future__ import annotations

from pathlib import Path

import pytest

from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def clinic() -> Guideline:
    """The guideline in ``clinic/``."""
    return load_folder(HERE / "clinic")
