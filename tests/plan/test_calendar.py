"""The calendar of the published guideline: tapers in words and days, and what is due."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from myorx.facts import read_case
from myorx.guideline.faults import GuidelineError
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.guideline.settings import with_settings
from myorx.plan import Planner, encode
from myorx.plan.model import Calendar, TaperPlan
from myorx.plan.taper import Hold, taper, taper_rules
from myorx.plan.texts import plain

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def aim() -> Guideline:
    return load("aim")


@pytest.fixture(scope="module")
def planner_of_aim(aim: Guideline) -> Planner:
    return Planner(aim)


def tapered(planner: Planner, dose: float, *holds: Hold) -> TaperPlan:
    guideline = planner.guideline
    drug, regimen = next(
        (drug, regimen)
        for drug in guideline.drugs.values()
        for regimen in drug.regimens
        if regimen.taper is not None
    )
    situation = planner.situation(read_case({}, guideline, as_of=AS_OF))
    return taper(Fraction(dose), AS_OF, taper_rules(situation, drug, regimen), holds)


def calendar_of(planner: Planner, **facts: Any) -> Calendar:
    case = {"age": 45, "sex": "male", "subtype": "pm", "ild": "no", **facts}
    plan = planner.plan(read_case(case, planner.guideline, as_of=AS_OF))
    assert plan.calendar is not None
    return plan.calendar


def steroid(dose: int, start: str) -> list[dict[str, str]]:
    return [{"drug": "prednisone", "dose": f"{dose} mg/d", "start": start}]


@pytest.mark.parametrize("dose", [2.5 * count for count in range(4, 33)])
def test_every_taper_is_dated_without_a_gap(planner_of_aim: Planner, dose: float) -> None:
    plan = tapered(planner_of_aim, dose)
    if dose <= 10:
        assert plan.undefined is not None
        assert plan.steps == ()
        return
    assert plan.steps[0].on == AS_OF.isoformat()
    for step, following in pairwise(plan.steps):
        assert step.until is not None
        assert date.fromisoformat(step.until) + timedelta(days=1) == date.fromisoformat(
            following.on
        )
    last = plan.steps[-1]
    assert last.until is None
    assert plan.reached == last.on
    assert (date.fromisoformat(last.on) - AS_OF).days == plan.days
    assert plan.days is not None
    assert plan.days >= 180


def test_a_deviation_is_said_with_its_figure(planner_of_aim: Planner) -> None:
    plan = tapered(planner_of_aim, 40)
    first = plan.steps[0]
    assert (first.dose, first.tablets, first.fall) == ("32.5 mg/d", "6½ × 5 mg", "18.8 %")
    assert first.remark is not None
    assert "18.8 %" in first.remark.en
    assert any("smaller" in remark.says.en for remark in plan.remarks)
    assert all(remark.basis == "inferred" for remark in plan.remarks)


def test_only_steps_before_the_day_are_warned_about(planner_of_aim: Planner) -> None:
    day = AS_OF + timedelta(days=30)
    plan = tapered(planner_of_aim, 60, Hold(day, plain("wait")))
    assert [step.caution is not None for step in plan.steps] == [True] + [False] * 7


def test_above_what_the_source_describes_there_are_no_steps(planner_of_aim: Planner) -> None:
    plan = tapered(planner_of_aim, 82.5)
    assert plan.steps == ()
    assert plan.undefined is not None


def test_the_taper_of_the_plan_is_the_taper_of_its_dose(planner_of_aim: Planner) -> None:
    found = calendar_of(planner_of_aim, improving="yes", therapies=steroid(60, "2026-10-01"),
                        therapies_complete="yes")  # fmt: skip
    (outlook,) = found.tapers
    assert outlook.state == "may_start"
    assert outlook.plan == tapered(planner_of_aim, 60)


@pytest.mark.parametrize("days", range(20, 40))
def test_never_before_week_four(planner_of_aim: Planner, days: int) -> None:
    start = (AS_OF - timedelta(days=days)).isoformat()
    found = calendar_of(planner_of_aim, improving="yes", therapies=steroid(60, start),
                        therapies_complete="yes")  # fmt: skip
    (outlook,) = found.tapers
    assert (outlook.state == "may_start") == (days >= 28)
    assert (outlook.plan is not None) == (days >= 28)
    if days < 28:
        assert outlook.earliest == (AS_OF + timedelta(days=28 - days)).isoformat()


@pytest.mark.parametrize("weeks", range(20))
def test_without_improvement_there_are_never_steps(planner_of_aim: Planner, weeks: int) -> None:
    start = (AS_OF - timedelta(weeks=weeks)).isoformat()
    found = calendar_of(planner_of_aim, improving="no", therapies=steroid(60, start),
                        therapies_complete="yes")  # fmt: skip
    (outlook,) = found.tapers
    assert outlook.plan is None
    assert outlook.state == ("cause_first" if weeks >= 8 else "not_yet")


def test_what_is_due_keeps_its_settings(aim: Guideline) -> None:
    slow = Planner(with_settings(aim, {"taper_start_weeks": 6, "taper_smallest": "5 'mg'"}))
    found = calendar_of(slow, improving="yes", therapies=steroid(60, "2026-11-15"),
                        therapies_complete="yes")  # fmt: skip
    assert found.tapers[0].earliest == "2026-12-27"
    windows = {entry.id: (entry.first, entry.last) for entry in found.entries}
    assert windows["reassessment"] == ("2026-12-27", "2027-01-10")
    assert all("½" not in step.tablets for step in tapered(slow, 60).steps)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("rituximab_recheck_days", 0, "no-interval"),
        ("rituximab_recheck_days", 1_000_000_000, "no-interval"),
        ("rituximab_before_conception", "1000000000 'd'", "setting-too-long"),
    ],
)
def test_settings_that_no_calendar_holds(
    aim: Guideline, name: str, value: int | str, code: str
) -> None:
    with pytest.raises(GuidelineError) as error:
        with_settings(aim, {name: value})
    (problem,) = error.value.problems
    assert (problem.path, problem.code) == (name, code)
    assert "36525 'd'" in problem.allowed


def test_the_shortest_interval_is_a_day(aim: Guideline) -> None:
    daily = Planner(with_settings(aim, {"rituximab_recheck_days": 1}))
    given = [{"drug": "rituximab", "start": "2026-06-01", "stop": "2026-06-15"}]
    found = calendar_of(daily, therapies=given, therapies_complete="yes")
    (dates,) = [entry.dates for entry in found.entries if entry.every == 1]
    assert dates == ("2026-11-22", "2026-11-23", "2026-11-24")


@pytest.mark.parametrize(
    ("conception", "first", "passed", "zh", "en"),
    [
        (
            "2027-08-01",
            "2027-06-20",
            False,
            "2027-06-20：计划受孕（2027-08-01）前 6 周",
            "2027-06-20: 6 weeks before the planned conception (2027-08-01)",
        ),
        (
            "2027-01-02",
            "2026-11-21",
            True,
            "已过（2026-11-21）：计划受孕（2027-01-02）前 6 周",
            "passed (2026-11-21): 6 weeks before the planned conception (2027-01-02)",
        ),
        (
            None,
            None,
            False,
            "计划受孕前 6 周；日期待知",
            "6 weeks before the planned conception, once that day is known",
        ),
    ],
)
def test_what_is_due_before_a_day_says_so(
    planner_of_aim: Planner,
    conception: str | None,
    first: str | None,
    passed: bool,
    zh: str,
    en: str,
) -> None:
    planned = {} if conception is None else {"planned_conception": conception}
    found = calendar_of(planner_of_aim, sex="female", age=30, pregnant="no", orders=["MMF"],
                        wish_for_children="yes", **planned)  # fmt: skip
    (entry,) = [e for e in found.entries if e.id == "last_mycophenolate_before_conception"]
    assert (entry.first, entry.passed) == (first, passed)
    assert (entry.says.zh, entry.says.en) == (zh, en)


def test_same_case_same_calendar(planner_of_aim: Planner) -> None:
    facts = {"improving": "yes", "therapies": steroid(40, "2026-10-01")}
    first, second = (encode(calendar_of(planner_of_aim, **facts)) for _ in range(2))
    assert first == second
