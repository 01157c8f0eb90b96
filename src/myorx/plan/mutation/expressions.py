"""Expressions with one small fault: the slips that an author, or an editor, makes.

===============  =============================================================================
slip             what is done
===============  =============================================================================
``boundary``     ``<`` becomes ``<=``, ``>`` becomes ``>=``, and back; an end of ``between`` is lost
``flip``         a comparison becomes its contrary; ``true`` becomes ``false``
``step``         a number is one step of its last digit larger, or smaller
``connective``   ``and`` becomes ``or``, and back
``lose``         an operand of ``and``, ``or``, ``in`` or ``AtLeast`` is left out
``negate``       a ``not`` is put before a condition, or taken away
``sign``         ``+`` becomes ``-``, and back
===============  =============================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from myorx.language.syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Comparator,
    Compare,
    DecimalLiteral,
    Expression,
    Implies,
    In,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    Or,
    QuantityLiteral,
)
from myorx.language.walk import children, with_children

ExpressionSlip: TypeAlias = OneOf[
    "boundary", "flip", "step", "connective", "lose", "negate", "sign"
]

_Make: TypeAlias = Callable[[tuple[Expression, ...]], Expression]

_BOUNDARY: Mapping[Comparator, Comparator] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_CONTRARY: Mapping[Comparator, Comparator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
}


class Slip(NamedTuple):
    """An expression with one fault, and which kind of fault it is."""

    kind: ExpressionSlip
    expression: Expression


def slips(expression: Expression, *, condition: bool) -> Iterator[Slip]:
    """Every slip in an expression. ``condition``: it is a Boolean and may be negated as a whole."""
    yield from _of_node(expression, condition)
    parts = children(expression)
    for index, part in enumerate(parts):
        for slip in slips(part, condition=_is_condition(expression, index)):
            others = (*parts[:index], slip.expression, *parts[index + 1 :])
            yield Slip(slip.kind, with_children(expression, others))


def _is_condition(node: Expression, index: int) -> bool:
    """Whether this operand of a node is a condition. Below a ``not`` it is, but to negate it there
    is the same as to take the ``not`` away."""
    return isinstance(node, And | Or | Implies) or (isinstance(node, AtLeast) and index > 0)


def _of_node(node: Expression, condition: bool) -> Iterator[Slip]:
    match node:
        case BooleanLiteral(value=value):
            yield Slip("flip", BooleanLiteral(not value))
        case IntegerLiteral(value=number):
            yield Slip("step", IntegerLiteral(number + 1))
            yield Slip("step", IntegerLiteral(number - 1))
        case DecimalLiteral(value=decimal):
            for moved in steps(decimal):
                yield Slip("step", DecimalLiteral(moved))
        case QuantityLiteral(value=decimal, unit=unit):
            for moved in steps(decimal):
                yield Slip("step", QuantityLiteral(moved, unit))
        case Compare(operator=operator, left=left, right=right):
            yield Slip("flip", Compare(_CONTRARY[operator], left, right))
            if operator in _BOUNDARY:
                yield Slip("boundary", Compare(_BOUNDARY[operator], left, right))
        case Between(value=value, low=low, high=high):
            lower, upper = Compare(">=", value, low), Compare("<=", value, high)
            yield Slip("boundary", And((Compare(">", value, low), upper)))
            yield Slip("boundary", And((lower, Compare("<", value, high))))
            yield Slip("lose", lower)
            yield Slip("lose", upper)
        case And(operands=operands):
            yield Slip("connective", Or(operands))
            yield from _less(operands, lambda rest: rest[0] if len(rest) == 1 else And(rest))
        case Or(operands=operands):
            yield Slip("connective", And(operands))
            yield from _less(operands, lambda rest: rest[0] if len(rest) == 1 else Or(rest))
        case Implies(left=left, right=right):
            yield Slip("lose", right)
            yield Slip("negate", Implies(Not(left), right))
        case In(value=value, items=items) if len(items) > 1:
            yield from _less(items, lambda rest: In(value, rest))
        case AtLeast(count=count, items=items):
            yield from _less(items, lambda rest: AtLeast(count, rest))
        case IsNull(operand=operand, negated=negated):
            yield Slip("flip", IsNull(operand, not negated))
        case Arithmetic(operator="+" | "-" as sign, left=left, right=right):
            yield Slip("sign", Arithmetic("-" if sign == "+" else "+", left, right))
        case Not(operand=operand):
            yield Slip("negate", operand)
        case _:
            pass
    if condition and isinstance(node, Name | And | Or | In | Between | AtLeast | Implies):
        yield Slip("negate", Not(node))


def _less(items: tuple[Expression, ...], make: _Make) -> Iterator[Slip]:
    for index in range(len(items)):
        yield Slip("lose", make((*items[:index], *items[index + 1 :])))


def steps(number: Decimal) -> Iterator[Decimal]:
    """One unit of the last digit up, and down."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal(1).scaleb(min(exponent, 0))
    yield number + step
    yield number - step
