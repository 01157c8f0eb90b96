"""One grade of strength in the other grading."""

from __future__ import annotations

from myorx.instruments.describe import About
from myorx.instruments.inputs import Given
from myorx.instruments.muscle_grades import (
    MRC,
    around,
    check_grades,
    is_whole,
    to_kendall,
    to_mrc,
)
from myorx.instruments.result import Computed, Found, Said


def compute(about: About, given: Given) -> Computed:
    """The grade in both gradings. Raises InputError for a grade that its grading does not have."""
    grade, grading = given.choice("grade"), given.choice("grading")
    assert grade is not None
    assert grading is not None
    check_grades(about, given, ("grade",), grading)
    kendall, mrc = (to_kendall(grade), grade) if grading == MRC else (grade, to_mrc(grade))
    warnings: tuple[Said, ...] = ()
    if grading == MRC and is_whole(grade):
        low, high = around(grade)
        warnings = (Said("whole_grade", {"grade": grade, "low": low, "high": high}),)
    return Computed((Found("kendall", kendall), Found("mrc", mrc)), (), warnings)
