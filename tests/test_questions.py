"""Answering the questions in the order asked reaches the plan of the full case.

Over every published case; over all other vignettes in a soak (`make soak`), over some always.
"""

from __future__ import annotations

from functools import cache

import pytest

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan import Plan, Planner
from myorx.plan.standing import Standing, standings
from myorx.plan.trials import trials
from tests.answering import interview
from tests.conftest import PROFILE

NAME = "aim"
EVERY = 1 if PROFILE == "soak" else 40
OUT_OF_REACH = {
    "trap_planned_conception_overrides_denied_wish": "a date of conception beside a denied wish",
    "factor_age_from_birth_year_open": "an age that is known only as the year of birth",
    "outside_new_with_everything": "a rash, which outside the scope decides nothing",
    "pin_018": "refractory disease beside an empty history",
}
"""Cases that hold what no question brings out, each with what that is."""
_OWN = frozenset({"boundary", "reading"})
"""Sources of vignettes that we made up; every other one is a published report."""


@cache
def _planner() -> Planner:
    return Planner(load(NAME))


@cache
def _patients() -> dict[str, tuple[Vignette, Patient]]:
    """The vignettes whose case is accepted."""
    found: dict[str, tuple[Vignette, Patient]] = {}
    for vignette in load_vignettes(GUIDELINES / NAME)[0]:
        try:
            patient = read_case(vignette.case, _planner().guideline, as_of=vignette.as_of)
        except CaseError:
            continue
        found[vignette.id] = vignette, patient
    return found


PUBLISHED = [id_ for id_, (vignette, _) in _patients().items() if vignette.source not in _OWN]
OTHERS = [id_ for id_, (vignette, _) in _patients().items() if vignette.source in _OWN]


def test_the_lists_are_not_empty_and_name_vignettes() -> None:
    assert len(PUBLISHED) >= 8
    assert set(OUT_OF_REACH) <= set(OTHERS)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_questions_reach_the_plan_with_less_than_half_of_the_facts(name: str) -> None:
    _, full = _patients()[name]
    found = interview(_planner(), full)
    assert standings(found.plan) == standings(_planner().plan(full))
    # Half of the facts that can be given at all; the dictionary also lists computed ones.
    given = [fact for fact in _planner().guideline.facts.values() if not fact.derived]
    assert len(found.facts) < len(given) / 2, found.questions


@pytest.mark.parametrize("name", [name for name in OTHERS if name not in OUT_OF_REACH][::EVERY])
def test_the_questions_reach_the_plan(name: str) -> None:
    _, full = _patients()[name]
    found = interview(_planner(), full)
    assert _in_use(found.plan) == _in_use(_planner().plan(full)), found.questions


def _in_use(plan: Plan) -> dict[str, Standing]:
    """All standings but the verdicts on drugs that are only offered: a mere caution there changes
    no status, so nothing is asked for it."""
    used = {f"drug:{drug.id}" for drug in plan.drugs if drug.taken or drug.ordered}
    return {
        key: one
        for key, one in standings(plan).items()
        if not key.startswith("drug:") or key in used
    }


def test_a_trial_says_what_the_plan_says() -> None:
    for _, patient in _patients().values():
        said = trials(_planner().guideline).world(patient).standings
        assert said == standings(_planner().plan(patient))
