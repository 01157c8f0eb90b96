"""Facts computed from the therapy history: one function per operator of the closed menu.

An operator gives what every completion of the unknown shares: unknown starts and stops, doses,
routes, flags, weight, and lines that an incomplete history lacks. So "yes" stays "yes" whatever is
missing, while "no" needs a complete history; counts and days become intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from myorx.facts.case import Case, Therapy
from myorx.facts.doses import ANYTHING, NOTHING, PER_DAY, PER_KILOGRAM, Span, equivalent_a_day
from myorx.facts.names import covers
from myorx.facts.scalars import tidy
from myorx.facts.therapies import is_pulse
from myorx.facts.timeline import Stretch, Taken, length, pieces, planned, taken, within
from myorx.facts.units import convert, factor
from myorx.guideline.models import Derivation, DerivationOperator, Drug, Fact, FullDose
from myorx.language.syntax import Expression
from myorx.language.values import Bounds, Days, Value

Evaluate = Callable[[Expression], Value]
"""The value of an expression over the patient's other facts and the settings."""


class Entry(NamedTuple):
    """One therapy of the history with its drug and its place in time."""

    therapy: Therapy
    drug: Drug
    when: Taken


class Line(NamedTuple):
    """One therapy that falls, or (``certain`` False) may fall, under a derivation's filter."""

    therapy: Therapy
    drug: Drug
    certain: bool
    when: Taken


class History(NamedTuple):
    """What a derivation looks at. ``complete`` False: there may be further lines."""

    lines: tuple[Line, ...]
    complete: bool
    as_of: date
    weight: Span
    evaluate: Evaluate


class Derived(NamedTuple):
    """What a derivation gave. ``nothing``: for certain no therapy falls under its filter."""

    value: Value
    nothing: bool


def timeline(case: Case, drugs: Mapping[str, Drug]) -> tuple[Entry, ...] | None:
    """What was taken when, of drugs that the guideline has; None where nothing was said of it."""
    if case.therapies is None:
        return None
    return tuple(
        Entry(therapy, drugs[therapy.drug], taken(therapy, case.as_of))
        for therapy in case.therapies
        if therapy.drug in drugs and not planned(therapy, case.as_of)
    )


def derive(
    fact: Fact,
    how: Derivation,
    case: Case,
    entries: tuple[Entry, ...],
    members: Mapping[str, frozenset[str]],
    weight: Span,
    evaluate: Evaluate,
) -> Derived:
    """The value of ``fact`` by its derivation ``how`` over the ``timeline`` of ``case``.

    ``weight`` is the patient's weight in kg, used for all days alike.
    """
    lines = tuple(_lines(how, entries, members))
    complete = case.therapies_complete is True
    history = History(lines, complete, case.as_of, weight, evaluate)
    return Derived(_OPERATORS[how.op](fact, how, history), complete and not lines)


def _lines(
    how: Derivation, entries: Iterable[Entry], members: Mapping[str, frozenset[str]]
) -> Iterable[Line]:
    """The entries that fall, or may fall, under the filter."""
    for therapy, drug, when in entries:
        if not covers(how, drug, members):
            continue
        route = _by_route(how, therapy, drug)
        effective: bool | None = True
        if how.effective is not None:
            effective = None if therapy.effective is None else therapy.effective is how.effective
        if route is not False and effective is not False:
            yield Line(therapy, drug, route is True and effective is True, when)


def _by_route(how: Derivation, therapy: Therapy, drug: Drug) -> bool | None:
    """Whether the route is one asked for; an unknown one is any that the drug has."""
    if not how.routes:
        return True
    routes = (therapy.route,) if therapy.route is not None else drug.routes
    asked = [route in how.routes for route in routes]
    return None if not asked or any(asked) is not all(asked) else asked[0]


# -- yes or no -------------------------------------------------------------------------------------


def _exists(history: History, holds: Callable[[Line], bool | None]) -> bool | None:
    """Whether some line, known or missing, has what ``holds`` asks."""
    answers = [(line.certain, holds(line)) for line in history.lines]
    if any(certain and answer is True for certain, answer in answers):
        return True
    if not history.complete or any(answer is not False for _, answer in answers):
        return None
    return False


def _current(_: Fact, __: Derivation, history: History) -> Value:
    return _exists(history, lambda line: line.when.current)


