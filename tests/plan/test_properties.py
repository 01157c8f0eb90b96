"""What must hold for every patient, of the invented guideline and of those that are shipped."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.faults import GuidelineError
from myorx.guideline.load import load, load_folder
from myorx.plan import Plan, Planner, encode
from myorx.plan.decisions import judge_decisions
from myorx.plan.headline import LINES
from myorx.plan.model import CandidateResult
from myorx.plan.truth import kleene
from tests.plan.conftest import AS_OF, FOLDER
from tests.plan.patients import cases

GUIDELINES = ("invented", "aim")
OFFERED = ("recommended", "option", "contested", "undetermined")


@cache
def planner(name: str) -> Planner | None:
    try:
        return Planner(load_folder(FOLDER) if name == "invented" else load(name))
    except GuidelineError:
        return None


def needed(name: str) -> Planner:
    found = planner(name)
    if found is None:
        pytest.skip(f"guideline {name} does not load; its own tests say why")
    return found


def draw_patient(data: st.DataObject, plans: Planner) -> tuple[dict[str, Any], Patient]:
    case = data.draw(cases(plans.guideline))
    return case, read(case, plans)


def read(case: dict[str, Any], plans: Planner) -> Patient:
    """As an import reads: facts that contradict each other become unknown."""
    try:
        return read_case(case, plans.guideline, as_of=AS_OF, mode="import")
    except CaseError:
        assume(False)
        raise


@pytest.mark.parametrize("name", GUIDELINES)
@settings(max_examples=60)
@given(data=st.data())
def test_nothing_unsafe_is_offered(name: str, data: st.DataObject) -> None:
    plans = needed(name)
    _, patient = draw_patient(data, plans)
    for decision in plans.plan(patient).decisions:
        for candidate in decision.candidates:
            _consistent(candidate, is_open=decision.status == "open")


def _consistent(candidate: CandidateResult, *, is_open: bool) -> None:
    if candidate.status in OFFERED:
        assert candidate.safety == "clear"
        assert all(part.safety == "clear" for part in candidate.parts)
        assert all(r.value == "false" for r in candidate.reasons if r.kind == "exclude")
        assert candidate.indication in ("indicated", "contested", "possible")
        assert not candidate.reserved
    if candidate.status in ("recommended", "option", "contested"):
        assert any(kleene(r.value) for r in candidate.reasons if r.kind == "for")
        assert candidate.capped_by == ()
        assert not is_open
    if candidate.status in ("recommended", "option"):
        assert candidate.indication == "indicated"
        assert candidate.status == candidate.level
    if candidate.status == "blocked":
        assert candidate.safety == "blocked"
        assert candidate.indication != "none"
        assert candidate.needs, "a blocked candidate names what would unblock it"
    if candidate.status == "excluded":
        assert candidate.safety == "excluded"
        assert candidate.needs == ()
    if candidate.indication == "none":
        assert candidate.status == "not_indicated"
        assert candidate.parts == ()
    assert candidate.provisional <= (candidate.indication in ("indicated", "contested"))


@pytest.mark.parametrize("name", GUIDELINES)
@settings(max_examples=60)
@given(data=st.data())
def test_knowing_less_never_makes_anything_safer(name: str, data: st.DataObject) -> None:
    plans = needed(name)
    case, patient = draw_patient(data, plans)
    less = dict(case)
    for fact in data.draw(st.lists(st.sampled_from(sorted(case)), unique=True)) if case else ():
        if fact == "therapies":
            less["therapies_complete"] = False
        elif fact in plans.guideline.facts and plans.guideline.facts[fact].absent == "unknown":
            del less[fact]
    full, blind = plans.situation(patient), plans.situation(read(less, plans))
    # An import may refuse other facts once one is gone; then the two know different things.
    assume(not full.patient.refused and not blind.patient.refused)
    for drug in plans.guideline.drugs.values():
        for before, after in zip(full.hazards(drug), blind.hazards(drug), strict=True):
            assert after.value in (before.value, "unknown")
    known = {
        (decision.id, candidate.id): candidate
        for decision in judge_decisions(full, whole=True)
        for candidate in decision.candidates
    }
    for decision in judge_decisions(blind, whole=True):
        for candidate in decision.candidates:
            before = known.get((decision.id, candidate.id))
            if before is not None and candidate.safety == "clear":
                assert before.safety == "clear"


@pytest.mark.parametrize("name", GUIDELINES)
@settings(max_examples=40)
@given(data=st.data())
def test_the_plan_is_whole_and_repeatable(name: str, data: st.DataObject) -> None:
    plans = needed(name)
    case, patient = draw_patient(data, plans)
    plan = plans.plan(patient)
    again = plans.plan(read(dict(reversed(case.items())), plans))
    assert encode(plan) == encode(again)
    _whole(plan, plans, patient)


def _whole(plan: Plan, plans: Planner, patient: Patient) -> None:
    guideline = plans.guideline
    assert 1 <= len(plan.headline) <= LINES
    alerts = [line for line in plan.headline if line.kind == "alert"]
    text = " ".join(line.says.en for line in alerts)
    assert all(alert.says.en.rstrip(".; ") in text for alert in plan.alerts)
    for need in plan.needs:
        assert need.decides
        state = patient.facts.get(need.fact)
        assert state is None or state.value is None or need.reason == "uncertain"
    assert [need.urgent for need in plan.needs] == sorted(
        (need.urgent for need in plan.needs), reverse=True
    )
    shown = {statement.id for statement in plan.statements}
    for line in plan.headline:
        assert set(line.cites) <= shown & set(guideline.statements)
    judged = {drug.id for drug in plan.drugs}
    assert {order.drug for order in patient.case.orders} <= judged
    critical = {drug.id for drug in plan.drugs if drug.severity == "critical"}
    for drug in plan.drugs:
        if drug.id in critical and (drug.taken or drug.ordered):
            assert any(alert.id == f"drug:{drug.id}" for alert in plan.alerts)
