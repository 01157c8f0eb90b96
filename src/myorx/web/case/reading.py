"""The form, read as every case is: the patient, or all that is wrong with what was entered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from myorx.facts import THERAPIES, CaseError, Patient, read_case
from myorx.facts.faults import Fault
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.plan.ask import ask
from myorx.plan.question import Question
from myorx.web.case.form import Form, document

_ROW: Final = re.compile(r"therapies\[(\d+)\](?:\.([a-z]+))?")
_ORDER: Final = re.compile(r"orders(?:\[\d+\])?")


class Reading(NamedTuple):
    """A form with what comes of it: a patient, or faults."""

    form: Form
    patient: Patient | None
    faults: tuple[Fault, ...] = ()


def read(form: Form, guideline: Guideline) -> Reading:
    """Read the form. What one fault stands in refuses the whole, so that no plan is half right."""
    faults = tuple(_own_faults(form))
    try:
        patient = read_case(document(form), guideline)
    except CaseError as error:
        return Reading(form, None, (*faults, *error.faults))
    return Reading(form, None if faults else patient, faults)


def _own_faults(form: Form) -> Iterable[Fault]:
    """What only a form can get wrong."""
    if form.history in ("none", "unknown") and form.lines:
        yield Fault(
            "history-and-rows",
            "therapies",
            Text(
                "选了“从未治疗”或“不清楚”，表中却有治疗",
                "rows are filled, yet it says there is none",
            ),
            remedy=Text(
                "删去这些行，或改选上面的答案", "clear the rows, or change the answer above"
            ),
        )
    if form.history == "whole" and not form.lines:
        yield Fault(
            "history-without-rows",
            "therapies",
            Text(
                "选了“全在表中”，表中却没有治疗",
                "the table is said to be complete, yet it is empty",
            ),
            remedy=Text("填入治疗，或选“从未治疗”", "fill it in, or choose “never treated”"),
        )


class Placed(NamedTuple):
    """The faults by the field they belong beside."""

    facts: Mapping[str, tuple[Fault, ...]]
    rows: Mapping[int, tuple[Fault, ...]]
    history: tuple[Fault, ...]
    orders: tuple[Fault, ...]
    as_of: tuple[Fault, ...]
    others: tuple[Fault, ...]
    """Beside no single field: contradictions between several."""


def placed(faults: Iterable[Fault], guideline: Guideline) -> Placed:
    """Sort the faults of a reading by where they are shown."""
    facts: dict[str, tuple[Fault, ...]] = {}
    rows: dict[int, tuple[Fault, ...]] = {}
    parts: dict[str, tuple[Fault, ...]] = {}
    for fault in faults:
        row = _ROW.match(fault.path)
        fact = fault.fact or fault.path.partition(".")[0]
        if row:
            rows[int(row[1])] = (*rows.get(int(row[1]), ()), fault)
        elif fact in guideline.facts:
            facts[fact] = (*facts.get(fact, ()), fault)
        else:
            part = "orders" if _ORDER.match(fault.path) else fault.path.partition(".")[0]
            part = part if part in ("orders", "therapies", "as_of") else ""
            parts[part] = (*parts.get(part, ()), fault)
    return Placed(
        facts,
        rows,
        parts.get("therapies", ()),
        parts.get("orders", ()),
        parts.get("as_of", ()),
        parts.get("", ()),
    )


def field_at(fault: Fault) -> str:
    """Id of the element on the page that a fault is about; "" for none."""
    row = _ROW.match(fault.path)
    if row:
        return f"t{row[1]}.{row[2] or 'drug'}"
    if fault.fact:
        return f"f.{fault.fact}"
    if fault.path == "as_of":
        return "as_of"
    if _ORDER.match(fault.path):
        return "orders"
    return "history" if fault.path.startswith("therapies") else ""


def questions(reading: Reading, guideline: Guideline, most: int) -> tuple[Question, ...] | None:
    """What to find out next, best first; None while something entered is wrong."""
    if reading.patient is None:
        return None
    return ask(guideline, reading.patient, _told(reading.form), limit=most)


def _told(form: Form) -> frozenset[str]:
    """What the user was asked and could not tell: it is not asked again."""
    told = {fact for fact, entry in form.entries.items() if entry.unknown}
    return frozenset(told | ({THERAPIES} if form.history or form.lines else set()))


def one_line(fault: Fault, lang: str) -> str:
    """A fault as it stands beside its field: what is wrong, what is allowed, what to do."""
    return msgspec.structs.replace(fault, path="", line=None).text(lang)
