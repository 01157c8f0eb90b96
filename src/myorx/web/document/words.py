"""The words of the pages themselves, in both languages; no clinical content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.web.frame.words import LANGUAGES, catalogue, read_words, side

__all__ = ["LANGUAGES", "glossary", "side", "value_word", "word", "words"]

_PACKAGE = "myorx.web.document"


def word(key: str, lang: Language) -> str:
    """The word ``key`` in ``lang``; KeyError for a key that is not in words.toml."""
    return side(words()[key], lang)


def value_word(value: str, lang: Language) -> str:
    """A word of the guideline's own vocabulary (a status, a role); as it stands if unknown."""
    found = words().get(f"value_{value}")
    return value if found is None else side(found, lang)


def words() -> Mapping[str, Text]:
    """All words by key."""
    return catalogue(_PACKAGE)


@cache
def glossary() -> dict[str, Text]:
    """What the words of the guideline mean: key ``<word>`` names it, ``<word>_means`` explains."""
    return read_words(_PACKAGE, "glossary.toml")
