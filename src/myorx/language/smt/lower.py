"""Expressions as solver terms: every node of the language, each equal tree lowered once."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import z3

from myorx.language.syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    CalendarUnit,
    Compare,
    DateLiteral,
    DecimalLiteral,
    DurationBetween,
    Expression,
    Implies,
    In,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    NullLiteral,
    Or,
    QuantityLiteral,
    StringLiteral,
)
from myorx.language.values import Bounds, Days

from .arithmetic import arithmetic, plain_point
from .bits import Bit, Term, any_of, choose, conj, disj, is_plain, neg, plus, real
from .calendar import periods as exact_periods
from .relations import less_than, negated, relation
from .values import NOTHING, UNKNOWN, Day, Logic, Lowered, Nothing, Number, constant, unknown


class Lowering:
    """Lowers expressions over given facts; definitions are lowered when first mentioned.

    ``facts`` gives every fact and setting by name, also those worked out from others; ``integers``
    are the names with the type Integer; ``periods`` counts whole periods between two days. Raises
    KeyError for a name that is neither fact nor definition, and TypeError for a tree that was not
    checked.
    """

    def __init__(
        self,
        facts: Callable[[str], Lowered],
        definitions: Mapping[str, Expression],
        integers: Container[str],
        periods: Callable[[CalendarUnit, Term, Term], Term] = exact_periods,
    ) -> None:
        self._facts = facts
        self._definitions = definitions
        self._integers = integers
        self._periods = periods
        self._made: dict[Expression, Lowered] = {}

    def lower(self, expression: Expression) -> Lowered:
        """The value of an expression."""
        found = self._made.get(expression)
        if found is None:
            found = self._made[expression] = _LOWER[type(expression)](self, expression)
        return found

    def truth(self, expression: Expression) -> Logic:
        """The value of a condition."""
        return _truth(self.lower(expression))

    # -- leaves --------------------------------------------------------------------------------

    def constant(self, node: BooleanLiteral | StringLiteral) -> Lowered:
        return constant(node.value)

    def null(self, _: NullLiteral) -> Lowered:
        return NOTHING

    def number(self, node: IntegerLiteral | DecimalLiteral) -> Lowered:
        number = Decimal(node.value)
        return constant(Bounds(number, number))

    def quantity(self, node: QuantityLiteral) -> Lowered:
        return constant(Bounds(node.value, node.value, unit=node.unit))

    def date(self, node: DateLiteral) -> Lowered:
        return constant(Days(node.earliest, node.latest))

    def name(self, node: Name) -> Lowered:
        definition = self._definitions.get(node.name)
        return self._facts(node.name) if definition is None else self.lower(definition)

    # -- logic ---------------------------------------------------------------------------------

    def conjunction(self, node: And) -> Lowered:
        parts = [self.truth(part) for part in node.operands]
        return Logic(conj(*(part.true for part in parts)), any_of(part.false for part in parts))

    def disjunction(self, node: Or) -> Lowered:
        parts = [self.truth(part) for part in node.operands]
        return Logic(any_of(part.true for part in parts), conj(*(part.false for part in parts)))

    def negation(self, node: Not) -> Lowered:
        return negated(self.truth(node.operand))

    def implication(self, node: Implies) -> Lowered:
        left, right = self.truth(node.left), self.truth(node.right)
        return Logic(disj(left.false, right.true), conj(left.true, right.false))

    def at_least(self, node: AtLeast) -> Lowered:
        count, items = self.lower(node.count), [self.truth(item) for item in node.items]
        if isinstance(count, Nothing):
            return UNKNOWN
        if not isinstance(count, Number):
            raise TypeError(f"{count!r} is no count")
        limit = _whole(count)
        if limit is not None:
            return Logic(
                _at_least(limit, [item.true for item in items]),
                _at_least(len(items) - limit + 1, [item.false for item in items]),
            )
        certain = _point(_count([item.true for item in items]))
        possible = _point(_count([neg(item.false) for item in items]))
        holds = less_than(certain, count).false
        return Logic(holds, conj(less_than(possible, count).true, neg(holds)))

    # -- comparisons ---------------------------------------------------------------------------

    def comparison(self, node: Compare) -> Lowered:
        return relation(node.operator, self.lower(node.left), self.lower(node.right))

    def between(self, node: Between) -> Lowered:
        value = self.lower(node.value)
        above = relation(">=", value, self.lower(node.low))
        below = relation("<=", value, self.lower(node.high))
        return Logic(conj(above.true, below.true), disj(above.false, below.false))

    def member(self, node: In) -> Lowered:
        value = self.lower(node.value)
        matches = [relation("=", value, self.lower(item)) for item in node.items]
        return Logic(any_of(each.true for each in matches), conj(*(each.false for each in matches)))

    def is_null(self, node: IsNull) -> Lowered:
        open_ = unknown(self.lower(node.operand))
        true = neg(open_) if node.negated else open_
        return Logic(true, neg(true))

    # -- numbers and days ----------------------------------------------------------------------

    def arithmetic(self, node: Arithmetic) -> Lowered:
        integers = self._is_integer(node.left) and self._is_integer(node.right)
        return arithmetic(
            node.operator, self.lower(node.left), self.lower(node.right), integers=integers
        )

    def _is_integer(self, expression: Expression) -> bool:
        """Whether the type of an expression is Integer."""
        match expression:
            case Name(name=name):
                definition = self._definitions.get(name)
                return (
                    name in self._integers if definition is None else self._is_integer(definition)
                )
            case Arithmetic(operator=operator, left=left, right=right):
                return operator != "/" and self._is_integer(left) and self._is_integer(right)
        return isinstance(expression, (IntegerLiteral, DurationBetween))

    def duration(self, node: DurationBetween) -> Lowered:
        start, end = self.lower(node.start), self.lower(node.end)
        if isinstance(start, Nothing) or isinstance(end, Nothing):
            return NOTHING
        if not isinstance(start, Day) or not isinstance(end, Day):
            raise TypeError(f"cannot count {node.unit} between {start!r} and {end!r}")
        return Number(
            _as_real(self._periods(node.unit, start.latest, end.earliest)),
            _as_real(self._periods(node.unit, start.earliest, end.latest)),
            conj(start.has_latest, end.has_earliest),
            conj(start.has_earliest, end.has_latest),
            False,
            False,
            None,
            True,
        )


def _truth(value: Lowered) -> Logic:
    if isinstance(value, Nothing):
        return UNKNOWN
    if not isinstance(value, Logic):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _as_real(value: Term) -> Term:
    return Fraction(value) if is_plain(value) else real(value)


def _whole(count: Number) -> int | None:
    """A count that is one whole number for every patient."""
    low = plain_point(count)
    return None if low is None or low.denominator != 1 else int(low)


def _at_least(limit: int, bits: list[Bit]) -> Bit:
    """That at least so many bits hold."""
    limit -= sum(bit is True for bit in bits)
    open_bits = [bit for bit in bits if not isinstance(bit, bool)]
    if limit <= 0:
        return True
    if limit > len(open_bits):
        return False
    return any_of(open_bits) if limit == 1 else z3.AtLeast(*open_bits, limit)


def _count(bits: list[Bit]) -> Term:
    total: Term = Fraction(0)
    for bit in bits:
        total = plus(total, choose(bit, Fraction(1), Fraction(0)))
    return total


def _point(value: Term) -> Number:
    return Number(value, value, True, True, False, False, None, True)


_LOWER: Mapping[type[Any], Callable[[Lowering, Any], Lowered]] = {
    BooleanLiteral: Lowering.constant,
    NullLiteral: Lowering.null,
    IntegerLiteral: Lowering.number,
    DecimalLiteral: Lowering.number,
    StringLiteral: Lowering.constant,
    QuantityLiteral: Lowering.quantity,
    DateLiteral: Lowering.date,
    Name: Lowering.name,
    And: Lowering.conjunction,
    Or: Lowering.disjunction,
    Not: Lowering.negation,
    Implies: Lowering.implication,
    Compare: Lowering.comparison,
    Between: Lowering.between,
    In: Lowering.member,
    IsNull: Lowering.is_null,
    Arithmetic: Lowering.arithmetic,
    DurationBetween: Lowering.duration,
    AtLeast: Lowering.at_least,
}
