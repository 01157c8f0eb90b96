"""What vignettes exercise: each mark is earned by exactly the case that shows it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from myorx.guideline.models import Contradiction, Guideline
from myorx.guideline.texts import Condition, Text
from myorx.guideline.vignettes import Expectation, Vignette, load_vignettes
from myorx.language import parse
from myorx.plan.diff.knowledge import changed_items
from myorx.plan.exercise.guards import guards
from myorx.plan.exercise.marks import Mark, required
from myorx.plan.exercise.report import exercise
from myorx.plan.exercise.rules import rules
from myorx.plan.exercise.thresholds import thresholds
from tests.plan.conftest import AS_OF, FOLDER

SEVERE = {"sex": "female", "age": 37, "ill": True, "severe": True, "marker": True}


def vignette(case: dict[str, Any], *, name: str = "x", **expect: Any) -> Vignette:
    return Vignette(
        id=name,
        title=Text(zh="例", en="a case"),
        source="boundary",
        as_of=AS_OF,
        case=case,
        expect=msgspec.convert(expect, Expectation),
    )


def earned(guideline: Guideline, *vignettes: Vignette) -> set[tuple[str, str, str]]:
    found = exercise(guideline, vignettes).earned
    return {tuple(mark) for mark, by in found.items() if by is not None}


def test_every_kind_of_rule_is_asked_for(guideline: Guideline) -> None:
    marks = set(required(guideline))
    assert {mark.kind for mark in marks} == {
        "drug",
        "decision",
        "candidate",
        "argument",
        "hazard",
        "gap",
        "advice",
        "alert",
        "threshold",
        "max_age",
        "dispute",
    }
    assert Mark("hazard", "beta exclude: pregnant", "true") in marks
    assert Mark("hazard", "beta exclude: pregnant", "not_true") in marks
    assert Mark("argument", "induction/triple for: dangerous", "true") in marks
    assert Mark("alert", "dangerous", "possible") in marks
    # What is literally true is never not true.
    assert Mark("argument", "induction/double for: true", "true") in marks
    assert Mark("argument", "induction/double for: true", "not_true") not in marks


def test_thresholds_are_comparisons_with_numbers(guideline: Guideline) -> None:
    assert list(thresholds(guideline)) == [
        "lab > 500 'ng/mL'",
        "age > 60",
        "AtLeast(several_means, {high_lab, old, fever})",
    ]


def test_nothing_is_earned_without_vignettes(guideline: Guideline) -> None:
    found = exercise(guideline, ())
    assert found.missing == tuple(dict.fromkeys(required(guideline)))


def test_a_case_earns_what_it_shows_and_names_what_it_expects(guideline: Guideline) -> None:
    silent = vignette(SEVERE)
    speaking = vignette(
        SEVERE,
        decisions={"induction": {"candidates": {"double": {"status": "option"}}}},
        alerts={"dangerous": "critical"},
        drugs={"epsilon": "contraindicated"},
        disputes=["cap"],
    )
    shown, named = earned(guideline, silent), earned(guideline, speaking)
    assert {
        ("decision", "induction", "live"),
        ("candidate", "induction/double", "indicated"),
        ("hazard", "epsilon exclude: marker", "true"),
        ("hazard", "beta exclude: pregnant", "not_true"),
        ("alert", "dangerous", "raised"),
        ("threshold", "age > 60", "false"),
        ("dispute", "cap", "surfaced"),
    } <= shown
    assert ("hazard", "beta exclude: pregnant", "true") not in shown
    assert ("threshold", "age > 60", "true") not in shown
    assert ("threshold", "lab > 500 'ng/mL'", "false") not in shown  # unknown is neither side
    assert not {mark for mark in shown if mark[2] == "named"}
    assert named - shown == {
        ("decision", "induction", "named"),
        ("candidate", "induction/double", "named"),
        ("alert", "dangerous", "named"),
        ("drug", "epsilon", "named"),
        ("drug", "alpha", "named"),  # as parts of the candidate that is named
        ("drug", "gamma", "named"),
        ("drug", "delta", "named"),
        ("dispute", "cap", "named"),
    }


def test_a_hazard_counts_only_where_the_plan_speaks_of_its_drug(guideline: Guideline) -> None:
    case = {"sex": "female", "age": 37, "ill": False, "pregnant": True}
    mark = ("hazard", "beta exclude: pregnant", "true")
    assert mark not in earned(guideline, vignette(case))
    assert mark in earned(guideline, vignette({**case, "orders": ["beta"]}))


def test_the_first_vignette_is_named(guideline: Guideline) -> None:
    found = exercise(guideline, [vignette(SEVERE, name="first"), vignette(SEVERE, name="second")])
    assert found.earned[Mark("decision", "induction", "live")] == "first"


@pytest.mark.parametrize(("days", "what"), [(30, "fresh"), (31, "stale")])
def test_both_sides_of_a_max_age(guideline: Guideline, days: int, what: str) -> None:
    on = AS_OF.fromordinal(AS_OF.toordinal() - days).isoformat()
    case = {"lab": {"value": "620 ng/mL", "date": on}}
    marks = {mark for mark in earned(guideline, vignette(case)) if mark[0] == "max_age"}
    assert marks == {("max_age", "lab_max_age", what)}


def test_a_refusal_counts_for_the_contradiction_it_expects(guideline: Guideline) -> None:
    impossible = msgspec.structs.replace(
        guideline,
        contradictions={
            "ill_and_well": Contradiction(
                id="ill_and_well",
                when=Condition("severe and not ill", parse("severe and not ill")),
                says=Text(zh="矛盾", en="contradiction"),
            )
        },
    )
    case = {"severe": True, "ill": False}
    mark = ("contradiction", "ill_and_well", "refused")
    assert mark in earned(impossible, vignette(case, refused=["ill_and_well"]))
    assert mark not in earned(impossible, vignette(case, refused=["other"]))


# -- guards ------------------------------------------------------------------------------------


def guarded(guideline: Guideline, *vignettes: Vignette) -> dict[tuple[str, str], str | None]:
    return {(kind, id_): by for kind, id_, by in guards(guideline, vignettes)}


def test_a_rule_is_guarded_by_a_vignette_that_fails_without_it(guideline: Guideline) -> None:
    found = guarded(guideline, *load_vignettes(FOLDER)[0])
    assert found == {
        ("hazard", "beta exclude: pregnant"): "severe_woman",
        ("hazard", "beta against: wish"): "severe_woman",
        ("hazard", "delta caution: thrombosis"): None,
        ("hazard", "epsilon exclude: marker"): "severe_woman",
        ("hazard", "gamma exclude: pregnant"): "severe_woman",
        ("argument", "induction/triple for: dangerous"): "severe_woman",
        ("argument", "induction/double for: true"): "severe_woman",
        ("argument", "induction/single_omega for: several"): None,
        ("argument", "induction/exchange for: dangerous"): "severe_woman",
        ("argument", "induction/epsilon_alone for: severe"): "severe_woman",
        ("argument", "induction/nothing for: not severe"): None,
        ("argument", "induction/nothing against: severe"): None,
        ("gap", "induction/no_marker"): None,
        ("argument", "start/start_alpha for: true"): None,
        ("advice", "salt"): "severe_woman",
        ("advice", "watch_fever"): "severe_woman",
        ("alert", "dangerous"): "severe_woman",
    }


@pytest.mark.parametrize(
    ("case", "expect", "rule"),
    [
        (
            {"orders": ["delta"], "thrombosis": True},
            {"hazards": {"delta": {"thrombosis": "true"}}},
            ("hazard", "delta caution: thrombosis"),
        ),
        (
            {**SEVERE, "marker": False},
            {"decisions": {"induction": {"gaps": ["no_marker"]}}},
            ("gap", "induction/no_marker"),
        ),
        (
            SEVERE,
            {
                "decisions": {
                    "induction": {"candidates": {"nothing": {"reasons": {"severe": "true"}}}}
                }
            },
            ("argument", "induction/nothing against: severe"),
        ),
    ],
)
def test_an_expectation_guards_a_rule(
    guideline: Guideline, case: dict[str, Any], expect: dict[str, Any], rule: tuple[str, str]
) -> None:
    silent = vignette(case, name="silent")
    assert guarded(guideline, silent)[rule] is None
    assert guarded(guideline, silent, vignette(case, name="speaks", **expect))[rule] == "speaks"


def test_a_vignette_that_fails_anyway_guards_nothing(guideline: Guideline) -> None:
    failing = vignette(SEVERE, drugs={"epsilon": "clear"})
    assert set(guarded(guideline, failing).values()) == {None}


def test_rules_are_taken_out_one_at_a_time_and_nothing_else_with_them(guideline: Guideline) -> None:
    for rule in rules(guideline):
        (item,) = changed_items(guideline, rule.without)
        gone = {edit.after for edit in item.edits}
        assert item.turn == "removed" or gone == {None}
        assert item.id == rule.owner.partition("/")[0]
