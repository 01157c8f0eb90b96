"""A trace of the evaluator in words: one ``Step`` per node, down to facts and definitions.

A definition is a leaf here; its own steps stand once in the plan's findings, not under every rule
that uses it. Literals are left out: they stand in the text of the node above them.
"""

from __future__ import annotations

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
        words = self._wording.words(trace.expression)
        steps = () if type(trace.expression) is Name else self._parts(trace)
        return Step(words.text, words.says, shown(trace.value), words.facts, steps)

    def _parts(self, trace: Trace) -> tuple[Step, ...]:
        steps = []
        for part in trace.children:
            expression = part.expression
            if type(expression) is Name:
                steps.append(self._leaves.get(expression.name) or self._leaf(expression, part))
            elif type(expression) not in _LITERALS:
                words = self._wording.words(expression)
                value = shown(part.value)
                steps.append(Step(words.text, words.says, value, steps=self._parts(part)))
        return tuple(steps)

    def _leaf(self, name: Name, trace: Trace) -> Step:
        words = self._wording.words(name)
        found = self._leaves[name.name] = Step(words.text, words.says, shown(trace.value))
        return found
