"""Histories of plain lines, read a short way: each line but for its days once, by ``facts``.

In a registry the same drugs come at the same doses again and again; only the days differ. A history
whose lines have nothing wrong, and days written in full, reads here as ``facts.read`` reads it; any
other is left to that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec

from myorx.cohort.input.therapies import Line
from myorx.facts.case import Case, Therapy
from myorx.facts.overlaps import overlaps
from myorx.facts.read import read_written
from myorx.facts.scalars import is_far
from myorx.guideline.models import Guideline
from myorx.language.values import Days

_REMEMBERED = 2**14
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DATES = ("start", "stop")
_ANY = date(2000, 1, 1)
"""Where a line has no day, the date of its case changes nothing in it."""


class PlainLines:
    """Reads the histories of one guideline's patients the short way."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._template = lru_cache(_REMEMBERED)(self._undated)
        self._complete = lru_cache(_REMEMBERED)(self._completeness)

    def case(self, day: date, lines: Sequence[Line], complete: str | None) -> Case | None:
        """The case that lines and a word on their completeness make; None: not this way."""
        found: list[Therapy] = []
        for line in lines:
            therapy = self._therapy(line, day)
            if therapy is None:
                return None
            found.append(therapy)
        whole = self._complete(complete or None)
        if whole is None or overlaps(found, day):
            return None
        return Case(day, {}, tuple(found), *whole)

    def _therapy(self, line: Line, day: date) -> Therapy | None:
        started, stopped = (_day(cell) for cell in _cells(line))
        if started is None or started > day or is_far(Days(started, started), day):
            return None
        if stopped is not None and (stopped < started or is_far(Days(stopped, stopped), day)):
            return None
        if stopped is None and any(name == "stop" for name, _ in line):
            return None
        template = self._template(tuple(each for each in line if each[0] not in _DATES))
        if template is None:
            return None
        stop = None if stopped is None else Days(stopped, stopped)
        return msgspec.structs.replace(template, start=Days(started, started), stop=stop)

    def _undated(self, line: Line) -> Therapy | None:
        """A line without its days, where nothing is wrong with it."""
        if any(name == "on" for name, _ in line):
            return None
        source = {"therapies": [dict(line)]}
        written = read_written(source, self._guideline, as_of=_ANY)
        if len(written.faults) or not written.case.therapies:
            return None
        return written.case.therapies[0]

    def _completeness(self, complete: str | None) -> tuple[bool | None] | None:
        """What a word says of a history that can be read; None where it is no such word."""
        source: dict[str, object] = {"therapies": []}
        if complete is not None:
            source["therapies_complete"] = complete
        written = read_written(source, self._guideline, as_of=_ANY)
        return None if len(written.faults) else (written.case.therapies_complete,)


def _cells(line: Line) -> tuple[str | None, str | None]:
    cells = dict(line)
    return cells.get("start"), cells.get("stop")


@lru_cache(_REMEMBERED)
def _day(cell: str | None) -> date | None:
    """A day written in full, as a database writes it; None for anything else."""
    if cell is None or _DAY.match(cell) is None:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
