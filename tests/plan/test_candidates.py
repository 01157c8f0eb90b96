"""Status on two axes: what speaks for a candidate, and whether it is known to be safe."""

from __future__ import annotations

import itertools

import pytest

from myorx.plan.candidates import _indication, _status
from myorx.plan.decisions import rank
from myorx.plan.truth import Kleene
from tests.plan import look
from tests.plan.conftest import PlanOf

SEVERE = {"ill": True, "severe": True, "marker": True, "age": 37, "weight": 60}
WOMAN = {**SEVERE, "sex": "female"}
KLEENE: tuple[Kleene, ...] = (True, False, None)


@pytest.mark.parametrize(
    ("favour", "against", "indication"),
    [
        (True, True, "contested"),
        (True, False, "indicated"),
        (True, None, "indicated"),
        (None, True, "possible"),
        (None, False, "possible"),
        (None, None, "possible"),
        (False, True, "advised_against"),
        (False, False, "none"),
        (False, None, "none"),
    ],
)
def test_what_speaks_for_it(favour: Kleene, against: Kleene, indication: str) -> None:
    assert _indication(favour, against) == indication


def test_nothing_is_offered_unless_its_exclusion_is_known_false() -> None:
    for favour, against, exclude, reserved, capped in itertools.product(
        KLEENE, KLEENE, KLEENE, (True, False), (True, False)
    ):
        indication = _indication(favour, against)
        status = _status(indication, exclude, "recommended", reserved=reserved, capped=capped)
        if status in ("recommended", "option", "contested", "undetermined"):
            assert exclude is False
        if status == "recommended":
            assert favour is True
            assert against is not True
            assert not capped
            assert not reserved


def test_pregnancy_unknown_blocks_only_the_part_it_concerns(plan_of: PlanOf) -> None:
    triple = look.candidate(plan_of(**WOMAN), "induction", "triple")
    assert (triple.status, triple.indication, triple.safety) == ("blocked", "indicated", "blocked")
    safety = {part.id: part.safety for part in triple.parts}
    assert safety == {"alpha": "clear", "calm": "clear", "beta": "blocked"}
    assert triple.provisional
    assert set(triple.needs) == {"pregnant", "wish"}
    assert triple.verb is not None
    assert triple.verb.en == "often needs"


def test_a_blocked_candidate_that_is_indicated_heads_its_decision(plan_of: PlanOf) -> None:
    order = [item.id for item in look.decision(plan_of(**WOMAN), "induction").candidates]
    assert order[:2] == ["triple", "double"]


def test_nothing_is_blocked_by_pregnancy_in_a_man(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE, sex="male", wish=False)
    triple = look.candidate(plan, "induction", "triple")
    assert (triple.status, triple.provisional) == ("recommended", False)


def test_a_known_contraindication_excludes(plan_of: PlanOf) -> None:
    triple = look.candidate(plan_of(**WOMAN, pregnant=True), "induction", "triple")
    assert (triple.status, triple.needs) == ("excluded", ())


def test_a_known_conflict_contests_but_never_excludes(plan_of: PlanOf) -> None:
    triple = look.candidate(plan_of(**WOMAN, pregnant=False, wish=True), "induction", "triple")
    assert (triple.status, triple.indication, triple.safety) == ("contested", "contested", "clear")


def test_a_rescue_is_reserved_until_its_failure_is_known(plan_of: PlanOf) -> None:
    for failed, status, reserved in ((None, "not_indicated", True), (True, "option", False)):
        facts = WOMAN if failed is None else {**WOMAN, "triple_failed": failed}
        exchange = look.candidate(plan_of(**facts), "induction", "exchange")
        assert (exchange.status, exchange.reserved) == (status, reserved)
    reserved = look.candidate(plan_of(**WOMAN), "induction", "exchange")
    assert reserved.needs == ("triple_failed",)


def test_what_the_source_does_not_cover_caps_the_status(plan_of: PlanOf) -> None:
    risky = {"fever": True, "lab": "900 ng/mL"}
    omega = look.candidate(plan_of(**WOMAN, **risky, pregnant=True), "induction", "single_omega")
    assert (omega.status, omega.capped_by) == ("undetermined", ("pregnancy",))
    unknown = look.candidate(plan_of(**WOMAN, **risky), "induction", "single_omega")
    assert (unknown.status, unknown.provisional) == ("option", True)
    assert "pregnant" in unknown.needs
    clear = look.candidate(plan_of(**WOMAN, **risky, pregnant=False), "induction", "single_omega")
    assert (clear.status, clear.provisional, clear.capped_by) == ("option", False, ())


def test_what_nobody_would_use_is_not_paraded(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=True, marker=False, age=37, sex="female")
    triple = look.candidate(plan, "induction", "triple")
    assert (triple.status, triple.indication) == ("not_indicated", "none")
    assert (triple.needs, triple.parts) == ((), ())
    assert look.need(plan, "wish") is None
    assert all(item.id != "beta" for item in plan.drugs)


def test_a_status_never_stands_above_a_better_one(plan_of: PlanOf) -> None:
    for facts in (WOMAN, {**WOMAN, "pregnant": True}, {**SEVERE, "sex": "male"}):
        for decision in plan_of(**facts).decisions:
            ranks = [rank(item) for item in decision.candidates]
            assert ranks == sorted(ranks)
