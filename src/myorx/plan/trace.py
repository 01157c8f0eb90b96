"""A trace of the evaluator in words: one ``Step`` per node, down to facts and definitions.

A definition is a leaf here; its own steps stand once in the plan's findings, not under every rule
that uses it. Literals are left out: they stand in the text of the node above them.
"""

from __future__ import annotations

import msgspec

from myorx.language import Trace
from myorx.language.syntax import (
    BooleanLiteral,
    DateLiteral,
    DecimalLiteral,
    IntegerLiteral,
    Name,
    NullLiteral,
    QuantityLiteral,
    StringLiteral,
)
from myorx.plan.model import Step
from myorx.plan.values import shown
from myorx.plan.wording import Wording

_LITERALS = frozenset(
    {
        BooleanLiteral,
        DateLiteral,
        DecimalLiteral,
        IntegerLiteral,
        NullLiteral,
        QuantityLiteral,
        StringLiteral,
    }
)


class Stepper:
    """Turns traces of one plan into steps; equal leaves are shared."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._leaves: dict[str, Step] = {}

    def step(self, trace: Trace) -> Step:
        """The steps of one trace; the facts under it stand at its root."""
        step = self._step(trace)
        return msgspec.structs.replace(step, facts=self._wording.words(trace.expression).facts)

    def _step(self, trace: Trace) -> Step:
        expression = trace.expression
        if type(expression) is Name:
            return self._leaf(expression, trace)
        words = self._wording.words(expression)
        return Step(
            text=words.text,
            says=words.says,
            value=shown(trace.value),
            steps=tuple(
                self._step(child)
                for child in trace.children
                if type(child.expression) not in _LITERALS
            ),
        )

    def _leaf(self, name: Name, trace: Trace) -> Step:
        found = self._leaves.get(name.name)
        if found is None:
            words = self._wording.words(name)
            found = self._leaves[name.name] = Step(
                text=words.text, says=words.says, value=shown(trace.value)
            )
        return found
