"""``Given`` and its fact -> the value used: units converted, ranges and dates judged."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from myorx.facts.case import Comparison, Given
from myorx.facts.complaints import far_date
from myorx.facts.faults import Faults, Place
from myorx.facts.scalars import bounded, day_or_period, is_far, written
from myorx.facts.spelling import plain
from myorx.facts.units import Accepted, listed, scaled, spelled
from myorx.guideline.models import Fact
from myorx.guideline.texts import Text
from myorx.language.values import Bounds, Days, Value

_BRACKETED = re.compile(r"\(([^()]+)\)\Z")


def value_of(
    given: Given, fact: Fact, accepted: Accepted | None, as_of: date, place: Place, faults: Faults
) -> Value:
    """The value that ``given`` is, in the fact's own unit; None where it is unknown or faulty.

    ``accepted`` are the units of a quantity. A number without unit is in the fact's own unit where
    the fact does not insist on one.
    """
    if given.on is not None and given.on.earliest is not None and given.on.earliest > as_of:
        _future(_day_of(fact), given.on.earliest.isoformat(), as_of, place, faults)
    elif given.on is not None and is_far(given.on, as_of):
        far_date(_day_of(fact), written(given.on), as_of, place, faults)
    if given.value is None:
        return None
    if given.unit is not None and fact.type != "quantity" and given.unit not in _counted_in(fact):
        faults.add("unit-misplaced", place, given.typed, label=fact.label)
        return None
    match fact.type:
        case "boolean":
            return given.value == "true"
        case "code":
            return given.value
        case "date":
            return _date(given, fact, as_of, place, faults)
        case "quantity" if accepted is not None:
            return _quantity(given, given.value, fact, accepted, place, faults)
        case _:
            return _plain_number(given, given.value, fact, place, faults)


def _counted_in(fact: Fact) -> frozenset[str]:
    """What a number without unit may name all the same: the word in brackets in its label."""
    if fact.type not in ("integer", "decimal"):
        return frozenset()
    words = (_BRACKETED.search(plain(label)) for label in (fact.label.zh, fact.label.en))
    return frozenset(spelled(word[1]) for word in words if word is not None)


def _date(given: Given, fact: Fact, as_of: date, place: Place, faults: Faults) -> Days | None:
    found = day_or_period(given.value or "")
    if found is not None and given.comparator is not None:
        found = bounded(given.comparator, found)
    if found is None:
        faults.add("bad-date", place, given.typed, label=fact.label)
    elif is_far(found, as_of):
        far_date(fact.label, given.typed, as_of, place, faults)
        return None
    return found


def _day_of(fact: Fact) -> Text:
    return Text(f"{fact.label.zh}的日期", f"the date of {fact.label.en}")


def _future(what: Text, found: str, as_of: date, place: Place, faults: Faults) -> None:
    faults.add("date-in-future", place, found, label=what, as_of=as_of.isoformat())


def _quantity(
    given: Given, number: str, fact: Fact, accepted: Accepted, place: Place, faults: Faults
) -> Bounds | None:
    units = listed(accepted.listed)
    if given.unit is None:
        if fact.unit_required:
            faults.add(
                "unit-missing",
                place,
                given.typed,
                label=fact.label,
                units=units,
                examples=", ".join(f"{number} {unit}" for unit in accepted.listed),
                note=_after(fact.note),
            )
            return None
        factor = accepted.conversion(accepted.own).factor
    else:
        found = accepted.conversion(given.unit)
        factor = found.factor
        about: dict[str, str | Text] = {"label": fact.label, "unit": given.unit, "units": units}
        if found.refused is not None:
            faults.add("unit-refused", place, given.typed, reason=found.refused.says, **about)
        elif found.other_dimension:
            faults.add("unit-dimension", place, given.typed, own=accepted.own, **about)
        elif found.uneven:
            faults.add("unit-uneven", place, given.typed, **about)
        elif factor is None:
            faults.add("unit-unknown", place, given.typed, **about)
    if factor is None:
        return None
    value = scaled(interval(Decimal(number), given.comparator), factor, accepted.own)
    _check_range(value, given, fact, f" {accepted.own}", place, faults)
    return value


def _after(note: Text | None) -> Text:
    """A remark to put behind a sentence."""
    return Text("", "") if note is None else Text(f"。{note.zh}", f". {note.en}")


def _plain_number(
    given: Given, number: str, fact: Fact, place: Place, faults: Faults
) -> Bounds | None:
    exact = Decimal(number)
    if fact.type == "integer" and exact != exact.to_integral_value():
        faults.add("not-whole", place, given.typed, label=fact.label)
        return None
    value = interval(exact, given.comparator)
    _check_range(value, given, fact, "", place, faults)
    return value


def interval(number: Decimal, comparator: Comparison | None) -> Bounds:
    """All numbers that compare so with ``number``."""
    match comparator:
        case None:
            return Bounds(number, number)
        case "<" | "<=":
            return Bounds(None, number, high_open=comparator == "<")
        case ">" | ">=":
            return Bounds(number, None, low_open=comparator == ">")


def _check_range(
    value: Bounds, given: Given, fact: Fact, unit: str, place: Place, faults: Faults
) -> None:
    """A value is implausible when no part of it lies in the fact's range."""
    if fact.plausible is None:
        return
    low, high = map(Decimal, fact.plausible)
    above = value.low is not None and (value.low > high or (value.low_open and value.low == high))
    below = value.high is not None and (value.high < low or (value.high_open and value.high == low))
    if above or below:
        _implausible(given, fact, f"{low}{unit}", f"{high}{unit}", place, faults)


def _implausible(
    given: Given, fact: Fact, low: str, high: str, place: Place, faults: Faults
) -> None:
    faults.add("implausible", place, given.typed, label=fact.label, low=low, high=high)
