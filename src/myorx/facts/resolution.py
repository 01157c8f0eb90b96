"""How each fact is worked out, as data: for engines that work out many patients, or all, at once.

``resolve`` works a fact out when it is asked for, what it rests on before it. ``check`` refuses a
guideline whose facts and definitions rest on each other in a circle, so one order serves every
patient: each fact after everything its inferences, its derivation and the definitions in them
mention. Worked out in that order, the value of a fact is the first of these that is known:

1. what was given: unless it is refused, unknown for a reason, or stale, that is its day (the
   earliest one it may be of) lies more than ``stale_after`` days before the case's date
2. what ``derivation`` gives, where anything at all was said of therapies
3. what ``instrument`` computes from other facts (``facts.instrument.computed``: exact inputs only)
4. of each inference in turn whose ``when`` is known true: its value in the fact's own unit (an
   interval without ends is no value)
5. false, where ``absent_no`` and the case does not mention the fact, not even as unknown

An import also lets each contradiction that is known true make the facts given under it unknown, all
of them at once, and works everything out again until none is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from myorx.facts.names import index
from myorx.guideline.check.graph import dependencies
from myorx.guideline.models import Derivation, Fact, Guideline, Inference, InstrumentUse
from myorx.language.syntax import Expression
from myorx.language.values import Bounds
from myorx.language.walk import names


class Resolution(NamedTuple):
    """Where one fact comes from; see the module for how the sources combine."""

    fact: Fact
    given: bool
    """Whether a case may give it."""
    stale_after: Decimal | None
    """Days; None: never stale."""
    derivation: Derivation | None
    instrument: InstrumentUse | None
    inferences: tuple[Inference, ...]
    absent_no: bool
    rests_on: tuple[str, ...]
    """The facts, definitions and settings it mentions itself, and the weight where doses count."""


class Exclusion(NamedTuple):
    """A contradiction, and the facts that an import makes unknown where it is known true and they
    were given with a value."""

    id: str
    when: Expression
    facts: tuple[str, ...]


def resolutions(guideline: Guideline) -> tuple[Resolution, ...]:
    """Every fact, each after all that it rests on. ``guideline`` must have passed the check."""
    depends = dependencies(guideline)
    settings = index(guideline).settings

    def made(fact: Fact) -> Resolution:
        limit = settings.get(fact.max_age or "")
        return Resolution(
            fact=fact,
            given=not fact.derived,
            stale_after=limit.exact if isinstance(limit, Bounds) else None,
            derivation=fact.derive,
            instrument=fact.instrument,
            inferences=fact.infer,
            absent_no=fact.absent == "no" and fact.type == "boolean",
            rests_on=depends[fact.id],
        )

    return tuple(made(guideline.facts[name]) for name in order(depends) if name in guideline.facts)


def exclusions(guideline: Guideline) -> tuple[Exclusion, ...]:
    """The contradictions, with the facts under them (through definitions, not inferences)."""
    return tuple(
        Exclusion(each.id, each.when.expression, _facts_in(each.when.expression, guideline))
        for each in guideline.contradictions.values()
    )


def order(depends: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys, each after those it depends on; else as they come. Raises ValueError for a circle.

    Iterative: a chain may be long.
    """
    done: dict[str, None] = {}
    for start in depends:
        waiting, open_names = [start], dict[str, None]()
        while waiting:
            name = waiting[-1]
            under = [each for each in depends[name] if each in depends and each not in done]
            if name in done or not under:
                done.setdefault(name)
                open_names.pop(name, None)
                waiting.pop()
            else:
                open_names[name] = None
                circle = [each for each in under if each in open_names]
                if circle:
                    raise ValueError(f"{circle[0]} rests on itself")
                waiting.extend(reversed(under))
    return tuple(done)


def _facts_in(expression: Expression, guideline: Guideline) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [expression]
    while waiting:
        for name in names(waiting.pop()):
            definition = guideline.definitions.get(name)
            if name in guideline.facts:
                found[name] = None
            elif definition is not None and name not in seen:
                seen.add(name)
                waiting.append(definition.expression.expression)
    return tuple(sorted(found))
