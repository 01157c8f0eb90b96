"""Run-time values as solver terms: the ends of intervals, each with a bit that says it is there.

Unknown is: neither true nor false; no code; an interval without ends. The rules are Kleene's, as in
every engine; no value is ever completed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import z3

from myorx.language.types import (
    BooleanType,
    DateType,
    DecimalType,
    IntegerType,
    NullType,
    QuantityType,
    StringType,
    Type,
)
from myorx.language.values import Bounds, Days, Value

from .bits import Bit, Term, any_of, choose, conj, disj, less, lifted, neg, same


class Logic(NamedTuple):
    """A Boolean: known true, known false; never both."""

    true: Bit
    false: Bit


class Code(NamedTuple):
    """A string: for each code whether it is known to be that one; at most one is."""

    codes: Mapping[str, Bit]


class Number(NamedTuple):
    """An interval of numbers. ``low`` means nothing where ``has_low`` does not hold."""

    low: Term
    high: Term
    has_low: Bit
    has_high: Bit
    low_open: Bit
    high_open: Bit
    unit: str | None
    grid: bool
    """Both ends are known to have no more than 8 digits after the point."""


class Day(NamedTuple):
    """An interval of days, counted as Python's ordinals, both ends included."""

    earliest: Term
    latest: Term
    has_earliest: Bit
    has_latest: Bit


class Nothing(NamedTuple):
    """``null``: unknown, of any type."""


Lowered: TypeAlias = Logic | Code | Number | Day | Nothing
NOTHING = Nothing()
UNKNOWN = Logic(False, False)


def unknown(value: Lowered) -> Bit:
    """That nothing is known of a value."""
    match value:
        case Logic(true=true, false=false):
            return conj(neg(true), neg(false))
        case Code(codes=codes):
            return neg(any_of(codes.values()))
        case Number(has_low=low, has_high=high) | Day(has_earliest=low, has_latest=high):
            return conj(neg(low), neg(high))
    return True


# -- in ----------------------------------------------------------------------------------------


def constant(value: Value) -> Lowered:
    """A value that is known to the last bit."""
    match value:
        case None:
            return NOTHING
        case bool():
            return Logic(value, not value)
        case str():
            return Code({value: True})
        case Days(earliest=earliest, latest=latest):
            return Day(
                0 if earliest is None else earliest.toordinal(),
                0 if latest is None else latest.toordinal(),
                earliest is not None,
                latest is not None,
            )
    return Number(
        Fraction(0 if value.low is None else value.low),
        Fraction(0 if value.high is None else value.high),
        value.low is not None,
        value.high is not None,
        value.low_open and value.low is not None,
        value.high_open and value.high is not None,
        value.unit,
        all(end is None or end == round(end, 8) for end in (value.low, value.high)),
    )


def variable(name: str, kind: Type, *, grid: bool = True) -> tuple[Lowered, tuple[Bit, ...]]:
    """Any value of a type, and what must hold for it to be one.

    ``grid``: a number has at most 8 digits after the point, as every number read from a case, so
    that sums need no rounding; the solver itself takes it for any Real, which covers more and never
    less. Raises ValueError for a String without codes.
    """
    match kind:
        case BooleanType():
            true, false = z3.Bool(f"{name}=true"), z3.Bool(f"{name}=false")
            return Logic(true, false), (neg(conj(true, false)),)
        case StringType(codes=codes) if codes is not None:
            bits = {code: z3.Bool(f"{name}={code}") for code in codes}
            return Code(bits), _at_most_one(tuple(bits.values()))
        case DateType():
            return _days(name)
        case IntegerType() | DecimalType() | QuantityType():
            return _number(name, kind, grid)
        case NullType():
            return NOTHING, ()
    raise ValueError(f"{name}: a solver needs the codes of a String")


def _at_most_one(bits: tuple[Bit, ...]) -> tuple[Bit, ...]:
    return (z3.AtMost(*bits, 1),) if len(bits) > 1 else ()


