"""A case document -> the form: every value in the field that is meant for it, as it was typed.

What has no field is told, not dropped. What is wrong stays as it is: the reader of the form will
say so, beside the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from myorx.facts.document import Document
from myorx.facts.names import Index, Spelled, index
from myorx.facts.scalars import COMPARATORS, measure
from myorx.facts.spelling import key, plain
from myorx.facts.units import spelled
from myorx.facts.words import (
    CASE_FIELDS,
    FIELDS,
    NEVER,
    SIGNS,
    THERAPY_FIELDS,
    TRUTH,
    UNKNOWN,
)
from myorx.guideline.models import Fact, Guideline
from myorx.web.case.form import Entry, Form, Line, Said

NUMBERS: Final = frozenset({"integer", "decimal", "quantity"})


class Filled(NamedTuple):
    """A form made of a document."""

    form: Form
    left: tuple[str, ...] = ()
    """Keys that have no field here: no fact of the guideline, computed by it, or given twice."""


def filled(document: Document, guideline: Guideline) -> Filled:
    """The form of a case document; any Python value may stand anywhere in it."""
    return _Filler(guideline).filled(document)


class _Filler:
    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._index: Index = index(guideline)
        self._given: dict[str, list[tuple[str, Any]]] = {}
        """By fact: the keys under which it is given, with what they say."""
        self._left: list[str] = []

    def filled(self, document: Document) -> Filled:
        parts: dict[str, Any] = {}
        for name, value in document.items():
            field = CASE_FIELDS.get(key(name))
            if field == "facts" and isinstance(value, Mapping):
                self._facts(value, groups=True)
            elif field is not None and field != "facts":
                parts.setdefault(field, value)
            else:
                self._facts({name: value}, groups=True)
        rows = parts.get("therapies")
        form = Form(
            as_of=_text(parts.get("as_of")),
            entries=dict(self._entries()),
            lines=tuple(self._lines(rows)),
            history=_history(rows, parts.get("therapies_complete")),
            orders=tuple(_orders(parts.get("orders"))),
            about=_text(parts.get("about")),
        )
        return Filled(form, tuple(dict.fromkeys(self._left)))

    # -- facts -------------------------------------------------------------------------------------

    def _facts(self, entries: Mapping[str, Any], *, groups: bool) -> None:
        for name, value in entries.items():
            ids = self._index.facts.find(name)
            inside = isinstance(value, Mapping) and not _is_value(value)
            if groups and inside and self._index.groups.find(name):
                self._facts(value, groups=False)
                continue
            fact = self._guideline.facts[ids[0]] if len(ids) == 1 else None
            if fact is None or fact.derived or _is_list(value):
                self._left.append(name)
            else:
                self._given.setdefault(fact.id, []).append((name, value))

    def _entries(self) -> Iterator[tuple[str, Entry]]:
        for fact in self._guideline.facts.values():
            given = self._given.get(fact.id, ())
            if len(given) == 1:
                yield fact.id, self._entry(given[0][1], fact)
            # Given twice: nobody can tell which is meant.
            self._left.extend(name for name, _ in given if len(given) > 1)

    def _entry(self, value: Any, fact: Fact) -> Entry:
        if not isinstance(value, Mapping):
            return _scalar(_text(value) or "unknown", fact, self._index.codes.get(fact.id))
        said: dict[str, str] = {}
        for name, each in value.items():
            field = FIELDS.get(key(name))
            if field is None or field in said or _is_list(each) or isinstance(each, Mapping):
                self._left.append(f"{fact.id}.{name}")
            else:
                said[field] = _text(each)
        entry = _scalar(said.get("value", ""), fact, self._index.codes.get(fact.id))
        unit = spelled(said["unit"]) if said.get("unit") else entry.unit
        sign = _sign(said.get("comparator", ""), entry.value)
        return Entry(
            value=sign + entry.value if entry.value else "",
            unknown=_reason(said["unknown"]) if "unknown" in said else entry.unknown,
            unit=unit,
            on=said.get("on", ""),
            method=said.get("method", ""),
        )

    # -- treatments --------------------------------------------------------------------------------

    def _lines(self, rows: Any) -> Iterator[Line]:
        if not _is_list(rows):
            return
        for row in rows:
            if not isinstance(row, Mapping):
                yield Line(drug=_text(row))
                continue
            said: dict[str, str] = {}
            for name, value in row.items():
                field = THERAPY_FIELDS.get(key(name))
                if field is None or field in said:
                    self._left.append(f"therapies.{name}")
                else:
                    said[field] = self._word(field, _text(value))
            yield Line(**said)

    def _word(self, field: str, text: str) -> str:
        """A word of a closed list by the name that the list has for it."""
        match field:
            case "route":
                return self._index.routes.get(key(text), text)
            case "response":
                return self._index.responses.get(key(text), text)
            case "effective" | "pulse" if key(text) in TRUTH:
                return "yes" if TRUTH[key(text)] else "no"
            case _:
                return text


def _scalar(text: str, fact: Fact, codes: Spelled | None) -> Entry:
    word = plain(text)
    ids = () if codes is None else codes.find(word)
    if len(ids) == 1:
        return Entry(value=ids[0])
    reason = "indeterminate" if SIGNS.get(word, True) is None else UNKNOWN.get(key(word))
    if reason is not None and word:
        return Entry(unknown=reason)
    if fact.type == "boolean":
        truth = SIGNS[word] if word in SIGNS else TRUTH.get(key(word))
        return Entry(value=text if truth is None else "yes" if truth else "no")
    if fact.type in NUMBERS:
        found = measure(word)
        if found is not None:
            return Entry(
                value=(found.comparator or "") + found.number,
                unit=spelled(found.unit) if found.unit else "",
            )
    return Entry(value=text)


def _sign(comparator: str, value: str) -> str:
    """What of a comparison sign, given apart, still has to stand before the value."""
    sign = plain(comparator)
    return "" if sign in ("", "=") or value.startswith(COMPARATORS.get(sign, sign)) else sign


def _reason(text: str) -> str:
    word = key(text)
    # "unknown: yes" says no more than that it is not known.
    return "not_asked" if not word or TRUTH.get(word) is True else UNKNOWN.get(word, text)


def _history(rows: Any, complete: Any) -> Said:
    whole = TRUTH.get(key(_text(complete)))
    if _is_list(rows):
        if whole is None:
            return "" if rows else "part"
        return "part" if not whole else "whole" if rows else "none"
    word = key(_text(rows))
    if word in NEVER:
        return "none"
    return "unknown" if rows is not None and word in UNKNOWN else ""


def _orders(orders: Any) -> Iterator[str]:
    for each in orders if _is_list(orders) else (orders,):
        name = each.get("drug") if isinstance(each, Mapping) else each
        if _text(name):
            yield _text(name)


# -- plain values ----------------------------------------------------------------------------------


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_value(value: Mapping[str, Any]) -> bool:
    return any(FIELDS.get(key(name)) in ("value", "unknown") for name in value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return " ".join(str(value).split())
