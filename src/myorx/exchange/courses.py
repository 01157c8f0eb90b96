"""Courses: what a source says of one drug given or ordered -> lines of the therapy history.

The case reader judges doses and dates; here a course is only recognised and written down. An import
never says that a history is complete: what a record does not hold may have been given elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from myorx.exchange.codes import Codes, Coding
from myorx.exchange.report import Ignored, Used
from myorx.exchange.words import Note, note
from myorx.facts.doses import read_dose
from myorx.facts.names import index
from myorx.facts.scalars import day_or_period
from myorx.guideline.models import Guideline


class Course(msgspec.Struct, frozen=True):
    """One drug over one stretch of time, or (``ordered``) planned."""

    drug: str
    where: str
    what: str
    by: str
    ordered: bool = False
    start: str | None = None
    stop: str | None = None
    """A date, or the case reader's word: ``stopped``, ``unknown``; None: goes on."""
    on: str | None = None
    """A single day, instead of start and stop."""
    dose: str | None = None
    route: str | None = None
    notes: tuple[Note, ...] = ()


class Written(NamedTuple):
    """Therapies and orders as a case has them, and what became of every course."""

    therapies: list[dict[str, Any]]
    orders: list[str]
    used: tuple[Used, ...]
    ignored: tuple[Ignored, ...]


class Recognised(NamedTuple):
    """The drug that codes or a name mean; without one, ``why``."""

    drug: str | None
    by: str = ""
    notes: tuple[Note, ...] = ()
    why: Note | None = None


def recognise(
    codings: Iterable[Coding], text: str, route: str | None, codes: Codes, guideline: Guideline
) -> Recognised:
    """The one drug that is meant. Codes go before names; a name counts only where it is, whole, the
    name of one drug, and that is said. ``route`` tells apart drugs that share a code."""
    codings = tuple(codings)
    for coding in codings:
        found = codes.drugs.get((coding.system or "", coding.code), ())
        fitting = _by_route(found, route, guideline)
        if len(fitting) == 1:
            return Recognised(fitting[0], coding.told, _odd_route(fitting[0], route, guideline))
        if found:
            names = " / ".join(guideline.drugs[each].names.en for each in found)
            return Recognised(None, why=note("drug_ambiguous", code=coding.told, names=names))
    for name in dict.fromkeys((text, *(coding.display for coding in codings))):
        ids = index(guideline).drugs.find(name) if name.strip() else ()
        fitting = _by_route(ids, route, guideline)
        if len(fitting) == 1:
            said = (note("by_text", text=name), *_odd_route(fitting[0], route, guideline))
            return Recognised(fitting[0], f"text {name}", said)
    if not codings and not text.strip():
        return Recognised(None, why=note("no_code"))
    return Recognised(None, why=note("drug_unknown"))


def write(courses: Iterable[Course], guideline: Guideline, as_of: date) -> Written:
    """The lines of the case for these courses."""
    therapies: list[dict[str, Any]] = []
    orders: list[str] = []
    used: list[Used] = []
    ignored: list[Ignored] = []
    seen: dict[tuple[Any, ...], Course] = {}
    for course in courses:
        same = (course.drug, course.ordered, course.start, course.stop, course.on, course.dose)
        twin = seen.setdefault(same, course)
        if twin is not course:
            ignored.append(Ignored(course.where, course.what, note("duplicate", other=twin.where)))
            continue
        future = None if course.ordered else _future(course, as_of)
        if future is not None:
            ignored.append(Ignored(course.where, course.what, future))
            continue
        names = guideline.drugs[course.drug].names
        if course.ordered:
            orders.append(course.drug)
            kind, told, notes = "order", names.en, course.notes
        else:
            line, notes = _line(course)
            therapies.append(line)
            kind, told = "drug", _told(line)
        used.append(
            Used(
                course.where,
                f"{kind}:{course.drug}",
                names,
                told,
                course.on or course.start,
                course.by,
                notes,
            )
        )
    return Written(therapies, list(dict.fromkeys(orders)), tuple(used), tuple(ignored))


def _by_route(drugs: tuple[str, ...], route: str | None, guideline: Guideline) -> tuple[str, ...]:
    """Those of several drugs that are given by this route; all of them where none is."""
    if len(drugs) < 2 or route is None:
        return drugs
    return tuple(each for each in drugs if route in guideline.drugs[each].routes) or drugs


def _odd_route(drug: str, route: str | None, guideline: Guideline) -> tuple[Note, ...]:
    routes = guideline.drugs[drug].routes
    if route is None or not routes or route in routes:
        return ()
    return (note("route_unusual", route=route, routes=", ".join(routes)),)


def _future(course: Course, as_of: date) -> Note | None:
    first = day_or_period((course.on or course.start or "")[:10])
    if first is None or first.earliest is None or first.earliest <= as_of:
        return None
    return note("future", date=(course.on or course.start or "")[:10], as_of=as_of.isoformat())


def _line(course: Course) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """The line of the history; a dose that the case reader would not take is left out, said so."""
    dose, notes = course.dose, course.notes
    if dose is not None and read_dose(dose) is None:
        notes = (*notes, note("dose_unreadable", dose=dose))
        dose = None
    parts = {
        "drug": course.drug,
        "dose": dose,
        "route": course.route,
        "on": course.on,
        "start": None if course.on else course.start,
        "stop": None if course.on else course.stop,
    }
    return {field: part for field, part in parts.items() if part is not None}, notes


def _told(line: dict[str, Any]) -> str:
    stretch = line.get("on") or " → ".join(
        str(line[each]) for each in ("start", "stop") if each in line
    )
    return ", ".join(filter(None, [line["drug"], line.get("dose"), line.get("route"), stretch]))
