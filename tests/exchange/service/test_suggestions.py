"""What is suggested of a regimen whose parts are classes: only members that are known safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.suggestions import Desk, of_plan
from myorx.facts import read_case
from myorx.plan import Plan, make_plan
from tests.exchange.service.asking import PATIENT, codes, guideline

EXAMPLE = Path(__file__).parents[3] / "examples" / "ild-on-methotrexate.yaml"
REGIMEN = "ild_induction/steroid_cni"


def plan() -> Plan:
    return make_plan(guideline(), read_case(EXAMPLE.read_bytes(), guideline()))


def changed(found: Plan, **parts: Any) -> Plan:
    """The plan with the candidate changed; ``member`` names one whose safety becomes excluded."""
    member = parts.pop("member", None)
    (decision,) = (each for each in found.decisions if each.id == REGIMEN.partition("/")[0])
    candidates = []
    for each in decision.candidates:
        if each.id == REGIMEN.partition("/")[2]:
            unsafe = tuple(
                msgspec.structs.replace(
                    part,
                    members=tuple(
                        msgspec.structs.replace(one, safety="excluded") if one.id == member else one
                        for one in part.members
                    ),
                )
                for part in each.parts
            )
            each = msgspec.structs.replace(each, **{"parts": unsafe, **parts})
        candidates.append(each)
    made = msgspec.structs.replace(decision, candidates=tuple(candidates))
    return msgspec.structs.replace(found, decisions=(made,))


def drugs(found: Plan) -> list[list[str]]:
    """The drugs of each regimen that is suggested, by our own codes."""
    desk = Desk(Knowledge(guideline(), codes()), PATIENT, "1", "en")
    return [
        [
            action.resource["medicationCodeableConcept"]["coding"][-1]["code"]
            for action in each.actions
            if action.resource is not None and "medicationCodeableConcept" in action.resource
        ]
        for each in of_plan(found, desk)
    ]


def test_each_way_of_filling_a_class_is_one_suggestion() -> None:
    """The steroid is taken already; only the other class is left to choose from."""
    assert drugs(changed(plan())) == [["ciclosporin"], ["tacrolimus"]]


def test_a_member_that_is_excluded_is_not_suggested() -> None:
    assert drugs(changed(plan(), member="tacrolimus")) == [["ciclosporin"]]


@pytest.mark.parametrize(
    "parts",
    [
        {"status": "option"},
        {"status": "blocked", "safety": "blocked"},
        {"status": "excluded", "safety": "excluded"},
        {"status": "contested"},
        {"status": "undetermined"},
        {"safety": "blocked"},
        {"provisional": True},
        {"reserved": True},
    ],
)
def test_only_what_is_recommended_and_safe_is_suggested(parts: dict[str, Any]) -> None:
    assert drugs(changed(plan(), **parts)) == []
