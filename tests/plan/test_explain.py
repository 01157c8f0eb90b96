"""Why, why not, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from myorx.facts import Patient
from myorx.plan import Planner
from myorx.plan.explain import UnknownSubjectError, explain_with
from myorx.plan.model import Explanation

SEVERE = {"ill": True, "severe": True, "sex": "female", "age": 37, "weight": 60}


@pytest.fixture
def explain(planner: Planner, patient_of: Callable[..., Patient]) -> Callable[..., Explanation]:
    def explained(subject: str, **facts: Any) -> Explanation:
        return explain_with(planner, patient_of(**facts), subject)

    return explained


def _if(explanation: Explanation, fact: str) -> dict[str, str]:
    return {s.value: s.status for s in explanation.suppositions if s.fact == fact}


def test_a_blocked_candidate(explain: Callable[..., Explanation]) -> None:
    explanation = explain("triple", **SEVERE, marker=True)
    assert (explanation.kind, explanation.decision) == ("candidate", "induction")
    assert explanation.status == "blocked"
    assert _if(explanation, "pregnant") == {"true": "excluded", "false": "recommended"}
    assert _if(explanation, "wish")["true"] == "blocked"
    assert "Would exclude it, unknown: pregnant" in [text.en for text in explanation.unknown]
    assert "排除，是否成立未知：妊娠" in [text.zh for text in explanation.unknown]
    assert explanation.why[0].en.startswith("For it, and met")


def test_numbers_are_supposed_on_both_sides_of_each_threshold(
    explain: Callable[..., Explanation],
) -> None:
    explanation = explain("single_omega", **SEVERE, fever=True, pregnant=False)
    assert _if(explanation, "lab") == {"≤ 500 ng/mL": "not_indicated", "> 500 ng/mL": "option"}


def test_suppositions_that_change_something_say_so(explain: Callable[..., Explanation]) -> None:
    for supposition in explain("triple", **SEVERE).suppositions:
        if supposition.status != "blocked":
            assert supposition.changed


def test_a_candidate_nobody_would_use_is_still_explained(
    explain: Callable[..., Explanation],
) -> None:
    explanation = explain("triple", **SEVERE, marker=False)
    assert explanation.status == "not_indicated"
    assert explanation.candidate is not None
    assert explanation.candidate.parts
    assert any("not met" in text.en for text in explanation.why_not)


def test_where_its_decision_does_not_apply(explain: Callable[..., Explanation]) -> None:
    assert explain("triple", ill=False).status == "not_live"
    yielded = explain("start_alpha", ill=True, severe=True, therapies=[], therapies_complete=True)
    assert (yielded.status, [text.en for text in yielded.why_not]) == (
        "yielded",
        ["alpha is the basis"],
    )
    opened = explain("triple", ill=True)
    assert opened.status == "open"
    assert _if(opened, "severe") == {"true": "blocked", "false": "not_live"}


def test_a_drug_and_an_advice(explain: Callable[..., Explanation]) -> None:
    beta = explain("beta", ill=False)
    assert (beta.kind, beta.status) == ("drug", "blocked")
    assert _if(beta, "pregnant") == {"true": "contraindicated", "false": "clear"}
    fever = explain("watch_fever")
    assert (fever.kind, fever.status) == ("advice", "may_apply")
    assert _if(fever, "fever") == {"true": "do", "false": "not_live"}
    assert explain("drug:exchange").kind == "drug"
    assert explain("exchange").kind == "candidate"


def test_an_unknown_name_lists_near_ones(explain: Callable[..., Explanation]) -> None:
    with pytest.raises(UnknownSubjectError, match="did you mean triple"):
        explain("tripel")


def test_the_explanation_agrees_with_the_plan(
    planner: Planner, patient_of: Callable[..., Patient]
) -> None:
    patient = patient_of(**SEVERE, marker=True)
    for decision in planner.plan(patient).decisions:
        if decision.status == "live":
            for candidate in decision.candidates:
                name = f"{decision.id}/{candidate.id}"
                found = explain_with(planner, patient, name).candidate
                assert found is not None
                assert (found.status, found.needs) == (candidate.status, candidate.needs)
