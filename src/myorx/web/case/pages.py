"""The case page and its parts, made of one form; what is carried along to other pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from markupsafe import Markup

from myorx.facts.faults import Fault
from myorx.facts.names import index
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.plan.assemble import planner
from myorx.plan.model import Plan
from myorx.web.case.controls import Controls
from myorx.web.case.examples import examples
from myorx.web.case.form import HISTORIES, LINE_FIELDS, Entry, Form, Line
from myorx.web.case.layout import LOOKED_AT, lay_out
from myorx.web.case.opening import Opened
from myorx.web.case.posted import PARTS
from myorx.web.case.reading import Reading, field_at, one_line, placed, questions
from myorx.web.case.words import WORDS
from myorx.web.frame.render import fragment, page
from myorx.web.frame.words import side
from myorx.web.plan import SCRIPTS, STYLES, Sheet, plan_fragment

_ALOUD: Final = 120
"""Characters of the first line that are read aloud when the plan is renewed."""
_SPARE: Final = 1
"""Rows that stand empty under those that are filled."""


class At(NamedTuple):
    """Where the user is: the list of questions as it was on the page, and the fact in hand."""

    before: tuple[str, ...] = ()
    stay: str = ""


class CasePages:
    """The pages of one guideline in one language."""

    def __init__(self, guideline: Guideline, lang: Language) -> None:
        self.guideline = guideline
        self.lang: Language = lang
        self._plans = planner(guideline)
        self._names = _drug_names(guideline, lang)

    def whole(
        self,
        reading: Reading,
        at: At = At(),  # noqa: B008  an immutable
        *,
        today: str,
        opened: Opened | None = None,
        signs_out: bool = False,
    ) -> bytes:
        """The page."""
        return page(
            "case/case.html",
            self.lang,
            WORDS,
            guideline=self.guideline,
            place="case",
            path="",
            title=self._word("title"),
            styles=(*STYLES, "case/case.css"),
            scripts=(*SCRIPTS, "case/case.js"),
            posts="case",
            today=today,
            opened=opened,
            signs_out=signs_out,
            notes=opened is not None and opened.failed,
            **{**self._facts(reading, at), **self._beside(reading)},
        )

    def beside(self, reading: Reading) -> bytes:
        """The plan of a form, or what has to be mended first; and a line to be read aloud."""
        return fragment("case/beside.html", self.lang, WORDS, **self._beside(reading)).encode()

    def facts(self, reading: Reading, at: At) -> bytes:
        """Everything inside the form: what is asked next, and the faults beside their fields."""
        return fragment("case/facts.html", self.lang, WORDS, **self._facts(reading, at)).encode()

    def carrying(self, sheet: Sheet, form: Form, *, signs_out: bool = False) -> bytes:
        """A page with one sheet of the plan; the case goes along in it."""
        return page(
            "case/carried.html",
            self.lang,
            WORDS,
            guideline=self.guideline,
            place="case",
            path="",
            title=sheet.title,
            styles=(*STYLES, "case/case.css"),
            scripts=SCRIPTS,
            posts="case",
            sheet=Markup(sheet.html),  # noqa: S704  made by our own templates
            fields=tuple(fields_of(form)),
            signs_out=signs_out,
        )

    def plan(self, reading: Reading) -> Plan | None:
        """The plan; None where there is none."""
        return None if reading.patient is None else self._plans.plan(reading.patient)

    # -- the two halves ----------------------------------------------------------------------------

    def _beside(self, reading: Reading) -> dict[str, Any]:
        plan, html = None, ""
        if reading.patient is not None and not reading.form.empty:
            plan = self._plans.plan(reading.patient)
            html = plan_fragment(self.guideline, reading.patient, plan, self.lang)
        return {
            "reading": reading,
            "plan": html,
            "fault_lines": tuple(map(self._fault_line, reading.faults)),
            "told": self._told(reading, plan),
            "examples": examples(self.guideline.manifest.id),
        }

    def _told(self, reading: Reading, plan: Plan | None) -> str:
        if reading.faults:
            return self._word("told_faults", count=len(reading.faults))
        if plan is None:
            return self._word("told_empty")
        first = side(plan.headline[0].says, self.lang) if plan.headline else ""
        if len(first) > _ALOUD:
            first = f"{first[:_ALOUD]}…"
        return self._word("told_renewed", first=first)

    def _fault_line(self, fault: Fault) -> tuple[str, str]:
        """A fault with the name of its fact, and the id of its field."""
        fact = self.guideline.facts.get(fault.fact or "")
        line = one_line(fault, self.lang)
        name = "" if fact is None else side(fact.label, self.lang)
        if name and name not in line:
            line = f"{name}{self._word('colon')}{line}"
        return line, field_at(fault)

    def _facts(self, reading: Reading, at: At) -> dict[str, Any]:
        form, faults = reading.form, placed(reading.faults, self.guideline)
        controls = Controls(
            self.guideline, self.lang, self._word, form.entries, reading.patient, faults
        )
        asked = questions(reading, self.guideline, LOOKED_AT)
        layout = lay_out(self.guideline, controls, asked, at.before, at.stay)
        known = index(self.guideline)
        first = next(iter(self.guideline.groups.values()))
        return {
            "reading": reading,
            "form": form,
            "layout": layout,
            "before": " ".join(each.control.fact for each in layout.asked),
            "basics_label": first.label,
            "basics_wanted": [
                each for each in layout.basics if each.fact in layout.wanted and not each.given
            ],
            "histories": ("", *HISTORIES),
            "lines": (*form.lines, *(Line(),) * _SPARE),
            "routes": dict.fromkeys(known.routes.values()),
            "responses": dict.fromkeys(known.responses.values()),
            "orders": self._word("comma").join(form.orders),
            "drugs": self._names,
            "named": self._named,
            "as_of_faults": self._lines(faults.as_of),
            "history_faults": self._lines(faults.history),
            "orders_faults": self._lines(faults.orders),
            "row_faults": {row: self._lines(found) for row, found in faults.rows.items()},
        }

    def _lines(self, faults: tuple[Fault, ...]) -> tuple[str, ...]:
        return tuple(one_line(fault, self.lang) for fault in faults)

    def _named(self, key: str, value: str) -> str:
        return self._word(key) if key in WORDS else value

    def _word(self, key: str, /, **slots: object) -> str:
        text = side(WORDS[key], self.lang)
        return text.format(**slots) if slots else text


def fields_of(form: Form) -> Iterator[tuple[str, str]]:
    """The form as the fields that a page of ours would post."""
    plain = {
        "as_of": form.as_of,
        "history": form.history,
        "orders": ", ".join(form.orders),
        "about": form.about,
    }
    yield from ((name, text) for name, text in plain.items() if text)
    for fact, entry in form.entries.items():
        yield from _entry_fields(fact, entry)
    for number, line in enumerate(form.lines):
        for name in LINE_FIELDS:
            if text := getattr(line, name):
                yield f"t{number}.{name}", text


def _entry_fields(fact: str, entry: Entry) -> Iterator[tuple[str, str]]:
    for letter, name in PARTS.items():
        if text := getattr(entry, name):
            yield f"{letter}.{fact}", text


def without_row(form: Form, number: str) -> Form:
    """The form without the row of that number."""
    if not number.isdecimal() or int(number[:4]) >= len(form.lines):
        return form
    kept = [line for place, line in enumerate(form.lines) if place != int(number)]
    return msgspec.structs.replace(form, lines=tuple(kept))


def _drug_names(guideline: Guideline, lang: Language) -> tuple[str, ...]:
    """What can be chosen as a treatment: its name in the language of the page."""
    drugs = guideline.drugs.values()
    return tuple(side(drug.names, lang) for drug in drugs if drug.kind != "measure")
