"""The words of the pages themselves, in both languages; no clinical content."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from myorx.guideline.texts import Text
from myorx.language.prose import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def side(text: Text, lang: Language) -> str:
    """``text`` in ``lang``."""
    return text.zh if lang == "zh" else text.en


def word(key: str, lang: Language) -> str:
    """The word ``key`` in ``lang``; KeyError for a key that is not in words.toml."""
    return side(words()[key], lang)


def value_word(value: str, lang: Language) -> str:
    """A word of the guideline's own vocabulary (a status, a role); as it stands if unknown."""
    found = words().get(f"value_{value}")
    return value if found is None else side(found, lang)


@cache
def words() -> dict[str, Text]:
    """All words by key."""
    return _read("words.toml")


@cache
def glossary() -> dict[str, Text]:
    """What the words of the guideline mean: key ``<word>`` names it, ``<word>_means`` explains."""
    return _read("glossary.toml")


def _read(name: str) -> dict[str, Text]:
    source = resources.files("myorx.web.document").joinpath(name).read_text(encoding="utf-8")
    return {key: Text(**entry) for key, entry in tomllib.loads(source).items()}
