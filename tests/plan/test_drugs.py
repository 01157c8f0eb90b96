"""A verdict on every drug taken, ordered, offered or advised, in and outside all decisions."""

from __future__ import annotations

import pytest

from tests.plan import look
from tests.plan.conftest import PlanOf


@pytest.mark.parametrize(
    ("facts", "verdict", "severity"),
    [
        ({"pregnant": True}, "contraindicated", "critical"),
        ({"pregnant": False, "wish": True}, "conflict", "critical"),
        ({"pregnant": False, "wish": False}, "clear", None),
        ({}, "blocked", "warning"),
        ({"wish": True}, "conflict", "critical"),
    ],
)
def test_a_drug_taken_is_judged_where_no_decision_applies(
    plan_of: PlanOf, facts: dict[str, bool], verdict: str, severity: str | None
) -> None:
    plan = plan_of(ill=False, therapies=[{"drug": "beta"}], **facts)
    assert plan.decisions == ()
    beta = look.drug(plan, "beta")
    assert (beta.verdict, beta.severity, beta.taken) == (verdict, severity, True)


def test_also_outside_the_scope(plan_of: PlanOf) -> None:
    plan = plan_of(form="other", pregnant=True, therapies=[{"drug": "beta"}])
    assert look.drug(plan, "beta").verdict == "contraindicated"


def test_a_contraindicated_drug_in_use_raises_a_critical_alert(plan_of: PlanOf) -> None:
    plan = plan_of(pregnant=True, therapies=[{"drug": "beta"}])
    alert = look.alert(plan, "drug:beta")
    assert alert is not None
    assert (alert.level, alert.possible) == ("critical", False)
    assert plan.headline[0].says.en.startswith("CRITICAL: beta is being taken")
    assert plan.headline[0].says.zh.startswith("【危急】正在使用乙药")


def test_an_ordered_drug_is_judged_like_one_taken(plan_of: PlanOf) -> None:
    plan = plan_of(marker=True, orders=["epsilon"])
    epsilon = look.drug(plan, "epsilon")
    assert (epsilon.verdict, epsilon.severity, epsilon.ordered) == (
        "contraindicated",
        "critical",
        True,
    )
    assert look.alert(plan, "drug:epsilon") is not None


def test_a_drug_that_is_only_offered_warns_but_does_not_alarm(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=True, sex="male", wish=False)
    epsilon = look.drug(plan, "epsilon")
    assert (epsilon.verdict, epsilon.severity) == ("contraindicated", "warning")
    assert look.alert(plan, "drug:epsilon") is None


def test_a_stopped_drug_is_not_judged(plan_of: PlanOf) -> None:
    therapy = {"drug": "beta", "start": "2026-01-01", "stop": "2026-02-01"}
    assert plan_of(ill=False, pregnant=True, therapies=[therapy]).drugs == ()


def test_an_unknown_conflict_leaves_the_verdict_provisional(plan_of: PlanOf) -> None:
    plan = plan_of(pregnant=False, therapies=[{"drug": "beta"}])
    beta = look.drug(plan, "beta")
    assert (beta.verdict, beta.provisional, beta.needs) == ("clear", True, ("wish",))
    wish = look.need(plan, "wish")
    assert wish is not None
    assert wish.urgent


def test_caution_and_uncovered_topics(plan_of: PlanOf) -> None:
    plan = plan_of(thrombosis=True, pregnant=True, therapies=[{"drug": "delta"}, {"drug": "omega"}])
    assert look.drug(plan, "delta").verdict == "caution"
    omega = look.drug(plan, "omega")
    assert (omega.verdict, omega.not_covered) == ("not_covered", ("pregnancy",))


def test_every_drug_the_plan_mentions_has_a_verdict(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=True, sex="female", fever=True, age=70)
    judged = {drug.id for drug in plan.drugs}
    assert judged == {"alpha", "beta", "gamma", "delta", "omega", "epsilon", "exchange", "salt"}
