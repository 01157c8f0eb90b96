"""Conditions of the language as SQL for DuckDB: for the benchmark only, and for exact values.

Three-valued logic, comparison and null are SQL's own; intervals and partial dates have no place
here. ``settings`` must have become literals (``language.lower``).
"""

from __future__ import annotations

from collections.abc import Mapping

from myorx.language import Expression, Type, units
from myorx.language.check import check
from myorx.language.syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Compare,
    DateLiteral,
    DecimalLiteral,
    DurationBetween,
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
from myorx.language.types import QuantityType


class Sql:
    """Writes expressions over columns of ``types``; ``definitions`` are put in where named."""

    def __init__(self, types: Mapping[str, Type], definitions: Mapping[str, Expression]) -> None:
        self._types = types
        self._definitions = definitions

    def of(self, node: Expression) -> str:
        """The SQL of an expression."""
        match node:
            case BooleanLiteral(value=value):
                return "TRUE" if value else "FALSE"
            case NullLiteral():
                return "NULL"
            case IntegerLiteral(value=value) | DecimalLiteral(value=value):
                return str(value)
            case QuantityLiteral(value=value):
                return str(value)
            case StringLiteral(value=text):
                return "'" + text.replace("'", "''") + "'"
            case DateLiteral(earliest=day, latest=last) if day == last:
                return f"DATE '{day}'"
            case Name(name=name) if name in self._definitions:
                return self.of(self._definitions[name])
            case Name(name=name):
                return f'"{name}"'
            case And(operands=parts):
                return self._joined("AND", parts)
            case Or(operands=parts):
                return self._joined("OR", parts)
            case Not(operand=part):
                return f"(NOT {self.of(part)})"
            case Implies(left=left, right=right):
                return f"(NOT {self.of(left)} OR {self.of(right)})"
            case Compare(operator=operator, left=left, right=right):
                return self._compared(operator, left, right)
            case Between(value=value, low=low, high=high):
                parts = (self._compared(">=", value, low), self._compared("<=", value, high))
                return f"({' AND '.join(parts)})"
            case In(value=value, items=items):
                return f"({' OR '.join(self._compared('=', value, item) for item in items)})"
            case IsNull(operand=part, negated=negated):
                return f"({self.of(part)} IS {'NOT ' if negated else ''}NULL)"
            case AtLeast(count=count, items=items):
                return self._at_least(self.of(count), [self.of(item) for item in items])
            case Arithmetic(operator="/", left=left, right=right):
                return f"round({self.of(left)} / nullif({self.of(right)}, 0), 8)"
            case Arithmetic(operator=operator, left=left, right=right):
                return f"round({self.of(left)} {operator} {self.of(right)}, 8)"
            case DurationBetween(unit="weeks", start=start, end=end):
                return f"trunc(date_diff('day', {self.of(start)}, {self.of(end)}) / 7)"
            case DurationBetween(unit=unit, start=start, end=end):
                return f"date_sub('{unit.rstrip('s')}', {self.of(start)}, {self.of(end)})"
        raise NotImplementedError(f"{node} has no SQL here")

    def _joined(self, word: str, parts: tuple[Expression, ...]) -> str:
        return f"({f' {word} '.join(map(self.of, parts))})"

    def _compared(self, operator: str, left: Expression, right: Expression) -> str:
        ratio = self._ratio(right, left)
        return f"({self.of(left)} {operator} {self.of(right)}{ratio})"

    def _ratio(self, source: Expression, target: Expression) -> str:
        """What turns the unit of one side into that of the other."""
        found = [check(each, self._types, allow_is_null=True) for each in (source, target)]
        one, other = (each.unit if isinstance(each, QuantityType) else None for each in found)
        if one is None or other is None or one == other:
            return ""
        ratio = units.factor(one, other)
        if ratio is None:
            raise NotImplementedError(f"{one} and {other}")
        return f" * {ratio.numerator} / {ratio.denominator}"

    def _at_least(self, count: str, items: list[str]) -> str:
        certain = " + ".join(f"coalesce({item}, FALSE)::INT" for item in items)
        possible = " + ".join(f"coalesce({item}, TRUE)::INT" for item in items)
        return (
            f"(CASE WHEN {certain} >= {count} THEN TRUE WHEN {possible} < {count} THEN FALSE END)"
        )
