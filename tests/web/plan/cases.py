"""Cases for the plan's pages: the published examples, and a few made for one picture each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from myorx.facts import Patient, read_case
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.plan import Plan, make_plan
from tests.web.reading import parse

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = tuple(sorted(path.stem for path in EXAMPLES.glob("*.yaml")))

TAPERING: dict[str, Any] = {
    "as_of": "2025-06-01",
    "sex": "female",
    "age": 30,
    "weight": "60 kg",
    "height": "165 cm",
    "subtype": "DM",
    "diagnosis_confirmed": True,
    "treatment_phase": "on_treatment",
    "ild": False,
    "improving": True,
    "planned_conception": "2026-02-15",
    "pregnant": False,
    "wish_for_children": True,
    "therapies": [
        {"drug": "MMF", "start": "2024-01-01", "dose": "2 g/d"},
        {"drug": "prednisone", "dose": "60 mg/d", "start": "2025-03-01"},
        {"drug": "rituximab", "start": "2025-02-01", "stop": "2025-02-15"},
    ],
    "therapies_complete": True,
}
"""A dose that may come down, and two drugs that must be over before a planned conception."""

ACUTE: dict[str, Any] = {
    "as_of": "2026-11-22",
    "sex": "male",
    "age": 50,
    "subtype": "DM",
    "treatment_phase": "new",
    "diagnosis_confirmed": True,
    "anti_mda5": True,
    "ild": True,
    "ild_onset": "2026-11-10",
    "rapidly_progressive_ild": False,
}
"""Only what a count stands beside is left open; tests add the values that are counted."""


class Read(NamedTuple):
    """A case as far as its plan."""

    patient: Patient
    plan: Plan


@cache
def aim() -> Guideline:
    """The guideline of the package."""
    return load("aim")


def read(case: dict[str, Any] | bytes) -> Read:
    """The patient and the plan of a case."""
    patient = read_case(case, aim())
    return Read(patient, make_plan(aim(), patient))


@cache
def example(name: str) -> Read:
    """A case of ``examples/``."""
    return read((EXAMPLES / f"{name}.yaml").read_bytes())


def tree(html: str) -> Element:
    """A fragment read as XML: nothing is left open, nothing is unescaped."""
    return parse(f"<body>{html}</body>".encode())


def of_class(root: Element, name: str) -> list[Element]:
    """The elements of a class, in the order of the page."""
    return [each for each in root.iter() if name in (each.get("class") or "").split()]
