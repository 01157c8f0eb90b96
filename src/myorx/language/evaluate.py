"""The reference engine: one expression over the facts of one patient, with a full trace.

Plain and exact; every other engine must agree with it. Logic is Kleene's: unknown stays unknown
until the rest decides. Both sides of everything are always evaluated, so the trace is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from . import intervals
from .faults import Fault, LanguageError
from .syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Comparator,
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
from .types import IntegerType, Type
from .values import Bounds, Days, Value
from .walk import names


class Trace(msgspec.Struct, frozen=True, gc=False):
    """An expression with its value and the traces of its parts, in the order of ``children``.

    The trace of a name that stands for a definition has one child, the definition's own trace; the
    trace of a plain fact has none.
    """

    expression: Expression
    value: Value
    children: tuple[Trace, ...] = ()


class Environment(Protocol):
    """What an expression is evaluated over."""

    named: dict[str, Trace]
    """Memory of the evaluator: the trace of each name it has met, so that it is looked up once."""

    def value(self, name: str) -> Value:
        """The value of a fact or setting; None when it is unknown."""

    def trace(self, name: str) -> Trace | None:
        """The trace of a definition, evaluated once; None for a plain fact or setting."""

    def is_integer(self, name: str) -> bool:
        """Whether a plain fact or setting has the type Integer, so that 32 bit bound it."""


class Facts:
    """An environment over plain mappings.

    A name in neither mapping is unknown. Definitions are evaluated when first asked for, each once,
    however long the chain of definitions is. ``types`` tells Integers from Decimals; names without
    a type count as Decimals. Raises LanguageError when definitions form a circle.
    """

    def __init__(
        self,
        values: Mapping[str, Value],
        definitions: Mapping[str, Expression] | None = None,
        types: Mapping[str, Type] | None = None,
    ) -> None:
        self._values = values
        self._definitions = definitions or {}
        self._types = types or {}
        self._traces: dict[str, Trace] = {}
        self.named: dict[str, Trace] = {}

    def value(self, name: str) -> Value:
        found = self.trace(name)
        return self._values.get(name) if found is None else found.value

    def trace(self, name: str) -> Trace | None:
        found = self._traces.get(name)
        if found is None and name in self._definitions:
            for each in self._order(name):
                self._traces[each] = evaluate(self._definitions[each], self)
            found = self._traces[name]
        return found

    def is_integer(self, name: str) -> bool:
        return isinstance(self._types.get(name), IntegerType)

    def _order(self, name: str) -> list[str]:
        """``name`` and the definitions under it that have no trace yet, lowest first."""
        done: list[str] = []
        finished: set[str] = set()
        open_names: dict[str, None] = {}
        waiting = [name]
        while waiting:
            each = waiting[-1]
            if each in finished or each in self._traces:
                waiting.pop()
            elif each in open_names:
                waiting.pop()
                del open_names[each]
                finished.add(each)
                done.append(each)
            else:
                open_names[each] = None
                under = [n for n in names(self._definitions[each]) if n in self._definitions]
                circle = next((n for n in under if n in open_names), None)
                if circle is not None:
                    raise LanguageError((_circle([*open_names], circle),))
                waiting.extend(under)
        return done


def evaluate(expression: Expression, environment: Environment) -> Trace:
    """The value of a checked expression over an environment, and how it came about.

    Numbers are exact Decimals, rounded half-up to 8 digits after each operation; intervals keep
    both ends and are compared as a whole (``intervals.py``). Division by something that may be
    zero, and numbers out of range, are unknown. Raises TypeError when the environment gives a
    value whose type the expression was not checked for.
    """
    return _EVALUATE[type(expression)](expression, environment)


def facts_used(trace: Trace) -> tuple[str, ...]:
    """The distinct names of plain facts and settings a trace rests on, sorted."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [trace]
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here.expression, Name) and not here.children:
            found.add(here.expression.name)
        waiting.extend(here.children)
    return tuple(sorted(found))


def _constant(node: BooleanLiteral | StringLiteral, _: Environment) -> Trace:
    return Trace(node, node.value)