def _days(name: str) -> tuple[Day, tuple[Bit, ...]]:
    first, last = z3.Int(f"{name}.earliest"), z3.Int(f"{name}.latest")
    has_first, has_last = z3.Bool(f"{name}.has_earliest"), z3.Bool(f"{name}.has_latest")
    bounds = [z3.And(end >= 1, end <= date.max.toordinal()) for end in (first, last)]
    ordered = z3.Implies(z3.And(has_first, has_last), first <= last)
    return Day(first, last, has_first, has_last), (*bounds, ordered)


def _number(name: str, kind: Type, grid: bool) -> tuple[Number, tuple[Bit, ...]]:
    make = z3.Int if isinstance(kind, IntegerType) else z3.Real
    low, high = make(f"{name}.low"), make(f"{name}.high")
    has_low, has_high = z3.Bool(f"{name}.has_low"), z3.Bool(f"{name}.has_high")
    low_open, high_open = z3.Bool(f"{name}.low_open"), z3.Bool(f"{name}.high_open")
    point = z3.And(low == high, z3.Not(low_open), z3.Not(high_open))
    if isinstance(kind, IntegerType):
        low, high = z3.ToReal(low), z3.ToReal(high)
    unit = kind.unit if isinstance(kind, QuantityType) else None
    well_formed = (
        z3.Implies(low_open, has_low),
        z3.Implies(high_open, has_high),
        z3.Implies(z3.And(has_low, has_high), z3.Or(low < high, point)),
    )
    return Number(low, high, has_low, has_high, low_open, high_open, unit, grid), well_formed


# -- combining ---------------------------------------------------------------------------------


