"""Two-valued combinations of "known true" and "known false": what every engine can run alike.

A condition of the guideline has three values, so it is asked two questions: is it known to be true,
is it known to be false. Everything a plan says is a plain Boolean combination of such answers. The
constructors below simplify what is constant and flatten what is nested, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import msgspec

from myorx.language.syntax import BooleanLiteral, Expression, NullLiteral
from myorx.language.syntax import Not as Negation


class _Formula(msgspec.Struct, frozen=True, cache_hash=True):
    """Common base: a value; its hash is computed once, so that formulas serve as keys."""


class Constant(_Formula, frozen=True, cache_hash=True):
    """Always, or never."""

    value: bool


class Known(_Formula, frozen=True, cache_hash=True):
    """The expression is known to be true."""

    expression: Expression


class Refuted(_Formula, frozen=True, cache_hash=True):
    """The expression is known to be false."""

    expression: Expression


class All(_Formula, frozen=True, cache_hash=True):
    """Every part holds; two parts or more."""

    parts: tuple[Formula, ...]


class Any(_Formula, frozen=True, cache_hash=True):
    """Some part holds; two parts or more."""

    parts: tuple[Formula, ...]


class Not(_Formula, frozen=True, cache_hash=True):
    """The part does not hold."""

    part: Formula


Formula: TypeAlias = Constant | Known | Refuted | All | Any | Not

ALWAYS = Constant(True)
NEVER = Constant(False)


def known(expression: Expression) -> Formula:
    """That the expression is known to be true."""
    match expression:
        case BooleanLiteral(value=value):
            return Constant(value)
        case NullLiteral():
            return NEVER
        case Negation(operand=operand):
            return refuted(operand)
    return Known(expression)


def refuted(expression: Expression) -> Formula:
    """That the expression is known to be false."""
    match expression:
        case BooleanLiteral(value=value):
            return Constant(not value)
        case NullLiteral():
            return NEVER
        case Negation(operand=operand):
            return known(operand)
    return Refuted(expression)


def all_of(parts: Iterable[Formula]) -> Formula:
    """That every part holds; always of nothing."""
    return _joined(parts, All, ALWAYS, NEVER)


def any_of(parts: Iterable[Formula]) -> Formula:
    """That some part holds; never of nothing."""
    return _joined(parts, Any, NEVER, ALWAYS)


def negate(part: Formula) -> Formula:
    """That a part does not hold. Not the same as "known to be false" of an expression."""
    match part:
        case Constant(value=value):
            return Constant(not value)
        case Not(part=inner):
            return inner
    return Not(part)


def both(*parts: Formula) -> Formula:
    """``all_of`` of the parts written out."""
    return all_of(parts)


def either(*parts: Formula) -> Formula:
    """``any_of`` of the parts written out."""
    return any_of(parts)


def _joined(
    parts: Iterable[Formula], kind: type[All] | type[Any], neutral: Constant, decides: Constant
) -> Formula:
    found: dict[Formula, None] = {}
    for part in parts:
        for each in part.parts if isinstance(part, kind) else (part,):
            if each == decides:
                return decides
            if each != neutral:
                found[each] = None
    if any(negate(each) in found for each in found):
        return decides
    if not found:
        return neutral
    return next(iter(found)) if len(found) == 1 else kind(tuple(found))


def holds(formula: Formula, value: Callable[[Expression], bool | None]) -> bool:
    """Whether a formula holds, ``value`` giving the Kleene value of each expression in it."""
    match formula:
        case Constant(value=constant):
            return constant
        case Known(expression=expression):
            return value(expression) is True
        case Refuted(expression=expression):
            return value(expression) is False
        case All(parts=parts):
            return all(holds(part, value) for part in parts)
        case Any(parts=parts):
            return any(holds(part, value) for part in parts)
        case Not(part=part):
            return not holds(part, value)


def leaves(formula: Formula) -> Iterator[Known | Refuted]:
    """Every question to an expression in a formula, left to right, repeated where it recurs."""
    match formula:
        case Known() | Refuted():
            yield formula
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case Constant():
            return


def expressions(formulas: Iterable[Formula]) -> tuple[Expression, ...]:
    """The distinct expressions that formulas ask about, in the order of their first appearance."""
    found = (leaf.expression for formula in formulas for leaf in leaves(formula))
    return tuple(dict.fromkeys(found))
