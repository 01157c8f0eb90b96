"""A class serves when any one member does, and only members that can be used speak for it."""

from __future__ import annotations

import pytest

from myorx.guideline.models import Argument, Drug, DrugClass, Guideline, Part
from myorx.guideline.texts import Condition, Text
from myorx.language import parse
from myorx.plan.assemble import Planner
from myorx.plan.safety import judge_parts
from myorx.plan.truth import Kleene
from tests.plan.conftest import AS_OF

NAMES = Text(zh="药", en="drug")
VALUE = {True: "true", False: "false", None: "null"}


def _drug(name: str, exclude: Kleene, against: Kleene) -> Drug:
    hazards = tuple(
        Argument(kind=kind, when=Condition(VALUE[value], parse(VALUE[value])))
        for kind, value in (("exclude", exclude), ("against", against))
    )
    return Drug(id=name, names=NAMES, classes=("pair",), hazards=hazards)


@pytest.mark.parametrize(
    ("first", "second", "exclude", "against"),
    [
        # (excluded, against) of two members; what the class as a whole answers
        ((True, False), (False, False), False, False),
        ((True, False), (True, False), True, False),
        ((None, False), (False, False), False, False),
        ((None, False), (True, False), None, False),
        ((None, False), (None, False), None, False),
        ((False, True), (False, False), False, False),
        ((False, True), (False, True), False, True),
        ((False, True), (False, None), False, None),
        # an excluded member cannot answer for one that something speaks against
        ((True, False), (False, True), False, True),
        ((None, False), (False, True), False, None),
    ],
)
def test_a_class_is_any_one_member_that_serves(
    guideline: Guideline,
    first: tuple[Kleene, Kleene],
    second: tuple[Kleene, Kleene],
    exclude: Kleene,
    against: Kleene,
) -> None:
    import msgspec

    from myorx.facts import read_case

    pair = msgspec.structs.replace(
        guideline,
        drugs={"a": _drug("a", *first), "b": _drug("b", *second)},
        classes={"pair": DrugClass(id="pair", names=NAMES)},
        decisions={},
        advice={},
    )
    patient = read_case({}, pair, as_of=AS_OF)
    (judged,) = judge_parts(Planner(pair).situation(patient), (Part(drug_class="pair"),))
    assert (judged.exclude, judged.against) == (exclude, against)
    assert [member.id for member in judged.result.members] == ["a", "b"]


def test_a_class_without_members_is_never_clear(guideline: Guideline) -> None:
    import msgspec

    from myorx.facts import read_case

    empty = msgspec.structs.replace(guideline, drugs={}, decisions={}, advice={})
    patient = read_case({}, empty, as_of=AS_OF)
    (judged,) = judge_parts(Planner(empty).situation(patient), (Part(drug_class="calm"),))
    assert judged.result.safety == "blocked"
