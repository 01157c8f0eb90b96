"""Calendars: what is due, waited for and tapered measures what it must, and says when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from myorx.guideline.check.context import Context, Formula
from myorx.guideline.check.expressions import type_of
from myorx.guideline.faults import Problem
from myorx.guideline.intervals import LONGEST, SHORTEST, in_days, lasts
from myorx.guideline.models import Due, Regimen, Taper, Wait
from myorx.guideline.positions import Place
from myorx.language import units
from myorx.language.faults import LanguageError
from myorx.language.syntax import Expression
from myorx.language.types import DateType, IntegerType, NullType, QuantityType, Type

_DURATION = "d"
_DOSE = "mg/d"
_TAPER: dict[str, str] = {
    "dose": _DOSE,
    "least": "%",
    "most": "%",
    "every": _DURATION,
    "low": _DOSE,
    "high": _DOSE,
    "up_to": _DOSE,
    "at_least": _DURATION,
    "smallest": "mg",
}
"""Field of a taper -> a unit of what it measures."""


def check(context: Context) -> Iterator[Problem]:
    """Anchors are days, lengths are durations, shares are shares; nothing is due at no time."""
    for place, due in context.all(Due):
        yield from _anchored(context, place, due)
        for key, field in (("from", "start"), ("to", "to"), ("every", "every")):
            yield from _measures(context, place.key(key), getattr(due, field), _DURATION)
        yield from _comes_again(context, place.key("every"), due.every)
        yield from _when(context, place, due)
    for place, wait in context.all(Wait):
        yield from _anchored(context, place, wait)
        yield from _measures(context, place.key("length"), wait.length, _DURATION)
    for place, taper in context.all(Taper):
        for key, unit in _TAPER.items():
            yield from _measures(context, place.key(key), getattr(taper, key), unit)
        yield from _comes_again(context, place.key("every"), taper.every)
    for place, regimen in context.all(Regimen):
        if regimen.taper is not None and regimen.tablet is None:
            yield context.problem(
                "taper-without-tablet",
                place.key("taper"),
                "a taper that no tablet counts",
                allowed="a tablet beside the taper",
                remedy="add tablet: {strength: …, source: …, verified: …}",
            )


def _when(context: Context, place: Place, due: Due) -> Iterator[Problem]:
    """A due says when: counted from a day, or in the source's own words."""
    counted = due.start is not None or due.to is not None
    if (counted or due.every is not None) == (due.anchor is not None) and (
        counted or due.rhythm is not None
    ):
        return
    yield context.problem(
        "due-when",
        place,
        f"{due.id} is due at no time that could be told",
        allowed="an anchor with from (to, every); or a rhythm in words",
        remedy="say from which day it is counted, and from when to when",
    )


def _comes_again(context: Context, place: Place, every: Expression | None) -> Iterator[Problem]:
    """An interval is a length that is known beforehand, of a day or more."""
    found = _type(context, place, every)
    if every is None or not isinstance(found, QuantityType):
        return
    if units.factor(found.unit, _DURATION) is None:
        return
    days = in_days(every, context.guideline.manifest.settings)
    if lasts(days):
        return
    yield context.problem(
        "no-interval",
        place,
        "an interval that no setting decides" if days is None else f"an interval of {days} 'd'",
        allowed=f"{SHORTEST} 'd' to {LONGEST} 'd', in literals and settings",
        remedy="give the length, 30 'd'; or leave every out where it comes once",
    )


def _anchored(context: Context, place: Place, item: Due | Wait) -> Iterator[Problem]:
    """The anchor is a day; the weeks since are whole."""
    found = _type(context, place.key("anchor"), item.anchor)
    if found is not None and not isinstance(found, DateType | NullType):
        yield context.problem(
            "not-a-date",
            place.key("anchor"),
            f"a {found} where a day must stand",
            allowed="a fact that is a date, or as_of",
            remedy="name the date",
        )
    weeks = _type(context, place.key("weeks"), item.weeks)
    if weeks is not None and not isinstance(weeks, IntegerType | NullType):
        yield context.problem(
            "not-weeks",
            place.key("weeks"),
            f"a {weeks} where a number of weeks must stand",
            allowed="a fact that counts whole weeks",
            remedy="name the fact, or leave it out",
        )


def _measures(context: Context, place: Place, value: Any, unit: str) -> Iterator[Problem]:
    found = _type(context, place, value)
    if found is None or isinstance(found, NullType):
        return
    if isinstance(found, QuantityType) and units.factor(found.unit, unit) is not None:
        return
    yield context.problem(
        "wrong-dimension",
        place,
        f"a {found}",
        allowed=f"a unit that converts to '{unit}'",
        remedy=f"give it a unit: 3 '{unit}', or name * 1 '{unit}'",
    )


def _type(context: Context, place: Place, value: Expression | None) -> Type | None:
    """The type; None where nothing stands there, or where the check of expressions says why."""
    if value is None:
        return None
    try:
        return type_of(context, Formula(place, value, False))
    except LanguageError:
        return None
