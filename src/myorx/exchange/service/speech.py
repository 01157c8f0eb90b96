"""``Accept-Language`` -> Chinese or English."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

Language: TypeAlias = OneOf["zh", "en"]

_LONGEST = 200
"""So much of the header is read."""


def spoken(header: str) -> Language:
    """The language of ours that ``header`` puts first; English where it names neither.

    >>> spoken("de, zh-CN;q=0.9, en;q=0.8")
    'zh'
    """
    best: tuple[float, Language] = (0.0, "en")
    for part in header[:_LONGEST].split(","):
        name, _, quality = part.strip().lower().partition(";")
        lang: Language | None = _OURS.get(name.strip().split("-")[0])
        if lang is not None and _weight(quality) > best[0]:
            best = (_weight(quality), lang)
    return best[1]


_OURS: dict[str, Language] = {"zh": "zh", "en": "en"}


def _weight(quality: str) -> float:
    """``q=0.8`` -> 0.8; nothing -> 1; what cannot be read -> 0, as if it were not there."""
    if not quality.strip():
        return 1.0
    name, _, figure = quality.strip().partition("=")
    whole, _, rest = figure.strip().partition(".")
    if name.strip() != "q" or not (whole in ("0", "1") and (rest == "" or rest.isdecimal())):
        return 0.0
    return min(1.0, float(f"{whole}.{rest or '0'}"))
