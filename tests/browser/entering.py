"""Published cases, and how they are entered with a keyboard alone."""

from __future__ import annotations

from functools import cache

from myorx.facts import read_case
from myorx.facts.document import Document
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan.assemble import make_plan
from myorx.plan.model import Plan
from myorx.web.case.filled import filled
from myorx.web.case.form import LINE_FIELDS, Form
from tests.browser.keyboard import Keyboard

PUBLISHED = (
    "published_zohar2020_man_69_ferritin_2401",  # a figure with its unit
    "published_jmcr2024_man_52_triple_failing_day_13",  # a history of treatments
    "published_chawla2022_woman_72_ards_antibody_pending",  # answers that are no value
    "published_alshwairikh2022_woman_25_ass_ild_pregnant",
)


@cache
def guideline() -> Guideline:
    return load("aim")


@cache
def cases() -> dict[str, Vignette]:
    return {each.id: each for each in load_vignettes(GUIDELINES / "aim")[0]}


def document(id_: str) -> Document:
    """The case document of a vignette."""
    case = cases()[id_]
    return {"as_of": case.as_of.isoformat(), **case.case}


def plan(id_: str) -> Plan:
    """What the engine answers without any page."""
    return make_plan(guideline(), read_case(document(id_), guideline()))


def form(id_: str) -> Form:
    """The fields to fill for a case."""
    found = filled(document(id_), guideline())
    assert not found.left
    return found.form


def enter(keyboard: Keyboard, form: Form) -> None:
    """Fill an empty page."""
    keyboard.write("as_of", form.as_of)
    for fact, entry in form.entries.items():
        field = f"f.{fact}"
        if entry.unknown and keyboard.has(f"x.{fact}"):
            keyboard.choose(f"x.{fact}", entry.unknown)
        elif keyboard.is_text(field):
            keyboard.write(field, entry.value)
        else:
            keyboard.choose(field, entry.value or entry.unknown)
        if entry.unit and keyboard.has(f"u.{fact}"):
            keyboard.choose(f"u.{fact}", entry.unit)
        if entry.on:
            keyboard.write(f"d.{fact}", entry.on)
    for number, line in enumerate(form.lines):
        for name in LINE_FIELDS:
            text = getattr(line, name)
            if text and keyboard.is_text(f"t{number}.{name}"):
                keyboard.write(f"t{number}.{name}", text)
            elif text:
                keyboard.choose(f"t{number}.{name}", text)
    if form.history:
        keyboard.choose("history", form.history)
    if form.orders:
        keyboard.write("orders", ", ".join(form.orders))
