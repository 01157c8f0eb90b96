"""The inputs of an instrument in rows: what is asked twice stands in one, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from myorx.instruments.describe import Input, Words

_PAIRS: Final = (("_before", "_after"), ("_right", "_left"))
"""How the ids of two inputs end that ask the same thing twice."""


class Row(NamedTuple):
    """One thing to ask: ``inputs`` once, or twice under the two headings of its table."""

    label: Words
    inputs: tuple[Input, ...]


class Layout(NamedTuple):
    """The rows of a form. ``heads`` are the two headings of its table; without them the rows are
    single fields."""

    heads: tuple[Words, ...]
    rows: tuple[Row, ...]


def layout(inputs: Iterable[Input]) -> Layout:
    """All inputs in their order; where some are pairs, every row stands in one table."""
    known = {each.id: each for each in inputs}
    heads: tuple[Words, ...] = ()
    rows: list[Row] = []
    seen: set[str] = set()
    for each in known.values():
        if each.id not in seen:
            found, row = _row(each, known)
            heads = heads or found
            rows.append(row)
            seen.update(one.id for one in row.inputs)
    return Layout(heads, tuple(rows))


def _row(first: Input, known: dict[str, Input]) -> tuple[tuple[Words, ...], Row]:
    """The row that begins with ``first``, and the headings under which it stands."""
    second = _second(first, known)
    if second is None:
        return (), Row(first.label, (first,))
    heads = (_tail(first.label), _tail(second.label))
    return heads, Row(_head(first.label), (first, second))


def _second(first: Input, known: dict[str, Input]) -> Input | None:
    """The input that asks the same as ``first`` a second time."""
    for before, after in _PAIRS:
        if first.id.endswith(before):
            return known.get(first.id.removesuffix(before) + after)
    return None


def _head(label: Words) -> Words:
    """``deltoid, right`` -> ``deltoid``."""
    return Words(label.zh.rpartition("，")[0], label.en.rpartition(", ")[0])


def _tail(label: Words) -> Words:
    """``deltoid, right`` -> ``right``."""
    return Words(label.zh.rpartition("，")[2], label.en.rpartition(", ")[2])
