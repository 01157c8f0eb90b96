"""What is wrong with knowledge files: each problem with its place, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

ProblemSeverity: TypeAlias = OneOf["error", "warning"]

_SHOWN = 12
"""So many allowed names are listed before the list is cut."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """One problem in one place.

    ``file`` is relative to the guideline folder; ``line`` and ``column`` count from 1 (0: no
    place). ``path`` leads to the value inside the file: ``candidates[2].for[0].when``. ``code``
    is stable and kebab-case.
    """

    file: str
    line: int
    column: int
    path: str
    code: str
    message: str
    allowed: str = ""
    remedy: str = ""
    severity: ProblemSeverity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        lines = [f"{place}: {self.severity}: {self.message} [{self.code}]"]
        if self.path:
            lines.append(f"    at: {self.path}")
        if self.allowed:
            lines.append(f"    allowed: {self.allowed}")
        if self.remedy:
            lines.append(f"    do: {self.remedy}")
        return "\n".join(lines)


class GuidelineError(ValueError):
    """A guideline cannot be used; ``problems`` holds all that is wrong, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def listed(names: Collection[str]) -> str:
    """The allowed names as one line; a long list is cut and its length said."""
    shown = sorted(names)
    if len(shown) <= _SHOWN:
        return ", ".join(shown) or "(none)"
    return f"{', '.join(shown[:_SHOWN])}, … ({len(shown)} in all)"


def near(found: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant, or None."""
    matches = get_close_matches(found, list(names), n=1, cutoff=0.6)
    return matches[0] if matches else None


def instead(found: str, names: Collection[str], otherwise: str) -> str:
    """A remedy for an unknown name: the near miss, else ``otherwise``."""
    meant = near(found, names)
    return otherwise if meant is None else f"did you mean {meant}?"
