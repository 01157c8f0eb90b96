"""The invented guideline of these tests, and a short way to a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pytest

from myorx.facts import Patient, read_case
from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline, Note
from myorx.guideline.texts import Text
from myorx.plan import Plan, Planner

AS_OF = date(2026, 11, 22)
FOLDER = Path(__file__).parent / "guideline"

PlanOf: TypeAlias = Callable[..., Plan]
"""Facts by name in, a plan out."""


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    return load_folder(FOLDER)


def with_note(guideline: Guideline) -> Guideline:
    """The guideline with a note beside a drug, for whom its first hazard is about."""
    drug = guideline.drugs["beta"]
    note = Note(says=Text(zh="备注", en="a note"), when=drug.hazards[0].when)
    noted = msgspec.structs.replace(drug, notes=(note,))
    return msgspec.structs.replace(guideline, drugs={**guideline.drugs, "beta": noted})


@pytest.fixture(scope="session")
def planner(guideline: Guideline) -> Planner:
    return Planner(guideline)


@pytest.fixture(scope="session")
def patient_of(guideline: Guideline) -> Callable[..., Patient]:
    def read(**facts: Any) -> Patient:
        return read_case(facts, guideline, as_of=AS_OF)

    return read


@pytest.fixture(scope="session")
def plan_of(planner: Planner, patient_of: Callable[..., Patient]) -> PlanOf:
    def plan(**facts: Any) -> Plan:
        return planner.plan(patient_of(**facts))

    return plan
