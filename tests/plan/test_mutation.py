"""Small faults in a guideline: each differs from it, in one place, and what notices it is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.guideline.vignettes import Expectation, Vignette, load_vignettes
from myorx.language import cql, parse
from myorx.plan import Planner
from myorx.plan.diff.knowledge import changed_items
from myorx.plan.mutation.expressions import slips
from myorx.plan.mutation.hunt import Hunter
from myorx.plan.mutation.mutants import mutants
from myorx.plan.mutation.pins import Pinner
from myorx.plan.mutation.telling import items, merged
from myorx.plan.vignettes import run_vignette
from tests.plan.conftest import AS_OF, FOLDER, with_note

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


@pytest.mark.parametrize(
    ("text", "slipped"),
    [
        ("a", {"negate: not a"}),
        ("true", {"flip: false"}),
        ("not a", {"negate: a"}),
        ("a > 60", {"flip: a <= 60", "boundary: a >= 60", "step: a > 61", "step: a > 59"}),
        ("a < 0.5", {"flip: a >= 0.5", "boundary: a <= 0.5", "step: a < 0.6", "step: a < 0.4"}),
        ("s = 'x'", {"flip: s != 'x'"}),
        (
            "s in {'x', 'y'}",
            {"negate: not (s in {'x', 'y'})", "lose: s in {'x'}", "lose: s in {'y'}"},
        ),
        (
            "a and b",
            {
                "connective: a or b",
                "lose: a",
                "lose: b",
                "negate: not (a and b)",
                "negate: not a and b",
                "negate: a and not b",
            },
        ),
        (
            "AtLeast(2, {a, b})",
            {
                "negate: not AtLeast(2, {a, b})",
                "lose: AtLeast(2, {a})",
                "lose: AtLeast(2, {b})",
                "step: AtLeast(3, {a, b})",
                "step: AtLeast(1, {a, b})",
                "negate: AtLeast(2, {not a, b})",
                "negate: AtLeast(2, {a, not b})",
            },
        ),
        (
            "a between 1 and b",
            {
                "negate: not (a between 1 and b)",
                "boundary: a > 1 and a <= b",
                "boundary: a >= 1 and a < b",
                "lose: a >= 1",
                "lose: a <= b",
                "step: a between 2 and b",
                "step: a between 0 and b",
            },
        ),
    ],
)
def test_slips(text: str, slipped: set[str]) -> None:
    found = [f"{slip.kind}: {cql(slip.expression)}" for slip in slips(parse(text), condition=True)]
    wanted = {
        f"{kind}: {cql(parse(rest))}" for kind, _, rest in (s.partition(": ") for s in slipped)
    }
    assert set(found) == wanted
    assert len(found) == len(wanted)


def test_every_mutant_differs_in_one_object(guideline: Guideline) -> None:
    found = list(mutants(guideline))
    assert {mutant.fault.partition(":")[0] for mutant in found} >= {
        *("flip", "negate", "lose", "connective", "step", "boundary"),
        *("drop", "strength", "kind", "scope"),
    }
    for mutant in found:
        (item,) = changed_items(guideline, mutant.make())
        assert item.id == mutant.owner.id


def killed(guideline: Guideline, *vignettes: Vignette) -> dict[str, str | None]:
    hunter = Hunter(guideline, vignettes)
    return {mutant.id: hunter.kill(mutant) for mutant in mutants(guideline)}


def test_a_vignette_kills_what_it_notices_and_nothing_else(guideline: Guideline) -> None:
    hazard = "drug beta hazards.exclude.when | negate: pregnant → not pregnant"
    lost = "drug beta hazards | drop: exclude: pregnant"
    case = {**SEVERE, "orders": ["beta"], "pregnant": True}
    silent = killed(guideline, vignette(case))
    speaks = killed(guideline, vignette(case, drugs={"beta": "contraindicated"}))
    assert set(silent.values()) == {None}
    assert speaks[hazard] == speaks[lost] == "x"
    assert speaks["alert dangerous | drop"] is None


def test_that_a_rule_is_written_otherwise_is_not_noticed(guideline: Guideline) -> None:
    """The words of a hazard lead an expectation to it; other words alone must not kill."""
    case = {**SEVERE, "orders": ["beta"], "pregnant": None}
    found = killed(guideline, vignette(case, hazards={"beta": {"pregnant": "unknown"}}))
    assert found["drug beta hazards.exclude.when | negate: pregnant → not pregnant"] is None


def test_the_condition_of_a_note_is_noticed(guideline: Guideline) -> None:
    case = {**SEVERE, "orders": ["beta"], "pregnant": False}
    found = killed(with_note(guideline), vignette(case, notes={"beta": {"pregnant": "absent"}}))
    assert found["drug beta notes.when | negate: pregnant → not pregnant"] == "x"


def test_a_vignette_that_fails_anyway_kills_nothing(guideline: Guideline) -> None:
    assert set(killed(guideline, vignette(SEVERE, drugs={"epsilon": "clear"})).values()) == {None}


def test_everything_that_a_plan_says_can_be_expected_of_it(guideline: Guideline) -> None:
    planner = Planner(guideline)
    for one in load_vignettes(FOLDER)[0]:
        outcome = run_vignette(planner, one, None)
        if outcome.plan is None:
            continue
        hunter = Hunter(guideline, [one])
        situation = hunter.witnesses[0].situation
        assert situation is not None
        found = list(items(situation, outcome.plan))
        assert len(found) > 20
        for item in found:
            again = msgspec.structs.replace(one, expect=item.expectation)
            assert run_vignette(planner, again, None).passed, item
        assert merged(found)["drugs"]


def test_a_pin_is_a_vignette_that_passes_and_kills(guideline: Guideline) -> None:
    hunter = Hunter(guideline, [vignette(SEVERE)])
    pinner, planner = Pinner(hunter), Planner(guideline)
    pinned = 0
    for mutant in list(mutants(guideline))[::5]:
        pin = pinner.pin(mutant)
        if pin is None or pin.item is None:
            continue
        pinned += 1
        case = {**pin.vignette.case, **pin.changed}
        made = msgspec.structs.replace(pin.vignette, case=case, expect=pin.item.expectation)
        assert run_vignette(planner, made, None).passed
        assert Hunter(guideline, [made]).kill(mutant) == "x", (mutant.id, pin)
    assert pinned > 5