def _null(node: NullLiteral, _: Environment) -> Trace:
    return Trace(node, None)


def _number(node: IntegerLiteral | DecimalLiteral, _: Environment) -> Trace:
    number = Decimal(node.value)
    return Trace(node, Bounds(number, number))


def _quantity(node: QuantityLiteral, _: Environment) -> Trace:
    return Trace(node, Bounds(node.value, node.value, unit=node.unit))


def _date(node: DateLiteral, _: Environment) -> Trace:
    return Trace(node, Days(node.earliest, node.latest))


def _name(node: Name, environment: Environment) -> Trace:
    found = environment.named.get(node.name)
    if found is None:
        definition = environment.trace(node.name)
        if definition is not None:
            found = Trace(node, definition.value, (definition,))
        else:
            found = Trace(node, _known(environment.value(node.name)))
        environment.named[node.name] = found
    return found


def _known(value: Value) -> Value:
    """An interval without ends says nothing: it is unknown."""
    if type(value) is Bounds:
        return None if value.low is None and value.high is None else value
    if type(value) is Days:
        return None if value.earliest is None and value.latest is None else value
    return value


def _and(node: And, environment: Environment) -> Trace:
    parts = []
    value: bool | None = True
    for operand in node.operands:
        part = _EVALUATE[type(operand)](operand, environment)
        parts.append(part)
        truth = part.value
        if truth is False or (truth is None and value is True):
            value = truth
        elif truth is not None and truth is not True:
            raise _no_truth(truth)
    return Trace(node, value, tuple(parts))


def _or(node: Or, environment: Environment) -> Trace:
    parts = []
    value: bool | None = False
    for operand in node.operands:
        part = _EVALUATE[type(operand)](operand, environment)
        parts.append(part)
        truth = part.value
        if truth is True or (truth is None and value is False):
            value = truth
        elif truth is not None and truth is not False:
            raise _no_truth(truth)
    return Trace(node, value, tuple(parts))


def _not(node: Not, environment: Environment) -> Trace:
    part = _EVALUATE[type(node.operand)](node.operand, environment)
    truth = _truth(part)
    return Trace(node, None if truth is None else not truth, (part,))


def _implies(node: Implies, environment: Environment) -> Trace:
    left = _EVALUATE[type(node.left)](node.left, environment)
    right = _EVALUATE[type(node.right)](node.right, environment)
    premise, conclusion = _truth(left), _truth(right)
    value: bool | None = None
    if premise is False or conclusion is True:
        value = True
    elif premise is True and conclusion is False:
        value = False
    return Trace(node, value, (left, right))


def _compare(node: Compare, environment: Environment) -> Trace:
    left = _EVALUATE[type(node.left)](node.left, environment)
    right = _EVALUATE[type(node.right)](node.right, environment)
    return Trace(node, relation(node.operator, left.value, right.value), (left, right))


def relation(operator: Comparator, left: Value, right: Value) -> bool | None:
    """Kleene comparison of two values of one type."""
    if left is None or right is None:
        return None
    if isinstance(left, (Bounds, Days)) and isinstance(right, (Bounds, Days)):
        return intervals.compare(operator, left, right)
    if type(left) is not type(right) or operator not in ("=", "!="):
        raise TypeError(f"cannot compare {left!r} {operator} {right!r}")
    return (left == right) is (operator == "=")


def _between(node: Between, environment: Environment) -> Trace:
    value = _EVALUATE[type(node.value)](node.value, environment)
    low = _EVALUATE[type(node.low)](node.low, environment)
    high = _EVALUATE[type(node.high)](node.high, environment)
    above = relation(">=", value.value, low.value)
    below = relation("<=", value.value, high.value)
    return Trace(node, _conjunction(above, below), (value, low, high))


