"""The cards about orders say of a drug what the plan says of it, though they make no plan."""

from __future__ import annotations

import msgspec
import pytest

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.load import GUIDELINES
from myorx.guideline.vignettes import load_vignettes
from myorx.plan.assemble import planner
from myorx.plan.drugs import judge_drugs
from tests.exchange.service.asking import guideline


def patients() -> dict[str, Patient]:
    """Every patient of the vignettes who takes, or is to take, a drug."""
    found = {}
    vignettes, _ = load_vignettes(GUIDELINES / "aim")
    for each in vignettes:
        try:
            patient = read_case(each.case, guideline(), as_of=each.as_of)
        except CaseError:
            continue
        if patient.case.therapies or patient.case.orders:
            found[each.id] = patient
    return found


PATIENTS = patients()


def test_there_are_patients_to_compare() -> None:
    assert len(PATIENTS) > 50
    assert sum(bool(each.case.orders) for each in PATIENTS.values()) > 5


@pytest.mark.parametrize("start", range(0, len(PATIENTS), 40))
def test_the_verdict_is_that_of_the_plan(start: int) -> None:
    plans = planner(guideline())
    for name in list(PATIENTS)[start : start + 40]:
        patient = PATIENTS[name]
        alone = judge_drugs(plans.situation(patient), (), ())
        whole = {each.id: each for each in plans.plan(patient).drugs}
        for each in alone:
            assert each == msgspec.structs.replace(whole[each.id], offered=()), name
