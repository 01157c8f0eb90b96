"""A calendar as iCalendar (RFC 5545): dose and days only, nothing else of the patient.

Deterministic: the stamp is the day of the plan, each UID a hash of the event. Needs the extra
``calendar``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from myorx import __version__
from myorx.exchange.words import word
from myorx.guideline.texts import Text
from myorx.plan.model import Calendar, CalendarEntry, Plan, TaperPlan

if TYPE_CHECKING:
    from icalendar import Calendar as Component


class MissingExtraError(Exception):
    """The library that writes iCalendar is not installed."""


class Happening(NamedTuple):
    """One event of whole days: from ``first`` to ``last``, both included."""

    first: date
    last: date
    summary: str
    note: str = ""


def plan_ics(plan: Plan, lang: str) -> bytes:
    """The calendar of a plan as an iCalendar file. Raises MissingExtraError."""
    receipt = plan.receipt
    notice = f"{_said(receipt.review, lang)} · {_said(receipt.notice, lang)}"
    days = _of_calendar(plan.calendar, lang) if plan.calendar is not None else ()
    return write(tuple(days), date.fromisoformat(plan.as_of), notice, lang)


def taper_ics(plan: TaperPlan, notice: str, lang: str) -> bytes:
    """The steps of one taper as an iCalendar file. Raises MissingExtraError."""
    return write(tuple(_of_taper(plan, lang)), date.fromisoformat(plan.start), notice, lang)


def write(happenings: tuple[Happening, ...], stamp: date, notice: str, lang: str) -> bytes:
    """The events in one file; ``notice`` stands in each. Same events, same bytes."""
    try:
        from icalendar import Calendar as Component
        from icalendar import Event
    except ImportError:
        raise MissingExtraError(word("no_ics", lang)) from None
    calendar: Component = Component()
    calendar.add("prodid", f"-//MyoRx//{__version__}//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for happening in happenings:
        event = Event()
        event.add("uid", _uid(happening))
        event.add("dtstamp", datetime.combine(stamp, time(), UTC))
        event.add("dtstart", happening.first)
        # The end of an event of whole days is the first day that no longer belongs to it.
        event.add("dtend", happening.last + timedelta(days=1))
        event.add("summary", happening.summary)
        event.add("description", "\n".join(filter(None, (happening.note, notice))))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _said(text: Text, lang: str) -> str:
    """``text`` in ``lang``."""
    return text.zh if lang == "zh" else text.en


def _uid(happening: Happening) -> str:
    text = "\x1f".join((happening.first.isoformat(), *map(str, happening[1:])))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@myorx"


# -- what becomes an event ---------------------------------------------------------------------


def _of_calendar(calendar: Calendar, lang: str) -> Iterator[Happening]:
    for outlook in calendar.tapers:
        if outlook.plan is not None:
            yield from _of_taper(outlook.plan, lang)
        elif outlook.earliest is not None:
            day = date.fromisoformat(outlook.earliest)
            yield Happening(day, day, _said(outlook.says, lang))
    for entry in calendar.entries:
        if not entry.passed:
            yield from _of_entry(entry, lang)


def _of_taper(plan: TaperPlan, lang: str) -> Iterator[Happening]:
    """One event on the first day of each dose."""
    for step in plan.steps:
        day = date.fromisoformat(step.on)
        notes = [_said(text, lang) for text in (step.caution, step.remark) if text is not None]
        summary = f"{_said(plan.names, lang)} {step.dose} ({step.tablets})"
        yield Happening(day, day, summary, "\n".join(notes))


def _of_entry(entry: CalendarEntry, lang: str) -> Iterator[Happening]:
    label, says = _said(entry.label, lang), _said(entry.says, lang)
    if entry.dates:
        for text in entry.dates:
            day = date.fromisoformat(text)
            yield Happening(day, day, label, says)
    elif entry.first is not None:
        first = date.fromisoformat(entry.first)
        last = date.fromisoformat(entry.last) if entry.last is not None else first
        yield Happening(first, last, label, says)
