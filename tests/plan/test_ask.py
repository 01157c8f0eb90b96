"""What to find out next: the worth of an answer, facts that matter only together, groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.facts import THERAPIES, CaseError, Patient, read_case
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.plan import Planner
from myorx.plan.ask import ask, questions
from myorx.plan.collective import collectives
from myorx.plan.question import Question
from myorx.plan.standing import standings
from myorx.plan.trials import trials
from tests.plan.conftest import AS_OF
from tests.plan.patients import cases

SEVERE = {"ill": True, "severe": True, "marker": True, "sex": "female", "age": 37, "weight": 60}
TREATED: dict[str, Any] = {"therapies": [], "therapies_complete": True}

Ask: TypeAlias = Callable[..., tuple[Question, ...]]


@pytest.fixture
def asks(guideline: Guideline, patient_of: Callable[..., Patient]) -> Ask:
    def asked(*, done: tuple[str, ...] = (), **facts: Any) -> tuple[Question, ...]:
        return ask(guideline, patient_of(**facts), done)

    return asked


def _facts(found: tuple[Question, ...]) -> list[str]:
    return [question.fact for question in found]


def test_what_unblocks_an_indicated_candidate_is_asked_first(asks: Ask) -> None:
    first = asks(**SEVERE, **TREATED)[0]
    assert (first.fact, first.urgent) == ("pregnant", True)
    assert first.why.en.startswith("decides beta")
    assert first.why.zh.startswith("决定乙药")
    assert first.worth > 0


def test_each_answer_says_what_it_does(asks: Ask) -> None:
    first = asks(**SEVERE, **TREATED)[0]
    assert {effect.value for effect in first.effects} == {"true", "false"}
    excluded = next(effect for effect in first.effects if effect.value == "true")
    assert "excluded" in excluded.says.en
    assert "排除" in excluded.says.zh


def test_what_changes_nothing_is_not_asked(asks: Ask) -> None:
    assert "wish" not in _facts(asks(**SEVERE, pregnant=True, **TREATED))
    assert "pregnant" not in _facts(asks(ill=False, **TREATED))


def test_facts_that_matter_only_together_are_asked_and_say_so() -> None:
    aim = load("aim")
    found = ask(aim, read_case({}, aim, as_of=AS_OF))
    joint = {question.fact: question for question in found if question.together}
    assert {"crp", "ferritin", "kl6"} <= set(joint)
    for question in joint.values():
        assert question.fact not in question.together
        assert question.worth > 0


def test_nothing_is_asked_twice(asks: Ask) -> None:
    facts = {"ill": True, "severe": True}
    first = asks(**facts)[0].fact
    assert first not in _facts(asks(**facts, done=(first,)))


@pytest.mark.parametrize("word", ["pending", "not done", "indeterminate"])
def test_what_was_looked_for_is_awaited_and_not_asked(
    guideline: Guideline, patient_of: Callable[..., Patient], word: str
) -> None:
    result = questions(guideline, patient_of(ill=True, severe=True, marker=word))
    assert "marker" not in _facts(result.questions)
    assert "marker" in [need.fact for need in result.awaited]


def test_a_stale_value_is_asked_again(asks: Ask) -> None:
    stale = {"value": "900 ng/mL", "on": "2024-10-20"}
    found = {question.fact: question for question in asks(**SEVERE, fever=True, lab=stale)}
    assert found["lab"].reason == "stale"


def test_the_history_is_asked_for_until_something_was_said_of_it(asks: Ask) -> None:
    assert THERAPIES in _facts(asks(ill=False))
    assert THERAPIES not in _facts(asks(ill=False, **TREATED))


def test_the_number_of_trials_is_bounded_and_what_is_left_over_is_still_asked(
    guideline: Guideline, patient_of: Callable[..., Patient]
) -> None:
    patient = patient_of(ill=True, severe=True)
    whole, untried = ask(guideline, patient), ask(guideline, patient, most=0)
    assert set(_facts(whole)) <= set(_facts(untried))
    assert all(question.worth <= 1 for question in untried)
    assert ask(guideline, patient, limit=1) == whole[:1]
    assert ask(guideline, patient) == whole


def test_every_question_tells_how_to_answer_and_its_example_is_accepted() -> None:
    aim = load("aim")
    for question in ask(aim, read_case({}, aim, as_of=AS_OF)):
        answer = question.answer
        assert question.question.zh
        assert question.question.en
        if question.fact != THERAPIES:
            patient = read_case({question.fact: answer.example}, aim, as_of=AS_OF)
            assert patient.facts[question.fact].value is not None


def test_pregnancy_lactation_and_wish_are_one_question() -> None:
    aim = load("aim")
    (whole,) = collectives(aim)
    assert whole.members == ("pregnant", "lactating", "wish_for_children")
    facts = {"sex": "female", "age": 30, "anti_mda5": True, "rapidly_progressive_ild": True}
    found = ask(aim, read_case(facts, aim, as_of=AS_OF))
    assert found[0].fact == whole.fact
    assert set(found[0].facts) <= set(whole.members)
    assert not set(whole.members) & set(_facts(found))
    assert found[0].answer.choices


@settings(max_examples=60)
@given(data=st.data())
def test_a_trial_says_what_the_plan_of_the_supposed_patient_says(
    data: st.DataObject, guideline: Guideline, planner: Planner
) -> None:
    try:
        patient = read_case(data.draw(cases(guideline)), guideline, as_of=AS_OF)
    except CaseError:
        return
    tried = trials(guideline)
    world = tried.world(patient)
    assert world.standings == standings(planner.plan(patient))
    booleans = sorted(f.id for f in guideline.facts.values() if f.type == "boolean")
    changes = data.draw(st.dictionaries(st.sampled_from(booleans), st.booleans(), max_size=3))
    supposed = tried.suppose(world, changes)
    if supposed is not None:
        assert supposed.standings == standings(planner.plan(supposed.patient))