def _conjunction(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _in(node: In, environment: Environment) -> Trace:
    value = _EVALUATE[type(node.value)](node.value, environment)
    items = tuple([_EVALUATE[type(item)](item, environment) for item in node.items])
    matches = [relation("=", value.value, item.value) for item in items]
    found = True if True in matches else None if None in matches else False
    return Trace(node, found, (value, *items))


def _is_null(node: IsNull, environment: Environment) -> Trace:
    part = _EVALUATE[type(node.operand)](node.operand, environment)
    return Trace(node, (part.value is None) is not node.negated, (part,))


def _arithmetic(node: Arithmetic, environment: Environment) -> Trace:
    left = _EVALUATE[type(node.left)](node.left, environment)
    right = _EVALUATE[type(node.right)](node.right, environment)
    one, other = left.value, right.value
    if one is None or other is None:
        return Trace(node, None, (left, right))
    if not isinstance(one, Bounds) or not isinstance(other, Bounds):
        raise TypeError(f"cannot compute {one!r} {node.operator} {other!r}")

    def integers() -> bool:
        return _is_integer(node.left, environment) and _is_integer(node.right, environment)

    value = intervals.arithmetic(node.operator, one, other, integers=integers)
    return Trace(node, value, (left, right))


def _is_integer(expression: Expression, environment: Environment) -> bool:
    """Whether the type of an expression is Integer."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            definition = environment.trace(node.name)
            if definition is not None:
                waiting.append(definition.expression)
            elif not environment.is_integer(node.name):
                return False
        elif isinstance(node, Arithmetic) and node.operator != "/":
            waiting += (node.left, node.right)
        elif not isinstance(node, (IntegerLiteral, DurationBetween)):
            return False
    return True


def _duration(node: DurationBetween, environment: Environment) -> Trace:
    start = _EVALUATE[type(node.start)](node.start, environment)
    end = _EVALUATE[type(node.end)](node.end, environment)
    one, other = start.value, end.value
    if one is None or other is None:
        return Trace(node, None, (start, end))
    if not isinstance(one, Days) or not isinstance(other, Days):
        raise TypeError(f"cannot count {node.unit} between {one!r} and {other!r}")
    return Trace(node, intervals.duration(node.unit, one, other), (start, end))


def _at_least(node: AtLeast, environment: Environment) -> Trace:
    count = _EVALUATE[type(node.count)](node.count, environment)
    items = tuple([_EVALUATE[type(item)](item, environment) for item in node.items])
    certain = possible = 0
    for item in items:
        truth = _truth(item)
        certain += truth is True
        possible += truth is not False
    value: bool | None = None
    if count.value is not None:
        if not isinstance(count.value, Bounds):
            raise TypeError(f"{count.value!r} is no count")
        holds = intervals.compare("<=", count.value, Bounds(Decimal(certain), Decimal(certain)))
        fails = intervals.compare(">", count.value, Bounds(Decimal(possible), Decimal(possible)))
        value = True if holds else False if fails else None
    return Trace(node, value, (count, *items))


def _truth(part: Trace) -> bool | None:
    """The Boolean value of a part. Raises TypeError for a value of another type."""
    value = part.value
    if value is None or value is True or value is False:
        return value
    raise _no_truth(value)


def _no_truth(value: Value) -> TypeError:
    return TypeError(f"{value!r} is neither true nor false")


def _circle(open_names: list[str], again: str) -> Fault:
    path = " → ".join([*open_names[open_names.index(again) :], again])
    return Fault(
        code="circular-definition",
        message=f"definitions in a circle: {path}",
        allowed="definitions that rest on facts in the end",
        remedy="remove one of these references",
    )


_EVALUATE: Mapping[type[Any], Callable[[Any, Environment], Trace]] = {
    BooleanLiteral: _constant,
    NullLiteral: _null,
    IntegerLiteral: _number,
    DecimalLiteral: _number,
    StringLiteral: _constant,
    QuantityLiteral: _quantity,
    DateLiteral: _date,
    Name: _name,
    And: _and,
    Or: _or,
    Not: _not,
    Implies: _implies,
    Compare: _compare,
    Between: _between,
    In: _in,
    IsNull: _is_null,
    Arithmetic: _arithmetic,
    DurationBetween: _duration,
    AtLeast: _at_least,
}
