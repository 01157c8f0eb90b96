"""The form of a case: what stands in its fields, and the case document that it says.

Every field holds the text that was typed. Nothing is judged here: the reader of every case does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias
from typing import Literal as OneOf

import msgspec

from myorx.facts.document import Document

REASONS: Final = ("pending", "not_done", "indeterminate", "not_asked")
"""Why a fact may be unknown: the answers that are no value, as words of a case."""

Said: TypeAlias = OneOf["", "none", "whole", "part", "unknown"]
"""What is said of the history as a whole: nothing, no treatment ever, every treatment is in the
rows, there may be more, not known."""

HISTORIES: Final[tuple[Said, ...]] = ("none", "whole", "part", "unknown")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fields of one fact."""

    value: str = ""
    """A number may have its comparison sign before it: ``>2000``."""
    unknown: str = ""
    """One of ``REASONS``, in the place of a value."""
    unit: str = ""
    on: str = ""
    """The day that the value is of."""
    method: str = ""

    @property
    def given(self) -> bool:
        """Whether anything is said of the fact; a unit alone says nothing."""
        return bool(self.value or self.unknown)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row of the history of treatments; each field by the name that a case has for it."""

    drug: str = ""
    dose: str = ""
    route: str = ""
    start: str = ""
    stop: str = ""
    on: str = ""
    response: str = ""
    effective: str = ""
    pulse: str = ""
    note: str = ""

    @property
    def given(self) -> bool:
        """Whether anything stands in the row."""
        return any(msgspec.structs.astuple(self))


LINE_FIELDS: Final = Line.__struct_fields__


class Form(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that the page holds of one patient."""

    as_of: str = ""
    entries: Mapping[str, Entry] = {}
    """By fact; only those of which a field is filled."""
    lines: tuple[Line, ...] = ()
    history: Said = ""
    orders: tuple[str, ...] = ()
    about: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is said but the date."""
        given = any(entry.given for entry in self.entries.values())
        return not (given or self.lines or self.history or self.orders)


def document(form: Form) -> Document:
    """The case that the form says, as ``read_case`` takes it and a file holds it."""
    return dict(_parts(form))


def _parts(form: Form) -> Iterator[tuple[str, Any]]:
    if form.as_of:
        yield "as_of", form.as_of
    if form.about:
        yield "about", form.about
    for fact, entry in form.entries.items():
        if entry.given:
            yield fact, _value(entry)
    listed = form.history in ("whole", "part")
    if form.lines or listed:
        yield "therapies", [_line(line) for line in form.lines]
    elif form.history:
        yield "therapies", form.history
    if listed:
        yield "therapies_complete", "yes" if form.history == "whole" else "no"
    if len(form.orders) == 1:
        yield "orders", form.orders[0]  # which may be the word for none
    elif form.orders:
        yield "orders", list(form.orders)


def _value(entry: Entry) -> Any:
    """A value alone as its text; with its day, unit and the like as a mapping."""
    fields = {
        "value": entry.value,
        "unknown": entry.unknown,
        # A unit that stands ready in its field says nothing while there is no number.
        "unit": entry.unit if entry.value else "",
        "on": entry.on,
        "method": entry.method,
    }
    said = {name: text for name, text in fields.items() if text}
    if list(said) in (["value"], ["unknown"]):
        return entry.value or entry.unknown
    return said


def _line(line: Line) -> dict[str, str]:
    return {name: text for name in LINE_FIELDS if (text := getattr(line, name))}
