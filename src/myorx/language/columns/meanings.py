"""What an expression comes to in a program: planes, a vector with its unit, or one value for all.

Two things that are compared or computed with are joined here by the rules of ``evaluate``; what is
the same for all rows is worked out by the reference itself.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from myorx.language import intervals, units
from myorx.language.columns.steps import (
    Among,
    Fixed,
    FixedText,
    Graph,
    Order,
    Periods,
    PlaneId,
    Product,
    Quotient,
    Same,
    SameText,
    Sum,
    VectorId,
)
from myorx.language.evaluate import relation
from myorx.language.syntax import ArithmeticOperator, CalendarUnit, Comparator
from myorx.language.values import Bounds, Days, Value

EPOCH = date(1970, 1, 1).toordinal()
"""Days are counted from here, as Arrow does."""


class Truth(NamedTuple):
    """A condition: where it is known true, and where it is known false."""

    true: PlaneId
    false: PlaneId


class Number(NamedTuple):
    """Numbers in a unit; ``integer``: of the type Integer."""

    vector: VectorId
    unit: str | None
    integer: bool


class Day(NamedTuple):
    """Days."""

    vector: VectorId


class Text(NamedTuple):
    """Coded texts."""

    vector: VectorId


class Constant(NamedTuple):
    """One value, no Boolean, for all rows; None is unknown and fits every type."""

    value: Bounds | Days | str | None
    integer: bool = False


Meaning: TypeAlias = Truth | Number | Day | Text | Constant

UNKNOWN = Constant(None)


def constant(graph: Graph, value: Value, *, integer: bool = False) -> Meaning:
    """The meaning of one value for all rows; an interval without ends says nothing."""
    if isinstance(value, bool):
        return truth_of(graph, value)
    if value is None or (isinstance(value, Bounds) and value.low is None and value.high is None):
        return UNKNOWN
    if isinstance(value, Days) and value.earliest is None and value.latest is None:
        return UNKNOWN
    return Constant(value, integer)


def truth_of(graph: Graph, value: bool | None) -> Truth:
    """A condition that has the same value everywhere."""
    return Truth(
        graph.everywhere if value is True else graph.nowhere,
        graph.everywhere if value is False else graph.nowhere,
    )


def spread(graph: Graph, meaning: Meaning) -> Meaning:
    """A known constant as a vector; everything else as it is."""
    if not isinstance(meaning, Constant):
        return meaning
    match meaning.value:
        case Bounds() as value:
            low = None if value.low is None else Fraction(value.low)
            high = None if value.high is None else Fraction(value.high)
            fixed = Fixed(low, high, value.low_open, value.high_open)
            return Number(graph.vector(fixed), value.unit, meaning.integer)
        case Days() as value:
            return Day(graph.vector(Fixed(_count(value.earliest), _count(value.latest))))
        case str() as word:
            return Text(graph.vector(FixedText(word)))
        case _:
            return meaning


def negation(truth: Truth) -> Truth:
    """Kleene's ``not``."""
    return Truth(truth.false, truth.true)


def conjunction(graph: Graph, *parts: Truth) -> Truth:
    """Kleene's ``and``."""
    return Truth(
        graph.all_of(part.true for part in parts), graph.any_of(part.false for part in parts)
    )


def disjunction(graph: Graph, *parts: Truth) -> Truth:
    """Kleene's ``or``."""
    return Truth(
        graph.any_of(part.true for part in parts), graph.all_of(part.false for part in parts)
    )


def compare(graph: Graph, operator: Comparator, left: Meaning, right: Meaning) -> Truth:
    """``left operator right``. Raises TypeError for things that have no common type."""
    if UNKNOWN in (left, right):
        return truth_of(graph, None)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return truth_of(graph, relation(operator, left.value, right.value))
    match operator:
        case "!=":
            return negation(compare(graph, "=", left, right))
        case ">":
            return compare(graph, "<", right, left)
        case "<=":
            return negation(compare(graph, "<", right, left))
        case ">=":
            return negation(compare(graph, "<", left, right))
    equal = operator == "="
    one, other = spread(graph, left), spread(graph, right)
    match one, other:
        case Number(), Number():
            ratio = Fraction(1) if one.unit == other.unit else _ratio(other.unit, one.unit)
            if ratio is None:
                return truth_of(graph, None)
            return Truth(*_related(graph, equal, one.vector, other.vector, ratio))
        case Day(), Day():
            return Truth(*_related(graph, equal, one.vector, other.vector, Fraction(1)))
        case Text(), Text() if equal:
            return _same_text(graph, left, right, one, other)
        case Truth(), Truth() if equal:
            return Truth(
                graph.any_of(graph.all_of(pair) for pair in zip(one, other, strict=True)),
                graph.any_of(
                    (
                        graph.all_of((one.true, other.false)),
                        graph.all_of((one.false, other.true)),
                    )
                ),
            )
    raise TypeError(f"cannot compare {_sort(left)} {operator} {_sort(right)}")


