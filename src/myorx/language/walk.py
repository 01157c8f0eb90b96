"""Moving through a tree: the children of a node, in the order in which they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from .syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    Compare,
    DurationBetween,
    Expression,
    Implies,
    In,
    IsNull,
    Name,
    Not,
    Or,
)

Path: TypeAlias = tuple[int, ...]
"""Where a node stands: the index of the child to follow at each step from the root."""

Spans: TypeAlias = Mapping[Path, tuple[int, int]]
"""For the path of each node: the offset and length, in characters, of the text it came from."""

_CHILDREN: Mapping[type[Any], Callable[[Any], tuple[Expression, ...]]] = {
    And: lambda node: node.operands,
    Or: lambda node: node.operands,
    Not: lambda node: (node.operand,),
    Implies: lambda node: (node.left, node.right),
    Compare: lambda node: (node.left, node.right),
    Between: lambda node: (node.value, node.low, node.high),
    In: lambda node: (node.value, *node.items),
    IsNull: lambda node: (node.operand,),
    Arithmetic: lambda node: (node.left, node.right),
    DurationBetween: lambda node: (node.start, node.end),
    AtLeast: lambda node: (node.count, *node.items),
}

_REBUILD: Mapping[type[Any], Callable[[Any, tuple[Expression, ...]], Expression]] = {
    And: lambda _, parts: And(parts),
    Or: lambda _, parts: Or(parts),
    Not: lambda _, parts: Not(parts[0]),
    Implies: lambda _, parts: Implies(*parts),
    Compare: lambda node, parts: Compare(node.operator, *parts),
    Between: lambda _, parts: Between(*parts),
    In: lambda _, parts: In(parts[0], parts[1:]),
    IsNull: lambda node, parts: IsNull(parts[0], node.negated),
    Arithmetic: lambda node, parts: Arithmetic(node.operator, *parts),
    DurationBetween: lambda node, parts: DurationBetween(node.unit, *parts),
    AtLeast: lambda _, parts: AtLeast(parts[0], parts[1:]),
}


def children(node: Expression) -> tuple[Expression, ...]:
    """The direct sub-expressions of a node, left to right; empty for literals and names."""
    read = _CHILDREN.get(type(node))
    return () if read is None else read(node)


def with_children(node: Expression, parts: tuple[Expression, ...]) -> Expression:
    """The same node over other sub-expressions, given in the order of ``children``."""
    rebuild = _REBUILD.get(type(node))
    return node if rebuild is None else rebuild(node, parts)


def rewrite(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Apply ``change`` to every node, children before parents."""
    parts = tuple(rewrite(part, change) for part in children(expression))
    return change(with_children(expression, parts) if parts else expression)


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node of the tree, parents before children, left to right."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def names(expression: Expression) -> tuple[str, ...]:
    """The distinct names an expression mentions, in the order of their first appearance."""
    found = (node.name for node in walk(expression) if isinstance(node, Name))
    return tuple(dict.fromkeys(found))
