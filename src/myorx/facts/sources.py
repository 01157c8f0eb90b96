"""What a computed fact rests on: the facts one can give, and the therapy history."""

from __future__ import annotations

from myorx.guideline.models import Guideline
from myorx.language.syntax import Expression
from myorx.language.walk import names

THERAPIES = "therapies"
"""Stands for the therapy history among the sources."""


def sources(guideline: Guideline, fact: str) -> tuple[str, ...]:
    """The facts that can be given (and ``therapies``) that ``fact`` is computed from, in order.

    A fact that can be given itself is its own source.
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [fact]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for under in _direct(guideline, name, found):
            waiting.append(under)
    return tuple(found)


def _direct(guideline: Guideline, name: str, found: dict[str, None]) -> list[str]:
    """What ``name`` rests on directly; what can be given is put into ``found``."""
    definition = guideline.definitions.get(name)
    if definition is not None:
        return list(reversed(names(definition.expression.expression)))
    fact = guideline.facts.get(name)
    if fact is None:
        return []
    if fact.derive is not None:
        found.setdefault(THERAPIES)
    if not fact.derived:
        found.setdefault(name)
        return []
    under: list[str] = []
    for expression in fact.instrument.inputs.values() if fact.instrument is not None else ():
        under.extend(names(expression))
    for inference in fact.infer:
        expressions: list[Expression] = [inference.value]
        if inference.when is not None:
            expressions.insert(0, inference.when.expression)
        for expression in expressions:
            under.extend(names(expression))
    return list(reversed(dict.fromkeys(under)))


__all__ = ["THERAPIES", "sources"]
