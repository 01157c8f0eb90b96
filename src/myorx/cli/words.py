"""The words of the command's text output, in both languages; no clinical content."""

from __future__ import annotations

import pkgutil
import tomllib
from functools import cache
from typing import TypeAlias

from myorx.guideline.texts import Text

Language: TypeAlias = str
"""``zh`` or ``en``."""


def say(text: Text, lang: Language) -> str:
    """``text`` in ``lang``."""
    return text.zh if lang == "zh" else text.en


def word(key: str, lang: Language) -> str:
    """The output word ``key`` in ``lang``; KeyError for a key that is not in words.toml."""
    return _words()[key][lang]


@cache
def _words() -> dict[str, dict[str, str]]:
    # pkgutil, because importlib.resources is slow to import.
    source = pkgutil.get_data("myorx.cli", "words.toml") or b""
    return tomllib.loads(source.decode())
