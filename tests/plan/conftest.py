"""The invented guideline of these tests, and a short way to a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from myorx.facts import Patient, read_case
from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline
from myorx.plan import Plan, Planner

AS_OF = date(2026, 11, 22)
FOLDER = Path(__file__).parent / "guideline"

PlanOf: TypeAlias = Callable[..., Plan]
"""Facts by name in, a plan out."""


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    return load_folder(FOLDER)


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