def arithmetic(
    graph: Graph, operator: ArithmeticOperator, left: Meaning, right: Meaning
) -> Meaning:
    """``left operator right`` of numbers. Raises TypeError for anything else."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if isinstance(left, Constant) and isinstance(right, Constant):
        one, other = left.value, right.value
        if isinstance(one, Bounds) and isinstance(other, Bounds):
            both = left.integer and right.integer
            found = intervals.arithmetic(operator, one, other, integers=lambda: both)
            return constant(graph, found, integer=both and operator != "/")
    first, second = spread(graph, left), spread(graph, right)
    if not isinstance(first, Number) or not isinstance(second, Number):
        raise TypeError(f"cannot compute {_sort(left)} {operator} {_sort(right)}")
    return _computed(graph, operator, first, second)


def periods(graph: Graph, unit: CalendarUnit, start: Meaning, end: Meaning) -> Meaning:
    """Whole periods between days. Raises TypeError for anything else."""
    if UNKNOWN in (start, end):
        return UNKNOWN
    if isinstance(start, Constant) and isinstance(end, Constant):
        one, other = start.value, end.value
        if isinstance(one, Days) and isinstance(other, Days):
            return constant(graph, intervals.duration(unit, one, other), integer=True)
    first, second = spread(graph, start), spread(graph, end)
    if not isinstance(first, Day) or not isinstance(second, Day):
        raise TypeError(f"cannot count {unit} between {_sort(start)} and {_sort(end)}")
    return Number(graph.vector(Periods(unit, first.vector, second.vector)), None, integer=True)


def among(graph: Graph, text: Text, words: frozenset[str]) -> Truth:
    """Whether a text is one of ``words``."""
    return Truth(*graph.pair(Among(text.vector, words)))


def _computed(graph: Graph, operator: ArithmeticOperator, left: Number, right: Number) -> Meaning:
    whole = left.integer and right.integer
    if operator in ("+", "-"):
        ratio = None
        if left.unit != right.unit:
            ratio = _ratio(right.unit, left.unit)
            if ratio is None:
                return UNKNOWN
        step = Sum(left.vector, right.vector, operator == "-", ratio, whole)
        return Number(graph.vector(step), left.unit, whole)
    if operator == "*":
        if left.unit is not None and right.unit is not None:
            return UNKNOWN
        unit = left.unit or right.unit
        return Number(graph.vector(Product(left.vector, right.vector, whole)), unit, whole)
    if right.unit is None:
        divided = Quotient(left.vector, right.vector, Fraction(1))
        return Number(graph.vector(divided), left.unit, integer=False)
    ratio = _ratio(right.unit, left.unit)
    if ratio is None:
        return UNKNOWN
    return Number(graph.vector(Quotient(left.vector, right.vector, ratio)), None, integer=False)


def _related(
    graph: Graph, equal: bool, left: VectorId, right: VectorId, ratio: Fraction
) -> tuple[PlaneId, PlaneId]:
    left, right, ratio = _one_unit(graph, left, right, ratio)
    if not equal:
        return graph.pair(Order(left, right, ratio))
    if left > right:  # equality has no direction: one step for both
        left, right, ratio = right, left, 1 / ratio
    return graph.pair(Same(left, right, ratio))


def _one_unit(
    graph: Graph, left: VectorId, right: VectorId, ratio: Fraction
) -> tuple[VectorId, VectorId, Fraction]:
    """A constant brought to the unit beside it, so that one threshold in two units is one step."""
    one, other = graph.steps[left], graph.steps[right]
    if ratio != 1 and isinstance(other, Fixed):
        moved = _times(other, ratio)
        return (left, right, ratio) if moved is None else (left, graph.vector(moved), Fraction(1))
    if ratio != 1 and isinstance(one, Fixed):
        moved = _times(one, 1 / ratio)
        return (left, right, ratio) if moved is None else (graph.vector(moved), right, Fraction(1))
    return left, right, ratio


def _times(fixed: Fixed, ratio: Fraction) -> Fixed | None:
    """A constant in another unit; None where it has no end to its digits there."""
    low = None if fixed.low is None else fixed.low * ratio
    high = None if fixed.high is None else fixed.high * ratio
    for end in (low, high):
        if end is not None and 10**64 % end.denominator:
            return None
    return fixed._replace(low=low, high=high)


def _same_text(graph: Graph, left: Meaning, right: Meaning, one: Text, other: Text) -> Truth:
    for known, text in ((left, other), (right, one)):
        if isinstance(known, Constant) and isinstance(known.value, str):
            return among(graph, text, frozenset((known.value,)))
    first, second = sorted((one.vector, other.vector))
    return Truth(*graph.pair(SameText(first, second)))


def _ratio(source: str | None, target: str | None) -> Fraction | None:
    """Units of ``target`` in one ``source``; None where they measure different things."""
    return None if source is None or target is None else units.factor(source, target)


def _count(day: date | None) -> Fraction | None:
    return None if day is None else Fraction(day.toordinal() - EPOCH)


def _sort(meaning: Meaning) -> str:
    """What a meaning is, for people who made a mistake."""
    if isinstance(meaning, Constant):
        return repr(meaning.value)
    return {Truth: "a condition", Number: "numbers", Day: "days", Text: "texts"}[type(meaning)]
