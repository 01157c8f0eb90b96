"""Booleans and numbers that are partly known already: Python values where possible, else Z3 terms.

A ``Bit`` is a Python bool or a Z3 Boolean; a ``Term`` is an int, a Fraction, or a Z3 Int or Real.
Every function folds what it can, so that literals and exact values cost the solver nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias

import z3

Bit: TypeAlias = Any
"""``bool`` or ``z3.BoolRef``; the library has no types of its own."""

Term: TypeAlias = Any
"""``int``, ``Fraction`` or ``z3.ArithRef``."""


def conj(*parts: Bit) -> Bit:
    """Every part holds."""
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    if not kept:
        return True
    return kept[0] if len(kept) == 1 else z3.And(*kept)


def disj(*parts: Bit) -> Bit:
    """Some part holds."""
    return neg(conj(*map(neg, parts)))


def neg(part: Bit) -> Bit:
    """The part does not hold."""
    if isinstance(part, bool):
        return not part
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def any_of(parts: Iterable[Bit]) -> Bit:
    """Some of the parts holds."""
    return disj(*parts)


def choose(condition: Bit, then: Any, otherwise: Any) -> Any:
    """``then`` where the condition holds, else ``otherwise``: two bits, or two terms."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise or (is_plain(then) and is_plain(otherwise) and then == otherwise):
        return then
    if isinstance(then, bool) or isinstance(otherwise, bool):
        return disj(conj(condition, then), conj(neg(condition), otherwise))
    one, other = lifted(then), lifted(otherwise)
    if z3.is_int(one) != z3.is_int(other) and z3.is_arith(one):
        one, other = real(one), real(other)
    return z3.If(condition, one, other)


def is_plain(value: Any) -> bool:
    """Whether a value is known already."""
    return isinstance(value, (bool, int, Fraction))


def lifted(value: Any) -> Any:
    """A value as a Z3 term."""
    if isinstance(value, bool):
        return z3.BoolVal(value)
    if isinstance(value, int):
        return z3.IntVal(value)
    if isinstance(value, Fraction):
        return z3.RealVal(f"{value.numerator}/{value.denominator}")
    return value


def real(value: Term) -> Term:
    """A term as a Real."""
    if isinstance(value, int):
        return lifted(Fraction(value))
    if isinstance(value, Fraction):
        return lifted(value)
    return z3.ToReal(value) if z3.is_int(value) else value


def less(left: Term, right: Term) -> Bit:
    """``left < right``."""
    if is_plain(left) and is_plain(right):
        return left < right
    return _paired(left) < _paired(right)


def same(left: Term, right: Term) -> Bit:
    """``left = right``."""
    if left is right:
        return True
    if is_plain(left) and is_plain(right):
        return left == right
    return _paired(left) == _paired(right)


def at_most(left: Term, right: Term) -> Bit:
    """``left <= right``."""
    return neg(less(right, left))


def _paired(value: Term) -> Term:
    """Z3 takes Python's ints as they are; a Fraction must be made a Real."""
    return lifted(value) if isinstance(value, Fraction) else value


def plus(left: Term, right: Term) -> Term:
    """The exact sum."""
    if is_plain(left) and is_plain(right):
        return left + right
    return _paired(left) + _paired(right)


def minus(value: Term) -> Term:
    """The number with the other sign."""
    return -value


def times(left: Term, right: Term) -> Term:
    """The exact product."""
    if is_plain(left) and is_plain(right):
        return left * right
    return _paired(left) * _paired(right)


def smaller(left: Term, right: Term) -> Term:
    """The lesser of two."""
    return choose(less(right, left), right, left)


def floor_div(value: Term, divisor: int) -> Term:
    """An Int divided by a positive whole number, rounded down."""
    return value // divisor if isinstance(value, int) else value / divisor
