"""The classification criteria against scores added up by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.result import Result

POINTS = {
    "weak_upper": ("0.7", "0.7"),
    "weak_lower": ("0.8", "0.5"),
    "weak_neck_flexors": ("1.9", "1.6"),
    "weak_legs_proximal": ("0.9", "1.2"),
    "heliotrope": ("3.1", "3.2"),
    "gottron_papules": ("2.1", "2.7"),
    "gottron_sign": ("3.3", "3.7"),
    "dysphagia": ("0.7", "0.6"),
    "anti_jo1": ("3.9", "3.8"),
    "enzymes_raised": ("1.3", "1.4"),
    "endomysial_infiltrate": (None, "1.7"),
    "perimysial_infiltrate": (None, "1.2"),
    "perifascicular_atrophy": (None, "1.9"),
    "rimmed_vacuoles": (None, "3.1"),
}
"""Item -> points without and with biopsy, copied by hand from the printed table."""


def classify(biopsy: bool, *present: str, age: object = 10, **others: Any) -> Result:
    """All items absent but those ``present``."""
    items = {name: name in present for name, points in POINTS.items() if biopsy or points[0]}
    inputs = {"biopsy": biopsy, "onset_age": age, **items, **others}
    return INSTRUMENTS["classification"].run(inputs)


@pytest.mark.parametrize("item", POINTS)
@pytest.mark.parametrize("biopsy", [False, True])
def test_the_points_of_each_item(item: str, biopsy: bool) -> None:
    points = POINTS[item][biopsy]
    if points is None:
        with pytest.raises(InputError, match="biopsy"):
            classify(biopsy, **{item: False})
    else:
        assert classify(biopsy, item).value("score").value == Decimal(points)


@pytest.mark.parametrize(
    ("age", "without", "with_biopsy"),
    [(0, "0", "0"), ("17.9", "0", "0"), (18, "1.3", "1.5"), ("39.9", "1.3", "1.5"),
     (40, "2.1", "2.2"), (80, "2.1", "2.2")],
)  # fmt: skip
def test_the_points_of_age(age: object, without: str, with_biopsy: str) -> None:
    assert classify(False, age=age).value("score").value == Decimal(without)
    assert classify(True, age=age).value("score").value == Decimal(with_biopsy)


def test_the_vector_of_the_field() -> None:
    found = classify(False, "heliotrope", "gottron_sign", "enzymes_raised", age=40)
    assert found.value("score").value == Decimal("9.8")
    assert found.value("class").value == "definite"
    assert found.value("probability").value == Decimal("0.989")
    assert not found.value("probability").verified
    assert found.value("class").verified


@pytest.mark.parametrize(
    ("biopsy", "age", "present", "score", "kind"),
    [
        (False, 40, ("heliotrope",), "5.2", "not"),
        (False, 40, ("weak_neck_flexors", "enzymes_raised"), "5.3", "possible"),
        (False, 30, ("heliotrope", "weak_legs_proximal"), "5.3", "possible"),
        (False, 40, ("weak_upper", "weak_lower", "weak_neck_flexors"), "5.5", "probable"),
        (False, 40, ("gottron_sign", "gottron_papules"), "7.5", "definite"),
        (False, 40, ("anti_jo1", "enzymes_raised"), "7.3", "probable"),
        (True, 40, ("heliotrope", "endomysial_infiltrate"), "7.1", "probable"),
        (True, 40, ("anti_jo1", "weak_lower"), "6.5", "possible"),
        (True, 40, ("gottron_sign", "dysphagia"), "6.5", "possible"),
        (True, 40, ("heliotrope", "perimysial_infiltrate"), "6.6", "possible"),
        (True, 40, ("gottron_papules", "endomysial_infiltrate"), "6.6", "possible"),
        (True, 40, ("anti_jo1", "weak_upper"), "6.7", "probable"),
        (True, 40, ("anti_jo1", "gottron_papules"), "8.7", "definite"),
        (True, 40, ("rimmed_vacuoles", "perimysial_infiltrate"), "6.5", "possible"),
        (True, 40, ("anti_jo1",), "6", "not"),
    ],
)
def test_classes_at_and_around_their_cut_offs(
    biopsy: bool, age: int, present: tuple[str, ...], score: str, kind: str
) -> None:
    found = classify(biopsy, *present, age=age)
    assert found.value("score").value == Decimal(score)
    assert found.value("class").value == kind


def test_an_unknown_item_bounds_the_score_and_opens_the_class() -> None:
    found = classify(False, "heliotrope", "gottron_papules", age=40, enzymes_raised=None)
    score = found.value("score")
    assert (score.value, score.low, score.high) == (None, Decimal("7.3"), Decimal("8.6"))
    assert found.value("class").value is None
    assert found.value("subgroup").value is None
    assert found.missing == ("enzymes_raised",)
    sure = classify(False, "heliotrope", "gottron_papules", "gottron_sign", age=40, dysphagia=None)
    assert sure.value("class").value == "definite"


def test_an_unknown_age_may_be_any() -> None:
    score = classify(True, "anti_jo1", age=None).value("score")
    assert (score.low, score.high) == (Decimal("3.8"), Decimal(6))


RASH = ("heliotrope", "gottron_papules", "gottron_sign")


@pytest.mark.parametrize(
    ("biopsy", "present", "others", "subgroup"),
    [
        (False, (*RASH, "weak_upper"), {"age": 50}, "dm"),
        (False, RASH, {"age": 50}, "adm"),
        (False, (*RASH, "weak_upper"), {"age": 9}, "jdm"),
        (False, ("anti_jo1", "weak_neck_flexors", "enzymes_raised"), {"age": 9}, "juvenile_other"),
        (True, ("anti_jo1", "gottron_papules", "weak_upper"), {"age": 17}, "jdm"),
        (True, ("anti_jo1", "weak_upper"), {"age": 50, "finger_flexor_weakness": False}, "pm"),
        (True, ("anti_jo1", "rimmed_vacuoles"), {"age": 50}, "ibm"),
        (
            False,
            ("anti_jo1", "weak_upper"),
            {"age": 50, "finger_flexor_weakness": True, "treatment_not_improved": True},
            "ibm",
        ),
        # Vacuoles that nobody looked for are not absent.
        (False, ("anti_jo1", "weak_upper"), {"age": 50, "finger_flexor_weakness": False}, None),
        (True, ("anti_jo1", "weak_upper"), {"age": 50, "finger_flexor_weakness": True}, None),
        (False, ("anti_jo1",), {"age": 9}, None),
    ],
)
def test_the_subgroup_tree(
    biopsy: bool, present: tuple[str, ...], others: dict[str, Any], subgroup: str | None
) -> None:
    found = classify(biopsy, *present, **others).value("subgroup")
    assert found.value == subgroup
    assert found.verified == (subgroup in (None, "ibm"))


def test_an_open_subgroup_names_what_it_may_be() -> None:
    found = classify(False, "anti_jo1", "weak_upper", age=50)
    assert found.value("subgroup").value is None
    said = " ".join(text.en for text in found.interpretation)
    assert "inclusion body myositis" in said
    assert "polymyositis" in said


def test_every_result_says_that_it_gates_no_treatment() -> None:
    for biopsy in (False, True):
        found = classify(biopsy)
        assert any("No treatment" in text.en for text in found.interpretation)
        assert any("任何治疗" in text.zh for text in found.limits)


def test_without_a_rash_a_biopsy_is_asked_for() -> None:
    def asked(result: Result) -> bool:
        return any("muscle biopsy" in text.en for text in result.warnings)

    assert asked(classify(False, "anti_jo1"))
    assert asked(classify(False, heliotrope=None))
    assert not asked(classify(False, "heliotrope"))
    assert not asked(classify(True, "anti_jo1"))
