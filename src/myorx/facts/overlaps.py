"""One drug at two doses on the same day: lines of a history that cannot both be right.

Different drugs, and different routes of one drug, may well be taken together. But a second line of
the same drug with a dose of its own mostly means that the first one's end was not written; added up
the two would give a dose that was never taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from myorx.facts.case import Therapy


class Overlap(NamedTuple):
    """Two lines, by their places in the history, both taken for certain on ``day``."""

    first: int
    second: int
    day: date


def overlaps(therapies: Sequence[Therapy | None], as_of: date) -> list[Overlap]:
    """Each line with a dose that begins while another of that drug and route is still taken.

    Only days count on which both were taken for certain: dates that leave it open are no fault.
    Pulses come on top of whatever else is taken.
    """
    spans: dict[tuple[str, str | None], list[tuple[date, date, int]]] = {}
    for index, each in enumerate(therapies):
        if each is None or each.dose is None or each.pulse:
            continue
        taken = _for_certain(each, as_of)
        if taken is not None:
            spans.setdefault((each.drug, each.route), []).append((*taken, index))
    found: list[Overlap] = []
    for group in spans.values():
        group.sort()
        _, last_end, last = group[0]
        for begin, end, index in group[1:]:
            if begin < last_end:
                found.append(Overlap(last, index, begin))
            if end > last_end:
                last_end, last = end, index
    return sorted(found, key=lambda overlap: overlap.second)


def _for_certain(therapy: Therapy, as_of: date) -> tuple[date, date] | None:
    """From the day on which a therapy had certainly begun until it may have ended, not included."""
    begin = therapy.start.latest
    if begin is None or begin == date.max:
        return None
    next_day = begin + timedelta(days=1)
    if therapy.stop is not None:
        end = therapy.stop.earliest
        if end is None:
            return None
        return begin, max(end, next_day) if therapy.start.exact == begin else end
    return (begin, as_of + timedelta(days=1)) if begin <= as_of < date.max else None
