"""Catalogues of words: a ``words.toml`` beside a package of pages, over the words of the frame."""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from myorx.guideline.texts import Text
from myorx.language.prose import Language

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_FRAME: Final = "myorx.web.frame"


def side(text: Text, lang: Language) -> str:
    """``text`` in ``lang``."""
    return text.zh if lang == "zh" else text.en


def other(lang: Language) -> Language:
    """The language that a page can be switched to."""
    return "en" if lang == "zh" else "zh"


@cache
def catalogue(package: str, name: str = "words.toml") -> Mapping[str, Text]:
    """The words of ``package`` (``myorx.web.case``) by key, over those that all pages share."""
    shared = {} if package == _FRAME else catalogue(_FRAME)
    return {**shared, **read_words(package, name)}


def read_words(package: str, name: str) -> dict[str, Text]:
    """The words of one file: ``key = { zh = "…", en = "…" }``."""
    source = pkgutil.get_data(package, name) or b""
    return {key: Text(**entry) for key, entry in tomllib.loads(source.decode()).items()}
