"""Questions that settle several facts at once: "pregnant, breast-feeding …: none of these".

Such a question is a coded fact from which others are inferred: one of its codes makes all of them
false, and for each of them another code makes it true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from myorx.guideline.models import Fact, Guideline
from myorx.language.syntax import BooleanLiteral, Compare, Name, StringLiteral


class Collective(NamedTuple):
    """A fact that is asked in place of others."""

    fact: str
    none: str
    """The code that makes all of its members false."""
    members: tuple[str, ...]


def collectives(guideline: Guideline) -> tuple[Collective, ...]:
    """Every fact of the guideline that stands for several others."""
    set_by: dict[tuple[str, str], dict[str, bool]] = {}
    for fact in guideline.facts.values():
        for source, code, value in _settings(fact):
            set_by.setdefault((source, code), {})[fact.id] = value
    found: list[Collective] = []
    for source, none in set_by:
        falsified = [name for name, value in set_by[source, none].items() if not value]
        made_true = {
            name
            for (other, _), settings in set_by.items()
            if other == source
            for name, value in settings.items()
            if value
        }
        members = tuple(name for name in falsified if name in made_true)
        if len(members) > 1 and not guideline.facts[source].derived:
            found.append(Collective(source, none, members))
    return tuple(found)


def _settings(fact: Fact) -> Iterator[tuple[str, str, bool]]:
    """``(source, code, value)`` for each inference "value, when source = code" of a Boolean."""
    for inference in fact.infer:
        if inference.when is None:
            continue
        match inference.when.expression, inference.value:
            case (
                Compare(operator="=", left=Name(name=source), right=StringLiteral(value=code)),
                BooleanLiteral(value=value),
            ):
                yield source, code, value
            case _:
                pass
