"""Which facts must become known before a value can."""

from __future__ import annotations

from collections.abc import Iterable

from .evaluate import Trace, relation
from .syntax import Between, Name
from .values import Bounds, Days, Value


def needs(trace: Trace) -> tuple[str, ...]:
    """The facts under an unknown and unmasked path, in the order of their first appearance.

    A path is masked where something else already decides: ``false and x`` does not need ``x``.
    Facts that are known only as an interval count where the interval leaves something open. Empty
    when the value is known; also when no fact can change it (``null``, division by zero).
    """
    found: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [trace]
    while waiting:
        here = waiting.pop()
        if id(here) in seen or is_settled(here.value):
            continue
        seen.add(id(here))
        if isinstance(here.expression, Name) and not here.children:
            found.setdefault(here.expression.name)
        waiting.extend(reversed(tuple(_open(here))))
    return tuple(found)


def is_settled(value: Value) -> bool:
    """Known and exact: nothing is left open."""
    if type(value) is Bounds or type(value) is Days:
        return value.exact is not None
    return value is not None


def _open(trace: Trace) -> Iterable[Trace]:
    """The parts of an unsettled trace that may still settle it."""
    parts = trace.children
    if isinstance(trace.expression, Between):
        value, low, high = parts
        below = relation(">=", value.value, low.value) is None
        above = relation("<=", value.value, high.value) is None
        parts = (value, *((low,) if below else ()), *((high,) if above else ()))
    # Every other operator passes unknown on, so exactly its unsettled parts matter; where something
    # else already decides, the value is settled and the path ended above.
    return (part for part in parts if not is_settled(part.value))
