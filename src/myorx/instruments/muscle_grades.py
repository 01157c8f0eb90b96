"""The two gradings of strength and the table between them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

import msgspec

from myorx.instruments.catalogue import say
from myorx.instruments.data import table
from myorx.instruments.describe import About
from myorx.instruments.errors import Fault, InputError
from myorx.instruments.inputs import Given, fault

KENDALL: Final = "kendall"
MRC: Final = "mrc"
TRACE: Final = "T"
"""On the Kendall scale, without a figure: more than 0, less than 1."""


class _Table(msgspec.Struct, frozen=True):
    source: str
    verified: bool
    pairs: tuple[tuple[str, str], ...]
    """Kendall, MRC; from weak to strong."""


class Strength(NamedTuple):
    """A grade in Kendall's figures; they differ for a trace."""

    low: Decimal
    high: Decimal


@cache
def _table() -> _Table:
    return table("muscle_grades.json", _Table)


def grades(grading: str) -> tuple[str, ...]:
    """The grades of a grading, from weak to strong."""
    return tuple(pair[0 if grading == KENDALL else 1] for pair in _table().pairs)


def to_kendall(mrc: str) -> str:
    """The Kendall grade beside an MRC grade."""
    return {right: left for left, right in _table().pairs}[mrc]


def to_mrc(kendall: str) -> str:
    """The MRC grade beside a Kendall grade."""
    return dict(_table().pairs)[kendall]


def strength(kendall: str) -> Strength:
    """The figure of a Kendall grade."""
    if kendall == TRACE:
        return Strength(Decimal(0), Decimal(1))
    return Strength(Decimal(kendall), Decimal(kendall))


def is_whole(mrc: str) -> bool:
    """Whether an MRC grade has finer neighbours (2, 3, 4), so that alone it may be one of these."""
    return f"{mrc}-" in grades(MRC)


def around(mrc: str) -> tuple[str, str]:
    """The lowest and the highest Kendall grade that a whole MRC grade may be."""
    return to_kendall(f"{mrc}-"), to_kendall(f"{mrc}+")


def check_grades(about: About, given: Given, inputs: Iterable[str], grading: str) -> None:
    """Raises InputError for every grade that the grading does not have."""
    faults: list[Fault] = []
    allowed = grades(grading)
    for id_ in inputs:
        grade = given.choice(id_)
        if grade is not None and grade not in allowed:
            names = say("allowed_names", names=f"{', '.join(allowed)} ({grading})")
            remedy = say("remedy_choice")
            faults.append(fault(about.input(id_), grade, "not_a_choice", names, remedy))
    if faults:
        raise InputError(faults)
