"""Medications and procedures: what was taken, is taken, is ordered, with dose and dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Final, NamedTuple

from myorx.exchange.courses import Course, recognise
from myorx.exchange.fhir.context import Context
from myorx.exchange.fhir.elements import (
    Concept,
    Json,
    concept,
    number,
    part,
    parts,
    text,
    unit,
)
from myorx.exchange.fhir.shelf import Item
from myorx.exchange.report import Ignored
from myorx.exchange.words import Note, note
from myorx.facts.names import index
from myorx.facts.spelling import key
from myorx.facts.words import RHYTHMS

_ORDERED: Final = "ordered"
_NEVER: Final = "never"

_USES: Final[Mapping[str, Mapping[str, str]]] = {
    "MedicationStatement": {
        "active": "going on",
        "completed": "stopped",
        "stopped": "stopped",
        "on-hold": "unknown",
        "unknown": "unknown",
        "intended": _ORDERED,
        "not-taken": _NEVER,
    },
    "MedicationRequest": {
        "active": "going on",
        "completed": "stopped",
        "stopped": "stopped",
        "on-hold": "unknown",
        "unknown": "unknown",
        "draft": _ORDERED,
    },
    "MedicationAdministration": {
        "completed": "given",
        "in-progress": "given",
        "stopped": "given",
        "on-hold": "unknown",
        "unknown": "unknown",
        "not-done": _NEVER,
    },
    "Procedure": {
        "completed": "given",
        "in-progress": "given",
        "stopped": "given",
        "on-hold": "unknown",
        "unknown": "unknown",
        "preparation": _ORDERED,
        "not-done": _NEVER,
    },
}
"""Status of each kind of resource -> what became of the drug; any other status is ignored."""

_PLANNED: Final = ("proposal", "plan", "option")
_PER: Final[Mapping[str, tuple[str, int]]] = {"d": ("d", 1), "h": ("d", 24), "wk": ("wk", 1)}


def read(item: Item, context: Context) -> Iterator[Course | Ignored]:
    """The course that one resource describes."""
    resource = item.resource
    about = _about(item, context)
    if about is None:
        reference = text(part(resource, "medicationReference"), "reference")
        yield Ignored(item.where, reference or "?", note("reference", reference=reference or "?"))
        return
    status = text(resource, "status")
    use = _USES[item.type].get(status)
    if use is None or use == _NEVER or resource.get("doNotPerform") is True:
        yield Ignored(item.where, about.told, note("status", status=_told_status(resource)))
        return
    if use == "going on" and text(resource, "intent") in _PLANNED:
        use = _ORDERED
    dose = _dose(resource)
    route = _route(dose.route, context)
    found = recognise(about.codings, about.text, route, context.codes, context.guideline)
    if found.drug is None:
        yield Ignored(item.where, about.told, found.why or note("drug_unknown"))
        return
    start, stop, on, dated = _stretch(item, use)
    assumed = (note("assumed_taken"),) if item.type == "MedicationRequest" else ()
    procedure = context.guideline.drugs[found.drug].kind != "drug"
    yield Course(
        found.drug,
        item.where,
        about.told,
        found.by,
        ordered=use == _ORDERED,
        start=start,
        stop=stop,
        on=on,
        dose=dose.text,
        route=None if procedure else route,
        notes=(
            *found.notes,
            *(() if use == _ORDERED else (*assumed, *dated)),
            *dose.notes,
        ),
    )


def _told_status(resource: Json) -> str:
    if resource.get("doNotPerform") is True:
        return "doNotPerform"
    return text(resource, "status") or "?"


def _about(item: Item, context: Context) -> Concept | None:
    """What is given; None where it stands in a resource that is not there."""
    resource = item.resource
    if item.type == "Procedure":
        return concept(resource, "code", context.codes)
    coded = concept(resource, "medicationCodeableConcept", context.codes)
    if coded.codings or coded.text:
        return coded
    reference = text(part(resource, "medicationReference"), "reference")
    found = context.shelf.find(reference, resource) if reference else None
    return None if found is None else concept(found, "code", context.codes)


def _stretch(item: Item, use: str) -> tuple[str | None, str | None, str | None, tuple[Note, ...]]:
    """Start, stop, single day; and what had to be taken for them."""
    resource = item.resource
    period = _period(resource, item.type)
    start, end = text(period, "start")[:10], text(period, "end")[:10]
    notes: tuple[Note, ...] = ()
    if not start and item.type == "MedicationRequest":
        start = text(resource, "authoredOn")[:10]
        notes = (note("authored"),) if start else ()
    if use == "given":
        day = _moment(resource, item.type)[:10]
        if day and not period:
            return None, None, day, notes
        return start or None, end or "unknown", None, notes
    if use == "going on":
        return start or None, end or None, None, notes
    if use == "stopped":
        return start or None, end or "stopped", None, notes
    return start or None, "unknown", None, notes


def _moment(resource: Json, kind: str) -> str:
    name = "performed" if kind == "Procedure" else "effective"
    return text(resource, f"{name}DateTime")


def _period(resource: Json, kind: str) -> Json:
    if kind == "MedicationRequest":
        timings = (part(each, "timing") for each in parts(resource, "dosageInstruction"))
        bounds = (part(part(timing, "repeat"), "boundsPeriod") for timing in timings)
        return next((each for each in bounds if each), {})
    name = "performed" if kind == "Procedure" else "effective"
    period = part(resource, f"{name}Period")
    day = text(resource, f"{name}DateTime")
    if kind == "MedicationStatement" and not period and day:
        return {"start": day}
    return period


# -- the dose --------------------------------------------------------------------------------------


class _Dose(NamedTuple):
    """A dose as the case reader takes it, and the element that may hold the route."""

    text: str | None
    route: Json
    notes: tuple[Note, ...] = ()


def _dose(resource: Json) -> _Dose:
    """The dose, where there is exactly one and it is plain."""
    if part(resource, "dosage"):  # an administration: what was given, once
        dosage = part(resource, "dosage")
        quantity = part(dosage, "dose")
        figure = number(quantity, "value")
        return _Dose(f"{figure} {unit(quantity)}".strip() if figure else None, dosage)
    dosages = parts(resource, "dosageInstruction") or parts(resource, "dosage")
    if not dosages:
        return _Dose(None, {})
    routed = next((each for each in dosages if part(each, "route")), {})
    if len(dosages) > 1:
        return _Dose(None, routed, (note("several_doses", count=str(len(dosages))),))
    dosage = dosages[0]
    if dosage.get("asNeededBoolean") is True or part(dosage, "asNeededCodeableConcept"):
        return _Dose(None, routed, (note("as_needed"),))
    rates = parts(dosage, "doseAndRate")
    quantities = [part(each, "doseQuantity") for each in rates if part(each, "doseQuantity")]
    if len(quantities) != 1 or not number(quantities[0], "value"):
        unread = (note("dose_kind"),) if rates else ()
        return _Dose(None, routed, unread)
    return _timed(number(quantities[0], "value"), unit(quantities[0]), dosage, routed)


def _timed(figure: str, unit_text: str, dosage: Json, routed: Json) -> _Dose:
    """The dose with its rhythm: ``60 mg/d`` from a count, ``60 mg qd`` from a code."""
    timing = part(dosage, "timing")
    repeat = part(timing, "repeat")
    for coding in parts(part(timing, "code"), "coding"):
        if key(text(coding, "code")) in RHYTHMS:
            return _Dose(f"{figure} {unit_text} {text(coding, 'code').lower()}", routed)
    if not repeat:
        return _Dose(f"{figure} {unit_text}", routed)
    per = _PER.get(text(repeat, "periodUnit"))
    try:
        times = Decimal(number(repeat, "frequency") or "1")
        period = Decimal(number(repeat, "period") or "1")
        if per is None or "when" in repeat or "dayOfWeek" in repeat or "count" in repeat:
            raise InvalidOperation
        amount = Decimal(figure) * times * per[1] / period
    except (InvalidOperation, DivisionByZero):
        return _Dose(None, routed, (note("timing"),))
    if not amount.is_finite() or amount != round(amount, 6):
        return _Dose(None, routed, (note("timing"),))
    return _Dose(f"{amount.normalize():f} {unit_text}/{per[0]}", routed)


def _route(dosage: Json, context: Context) -> str | None:
    """The route, by code or by a word that the case reader knows; None where it is neither."""
    found = concept(dosage, "route", context.codes)
    for coding in found.codings:
        known = context.codes.routes.get((coding.system or "", coding.code))
        if known is not None:
            return known
    routes = index(context.guideline).routes
    said = (found.text, *(coding.display for coding in found.codings))
    return next((routes[key(each)] for each in said if key(each) in routes), None)
