"""Grades of strength and the MMT-8 totals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.result import Result

PAIRS = {
    "0": "0", "T": "1", "1": "2-", "2": "2", "3": "2+", "4": "3-", "5": "3", "6": "3+", "7": "4-",
    "8": "4", "9": "4+", "10": "5",
}  # fmt: skip
SIDE = ("deltoid", "biceps", "wrist_extensors", "gluteus_maximus", "gluteus_medius", "quadriceps",
        "ankle_dorsiflexors")  # fmt: skip


def total(**inputs: object) -> Result:
    return INSTRUMENTS["muscle_strength"].run(inputs)


def all_of(grade: object, sides: tuple[str, ...] = ("right", "left")) -> dict[str, object]:
    muscles = {f"{muscle}_{side}": grade for muscle in SIDE for side in sides}
    return {"neck_flexors": grade, **muscles}


@pytest.mark.parametrize(("kendall", "mrc"), PAIRS.items())
def test_the_printed_table_both_ways(kendall: str, mrc: str) -> None:
    for grade, grading in ((kendall, "kendall"), (mrc, "mrc")):
        found = INSTRUMENTS["muscle_grade"].run({"grade": grade, "grading": grading})
        assert found.value("kendall").value == kendall
        assert found.value("mrc").value == mrc


@pytest.mark.parametrize(
    ("mrc", "between"), [("2", "1 to 3"), ("3", "4 to 6"), ("4", "7 to 9"), ("5", ""), ("4-", "")]
)
def test_whole_grades_warn_of_what_they_leave_open(mrc: str, between: str) -> None:
    found = INSTRUMENTS["muscle_grade"].run({"grade": mrc, "grading": "mrc"})
    assert [text.en.rpartition("Kendall ")[2] for text in found.warnings] == [between] * bool(
        between
    )


@pytest.mark.parametrize(
    ("grade", "grading"), [("T", "mrc"), ("4-", "kendall"), ("6", "mrc"), ("11", "kendall")]
)
def test_a_grade_of_the_other_grading_is_refused(grade: str, grading: str) -> None:
    with pytest.raises(InputError, match="allowed"):
        INSTRUMENTS["muscle_grade"].run({"grade": grade, "grading": grading})


def test_full_strength_is_80_and_150() -> None:
    found = total(**all_of(10))
    assert found.value("one_side").value == 80
    assert found.value("both_sides").value == 150
    assert not found.warnings


def test_each_muscle_counts_once_on_its_side() -> None:
    assert total(**{**all_of(10), "neck_flexors": 4}).value("one_side").value == 74
    assert total(**{**all_of(10), "neck_flexors": 4}).value("both_sides").value == 144
    for muscle in SIDE:
        right = total(**{**all_of(10), f"{muscle}_right": 3})
        assert (right.value("one_side").value, right.value("both_sides").value) == (73, 143)
        left = total(**{**all_of(10), f"{muscle}_left": 3})
        assert (left.value("one_side").value, left.value("both_sides").value) == (80, 143)


def test_one_side_tested_gives_its_total_and_bounds_for_both() -> None:
    found = total(**all_of(8, ("right",)))
    assert found.value("one_side").value == 64
    both = found.value("both_sides")
    assert (both.value, both.low, both.high) == (None, 64, 134)
    assert set(found.missing) == {f"{muscle}_left" for muscle in SIDE}


def test_a_trace_has_no_figure() -> None:
    found = total(**{**all_of(10), "biceps_right": "T"}).value("one_side")
    assert (found.value, found.low, found.high) == (None, 70, 71)


def test_mrc_grades_are_converted_and_whole_ones_warned_about() -> None:
    found = total(grading="mrc", **{**all_of("5"), "neck_flexors": "4", "biceps_left": "4-"})
    assert found.value("both_sides").value == Decimal(145)
    (warning,) = found.warnings
    assert "neck flexors" in warning.en
    assert "biceps" not in warning.en
    assert "between 144 and 146" in warning.en


def test_all_muscles_at_fault_are_told() -> None:
    with pytest.raises(InputError) as error:
        total(**all_of("4+"))
    assert len(error.value.faults) == 15