def _ever(_: Fact, __: Derivation, history: History) -> Value:
    return _exists(history, lambda _: True)


def _response(_: Fact, how: Derivation, history: History) -> Value:
    def holds(line: Line) -> bool | None:
        response = line.therapy.response
        return None if response is None else response == how.is_response

    return _exists(history, holds)


# -- dates -----------------------------------------------------------------------------------------


def _first_date(_: Fact, __: Derivation, history: History) -> Value:
    """The earliest start. None also where there was no such therapy: ask ``ever`` first."""
    certain = [line.when.started for line in history.lines if line.certain]
    if not certain:
        return None
    low = _least(line.when.started.earliest for line in history.lines)
    high = min(each.latest or history.as_of for each in certain)
    return Days(low if history.complete else None, high)


def _last_date(_: Fact, __: Derivation, history: History) -> Value:
    """The latest day of it so far. None also where there was none: ask ``ever`` first."""
    certain = [line.when.last for line in history.lines if line.certain]
    if not certain:
        return None
    known = [each.earliest for each in certain if each.earliest is not None]
    high = max(line.when.last.latest or history.as_of for line in history.lines)
    return Days(max(known, default=None), high if history.complete else history.as_of)


def _least(days: Iterable[date | None]) -> date | None:
    """The earliest day; None (no bound) where one is None."""
    found = list(days)
    known = [day for day in found if day is not None]
    return min(known) if known and len(known) == len(found) else None


# -- counts ----------------------------------------------------------------------------------------


def _count_distinct(_: Fact, how: Derivation, history: History) -> Value:
    """How many different drugs were taken, each for ``min_days`` in all where that is asked."""
    needed = Fraction(0) if how.min_days is None else _days_of(history.evaluate(how.min_days))
    by_drug: dict[str, list[Line]] = {}
    for line in history.lines:
        by_drug.setdefault(line.drug.id, []).append(line)
    certain = sum(_long_enough(lines, needed, history.as_of) for lines in by_drug.values())
    possible = sum(_may_be_long_enough(lines, needed, history.as_of) for lines in by_drug.values())
    found = Span(Fraction(certain), Fraction(possible) if history.complete else None)
    return _bounds(found, Fraction(1), None)


def _days_of(value: Value) -> Fraction | None:
    """A number of days; None where the value is none (no minimum can then be met for certain)."""
    if not isinstance(value, Bounds):
        return None
    days = value if value.unit is None else convert(value, "d")
    return None if days is None or days.exact is None else Fraction(days.exact)


def _long_enough(lines: list[Line], needed: Fraction | None, as_of: date) -> bool:
    sure = [line.when.certain.before(as_of.toordinal()) for line in lines if line.certain]
    if not sure or needed is None:
        return bool(sure) and needed is not None
    return needed <= 0 or (length(each for each in sure if not each.is_empty) or 0) >= needed


def _may_be_long_enough(lines: list[Line], needed: Fraction | None, as_of: date) -> bool:
    longest = length(
        each
        for each in (line.when.possible.before(as_of.toordinal()) for line in lines)
        if not each.is_empty
    )
    return needed is None or needed <= 0 or longest is None or longest >= needed


# -- doses -----------------------------------------------------------------------------------------


class Dose(NamedTuple):
    """What one line adds, in equivalent mg/d, on a day on which it is taken."""

    amount: Span
    certain: bool
    """Whether it counts at all: it falls under the filter and is no pulse."""
    when: Taken


def _doses(history: History) -> list[Dose]:
    """The lines of systemic steroids that are, or may be, no pulse: a pulse is not converted."""
    found: list[Dose] = []
    for line in history.lines:
        pulse = is_pulse(line.therapy, line.drug)
        steroid = line.drug.steroid
        if steroid is not None and pulse is not True:
            amount = equivalent_a_day(steroid, line.therapy.dose, history.weight)
            found.append(Dose(amount, line.certain and pulse is False, line.when))
    return found


def _at_most(amount: Span) -> Span:
    """From nothing to ``amount``: what is added by something that may not count."""
    return Span(Fraction(0), amount.high)


