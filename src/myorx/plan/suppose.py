"""What would change a status: plausible values for an unknown fact, taken from the rules.

For a Boolean these are true and false, for a code its codes; for a number or a date the two sides
of each threshold that stands beside it in a rule, as intervals, so that one answer holds for the
whole side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from myorx.facts import THERAPIES
from myorx.guideline.models import Guideline
from myorx.language.syntax import Between, Compare, DurationBetween, Expression, Name
from myorx.language.units import factor
from myorx.language.values import Bounds, Days, Value
from myorx.language.walk import walk
from myorx.plan.situation import Situation

_MOST = 8
"""So many values are supposed for one fact."""


def plausible(
    situation: Situation, fact: str, expressions: Iterable[Expression]
) -> tuple[Value, ...]:
    """Values worth supposing for an unknown fact; none for what is no single fact."""
    if fact == THERAPIES:
        return ()
    known = situation.guideline.facts[fact]
    match known.type:
        case "boolean":
            return (True, False)
        case "code":
            return tuple(value.id for value in known.values)[:_MOST]
        case "date":
            found = _days(situation, fact, expressions)
        case _:
            found = _numbers(situation, fact, known.unit, expressions)
    return tuple(dict.fromkeys(found))[:_MOST]


def reachable(guideline: Guideline, expressions: Iterable[Expression]) -> tuple[Expression, ...]:
    """The expressions, and those of every definition and derived fact under them."""
    found: dict[int, Expression] = {}
    seen: set[str] = set()
    waiting = list(expressions)
    while waiting:
        expression = waiting.pop()
        found[id(expression)] = expression
        for node in walk(expression):
            if type(node) is Name and node.name not in seen:
                seen.add(node.name)
                waiting.extend(_behind(guideline, node.name))
    return tuple(found.values())


def _behind(guideline: Guideline, name: str) -> Iterator[Expression]:
    definition = guideline.definitions.get(name)
    if definition is not None:
        yield definition.expression.expression
    fact = guideline.facts.get(name)
    if fact is not None and fact.instrument is not None:
        yield from fact.instrument.inputs.values()
    for inference in fact.infer if fact is not None else ():
        yield inference.value
        if inference.when is not None:
            yield inference.when.expression


# -- numbers -----------------------------------------------------------------------------------


def _numbers(
    situation: Situation, fact: str, unit: str | None, expressions: Iterable[Expression]
) -> Iterator[Value]:
    for threshold, below_open in _thresholds(situation, fact, expressions):
        exact = _in_unit(threshold, unit)
        if exact is not None:
            yield Bounds(None, exact, high_open=below_open, unit=unit)
            yield Bounds(exact, None, low_open=not below_open, unit=unit)


def _thresholds(
    situation: Situation, fact: str, expressions: Iterable[Expression]
) -> Iterator[tuple[Bounds, bool]]:
    """Each number a fact is compared with, and whether it belongs to the side above itself."""
    for expression in expressions:
        for node in walk(expression):
            match node:
                case Compare(operator=operator, left=Name(name=name), right=other) if name == fact:
                    yield from _exact(situation, other, operator in (">=", "<", "="))
                case Compare(operator=operator, left=other, right=Name(name=name)) if name == fact:
                    yield from _exact(situation, other, operator in ("<=", ">", "="))
                case Between(value=Name(name=name), low=low, high=high) if name == fact:
                    yield from _exact(situation, low, True)
                    yield from _exact(situation, high, False)
                case _:
                    pass


def _exact(
    situation: Situation, expression: Expression, above: bool
) -> Iterator[tuple[Bounds, bool]]:
    value = situation.trace(expression).value
    if isinstance(value, Bounds) and value.exact is not None:
        yield value, above


def _in_unit(value: Bounds, unit: str | None) -> Decimal | None:
    exact = value.exact
    if exact is None or value.unit == unit:
        return exact
    ratio = factor(value.unit or "1", unit or "1")
    return None if ratio is None else exact * ratio.numerator / ratio.denominator


# -- dates -------------------------------------------------------------------------------------


def _days(situation: Situation, fact: str, expressions: Iterable[Expression]) -> Iterator[Value]:
    """The two sides of each number of days that a date is compared with, as dates."""
    today = situation.patient.as_of
    for expression in expressions:
        for node in walk(expression):
            match node:
                case Compare(
                    operator=operator,
                    left=DurationBetween(unit="days", start=Name(name=name)),
                    right=limit,
                ) if name == fact:
                    for bounds, above in _exact(situation, limit, operator in (">=", "<")):
                        edge = int(bounds.exact or 0) - (0 if above else -1)
                        first = today - timedelta(days=edge)
                        yield Days(None, first)
                        yield Days(first + timedelta(days=1), today)
                case _:
                    pass
