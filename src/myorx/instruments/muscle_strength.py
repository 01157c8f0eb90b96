"""MMT-8 from the grades of single muscles: the total of one side and of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

import msgspec

from myorx.instruments.catalogue import listed
from myorx.instruments.data import table
from myorx.instruments.describe import About
from myorx.instruments.inputs import Given
from myorx.instruments.muscle_grades import (
    MRC,
    Strength,
    around,
    check_grades,
    is_whole,
    strength,
    to_kendall,
)
from myorx.instruments.result import Computed, Found, Said, plain

_MOST = Decimal(10)
"""Of one muscle."""


class _Table(msgspec.Struct, frozen=True):
    source: str
    verified: bool
    middle: tuple[str, ...]
    pairs: tuple[str, ...]


@cache
def _table() -> _Table:
    return table("muscle_strength.json", _Table)


def compute(about: About, given: Given) -> Computed:
    """Both totals; bounds where muscles were not tested.

    Raises InputError for grades that the grading does not have.
    """
    rows = _table()
    right = (*rows.middle, *(f"{muscle}_right" for muscle in rows.pairs))
    both = (*right, *(f"{muscle}_left" for muscle in rows.pairs))
    grading = given.choice("grading")
    assert grading is not None
    check_grades(about, given, both, grading)
    values = (
        _total("one_side", [_strength(given, muscle, grading) for muscle in right]),
        _total("both_sides", [_strength(given, muscle, grading) for muscle in both]),
    )
    warnings = tuple(_warnings(about, given, both)) if grading == MRC else ()
    return Computed(values, (), warnings, tuple(muscle for muscle in both if muscle not in given))


def _strength(given: Given, muscle: str, grading: str) -> Strength:
    grade = given.choice(muscle)
    if grade is None:
        return Strength(Decimal(0), _MOST)
    return strength(to_kendall(grade) if grading == MRC else grade)


def _total(id_: str, muscles: Sequence[Strength]) -> Found:
    low = sum((each.low for each in muscles), Decimal(0))
    high = sum((each.high for each in muscles), Decimal(0))
    return Found(id_, low) if low == high else Found(id_, None, low, high)


def _warnings(about: About, given: Given, muscles: Sequence[str]) -> Iterable[Said]:
    """What whole MRC grades leave open."""
    whole = [muscle for muscle in muscles if is_whole(given.choice(muscle) or "")]
    if not whole:
        return
    ends = [_ends(given, muscle) for muscle in muscles]
    yield Said(
        "whole_grades",
        {
            "names": listed([about.input(muscle).label for muscle in whole]),
            "low": plain(sum((each.low for each in ends), Decimal(0))),
            "high": plain(sum((each.high for each in ends), Decimal(0))),
        },
    )


def _ends(given: Given, muscle: str) -> Strength:
    """From the weakest to the strongest that a muscle may be where + and - were not in use."""
    grade = given.choice(muscle)
    if grade is None or not is_whole(grade):
        return _strength(given, muscle, MRC)
    low, high = around(grade)
    return Strength(Decimal(low), Decimal(high))
