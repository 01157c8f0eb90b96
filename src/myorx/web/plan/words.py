"""The words of the plan's pages, over those of the frame, the guideline's pages and the engine."""

from __future__ import annotations

from myorx.language.prose import Language
from myorx.plan.texts import catalogue as engine_words
from myorx.web.document.words import words as document_words
from myorx.web.frame.words import catalogue, side

WORDS = catalogue("myorx.web.plan")


def named(prefix: str, value: str, lang: Language) -> str:
    """A word of the plan's own vocabulary: a status, a verdict, a reason, a role.

    Our own catalogue first, then that of the guideline's pages and that of the engine. KeyError
    where none has it.
    """
    places = (
        (WORDS, f"{prefix}_{value}"),
        (document_words(), f"value_{value}"),
        (engine_words(), f"{prefix}_{value}"),
    )
    for words, key in places:
        if key in words:
            return side(words[key], lang)
    raise KeyError(f"{prefix}_{value}")
