"""Comparison of lowered values; the same rules as in ``intervals`` and ``evaluate.relation``."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from myorx.language import units
from myorx.language.syntax import Comparator

from .bits import Bit, Term, any_of, conj, disj, less, neg, same, times
from .values import UNKNOWN, Code, Day, Logic, Lowered, Nothing, Number, unknown


class _Range(NamedTuple):
    low: Term
    high: Term
    has_low: Bit
    has_high: Bit
    low_open: Bit
    high_open: Bit


def relation(operator: Comparator, left: Lowered, right: Lowered) -> Logic:
    """Kleene comparison of two values of one type. Raises TypeError for two types."""
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        return UNKNOWN
    if isinstance(left, Number) and isinstance(right, Number):
        converted = _in_unit(right, left.unit)
        return UNKNOWN if converted is None else _compare(operator, _Range(*left[:6]), converted)
    if isinstance(left, Day) and isinstance(right, Day):
        return _compare(operator, _of_days(left), _of_days(right))
    if operator in ("=", "!="):
        equal = _equal_words(left, right)
        if equal is not None:
            return equal if operator == "=" else negated(equal)
    raise TypeError(f"cannot compare {left!r} {operator} {right!r}")


def negated(value: Logic) -> Logic:
    """Kleene negation."""
    return Logic(value.false, value.true)


def _equal_words(left: Lowered, right: Lowered) -> Logic | None:
    if isinstance(left, Logic) and isinstance(right, Logic):
        return Logic(
            disj(conj(left.true, right.true), conj(left.false, right.false)),
            disj(conj(left.true, right.false), conj(left.false, right.true)),
        )
    if isinstance(left, Code) and isinstance(right, Code):
        common = left.codes.keys() & right.codes.keys()
        true = any_of(conj(left.codes[code], right.codes[code]) for code in sorted(common))
        both = conj(neg(unknown(left)), neg(unknown(right)))
        return Logic(true, conj(both, neg(true)))
    return None


def _of_days(value: Day) -> _Range:
    return _Range(value.earliest, value.latest, value.has_earliest, value.has_latest, False, False)


def _in_unit(value: Number, unit: str | None) -> _Range | None:
    """In another unit, exactly; None for another dimension, or a bare number beside a quantity."""
    ratio = conversion(value.unit, unit)
    if ratio is None:
        return None
    if ratio == 1:
        return _Range(*value[:6])
    return _Range(times(value.low, ratio), times(value.high, ratio), *value[2:6])


def conversion(source: str | None, target: str | None) -> Fraction | None:
    """How many ``target`` one ``source`` is; None where they do not compare."""
    if source == target:
        return Fraction(1)
    return None if source is None or target is None else units.factor(source, target)


def _compare(operator: Comparator, left: _Range, right: _Range) -> Logic:
    match operator:
        case "<":
            return _less(left, right)
        case ">":
            return _less(right, left)
        case "<=":
            return negated(_less(right, left))
        case ">=":
            return negated(_less(left, right))
        case "=":
            return _equal(left, right)
        case "!=":
            return negated(_equal(left, right))


def _less(left: _Range, right: _Range) -> Logic:
    touching = conj(same(left.high, right.low), disj(left.high_open, right.low_open))
    true = conj(left.has_high, right.has_low, disj(less(left.high, right.low), touching))
    false = conj(left.has_low, right.has_high, neg(less(left.low, right.high)))
    return Logic(true, false)


def _equal(left: _Range, right: _Range) -> Logic:
    points = conj(
        *(left.has_low, left.has_high, right.has_low, right.has_high),
        *(same(left.low, left.high), same(left.high, right.low), same(right.low, right.high)),
    )
    return Logic(points, disj(_less(left, right).true, _less(right, left).true))


def less_than(left: Number, right: Number) -> Logic:
    """``left < right`` of two numbers in one unit."""
    return _less(_Range(*left[:6]), _Range(*right[:6]))
