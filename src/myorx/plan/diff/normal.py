"""A normal form of expressions: what is only written otherwise becomes equal.

Every step keeps the meaning in three-valued logic, unknown included: no case may tell the two
apart. Equal normal forms mean equal expressions; different ones prove nothing (that is the
solver's to say). Names are not followed: a definition that changed is a change of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from myorx.language.cql import cql
from myorx.language.syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    Compare,
    DecimalLiteral,
    Expression,
    Implies,
    In,
    Not,
    Or,
    QuantityLiteral,
)
from myorx.language.walk import rewrite


def normal_form(expression: Expression) -> Expression:
    """The expression in normal form."""
    return rewrite(expression, _step)


def _step(node: Expression) -> Expression:
    """One node whose parts are in normal form already."""
    match node:
        case And(operands=operands):
            return _join(And, operands)
        case Or(operands=operands):
            return _join(Or, operands)
        case Implies(left=left, right=right):
            return _join(Or, (_step(Not(left)), right))
        case Not(operand=Not(operand=inner)):
            return inner
        case In(value=value, items=items):
            return _join(Or, (_step(Compare("=", value, item)) for item in items))
        case Between(value=value, low=low, high=high):
            return _join(And, (Compare("<=", low, value), Compare("<=", value, high)))
        case Compare(operator=">", left=left, right=right):
            return Compare("<", right, left)
        case Compare(operator=">=", left=left, right=right):
            return Compare("<=", right, left)
        case Compare(operator="=" | "!=" as operator, left=left, right=right):
            first, second = sorted((left, right), key=cql)
            return Compare(operator, first, second)
        case Arithmetic(operator="+" | "*" as operator, left=left, right=right):
            first, second = sorted((left, right), key=cql)
            return Arithmetic(operator, first, second)
        case AtLeast(count=count, items=items):
            return AtLeast(count, tuple(sorted(items, key=cql)))
        case DecimalLiteral(value=value):
            return DecimalLiteral(value.normalize())
        case QuantityLiteral(value=value, unit=unit):
            return QuantityLiteral(value.normalize(), unit)
        case _:
            return node


def _join(kind: type[And] | type[Or], operands: Iterable[Expression]) -> Expression:
    """Flat, each operand once, in one order; ``a and a`` is ``a``."""
    flat: list[Expression] = []
    for operand in operands:
        flat += operand.operands if isinstance(operand, kind) else (operand,)
    once = sorted(dict.fromkeys(flat), key=cql)
    return once[0] if len(once) == 1 else kind(tuple(once))
