"""When a therapy was taken, as far as its dates tell: days for certain, and days that are possible.

Days are counted as ordinals, stretches are half-open. Day ``d`` was taken when start <= d < stop,
or when d is both. What is possible encloses every completion of the unknown dates, what is certain
lies in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from myorx.facts.case import Therapy
from myorx.language.values import Days


class Stretch(NamedTuple):
    """The days from ``first`` (None: since ever) up to but not including ``end``."""

    first: int | None
    end: int

    def before(self, day: int) -> Stretch:
        """The part of it that lies before ``day``."""
        return Stretch(self.first, min(self.end, day))

    @property
    def is_empty(self) -> bool:
        return self.first is not None and self.first >= self.end


class Taken(NamedTuple):
    """One therapy in time."""

    certain: Stretch
    possible: Stretch
    current: bool | None
    """Whether it is still being taken on the case's date."""
    started: Days
    """The day of the start, narrowed by the stop."""
    last: Days
    """The last day of it so far: the day of stopping, or the case's date while it is taken."""


def planned(therapy: Therapy, as_of: date) -> bool:
    """Whether a therapy lies wholly after ``as_of`` (an order, not history)."""
    first = therapy.start.earliest
    return first is not None and first > as_of


def taken(therapy: Therapy, as_of: date) -> Taken:
    """When ``therapy`` was taken up to ``as_of``; it must not be planned."""
    today = as_of.toordinal()
    start_low = _ordinal(therapy.start.earliest)
    start_high = min(_ordinal(therapy.start.latest) or today, today)
    if therapy.stop is None:
        stop_low = stop_high = today + 1
    else:
        stop_low = _ordinal(therapy.stop.earliest) or 0
        stop_high = _ordinal(therapy.stop.latest) or today + 1
        start_high = min(start_high, stop_high)
        if start_low is not None:
            stop_low = max(stop_low, start_low)
    same_day = start_low == start_high == stop_low == stop_high
    certain = Stretch(start_high, stop_low + 1 if same_day else max(stop_low, start_high))
    return Taken(
        certain=certain,
        possible=Stretch(start_low, max(stop_high, start_high + 1)),
        current=True if stop_low > today else None if stop_high > today else False,
        started=_days(start_low, start_high),
        last=_days(min(stop_low, today) or None, min(stop_high, today)),
    )


def length(stretches: Iterable[Stretch]) -> int | None:
    """The number of distinct days in ``stretches``; None where one has no first day."""
    total, covered = 0, 0
    bounded: list[tuple[int, int]] = []
    for stretch in stretches:
        if stretch.first is None:
            return None
        bounded.append((stretch.first, stretch.end))
    for first, end in sorted(bounded):
        if end > covered:
            total += end - max(first, covered)
            covered = end
    return total


def pieces(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches' common refinement: consecutive pieces in which membership does not change.

    A stretch without first day contributes nothing before the earliest day named by any.
    """
    cuts = sorted({day for each in stretches for day in each if day is not None})
    return [Stretch(first, end) for first, end in pairwise(cuts)]


def within(piece: Stretch, stretch: Stretch) -> bool:
    """Whether a piece of the refinement lies in one of the stretches it was made from."""
    if stretch.first is not None and (piece.first is None or piece.first < stretch.first):
        return False
    return piece.end <= stretch.end


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _days(low: int | None, high: int) -> Days:
    return Days(None if low is None else date.fromordinal(low), date.fromordinal(high))
