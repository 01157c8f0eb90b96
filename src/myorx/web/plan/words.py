"""The words of the plan's pages, in both languages; no clinical content."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.plan.texts import catalogue
from myorx.web.document.words import side
from myorx.web.document.words import words as document_words


def word(key: str, lang: Language) -> str:
    """The word ``key`` in ``lang``; KeyError for a key that is not in words.toml."""
    return side(_words()[key], lang)


def named(prefix: str, value: str, lang: Language) -> str:
    """A word of the plan's own vocabulary: a status, a verdict, a reason, a role.

    Our own catalogue first, then that of the guideline's pages and that of the engine.
    """
    places = (
        (_words(), f"{prefix}_{value}"),
        (document_words(), f"value_{value}"),
        (catalogue(), f"{prefix}_{value}"),
    )
    for words, key in places:
        if key in words:
            return side(words[key], lang)
    raise KeyError(f"{prefix}_{value}")


@cache
def _words() -> dict[str, Text]:
    source = resources.files("myorx.web.plan").joinpath("words.toml").read_text(encoding="utf-8")
    return {key: Text(**entry) for key, entry in tomllib.loads(source).items()}
