"""Bilingual text and the condition a rule stands on: the two things every model shares."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.language.syntax import Expression

Basis: TypeAlias = OneOf["quoted", "inferred"]
"""``quoted``: the source says it. ``inferred``: we chose it (a boundary, a lost branch)."""


class Text(msgspec.Struct, frozen=True):
    """One text in both languages; neither may be empty."""

    zh: str
    en: str


class Condition(msgspec.Struct, frozen=True):
    """A Boolean expression as the author wrote it, and its tree."""

    text: str
    expression: Expression
