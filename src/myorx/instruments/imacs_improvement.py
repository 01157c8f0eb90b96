"""The IMACS preliminary definition of improvement, and worsening; three-valued.

An answer is given only where no value of an unknown measure could change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache

import msgspec

from myorx.instruments.catalogue import listed, page
from myorx.instruments.core_set import ENZYME, STRENGTH, Change, changes, unknown
from myorx.instruments.data import table
from myorx.instruments.describe import About
from myorx.instruments.inputs import Given
from myorx.instruments.result import Computed, Found, Said


class _Trial(msgspec.Struct, frozen=True):
    """Worsening as one trial defined it."""

    global_cm: Decimal
    strength_percent: Decimal
    extramuscular_cm: Decimal
    measures_percent: Decimal
    measures_least: int


class _Worsening(msgspec.Struct, frozen=True):
    measures_percent: Decimal
    measures_least: int


class _Table(msgspec.Struct, frozen=True):
    improved_percent: Decimal
    improved_least: int
    worse_percent: Decimal
    worse_most: int
    trial_worsening: _Trial
    imacs_worsening: _Worsening


class _Count(msgspec.Struct, frozen=True):
    """How many measures have something for certain, and how many may."""

    least: int
    most: int

    def at_least(self, number: int) -> bool | None:
        """Whether so many have it."""
        return True if self.least >= number else None if self.most >= number else False


@cache
def _table() -> _Table:
    return table("imacs_improvement.json", _Table)


def compute(about: About, given: Given) -> Computed:
    """Improved or not, the counts, and worse or not. Raises InputError for a strength above its
    scale."""
    found = changes(about, given)
    rows = _table()
    better = {name: _ask(each, lambda c: c.better_by(rows.improved_percent))
              for name, each in found.items()}  # fmt: skip
    worse = {name: _ask(each, lambda c: c.worse_by(rows.worse_percent))
             for name, each in found.items()}  # fmt: skip
    values = (
        Found("improved", _improved(better, worse)),
        _number("better_measures", _count(better.values())),
        _number("worse_measures", _count(worse.values())),
        Found("worse_in_trial", _worse_in_trial(found)),
        Found("worse_imacs", _worse_imacs(found), verified=False),
    )
    says = [
        _named(key, of) for key, of in (("better", better), ("worse", worse)) if any(of.values())
    ]
    if worse[STRENGTH]:
        says.append(Said("strength_worse"))
    return Computed(values, tuple(says), (), unknown(given, found))


def _ask(change: Change | None, question: Callable[[Change], bool]) -> bool | None:
    return None if change is None else question(change)


def _improved(better: Mapping[str, bool | None], worse: Mapping[str, bool | None]) -> bool | None:
    enough = _count(better.values()).at_least(_table().improved_least)
    too_many = _count(worse.values()).at_least(_table().worse_most + 1)
    return _all((enough, _not(too_many), _not(worse[STRENGTH])))


def _worse_in_trial(found: Mapping[str, Change | None]) -> bool | None:
    rows = _table().trial_worsening
    physician = _ask(found["physician_global"], lambda c: -c.better >= Fraction(rows.global_cm))
    strength = _ask(found[STRENGTH], lambda c: c.worse_by(rows.strength_percent))
    outside = _ask(found["extramuscular"], lambda c: -c.better >= Fraction(rows.extramuscular_cm))
    several = _count(
        _ask(change, lambda c: c.worse_by(rows.measures_percent))
        for name, change in found.items()
        if name != ENZYME
    ).at_least(rows.measures_least)
    return _any((_all((physician, strength)), outside, several))


def _worse_imacs(found: Mapping[str, Change | None]) -> bool | None:
    rows = _table().imacs_worsening
    worse = (_ask(change, lambda c: c.worse_by(rows.measures_percent)) for change in found.values())
    return _count(worse).at_least(rows.measures_least)


# -- three values ----------------------------------------------------------------------------------


def _count(answers: Iterable[bool | None]) -> _Count:
    listed_answers = list(answers)
    return _Count(
        sum(each is True for each in listed_answers),
        sum(each is not False for each in listed_answers),
    )


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Iterable[bool | None]) -> bool | None:
    return _not(_any(_not(each) for each in answers))


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


# -- words -----------------------------------------------------------------------------------------


def _number(id_: str, count: _Count) -> Found:
    if count.least == count.most:
        return Found(id_, Decimal(count.least))
    return Found(id_, None, Decimal(count.least), Decimal(count.most))


def _named(key: str, answers: Mapping[str, bool | None]) -> Said:
    words = page("imacs_improvement").words
    return Said(key, {"names": listed([words[name] for name, yes in answers.items() if yes])})
