"""Advice that applies, may apply or is withheld; alerts, established and possible."""

from __future__ import annotations

import pytest

from tests.plan import look
from tests.plan.conftest import PlanOf


@pytest.mark.parametrize(
    ("facts", "status"), [({"fever": True}, "do"), ({}, "may_apply"), ({"fever": False}, None)]
)
def test_advice(plan_of: PlanOf, facts: dict[str, bool], status: str | None) -> None:
    found = {item.id: item.status for item in plan_of(**facts).advice}
    assert found.get("watch_fever") == status


def test_a_known_alert(plan_of: PlanOf) -> None:
    alert = look.alert(plan_of(marker=True, severe=True), "dangerous")
    assert alert is not None
    assert (alert.level, alert.possible, alert.says.en) == ("critical", False, "dangerous course")


def test_a_possible_alert_says_so_and_asks_urgently(plan_of: PlanOf) -> None:
    plan = plan_of(severe=True)
    alert = look.alert(plan, "dangerous")
    assert alert is not None
    assert (alert.possible, alert.needs) == (True, ("marker",))
    need = look.need(plan, "marker")
    assert need is not None
    assert need.urgent
    assert plan.headline[0].says.en == "CRITICAL, possible: possibly a dangerous course"


def test_no_alert_where_it_is_known_not_to_hold(plan_of: PlanOf) -> None:
    assert plan_of(severe=True, marker=False).alerts == ()


def test_no_alert_while_nothing_points_to_it(plan_of: PlanOf) -> None:
    assert plan_of(ill=True).alerts == ()


def test_a_critical_conflict_stands_beside_the_regimen(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=True, sex="female", pregnant=False, wish=True)
    alert = look.alert(plan, "drug:beta")
    assert alert is not None
    assert alert.level == "critical"
    assert look.candidate(plan, "induction", "triple").status == "contested"
    assert "Conflict: source “often needs”: triple regimen" in look.headline(plan)
