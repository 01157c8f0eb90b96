"""The definition of improvement and worsening against cases worked out by hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from myorx.instruments.core_set import measures
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.result import Result

SAME = {f"{name}_{end}": 2 for name in measures() for end in ("before", "after")} | {
    "strength_before": 100,
    "strength_after": 100,
}


def run(**inputs: Any) -> Result:
    return INSTRUMENTS["imacs_improvement"].run(inputs)


def changed(**after: object) -> Result:
    """Everything as at baseline but these (``after=None``: unknown)."""
    return run(**{**SAME, **{f"{name}_after": value for name, value in after.items()}})


def answer(result: Result, value: str = "improved") -> object:
    return result.value(value).value


def test_the_vector_of_the_field() -> None:
    found = run(
        physician_global_before=6,
        physician_global_after=3,
        patient_global_before=7,
        patient_global_after=5,
        strength_scale="150",
        strength_before=120,
        strength_after=138,
        function_before="1.5",
        function_after="0.75",
        enzyme="ck",
        enzyme_before=3000,
        enzyme_after=600,
        extramuscular_before=4,
        extramuscular_after=2,
    )
    assert answer(found) is True
    # Strength: 18 of 120 is 15 %.
    assert answer(found, "better_measures") == 5
    assert answer(found, "worse_measures") == 0
    assert answer(found, "worse_in_trial") is False
    assert found.value("improved").verified
    assert not found.value("worse_imacs").verified


@pytest.mark.parametrize(
    ("after", "improved"),
    [
        ({}, False),
        ({"physician_global": 1, "patient_global": 1}, False),
        ({"physician_global": 1, "patient_global": 1, "function": 1}, True),
        # 20 % exactly counts, a little less does not.
        ({"physician_global": "1.6", "patient_global": "1.6", "function": "1.6"}, True),
        ({"physician_global": "1.6", "patient_global": "1.6", "function": "1.61"}, False),
        ({"strength": 120, "patient_global": 1, "function": 1}, True),
        ({"strength": "119.9", "patient_global": 1, "function": 1}, False),
        # Two may be worse by 25 %, three may not, strength never.
        ({"physician_global": 1, "patient_global": 1, "function": 1, "enzyme": "2.5",
          "extramuscular": "2.5"}, True),
        ({"physician_global": 1, "patient_global": 1, "function": 1, "strength": 75}, False),
        ({"physician_global": 1, "patient_global": 1, "function": 1, "strength": "75.1"}, True),
        # A measure that is unknown decides where it could.
        ({"physician_global": 1, "patient_global": 1, "function": None}, None),
        ({"physician_global": 1, "patient_global": None}, False),
        ({"physician_global": 1, "patient_global": 1, "function": 1, "enzyme": None}, True),
        ({"physician_global": 1, "patient_global": 1, "function": 1, "strength": None}, None),
        ({"physician_global": 1, "patient_global": 1, "function": 1, "enzyme": 4,
          "extramuscular": 4}, True),
    ],
)  # fmt: skip
def test_improved(after: dict[str, Any], improved: bool | None) -> None:
    assert answer(changed(**after)) is improved


def test_every_count_of_better_and_worse() -> None:
    """All ways in which five measures are better, the same or worse; strength stays the same."""
    names = [name for name in measures() if name != "strength"]
    for ways in product((1, 2, 3), repeat=5):
        found = changed(**dict(zip(names, ways, strict=True)))
        better, worse = ways.count(1), ways.count(3)
        assert answer(found, "better_measures") == better
        assert answer(found, "worse_measures") == worse
        assert answer(found) is (better >= 3 and worse <= 2)


def test_a_baseline_of_nothing_can_only_become_worse() -> None:
    before = {**SAME, "function_before": 0}
    assert answer(run(**{**before, "function_after": 0}), "worse_measures") == 0
    assert answer(run(**{**before, "function_after": "0.1"}), "worse_measures") == 1
    assert answer(run(**{**before, "function_after": 0}), "better_measures") == 0


def test_no_strength_at_baseline_can_only_improve() -> None:
    before = {**SAME, "strength_before": 0}
    assert answer(run(**{**before, "strength_after": 1}), "better_measures") == 1
    assert answer(run(**{**before, "strength_after": 0}), "worse_measures") == 0


@pytest.mark.parametrize(
    ("after", "trial", "imacs"),
    [
        ({"physician_global": 4, "strength": 80}, True, False),
        ({"physician_global": "3.9", "strength": 80}, False, False),
        ({"physician_global": 4, "strength": "80.1"}, False, False),
        ({"extramuscular": 4}, True, False),
        ({"extramuscular": "3.9"}, False, False),
        ({"physician_global": "2.6", "patient_global": "2.6", "function": "2.6"}, True, True),
        ({"physician_global": "2.6", "patient_global": "2.6", "function": "2.59"}, False, False),
        # The enzyme is left out in the trial, not by IMACS.
        ({"physician_global": "2.6", "patient_global": "2.6", "enzyme": 3}, False, True),
        ({"physician_global": 4, "strength": None}, None, False),
        ({"extramuscular": None}, None, False),
        ({"physician_global": 3, "patient_global": 3, "function": None}, None, None),
    ],
)
def test_worse(after: dict[str, Any], trial: bool | None, imacs: bool | None) -> None:
    found = changed(**after)
    assert answer(found, "worse_in_trial") is trial
    assert answer(found, "worse_imacs") is imacs


def test_what_changed_is_named() -> None:
    found = changed(physician_global=1, strength=50)
    said = [text.en for text in found.interpretation]
    assert said == [
        "better: physician global",
        "worse: strength",
        "strength is worse, so the definition is not met",
    ]
