"""Kleene's three values, as ``bool | None``, and their names in a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from myorx.plan.model import Truth

Kleene: TypeAlias = bool | None
"""True, False, or None for unknown."""


def all_of(values: Iterable[Kleene]) -> Kleene:
    """Kleene conjunction; true of nothing."""
    result: Kleene = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Kleene]) -> Kleene:
    """Kleene disjunction; false of nothing."""
    result: Kleene = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def truth(value: Kleene) -> Truth:
    """The name of a value in a plan."""
    return "unknown" if value is None else "true" if value else "false"


def kleene(name: Truth) -> Kleene:
    """The value behind its name; the inverse of ``truth``."""
    return None if name == "unknown" else name == "true"
