"""What a browser posts -> the form. Fields that are not ours are passed over.

A fact ``x`` has the fields ``f.x`` (value), ``x.x`` (why unknown), ``u.x`` (unit), ``d.x``
(day), ``m.x`` (method); row 0 of the history ``t0.drug``, ``t0.dose`` …
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from myorx.facts.names import Spelled, index
from myorx.facts.spelling import key
from myorx.facts.words import UNKNOWN
from myorx.guideline.models import Guideline
from myorx.web.case.form import HISTORIES, LINE_FIELDS, Entry, Form, Line, Said

PARTS: Final[Mapping[str, str]] = {
    "f": "value",
    "x": "unknown",
    "u": "unit",
    "d": "on",
    "m": "method",
}
"""First letter of a field's name -> what of the entry it holds."""

MOST_LINES: Final = 200
_LINE: Final = re.compile(r"t(\d{1,3})\.([a-z]+)")
_BETWEEN: Final = re.compile(r"[\n,，、;；]")


def form_of(fields: Iterable[tuple[str, str]], guideline: Guideline) -> Form:
    """The form that was posted; of a field that comes twice, what is filled last."""
    said: dict[str, dict[str, str]] = {}
    rows: dict[int, dict[str, str]] = {}
    plain: dict[str, str] = {}
    for name, raw in fields:
        text = raw.strip()
        if not text:
            continue
        letter, _, fact = name.partition(".")
        row = _LINE.fullmatch(name)
        if row and row[2] in LINE_FIELDS and int(row[1]) < MOST_LINES:
            rows.setdefault(int(row[1]), {})[row[2]] = text
        elif letter in PARTS and fact in guideline.facts:
            said.setdefault(fact, {})[PARTS[letter]] = text
        elif not fact:
            plain[name] = text
    entries = {
        # In the order of the guideline, so that a saved file does not depend on the page.
        fact: _entry(said[fact], index(guideline).codes.get(fact))
        for fact in guideline.facts
        if fact in said
    }
    return Form(
        as_of=plain.get("as_of", ""),
        entries=entries,
        lines=tuple(Line(**rows[number]) for number in sorted(rows)),
        history=_history(plain.get("history", "")),
        orders=tuple(filter(None, map(str.strip, _BETWEEN.split(plain.get("orders", ""))))),
        about=plain.get("about", ""),
    )


def _entry(said: Mapping[str, str], codes: Spelled | None) -> Entry:
    entry = Entry(**said)
    if entry.unknown or (codes is not None and codes.find(entry.value)):
        return entry
    # A word for not knowing, chosen in a list of values or typed where a number stands.
    reason = UNKNOWN.get(key(entry.value)) if entry.value else None
    return entry if reason is None else msgspec.structs.replace(entry, value="", unknown=reason)


def _history(text: str) -> Said:
    return next((each for each in HISTORIES if each == text), "")
