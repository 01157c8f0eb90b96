"""Which decisions are live, which yield, which are open; gaps, order, and nothing left."""

from __future__ import annotations

from tests.plan import look
from tests.plan.conftest import PlanOf

NEW = {"ill": True, "severe": False, "therapies": [], "therapies_complete": True}


def test_a_decision_that_does_not_apply_is_left_out(plan_of: PlanOf) -> None:
    plan = plan_of(ill=False)
    assert plan.decisions == ()


def test_a_decision_that_may_apply_is_open_and_offers_nothing(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, marker=True)
    induction = look.decision(plan, "induction")
    assert induction.status == "open"
    assert induction.applies is not None
    assert induction.applies.needs == ("severe",)
    shown = {candidate.status for candidate in induction.candidates}
    assert not shown & {"recommended", "option", "contested"}
    assert "severe disease" in look.headline(plan)


def test_a_decision_yields_to_another_that_applies(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, therapies=[], therapies_complete=True)
    start = look.decision(plan, "start")
    assert (start.status, start.yields_to, start.candidates) == ("yielded", "induction", ())
    assert start.keeps is not None
    assert start.keeps.says.en == "alpha is the basis"


def test_it_answers_itself_where_the_other_does_not_apply(plan_of: PlanOf) -> None:
    start = look.candidate(plan_of(**NEW), "start", "start_alpha")
    assert (start.status, start.provisional) == ("recommended", False)


def test_it_is_provisional_while_the_other_is_open(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, therapies=[], therapies_complete=True)
    start = look.candidate(plan, "start", "start_alpha")
    assert (start.status, start.provisional) == ("recommended", True)
    severe = look.need(plan, "severe")
    assert severe is not None
    assert "start" in severe.decides


def test_a_patient_on_treatment_is_not_told_to_start(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=False, therapies=[{"drug": "alpha", "start": "2026-05-01"}])
    assert [decision.id for decision in plan.decisions] == []


def test_a_preference_orders_equals_and_promotes_nobody(plan_of: PlanOf) -> None:
    facts = {"ill": True, "severe": True, "marker": False, "age": 70, "fever": True, "sex": "male"}
    options = [
        candidate.id
        for candidate in look.decision(plan_of(**facts), "induction").candidates
        if candidate.status == "option"
    ]
    assert options == ["double", "single_omega", "epsilon_alone"]


def test_a_gap_is_said_aloud(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=False, sex="male")
    (gap,) = look.decision(plan, "induction").gaps
    assert (gap.id, gap.value) == ("no_marker", "true")
    assert "severe disease without the marker is not specified" in look.headline(plan)


def test_outside_the_scope_no_drug_decision_is_answered(plan_of: PlanOf) -> None:
    plan = plan_of(form="other", ill=True, severe=True, fever=True)
    assert {decision.status for decision in plan.decisions} == {"outside_guideline"}
    assert all(decision.candidates == () for decision in plan.decisions)
    assert [item.id for item in plan.advice] == ["watch_fever"]
    assert plan.outside_guideline is not None
    assert plan.headline[0].kind == "outside"


def test_the_scope_is_asked_where_it_is_unknown(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True)
    assert look.need(plan, "form") is not None
    assert plan.outside_guideline is None
