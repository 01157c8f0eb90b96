"""Pictures of a plan: what they show is what the plan says, and everything lies inside."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from myorx.plan import Plan
from myorx.web.plan.ahead import WIDTH, ahead, towards
from myorx.web.plan.counts import Count, counts
from myorx.web.plan.criteria import criteria
from myorx.web.plan.stairs import HEIGHT, stairs
from myorx.web.plan.stairs import WIDTH as STAIRS_WIDTH
from myorx.web.plan.way import way
from tests.web.plan.cases import ACUTE, NAMES, TAPERING, aim, example, read

COUNTED: dict[str, tuple[str, str]] = {
    "risk_oxygen": ("spo2", "90 %"),
    "risk_crp": ("crp", "30 mg/L"),
    "risk_ferritin": ("ferritin", "900 ng/mL"),
    "risk_kl6": ("kl6", "1500 U/mL"),
}
"""A sign that is counted: its fact, and a value that makes it true."""
LOW = {"spo2": "98 %", "crp": "2 mg/L", "ferritin": "100 ng/mL", "kl6": "300 U/mL"}


def counted(case: dict[str, Any]) -> Count:
    found = read(case)
    (only,) = counts(aim(), found.patient, found.plan)
    return only


def offered(plan: Plan) -> dict[str, str]:
    """How every candidate stands."""
    return {
        f"{decision.id}/{candidate.id}": candidate.status
        for decision in plan.decisions
        if decision.status == "live"
        for candidate in decision.candidates
    }


# -- counts ------------------------------------------------------------------------------------


def test_a_count_holds_each_sign_with_its_value_and_day() -> None:
    found = counted({**ACUTE, "ferritin": {"value": "900 ng/mL", "on": "2026-11-20"}})
    assert (found.asked, found.value) == ("2", "unknown")
    assert [sign.value for sign in found.signs] == [
        "false",
        "unknown",
        "unknown",
        "true",
        "unknown",
    ]
    (test,) = found.signs[3].tests
    assert (test.value, test.on) == ("900 ng/mL", "2026-11-20")
    assert found.number("true") + found.number("false") + found.number("unknown") == 5


@pytest.mark.parametrize("known", [(), ("ferritin",), ("crp", "kl6"), ("ferritin", "spo2")])
def test_a_missing_sign_flips_the_plan_exactly_where_its_answers_give_other_plans(
    known: tuple[str, ...],
) -> None:
    given = {fact: value for fact, value in COUNTED.values() if fact in known}
    found = counted({**ACUTE, **given})
    for sign, name in zip(found.signs[1:], COUNTED, strict=True):
        fact, high = COUNTED[name]
        if fact in known:
            assert sign.bearing is None
            continue
        plans = [read({**ACUTE, **given, fact: value}).plan for value in (high, LOW[fact])]
        differ = offered(plans[0]) != offered(plans[1])
        assert (sign.bearing == "flips") is differ, (name, known)
        if sign.bearing == "flips":
            assert sign.effects


def test_where_the_count_stands_a_missing_sign_changes_nothing() -> None:
    high = dict(COUNTED.values())
    assert {sign.bearing for sign in counted({**ACUTE, **high, "kl6": "unknown"}).signs} == {
        None,
        "settled",
    }


@pytest.mark.parametrize("signs", [{}, LOW, dict(COUNTED.values())])
def test_a_count_that_can_turn_nothing_here_is_not_drawn(signs: dict[str, str]) -> None:
    found = read({**ACUTE, "anti_mda5": False, **signs})
    assert any(decision.status == "live" for decision in found.plan.decisions)
    assert counts(aim(), found.patient, found.plan) == ()


@pytest.mark.parametrize(
    ("signs", "value"), [({}, "unknown"), (LOW, "false"), (dict(COUNTED.values()), "true")]
)
def test_a_count_that_can_turn_something_is_drawn_however_it_came_out(
    signs: dict[str, str], value: str
) -> None:
    assert counted({**ACUTE, **signs}).value == value


def test_a_count_that_no_decision_rests_on_is_not_drawn() -> None:
    found = example("new-dermatomyositis")
    assert counts(aim(), found.patient, found.plan) == ()


# -- criteria ----------------------------------------------------------------------------------


def test_the_list_of_a_definition_ticks_what_the_plan_found() -> None:
    found = example("months-of-treatment-still-weak")
    made = {each.id: each for each in criteria(aim(), found.patient, found.plan)}
    findings = {finding.id: finding.value for finding in found.plan.findings}
    assert made["refractory"].value == findings["refractory"] == "false"
    values = [item.value for item in made["refractory"].items]
    names = ["full_dose_met", "second_treatment_met", "improvement_not_met"]
    assert values == ["true", *(findings[name] for name in names)]
    assert made["refractory"].items[3].needs == ("imacs_minimal_improvement",)
    assert [item.value for item in made["refractory"].instead] == ["false"]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_met_if_all_of_it_is_or_what_may_stand_instead(name: str) -> None:
    found = example(name)
    for made in criteria(aim(), found.patient, found.plan):
        values = [item.value for item in made.items]
        whole = "false" if "false" in values else "unknown" if "unknown" in values else "true"
        ways = [whole, *(item.value for item in made.instead)]
        expected = "true" if "true" in ways else "unknown" if "unknown" in ways else "false"
        assert made.value == expected


# -- the taper ---------------------------------------------------------------------------------


def test_a_staircase_goes_down_step_by_step_inside_its_picture() -> None:
    plan = read(TAPERING).plan
    assert plan.calendar is not None
    (outlook,) = plan.calendar.tapers
    assert outlook.plan is not None
    drawn = stairs(outlook.plan)
    assert drawn is not None
    steps = outlook.plan.steps
    assert len(drawn.treads) == len(steps)
    assert [tread.tablets for tread in drawn.treads] == [step.tablets for step in steps]
    for tread, step in zip(drawn.treads, steps, strict=True):
        assert step.on.endswith(tread.on)
        assert step.dose.startswith(f"{tread.dose} ")
        assert 0 < tread.x < tread.end <= STAIRS_WIDTH
        assert 0 < tread.y < HEIGHT
    for above, below in pairwise(drawn.treads):
        assert above.y < below.y
        assert above.end == below.x
    # Heights are to scale: the tread of half the dose lies half as high over the floor.
    floor = 190
    heights = {float(tread.dose): floor - tread.y for tread in drawn.treads}
    assert heights[30] == pytest.approx(2 * heights[15], abs=0.2)


def test_no_steps_no_staircase() -> None:
    plan = read({**TAPERING, "improving": "unknown"}).plan
    assert plan.calendar is not None
    assert all(o.plan is None or stairs(o.plan) is not None for o in plan.calendar.tapers)
    assert all(o.plan is None for o in plan.calendar.tapers)


# -- days --------------------------------------------------------------------------------------


def test_days_lie_on_the_picture_in_their_order() -> None:
    drawn = ahead(read(TAPERING).plan)
    assert drawn is not None
    points = sorted((p.on, p.x) for lane in drawn.lanes for p in lane.points)
    assert [x for _, x in points] == sorted(x for _, x in points)
    assert all(0 <= x <= WIDTH for _, x in points)
    for lane in drawn.lanes:
        assert 0 < lane.y < drawn.height
        if lane.bar is not None:
            assert 0 <= lane.bar[0] <= lane.bar[1] <= WIDTH
    assert drawn.on == "2025-06-01"


def test_what_must_be_over_before_a_day_stands_around_that_day() -> None:
    found = read(TAPERING)
    (made,) = towards(aim(), found.patient, found.plan)
    assert made.fact == "planned_conception"
    assert {entry.source for entry in made.entries} == {"drug:mycophenolate", "drug:rituximab"}
    picture = made.picture
    assert picture is not None
    assert picture.goal is not None
    assert picture.goal.on == "2026-02-15"
    assert all(point.x < picture.goal.x for lane in picture.lanes for point in lane.points)
    # From the last dose on runs a bar, up to the first day that is free again.
    bars = [lane for lane in picture.lanes if lane.bar is not None]
    assert {date.fromisoformat(lane.points[0].on) for lane in bars} == {
        date(2025, 7, 13),
        date(2025, 8, 18),
    }


def test_a_day_that_is_not_known_to_the_day_is_not_drawn() -> None:
    found = read({**TAPERING, "planned_conception": "2026-02"})
    (made,) = towards(aim(), found.patient, found.plan)
    assert made.entries
    assert made.picture is None or made.picture.goal is None


def test_nothing_to_come_nothing_drawn() -> None:
    found = example("new-dermatomyositis")
    assert ahead(found.plan) is None
    assert towards(aim(), found.patient, found.plan) == ()


# -- the way -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_way_holds_what_holds_and_what_the_plan_offers(name: str) -> None:
    found = example(name)
    for decision in found.plan.decisions:
        if decision.status != "live":
            continue
        short = way(aim(), found.patient, decision, "en")
        whole = way(aim(), found.patient, decision, "en", whole=True)
        assert [layout for layout, _ in short.pictures] == ["wide"]
        assert [layout for layout, _ in whole.pictures] == ["wide", "narrow"]
        (_, few), (_, all_) = short.pictures[0], whole.pictures[0]
        looks = [box.look for box in few.boxes if "situation" in box.look]
        every = [box.look for box in all_.boxes if "situation" in box.look]
        assert not [look for look in looks if "is-false" in look]
        assert looks.count("situation is-true") == every.count("situation is-true")
        assert (short.hidden, whole.hidden) == (len(every) - len(looks), 0)
        told = [line.text for box in few.boxes for line in box.lines]
        for candidate in decision.candidates:
            if candidate.indication == "indicated":
                assert any(candidate.names.en[:12] in text for text in told), candidate.id
        here = [box for box in few.boxes if any(x.text.startswith("Here:") for x in box.lines)]
        assert all("is-true" in box.look for box in here)
