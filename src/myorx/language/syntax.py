"""The nodes of the expression language: one frozen tree for every engine.

A node is a value: equal trees compare equal and hash alike, so engines may memoise on them.
The table in README.md lists every node with what each engine does with it; a test keeps it true.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

Comparator: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">="]
ArithmeticOperator: TypeAlias = OneOf["+", "-", "*", "/"]
CalendarUnit: TypeAlias = OneOf["years", "months", "weeks", "days"]


class _Node(msgspec.Struct, frozen=True, tag_field="node"):
    """Common base: frozen, tagged with the node's name when written as JSON."""


class BooleanLiteral(_Node, frozen=True, tag="boolean"):
    """``true`` or ``false``."""

    value: bool


class NullLiteral(_Node, frozen=True, tag="null"):
    """``null``: unknown."""


class IntegerLiteral(_Node, frozen=True, tag="integer"):
    """A 32-bit signed Integer, as CQL has it."""

    value: int


class DecimalLiteral(_Node, frozen=True, tag="decimal"):
    """An exact Decimal: at most 28 digits, 8 of them after the point."""

    value: Decimal


class StringLiteral(_Node, frozen=True, tag="string"):
    """``'text'``; beside a coded fact it must be one of the fact's codes."""

    value: str


class QuantityLiteral(_Node, frozen=True, tag="quantity"):
    """``500 'ng/mL'``: an exact number with a UCUM unit, kept as the author wrote it."""

    value: Decimal
    unit: str


class DateLiteral(_Node, frozen=True, tag="date"):
    """``@2026``, ``@2026-03`` or ``@2026-03-15``: all days from ``earliest`` to ``latest``."""

    earliest: date
    latest: date


class Name(_Node, frozen=True, tag="name"):
    """A fact, a definition, a setting, or ``as_of``."""

    name: str


class And(_Node, frozen=True, tag="and"):
    """Kleene conjunction of two or more operands; every operand is always evaluated."""

    operands: tuple[Expression, ...]


class Or(_Node, frozen=True, tag="or"):
    """Kleene disjunction of two or more operands; every operand is always evaluated."""

    operands: tuple[Expression, ...]


class Not(_Node, frozen=True, tag="not"):
    """Kleene negation: unknown stays unknown."""

    operand: Expression


class Implies(_Node, frozen=True, tag="implies"):
    """Kleene implication: ``left implies right`` is ``not left or right``."""

    left: Expression
    right: Expression


class Compare(_Node, frozen=True, tag="compare"):
    """``= != < <= > >=`` of two values of one type; unknown when intervals leave it open."""

    operator: Comparator
    left: Expression
    right: Expression


class Between(_Node, frozen=True, tag="between"):
    """``value between low and high``: both ends included; ``value >= low and value <= high``."""

    value: Expression
    low: Expression
    high: Expression


class In(_Node, frozen=True, tag="in"):
    """``value in {a, b}``: ``value = a or value = b``, so unknown stays unknown."""

    value: Expression
    items: tuple[Expression, ...]


class IsNull(_Node, frozen=True, tag="is_null"):
    """``x is null`` (``negated``: ``x is not null``); for derived facts only, never in a rule."""

    operand: Expression
    negated: bool = False


class Arithmetic(_Node, frozen=True, tag="arithmetic"):
    """``+ - * /`` on numbers and quantities; division by zero is unknown."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


class DurationBetween(_Node, frozen=True, tag="duration_between"):
    """``years|months|weeks|days between start and end``: whole periods, an Integer."""

    unit: CalendarUnit
    start: Expression
    end: Expression


class AtLeast(_Node, frozen=True, tag="at_least"):
    """``AtLeast(n, {a, b, c})``: true or false only when no unknown item can change it."""

    count: Expression
    items: tuple[Expression, ...]


Expression: TypeAlias = (
    BooleanLiteral
    | NullLiteral
    | IntegerLiteral
    | DecimalLiteral
    | StringLiteral
    | QuantityLiteral
    | DateLiteral
    | Name
    | And
    | Or
    | Not
    | Implies
    | Compare
    | Between
    | In
    | IsNull
    | Arithmetic
    | DurationBetween
    | AtLeast
)
