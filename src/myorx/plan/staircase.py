"""A dose brought down in real tablets: which doses, and how far each fall is off what was asked.

Pure arithmetic over exact numbers; no dates, no words. Doses are counted in the smallest amount
that the tablets allow (``grain``).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

Why: TypeAlias = OneOf["as_asked", "tablets", "length", "only_step"]
"""Of a fall: as asked; off it because of the tablets; smaller so that the whole lasts long enough;
larger because no tablet step lies in between."""


FINEST = 400
"""Grains that a dose may hold at most; a finer tablet is none, and would take too long to try."""


class Rules(NamedTuple):
    """The numbers of a taper. Doses in one unit (mg/d), shares of 1, times in days."""

    least: Fraction
    most: Fraction
    low: Fraction
    high: Fraction
    grain: Fraction
    every: int
    at_least: int


class Fall(NamedTuple):
    """One step down: the new dose, and the share of the dose before that it takes away."""

    dose: Fraction
    share: Fraction
    why: Why


class Staircase(NamedTuple):
    """All steps, and the days each but the last one lasts."""

    falls: tuple[Fall, ...]
    days: int
    slower: bool
    """Smaller steps than asked, so that the whole lasts long enough."""
    longer: bool
    """Longer steps than asked, because even the smallest tablet steps end too early."""

    @property
    def length(self) -> int:
        """Days from the first smaller dose to the last one."""
        return self.days * (len(self.falls) - 1)


class _Cost(NamedTuple):
    """What makes one way down worse than another, the gravest first."""

    over: int
    """Falls of more than the most that was asked."""
    missing: int
    """Steps that the whole is too short of."""
    shortfall: Fraction
    """Squares of what the falls stay under the least that was asked: many small ones before one
    large one."""
    steps: int
    low_end: int
    """Grains that the end lies under the upper end of the target."""


def is_countable(dose: Fraction, rules: Rules) -> bool:
    """Whether the tablets can be counted: neither too coarse for the target nor absurdly fine."""
    return rules.grain > 0 and dose <= FINEST * rules.grain and len(_ends(rules)) > 0


def _ends(rules: Rules) -> range:
    """The target in grains; at least one grain is left."""
    return range(max(ceil(rules.low / rules.grain), 1), floor(rules.high / rules.grain) + 1)


@lru_cache(maxsize=512)
def staircase(dose: Fraction, rules: Rules) -> Staircase:
    """The way down from ``dose`` to the target.

    Each fall is between ``least`` and ``most`` where a tablet step allows it, never more than
    ``most`` unless no tablet step lies in between; steps become smaller (then longer) where the
    whole would last less than ``at_least``. Raises ValueError for a dose that is not above the
    target, or tablets that cannot be counted down to it (``is_countable``).
    """
    if dose <= rules.high or not is_countable(dose, rules):
        raise ValueError(f"no way down from {dose} to {rules.low}–{rules.high}")
    ends = _ends(rules)
    needed = ceil(Fraction(rules.at_least, rules.every)) + 1
    unhurried = _Ways(dose, rules, ends, 1).best
    doses = unhurried
    if len(unhurried) < needed:
        doses = _Ways(dose, rules, ends, needed).best
    slower = doses != unhurried
    gaps = max(len(doses) - 1, 1)
    days = max(rules.every, ceil(Fraction(rules.at_least, gaps)))
    return Staircase(_falls(dose, doses, rules, slower), days, slower, days > rules.every)


class _Ways:
    """The best way down, found from every dose once."""

    def __init__(self, dose: Fraction, rules: Rules, ends: range, needed: int) -> None:
        self._rules = rules
        self._ends = ends
        self._found: dict[tuple[Fraction, int], tuple[_Cost, tuple[Fraction, ...]]] = {}
        self.best = self._from(dose, needed)[1]

    def _from(self, dose: Fraction, needed: int) -> tuple[_Cost, tuple[Fraction, ...]]:
        """The best steps down from ``dose`` where ``needed`` more are wanted."""
        key = (dose, needed)
        if key not in self._found:
            self._found[key] = min(self._ways(dose, needed))
        return self._found[key]

    def _ways(self, dose: Fraction, needed: int) -> list[tuple[_Cost, tuple[Fraction, ...]]]:
        ways: list[tuple[_Cost, tuple[Fraction, ...]]] = []
        grains = dose / self._rules.grain
        if grains.denominator == 1 and int(grains) in self._ends:
            end = _Cost(0, needed, Fraction(0), 0, self._ends[-1] - int(grains))
            ways.append((end, ()))
        for below in _reachable(dose, self._rules, self._ends[0]):
            rest, steps = self._from(below, max(needed - 1, 0))
            share = 1 - below / dose
            cost = _Cost(
                rest.over + (share > self._rules.most),
                rest.missing,
                rest.shortfall + max(self._rules.least - share, Fraction(0)) ** 2,
                rest.steps + 1,
                rest.low_end,
            )
            ways.append((cost, (below, *steps)))
        return ways


def _reachable(dose: Fraction, rules: Rules, lowest: int) -> list[Fraction]:
    """The next doses: every tablet step of at most ``most``, or the nearest where there is none."""
    top = ceil(dose / rules.grain) - 1
    bottom = max(ceil(dose * (1 - rules.most) / rules.grain), lowest)
    if top < lowest:
        return []
    return [count * rules.grain for count in range(min(bottom, top), top + 1)]


def _falls(
    dose: Fraction, doses: tuple[Fraction, ...], rules: Rules, slower: bool
) -> tuple[Fall, ...]:
    falls = []
    for below in doses:
        share = 1 - below / dose
        falls.append(Fall(below, share, _why(dose, share, rules, slower)))
        dose = below
    return tuple(falls)


def _why(dose: Fraction, share: Fraction, rules: Rules, slower: bool) -> Why:
    if share > rules.most:
        return "only_step"
    if share >= rules.least:
        return "as_asked"
    largest = floor(dose * (1 - rules.least) / rules.grain) * rules.grain
    fits = largest >= dose * (1 - rules.most) and largest > 0
    return "length" if slower and fits else "tablets"
