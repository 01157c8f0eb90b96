"""One fact as written in a case -> ``Given``: its parts told apart, its words understood.

Units and ranges are not judged here (``values.py`` does), only what was said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from myorx.facts.case import Comparison, Given, Reason
from myorx.facts.complaints import bad_date, unknown_field
from myorx.facts.faults import Faults, Place
from myorx.facts.messages import CHOOSE, number_form, suggest
from myorx.facts.names import Spelled
from myorx.facts.scalars import (
    COMPARATORS,
    bounded,
    day_or_period,
    days,
    is_range,
    measure,
    number,
    written,
)
from myorx.facts.source import brief, line_of, text_of
from myorx.facts.spelling import key, plain, shown
from myorx.facts.units import spelled
from myorx.facts.words import FIELDS, SIGNS, TRUTH, UNKNOWN
from myorx.guideline.models import Fact
from myorx.guideline.texts import Text
from myorx.guideline.yaml_tree import Mapping, Scalar, Tree
from myorx.language.values import Days

_DAY_OF_VALUE: Final = Text("检测日期", "the date of the value")


def read_given(
    node: Tree, fact: Fact, codes: Spelled | None, place: Place, faults: Faults
) -> Given:
    """What a case says of ``fact``; what is wrong with it goes to ``faults``.

    ``codes`` are the spellings of a coded fact's values. The result of a faulty value is unknown
    with the reason ``refused``.
    """
    before = len(faults)
    match node:
        case Scalar():
            given = _from_text(text_of(node), node.kind == "null", fact, codes, place, faults)
        case Mapping():
            given = _from_mapping(node, fact, codes, place, faults)
        case _:
            faults.add("not-a-value", place, brief(node), label=fact.label)
            given = None
    if given is None or len(faults) > before:
        return Given(_typed(node), reason="refused")
    return given


def is_value(node: Tree) -> bool:
    """Whether a mapping is one value written out, rather than a group of facts."""
    return isinstance(node, Mapping) and any(
        FIELDS.get(key(entry.key.text)) in ("value", "unknown") for entry in node.entries
    )


def _from_text(
    text: str, is_null: bool, fact: Fact, codes: Spelled | None, place: Place, faults: Faults
) -> Given | None:
    typed = shown(text)
    word = plain(text)
    if is_null or not word:
        return Given("", reason="not_asked")
    if codes is not None:
        ids = codes.find(word)
        if len(ids) == 1:
            return Given(typed, ids[0])
    reason = _reason(word)
    if reason is not None:
        return Given(typed, reason=reason)
    match fact.type:
        case "boolean":
            return _boolean(word, typed, fact, place, faults)
        case "code":
            _bad_code(text, fact, codes, place, faults)
            return None
        case "date":
            found = days(word)
            if found is None:
                bad_date(text, fact.label, place, faults)
                return None
            return _date(found, typed)
        case "integer" | "decimal" | "quantity":
            return _number(word, typed, fact, place, faults)


def _reason(word: str) -> Reason | None:
    if word in SIGNS and SIGNS[word] is None:
        return "indeterminate"
    return UNKNOWN.get(key(word))


def _boolean(word: str, typed: str, fact: Fact, place: Place, faults: Faults) -> Given | None:
    truth = SIGNS[word] if word in SIGNS else TRUTH.get(key(word))
    if truth is None:
        faults.add("bad-boolean", place, typed, label=fact.label)
        return None
    return Given(typed, "true" if truth else "false")


def _bad_code(text: str, fact: Fact, codes: Spelled | None, place: Place, faults: Faults) -> None:
    close = () if codes is None else codes.near(text)
    labels = {code.id: code.label for code in fact.values}
    faults.add(
        "bad-code",
        place,
        text,
        label=fact.label,
        names=_codes(labels, labels),
        near=suggest(_codes(labels, close), CHOOSE),
    )


def _codes(labels: dict[str, Text], ids: Iterable[str]) -> Text:
    return Text(
        "、".join(f"{labels[each].zh} {each}" for each in ids),
        ", ".join(f"{labels[each].en} ({each})" for each in ids),
    )


def _date(found: Days, typed: str) -> Given:
    """A date in canonical form; one open on one side becomes a comparison."""
    if found.earliest is None and found.latest is not None:
        return Given(typed, found.latest.isoformat(), comparator="<=")
    if found.latest is None and found.earliest is not None:
        return Given(typed, found.earliest.isoformat(), comparator=">=")
    return Given(typed, written(found))


def _number(word: str, typed: str, fact: Fact, place: Place, faults: Faults) -> Given | None:
    found = measure(word)
    if found is None and is_range(word) and day_or_period(word) is None:
        faults.add("number-range", place, typed, label=fact.label)
        return None
    if found is None:
        form = number_form(fact.unit if fact.type == "quantity" else None)
        faults.add("bad-number", place, typed, label=fact.label, form=form)
        return None
    exact = number(found.number)
    if exact is None:
        faults.add("number-too-long", place, typed, label=fact.label)
        return None
    return Given(typed, f"{exact:f}", found.comparator, spelled(found.unit) or None)


# -- a value written out ---------------------------------------------------------------------------


def _from_mapping(
    node: Mapping, fact: Fact, codes: Spelled | None, place: Place, faults: Faults
) -> Given | None:
    before = len(faults)
    fields = _fields(node, place, faults)
    if "unknown" in fields:
        if "value" in fields:
            faults.add("value-and-unknown", place)
            return None
        given = _unknown(fields["unknown"], place.at("unknown"), faults)
    elif "value" in fields:
        value = fields["value"]
        given = _from_text(
            text_of(value), value.kind == "null", fact, codes, place.at("value"), faults
        )
    else:
        if len(faults) == before:  # else a key that was meant for it is already at fault
            faults.add("value-missing", place)
        return None
    if given is None:
        return None
    return Given(
        typed=_typed(node),
        value=given.value,
        comparator=_comparator(given, fields.get("comparator"), fact, place, faults),
        unit=_unit(given, fields.get("unit"), place, faults),
        on=_on(fields.get("on"), place, faults),
        method=_optional_text(fields.get("method")),
        reason=given.reason,
    )


def _fields(node: Mapping, place: Place, faults: Faults) -> dict[str, Scalar]:
    """The fields by their proper names; each must be a plain value."""
    found: dict[str, Scalar] = {}
    for entry in node.entries:
        name = FIELDS.get(key(entry.key.text))
        here = Place(place.at(entry.key.text).path, line_of(entry.key), place.fact)
        if name is None:
            unknown_field(entry.key.text, FIELDS, here, faults)
        elif name in found:
            faults.add("duplicate-key", here, entry.key.text)
        elif not isinstance(entry.value, Scalar):
            faults.add("not-plain", here, brief(entry.value), name=name)
        else:
            found[name] = entry.value
    return found


def _unknown(node: Scalar, place: Place, faults: Faults) -> Given | None:
    word = plain(text_of(node))
    reason = "not_asked" if not word or TRUTH.get(key(word)) is True else _reason(word)
    if reason is None:
        faults.add("bad-reason", place, word)
        return None
    return Given(shown(word), reason=reason)


def _comparator(
    given: Given, node: Scalar | None, fact: Fact, place: Place, faults: Faults
) -> Comparison | None:
    if node is None or node.kind == "null":
        return given.comparator
    sign = plain(text_of(node))
    if sign in ("", "="):
        return given.comparator
    found = COMPARATORS.get(sign)
    if found is None:
        faults.add("bad-comparator", place.at("comparator"), sign)
    elif fact.type in ("boolean", "code"):
        faults.add("comparator-misplaced", place.at("comparator"), sign, label=fact.label)
    elif given.comparator not in (None, found):
        what = Text("比较符", "comparison sign")
        faults.add("given-in-two-places", place.at("comparator"), sign, what=what)
    elif fact.type == "date" and given.value is not None and given.comparator is None:
        return _open_ended(given, found, fact, place, faults)
    return found


def _open_ended(
    given: Given, found: Comparison, fact: Fact, place: Place, faults: Faults
) -> Comparison | None:
    """A comparison with a date is kept as it stands when the calendar has such days."""
    period = None if given.value is None else day_or_period(given.value)
    if period is None or bounded(found, period) is None:
        bad_date(given.typed, fact.label, place, faults)
        return None
    return found


def _unit(given: Given, node: Scalar | None, place: Place, faults: Faults) -> str | None:
    typed = None if node is None or node.kind == "null" else spelled(text_of(node))
    if not typed:
        return given.unit
    if given.unit not in (None, typed):
        faults.add("given-in-two-places", place.at("unit"), typed, what=Text("单位", "unit"))
    return typed


def _on(node: Scalar | None, place: Place, faults: Faults) -> Days | None:
    if node is None or node.kind == "null" or not text_of(node).strip():
        return None
    found = day_or_period(text_of(node))
    if found is None:
        bad_date(text_of(node), _DAY_OF_VALUE, place.at("on"), faults)
    return found


def _optional_text(node: Scalar | None) -> str | None:
    return None if node is None or node.kind == "null" else shown(text_of(node)) or None


def _typed(node: Tree) -> str:
    """The value as it was typed, on one line; for a mapping, the value with its unit."""
    if isinstance(node, Scalar):
        return shown(text_of(node))
    if not isinstance(node, Mapping):
        return ""
    parts = {
        FIELDS.get(key(entry.key.text)): text_of(entry.value)
        for entry in node.entries
        if isinstance(entry.value, Scalar)
    }
    said = (parts.get("comparator"), parts.get("value") or parts.get("unknown"), parts.get("unit"))
    return shown(" ".join(part for part in said if part))
