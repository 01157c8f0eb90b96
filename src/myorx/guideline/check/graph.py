"""Which facts, definitions and settings an expression stands on, directly and through others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from myorx.guideline.models import Fact, Guideline
from myorx.language.syntax import Expression
from myorx.language.walk import names as names_in


def dependencies(guideline: Guideline) -> Mapping[str, tuple[str, ...]]:
    """For each fact and definition: the names its own expressions mention."""
    found = {
        definition.id: names_in(definition.expression.expression)
        for definition in guideline.definitions.values()
    }
    for fact in guideline.facts.values():
        found[fact.id] = tuple(dict.fromkeys(_of_fact(fact, guideline.manifest.scales.weight)))
    return found


def _of_fact(fact: Fact, weight: str) -> Iterator[str]:
    expressions: list[Expression] = []
    for inference in fact.infer:
        expressions.append(inference.value)
        if inference.when is not None:
            expressions.append(inference.when.expression)
    if fact.derive is not None:
        full = fact.derive.at_least
        if full is not None:
            expressions += (full.per_kg, full.cap, full.tolerance)
        if fact.derive.min_days is not None:
            expressions.append(fact.derive.min_days)
        if fact.derive.weighs:
            yield weight
    if fact.instrument is not None:
        expressions += fact.instrument.inputs.values()
    for expression in expressions:
        yield from names_in(expression)


def chains(
    starts: Iterable[str], depends: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Every name reachable from ``starts``, with the shortest chain of names that leads to it."""
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in starts}
    waiting = list(found)
    for name in waiting:
        for other in depends.get(name, ()):
            if other not in found:
                found[other] = (*found[name], other)
                waiting.append(other)
    return found


def cycles(depends: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Every group of names that depend on each other, in the order in which they do; a name that
    depends on itself is a group of one. Iterative: a chain may be long."""
    reach = {
        name: chains((other for other in depends.get(name, ()) if other in depends), depends)
        for name in depends
    }
    seen: set[str] = set()
    for name in depends:
        if name in reach[name] and name not in seen:
            loop = reach[name][name]
            seen.update(loop)
            seen.update(other for other in reach[name] if name in reach.get(other, ()))
            yield loop
