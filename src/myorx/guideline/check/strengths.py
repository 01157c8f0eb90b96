"""Strengths are the source's own verbs, word for word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import msgspec

from myorx.guideline import models
from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem


def check(context: Context) -> Iterator[Problem]:
    """A quoted strength stands in a statement that the rule cites. (Whether it is a known verb is
    checked with the other names.)"""
    models_: tuple[type[msgspec.Struct], ...] = (models.Argument, models.Advice)
    statements = context.guideline.statements
    for model in models_:
        for place, rule in context.all(model):
            strength: str | None = getattr(rule, "strength", None)
            if strength is None or getattr(rule, "basis", "") != "quoted":
                continue
            cited = [statements[id_] for id_ in getattr(rule, "cites", ()) if id_ in statements]
            said = [_plain(f"{found.strength or ''}\n{found.quote}") for found in cited]
            if cited and not any(_plain(strength) in words for words in said):
                yield context.problem(
                    "strength-not-cited",
                    place.key("strength"),
                    f"{strength} stands in none of the statements that are cited",
                    allowed=", ".join(found.strength for found in cited if found.strength)
                    or "the verb of a cited statement",
                    remedy="use the source's verb, or cite the statement that has it",
                    severity="warning",
                )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
