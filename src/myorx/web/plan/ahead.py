"""What lies ahead as a picture: a lane for each thing that has a day, over the months.

All lengths are units of the picture; days are counted from the left end. What has no day (the
source gives none, or it is not known yet) is no lane: it stands in words beside the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from myorx.facts import Patient
from myorx.guideline.models import Due, Guideline
from myorx.guideline.texts import Text
from myorx.language.syntax import Name
from myorx.plan.assemble import planner
from myorx.plan.measure import day_of, days
from myorx.plan.model import CalendarEntry, Plan
from myorx.plan.situation import Situation

WIDTH: Final = 720.0
_LEFT: Final = 8.0
_RIGHT: Final = 8.0
_HEAD: Final = 24.0
_LANE: Final = 40.0
_NAME: Final = 52.0
"""So much room the name of a month takes."""
_LEAST: Final = 60
_MOST: Final = 730
"""So many days the picture shows, at least and at most."""


class Point(NamedTuple):
    """A day on a lane."""

    x: float
    on: str
    anchor: str
    """Where its words begin, as SVG has it: ``start`` or ``end``."""


class Lane(NamedTuple):
    """One thing that has days."""

    label: Text
    y: float
    points: tuple[Point, ...]
    bar: tuple[float, float] | None
    """A window, or the time that must pass: from x to x."""


class Ahead(NamedTuple):
    """The whole picture."""

    height: float
    today: float
    on: str
    lanes: tuple[Lane, ...]
    months: tuple[tuple[float, str], ...]
    """Where a month begins, and which."""
    goal: Point | None
    """The day that everything is counted towards."""
    goal_label: Text | None


class _Row(NamedTuple):
    label: Text
    days: tuple[date, ...]
    bar: tuple[date, date] | None


def ahead(plan: Plan, without: Iterable[CalendarEntry] = ()) -> Ahead | None:
    """The calendar of a plan as lanes, some entries left out; None where no day is to come."""
    left_out = set(map(id, without))
    known = plan.calendar.entries if plan.calendar is not None else ()
    entries = [entry for entry in known if id(entry) not in left_out]
    today = date.fromisoformat(plan.as_of)
    rows = [row for entry in entries if not entry.passed for row in _row(entry)]
    if plan.calendar is not None:
        for outlook in plan.calendar.tapers:
            if outlook.plan is not None and outlook.plan.steps:
                steps = tuple(date.fromisoformat(step.on) for step in outlook.plan.steps)
                rows.append(_Row(outlook.names, steps, (steps[0], steps[-1])))
            elif outlook.earliest is not None:
                rows.append(_Row(outlook.says, (date.fromisoformat(outlook.earliest),), None))
    return _drawn(rows, today) if rows else None


def _row(entry: CalendarEntry) -> Iterator[_Row]:
    if entry.dates:
        yield _Row(entry.label, tuple(map(date.fromisoformat, entry.dates)), None)
    elif entry.first is not None:
        first = date.fromisoformat(entry.first)
        last = date.fromisoformat(entry.last) if entry.last is not None else None
        bar = (first, last) if last is not None and last != first else None
        yield _Row(entry.label, (first,) if bar is None else bar, bar)


# -- towards a day -----------------------------------------------------------------------------


class Towards(NamedTuple):
    """Days that must lie before another one: the picture, and the fact that holds that day."""

    fact: str
    picture: Ahead | None
    """None while no day is known."""
    entries: tuple[CalendarEntry, ...]


def towards(guideline: Guideline, patient: Patient, plan: Plan) -> tuple[Towards, ...]:
    """For each day that something must be over before: everything of the same drugs around it.

    Which days these are the guideline says: something due so long before a fact's day.
    """
    situation = planner(guideline).situation(patient)
    entries = plan.calendar.entries if plan.calendar is not None else ()
    known = [(entry, due) for entry in entries for due in _due(guideline, entry)]
    goals: dict[str, set[str]] = {}
    for entry, due in known:
        if isinstance(due.anchor, Name) and _is_before(situation, due):
            goals.setdefault(due.anchor.name, set()).add(entry.source)
    made = []
    for fact, sources in goals.items():
        around = [(entry, due) for entry, due in known if entry.source in sources]
        made.append(_towards(situation, fact, [each for each in around if _alone(*each)]))
    return tuple(made)


def _alone(entry: CalendarEntry, due: Due) -> bool:
    """Whether it is a single day: what comes again belongs to the calendar."""
    return due.every is None and not entry.dates


def _due(guideline: Guideline, entry: CalendarEntry) -> Iterator[Due]:
    kind, _, name = entry.source.partition(":")
    if kind == "drug" and name in guideline.drugs:
        yield from (due for due in guideline.drugs[name].due if due.id == entry.id)


def _is_before(situation: Situation, due: Due) -> bool:
    start = days(situation, due.start) if due.start is not None else None
    return start is not None and start < 0 and due.to is None and due.every is None


def _towards(situation: Situation, fact: str, around: list[tuple[CalendarEntry, Due]]) -> Towards:
    today = situation.patient.as_of
    goal = day_of(situation, Name(fact), None)
    rows = []
    for entry, due in around:
        if entry.first is None:
            continue
        on = date.fromisoformat(entry.first)
        since = day_of(situation, due.anchor, due.weeks) if due.anchor is not None else None
        # From the last dose to the first day that is free again; a day before the goal is a point.
        bar = (since, on) if since is not None and since < on else None
        rows.append(_Row(entry.label, (on,), bar))
    picture = _drawn(rows, today, goal, situation.wording.name(fact)) if rows else None
    return Towards(fact, picture, tuple(entry for entry, _ in around))


# -- drawing -----------------------------------------------------------------------------------


def _drawn(
    rows: Iterable[_Row], today: date, goal: date | None = None, goal_label: Text | None = None
) -> Ahead:
    listed = list(rows)
    shown = [day for row in listed for day in (*row.days, *(row.bar or ()))]
    first = min([today, *shown])
    last = max([today + timedelta(days=_LEAST), *shown, *([goal] if goal is not None else [])])
    last = min(last, max(first, today) + timedelta(days=_MOST))
    length = max((last - first).days, 1)
    room = WIDTH - _LEFT - _RIGHT

    def across(day: date) -> float:
        inside = min(max(day, first), last)
        share: float = (inside - first).days / length
        return round(_LEFT + room * share, 1)

    def point(day: date) -> Point:
        x = across(day)
        return Point(x, day.isoformat(), "start" if x < WIDTH * 0.8 else "end")

    lanes = tuple(
        Lane(
            row.label,
            _HEAD + _LANE * number + _LANE * 0.6,
            tuple(point(day) for day in row.days),
            (across(row.bar[0]), across(row.bar[1])) if row.bar is not None else None,
        )
        for number, row in enumerate(listed)
    )
    return Ahead(
        height=_HEAD + _LANE * len(listed) + 10,
        today=across(today),
        on=today.isoformat(),
        lanes=lanes,
        months=tuple(
            (across(day), day.strftime("%Y-%m"))
            for day in _months(first, last, length)
            if across(day) < WIDTH - _NAME
        ),
        goal=point(goal) if goal is not None else None,
        goal_label=goal_label if goal is not None else None,
    )


def _months(first: date, last: date, length: int) -> Iterator[date]:
    """The first days of months, at most about ten of them."""
    every = max(1, -(-length // 300))
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        day = date(number // 12, number % 12 + 1, 1)
        if (number % every) == 0 and first < day <= last:
            yield day
