"""What to ask next: only what can still change something, the weightiest first."""

from __future__ import annotations

from tests.plan import look
from tests.plan.conftest import PlanOf

SEVERE = {"ill": True, "severe": True, "marker": True, "sex": "female", "age": 37, "weight": 60}


def test_what_unblocks_an_indicated_candidate_comes_first(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE)
    assert [need.fact for need in plan.needs if need.urgent] == ["pregnant", "wish"]
    assert [need.urgent for need in plan.needs] == sorted(
        (need.urgent for need in plan.needs), reverse=True
    )
    assert plan.needs[0].why.en == "decides beta"
    assert plan.needs[0].why.zh == "决定乙药"
    assert "induction/triple" in plan.needs[0].decides


def test_a_settled_candidate_asks_nothing(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE, pregnant=True)
    assert look.need(plan, "wish") is None


def test_several_of_two_true_asks_nothing_more(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE, fever=True, lab="900 ng/mL")
    assert look.need(plan, "lab") is None
    (several,) = [item for item in plan.findings if item.id == "several"]
    assert several.value == "true"


def test_one_true_and_the_rest_unknown_asks_all_of_them(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=True, fever=True)
    for fact in ("lab", "age"):
        assert look.need(plan, fact) is not None


def test_a_stale_value_triggers_nothing_and_is_asked_again(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE, fever=True, lab={"value": "900 ng/mL", "on": "2024-10-20"})
    need = look.need(plan, "lab")
    assert need is not None
    assert need.reason == "stale"
    assert need.why.en == "out of date (900 ng/mL (2024-10-20)); decides omega alone"
    (high,) = [item for item in plan.findings if item.id == "high_lab"]
    assert high.value == "unknown"


def test_pending_stays_unknown_and_says_so(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker="pending")
    need = look.need(plan, "marker")
    assert need is not None
    assert (need.reason, need.urgent) == ("pending", True)


def test_an_interval_that_leaves_it_open_is_asked(plan_of: PlanOf) -> None:
    open_interval = plan_of(**SEVERE, fever=True, lab="<600 ng/mL")
    need = look.need(open_interval, "lab")
    assert need is not None
    assert need.reason == "uncertain"
    assert look.need(plan_of(**SEVERE, fever=True, lab=">600 ng/mL"), "lab") is None


def test_a_derived_fact_asks_for_the_treatment_history(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=False)
    need = look.need(plan, "therapies")
    assert need is not None
    assert need.reason == "not_asked"
    assert look.need(plan, "on_alpha") is None


def test_every_need_names_what_it_decides_in_both_languages(plan_of: PlanOf) -> None:
    for facts in ({}, {"ill": True}, SEVERE):
        for need in plan_of(**facts).needs:
            assert need.decides
            assert need.why.en.startswith(("decides", "out of date"))
            assert "决定" in need.why.zh
