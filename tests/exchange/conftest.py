"""The shipped guideline and its codes, read once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.foreign import codes_of
from myorx.exchange.hospital import Hospital, read_hospital
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline

AS_OF = date(2026, 11, 22)
HOSPITAL = Path(__file__).parent / "hospital.yaml"


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    return load("aim")


@pytest.fixture(scope="session")
def codes(guideline: Guideline) -> Codes:
    return codes_of(GUIDELINES / "aim", guideline)


@pytest.fixture(scope="session")
def snomed(guideline: Guideline) -> Codes:
    return codes_of(GUIDELINES / "aim", guideline, ("snomed",))


@pytest.fixture(scope="session")
def hospital() -> Hospital:
    return read_hospital(HOSPITAL)[0]
