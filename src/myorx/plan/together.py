"""Facts that matter only together: for one condition, what must hold for all to push the same way.

With one of five risk factors known nothing follows from any single other one alone, yet several at
once decide. So everything that would speak for a condition is supposed at once, and then
everything that would speak against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from myorx.guideline.models import Guideline
from myorx.language.syntax import (
    And,
    AtLeast,
    BooleanLiteral,
    Expression,
    Implies,
    Name,
    Not,
    Or,
)

Push: TypeAlias = tuple[Expression, bool]
"""A comparison or a fact, and the value of it that pushes."""


def pushes(guideline: Guideline, expression: Expression, wanted: bool) -> tuple[Push, ...]:
    """What pushes ``expression`` towards ``wanted``, through definitions and derived facts."""
    return tuple(dict.fromkeys(_push(guideline, expression, wanted, frozenset())))


def _push(
    guideline: Guideline, expression: Expression, wanted: bool, above: frozenset[str]
) -> Iterator[Push]:
    match expression:
        case And(operands=parts) | Or(operands=parts) | AtLeast(items=parts):
            for part in parts:
                yield from _push(guideline, part, wanted, above)
        case Not(operand=part):
            yield from _push(guideline, part, not wanted, above)
        case Implies(left=left, right=right):
            yield from _push(guideline, left, not wanted, above)
            yield from _push(guideline, right, wanted, above)
        case Name(name=name) if name in guideline.definitions and name not in above:
            under = guideline.definitions[name].expression.expression
            yield from _push(guideline, under, wanted, above | {name})
        case _:
            yield expression, wanted
            if isinstance(expression, Name) and expression.name not in above:
                yield from _inferred(guideline, expression.name, wanted, above)


def _inferred(
    guideline: Guideline, name: str, wanted: bool, above: frozenset[str]
) -> Iterator[Push]:
    """What pushes the inferences of a fact that is never given itself."""
    fact = guideline.facts.get(name)
    if fact is None or not fact.derived:
        return
    for inference in fact.infer:
        if isinstance(inference.value, BooleanLiteral):
            if inference.when is not None:
                holds = inference.value.value == wanted
                when = inference.when.expression
                yield from _push(guideline, when, holds, above | {name})
        else:
            yield from _push(guideline, inference.value, wanted, above | {name})