def choice(condition: Bit, then: Lowered, otherwise: Lowered) -> Lowered:
    """``then`` where the condition holds, else ``otherwise``; both of one type, in one unit."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if isinstance(then, Nothing):
        return (
            otherwise
            if isinstance(otherwise, Nothing)
            else choice(condition, empty_like(otherwise), otherwise)
        )
    if isinstance(otherwise, Nothing):
        return choice(condition, then, empty_like(then))
    if isinstance(then, Code) and isinstance(otherwise, Code):
        codes = dict.fromkeys((*then.codes, *otherwise.codes))
        return Code(
            {
                code: choose(
                    condition, then.codes.get(code, False), otherwise.codes.get(code, False)
                )
                for code in codes
            }
        )
    if isinstance(then, Number) and isinstance(otherwise, Number):
        if then.unit != otherwise.unit:
            raise TypeError(f"{then.unit} beside {otherwise.unit}")
        return Number(
            choose(condition, then.low, otherwise.low),
            choose(condition, then.high, otherwise.high),
            choose(condition, then.has_low, otherwise.has_low),
            choose(condition, then.has_high, otherwise.has_high),
            choose(condition, then.low_open, otherwise.low_open),
            choose(condition, then.high_open, otherwise.high_open),
            then.unit,
            then.grid and otherwise.grid,
        )
    if type(then) is not type(otherwise):
        raise TypeError(f"{then!r} beside {otherwise!r}")
    made: Any = type(then)
    return made(  # type: ignore[no-any-return]
        *(choose(condition, one, other) for one, other in zip(then, otherwise, strict=True))
    )


def empty_like(value: Lowered) -> Lowered:
    """Unknown, of the type of another value."""
    match value:
        case Logic():
            return UNKNOWN
        case Code(codes=codes):
            return Code(dict.fromkeys(codes, False))
        case Number(low=low, high=high):
            return value._replace(
                low=low, high=high, has_low=False, has_high=False, low_open=False, high_open=False
            )
        case Day(earliest=earliest, latest=latest):
            return Day(earliest, latest, False, False)
    return value


def equals(left: Lowered, right: Lowered) -> Bit:
    """That two lowered values are the very same, unknown included: for stating what is known."""
    match left, right:
        case Logic(), Logic():
            return conj(_alike(left.true, right.true), _alike(left.false, right.false))
        case Code(codes=one), Code(codes=other):
            keys = dict.fromkeys((*one, *other))
            return conj(*(_alike(one.get(key, False), other.get(key, False)) for key in keys))
        case Number(), Number():
            return conj(
                _alike(left.has_low, right.has_low),
                _alike(left.has_high, right.has_high),
                disj(
                    neg(left.has_low),
                    conj(same(left.low, right.low), _alike(left.low_open, right.low_open)),
                ),
                disj(
                    neg(left.has_high),
                    conj(same(left.high, right.high), _alike(left.high_open, right.high_open)),
                ),
            )
        case Day(), Day():
            return conj(
                _alike(left.has_earliest, right.has_earliest),
                _alike(left.has_latest, right.has_latest),
                disj(neg(left.has_earliest), same(left.earliest, right.earliest)),
                disj(neg(left.has_latest), same(left.latest, right.latest)),
            )
    return conj(unknown(left), unknown(right))


def _alike(left: Bit, right: Bit) -> Bit:
    if isinstance(left, bool):
        return right if left else neg(right)
    if isinstance(right, bool):
        return left if right else neg(left)
    return left == right


def encloses(wide: Lowered, narrow: Lowered) -> Bit:
    """That ``wide`` says nothing that ``narrow`` does not say: that it knows no more."""
    match wide, narrow:
        case Logic(), Logic():
            return conj(disj(neg(wide.true), narrow.true), disj(neg(wide.false), narrow.false))
        case Code(codes=one), Code(codes=other):
            return conj(*(disj(neg(bit), other.get(key, False)) for key, bit in one.items()))
        case Number(), Number():
            low = disj(
                less(wide.low, narrow.low),
                conj(same(wide.low, narrow.low), disj(neg(wide.low_open), narrow.low_open)),
            )
            high = disj(
                less(narrow.high, wide.high),
                conj(same(wide.high, narrow.high), disj(neg(wide.high_open), narrow.high_open)),
            )
            return conj(
                disj(neg(wide.has_low), conj(narrow.has_low, low)),
                disj(neg(wide.has_high), conj(narrow.has_high, high)),
            )
        case Day(), Day():
            return conj(
                disj(
                    neg(wide.has_earliest),
                    conj(narrow.has_earliest, neg(less(narrow.earliest, wide.earliest))),
                ),
                disj(
                    neg(wide.has_latest),
                    conj(narrow.has_latest, neg(less(wide.latest, narrow.latest))),
                ),
            )
    return unknown(wide)


# -- out ---------------------------------------------------------------------------------------


def read(value: Lowered, model: z3.ModelRef | None = None) -> Value:
    """What a value is in a model; without one it must be known to the last bit.

    Raises ValueError where a bit or an end stays open.
    """
    match value:
        case Logic(true=true, false=false):
            return True if _bit(true, model) else False if _bit(false, model) else None
        case Code(codes=codes):
            return next((code for code, bit in codes.items() if _bit(bit, model)), None)
        case Number():
            low = _end(value.low, model) if _bit(value.has_low, model) else None
            high = _end(value.high, model) if _bit(value.has_high, model) else None
            if low is None and high is None:
                return None
            low_open = low is not None and _bit(value.low_open, model)
            high_open = high is not None and _bit(value.high_open, model)
            return Bounds(_decimal(low), _decimal(high), low_open, high_open, value.unit)
        case Day():
            first = _end(value.earliest, model) if _bit(value.has_earliest, model) else None
            last = _end(value.latest, model) if _bit(value.has_latest, model) else None
            if first is None and last is None:
                return None
            return Days(_date(first), _date(last))
    return None


def _bit(bit: Bit, model: z3.ModelRef | None) -> bool:
    if isinstance(bit, bool):
        return bit
    found = z3.simplify(bit) if model is None else model.eval(bit, model_completion=True)
    if z3.is_true(found):
        return True
    if z3.is_false(found):
        return False
    raise ValueError(f"{found} stays open")


def _end(term: Term, model: z3.ModelRef | None) -> Fraction:
    term = lifted(term)
    found = z3.simplify(term) if model is None else model.eval(term, model_completion=True)
    if z3.is_int_value(found):
        return Fraction(found.as_long())
    if z3.is_rational_value(found):
        return Fraction(found.numerator_as_long(), found.denominator_as_long())
    raise ValueError(f"{found} stays open")


def _decimal(number: Fraction | None) -> Decimal | None:
    """Exactly, where it is a decimal; else to 28 digits (a model may choose any rational)."""
    return None if number is None else Decimal(number.numerator) / Decimal(number.denominator)


def _date(ordinal: Fraction | None) -> date | None:
    return None if ordinal is None else date.fromordinal(int(ordinal))
