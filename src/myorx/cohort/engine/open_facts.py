"""Which fact leaves a condition open, for all patients: the planes of ``language.needs``.

A condition that is unknown is open through each of its parts that is not settled, down to the
facts. A number or date known as an interval counts where the interval leaves something open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from myorx.language.columns import Builder, Constant, Meaning, PlaneId, Text, Truth
from myorx.language.columns.meanings import UNKNOWN, compare
from myorx.language.syntax import Between, Compare, Expression, Name
from myorx.language.walk import children

Open = Mapping[str, PlaneId]
"""For each fact: where it leaves something open."""


class OpenFacts:
    """The open facts of any expression over one builder, whose facts are all defined."""

    def __init__(
        self, builder: Builder, definitions: Mapping[str, Expression], facts: Iterable[str]
    ) -> None:
        self._builder = builder
        self._definitions = definitions
        self._facts = frozenset(facts)
        self._found: dict[Expression, Open] = {}

    def of(self, expression: Expression) -> Open:
        """Where each fact leaves an expression open; nowhere, where it is settled."""
        found = self._found.get(expression)
        if found is None:
            found = self._found[expression] = self._work_out(expression)
        return found

    def _work_out(self, expression: Expression) -> Open:
        graph = self._builder.graph
        if isinstance(expression, Name):
            if expression.name in self._definitions:
                return self.of(self._definitions[expression.name])
            if expression.name in self._facts:
                return {expression.name: self._unsettled(self._builder.meaning(expression))}
            return {}
        unsettled = self._unsettled(self._builder.meaning(expression))
        if unsettled == graph.nowhere:
            return {}
        parts: dict[str, list[PlaneId]] = {}
        for part, when in self._parts(expression):
            for fact, plane in self.of(part).items():
                parts.setdefault(fact, []).append(graph.all_of((plane, when)))
        return {
            fact: graph.all_of((unsettled, graph.any_of(planes))) for fact, planes in parts.items()
        }

    def _parts(self, expression: Expression) -> Iterable[tuple[Expression, PlaneId]]:
        """The parts that may settle it, each with where."""
        graph = self._builder.graph
        if not isinstance(expression, Between):
            return [(part, graph.everywhere) for part in children(expression)]
        value, low, high = expression.value, expression.low, expression.high
        above = self._unsettled(self._builder.truth(Compare(">=", value, low)))
        below = self._unsettled(self._builder.truth(Compare("<=", value, high)))
        return [(value, graph.everywhere), (low, above), (high, below)]

    def _unsettled(self, meaning: Meaning) -> PlaneId:
        """Where something is unknown, or known only as an interval."""
        graph = self._builder.graph
        if isinstance(meaning, Constant):
            return graph.everywhere if meaning == UNKNOWN else graph.nowhere
        if isinstance(meaning, (Truth, Text)):
            return graph.negate(self._builder.known(meaning))
        # An interval may, or may not, equal itself; a single value does.
        return graph.negate(compare(graph, "=", meaning, meaning).true)