def _equivalent_dose(fact: Fact, _: Derivation, history: History) -> Value:
    """The dose on the case's date, all lines together: per day, or per kg and day by the unit."""
    total = NOTHING
    for dose in _doses(history):
        if dose.when.current is not False:
            sure = dose.certain and dose.when.current is True
            total = total.plus(dose.amount if sure else _at_most(dose.amount))
    if not history.complete:
        total = Span(total.low, None)
    unit = fact.unit or PER_DAY
    ratio = factor(PER_DAY, unit)
    if ratio is None:
        ratio = factor(PER_KILOGRAM, unit)
        total = _per_kilogram(total, history.weight)
    return None if ratio is None else _bounds(total, ratio, unit)


def _per_kilogram(total: Span, weight: Span) -> Span:
    if total == NOTHING:
        return NOTHING
    low = total.low / weight.high if weight.high else Fraction(0)
    high = None if total.high is None or not weight.low else total.high / weight.low
    return Span(low, high)


def _sum_days_at_least(fact: Fact, how: Derivation, history: History) -> Value:
    """On how many days before the case's date all lines together came to a full dose."""
    if how.at_least is None:
        return None
    full = _full_dose(how.at_least, history.weight, history.evaluate)
    today = history.as_of.toordinal()
    sure: list[tuple[Stretch, Span]] = []
    may: list[tuple[Stretch, Span]] = []
    for dose in _doses(history):
        certain, possible = dose.when.certain.before(today), dose.when.possible.before(today)
        if dose.certain and not certain.is_empty:
            sure.append((certain, dose.amount))
        if not possible.is_empty:
            may.append((possible, dose.amount))
    fewest = most = 0
    for piece in pieces([stretch for stretch, _ in (*sure, *may)]):
        days = piece.end - (piece.first or 0)
        least = _total(piece, sure)
        if least is not None and full.high is not None and least.low >= full.high:
            fewest += days
        if _reaches(_total(piece, may), full.low):
            most += days
    since_ever = [(stretch, amount) for stretch, amount in may if stretch.first is None]
    endless = _reaches(_total(Stretch(None, 0), since_ever), full.low)
    ratio = factor("d", fact.unit or "d")
    if ratio is None:
        return None
    bounded = history.complete and not endless
    days_found = Span(Fraction(fewest), Fraction(most) if bounded else None)
    return _bounds(days_found, ratio, fact.unit)


def _total(piece: Stretch, doses: list[tuple[Stretch, Span]]) -> Span | None:
    """What is taken in ``piece``, all together; None for nothing at all."""
    taken_then = [amount for stretch, amount in doses if within(piece, stretch)]
    if not taken_then:
        return None
    total = NOTHING
    for amount in taken_then:
        total = total.plus(amount)
    return total


def _reaches(total: Span | None, least: Fraction) -> bool:
    return total is not None and (total.high is None or total.high >= least)


def _full_dose(full: FullDose, weight: Span, evaluate: Evaluate) -> Span:
    """The smallest full dose in mg/d: min(per_kg x weight, cap) - tolerance, for any weight."""
    per_kg = _amount(evaluate(full.per_kg), PER_KILOGRAM)
    cap = _amount(evaluate(full.cap), PER_DAY)
    tolerance = _amount(evaluate(full.tolerance), PER_DAY)
    if per_kg is None or cap is None or tolerance is None:
        return ANYTHING
    low = min(per_kg * weight.low, cap) - tolerance
    high = cap if weight.high is None else min(per_kg * weight.high, cap)
    return Span(low, high - tolerance)


def _amount(value: Value, unit: str) -> Fraction | None:
    """An exact figure in ``unit``; a bare number is taken to be in it."""
    if not isinstance(value, Bounds):
        return None
    found = value if value.unit is None else convert(value, unit)
    return None if found is None or found.exact is None else Fraction(found.exact)


def _bounds(found: Span, ratio: Fraction, unit: str | None) -> Bounds | None:
    """As a value; None where it says no more than "zero or more"."""
    if found == ANYTHING:
        return None
    high = None if found.high is None else tidy(found.high * ratio)
    return Bounds(tidy(found.low * ratio), high, unit=unit)


_OPERATORS: Mapping[DerivationOperator, Callable[[Fact, Derivation, History], Value]] = {
    "current": _current,
    "ever": _ever,
    "first_date": _first_date,
    "last_date": _last_date,
    "count_distinct": _count_distinct,
    "sum_days_at_least": _sum_days_at_least,
    "equivalent_dose": _equivalent_dose,
    "response": _response,
}
