"""The words of the service, in both languages (words.toml); no clinical content."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from myorx.exchange.service.speech import Language
from myorx.facts.spelling import shown
from myorx.guideline.texts import Text


def word(key: str, lang: Language, /, **words: str) -> str:
    """The text ``key``, filled in; what comes from outside is cut to one short line. Raises
    KeyError for a key that the catalogue lacks."""
    return _words()[key][lang].format_map({name: shown(each) for name, each in words.items()})


def plain(key: str, lang: Language, /, **words: str) -> str:
    """Likewise, where all that is filled in are our own texts."""
    return _words()[key][lang].format_map(words)


def keys(prefix: str) -> tuple[str, ...]:
    """The keys that begin so, in the order of the catalogue."""
    return tuple(key for key in _words() if key.startswith(prefix))


def side(text: Text, lang: Language) -> str:
    """``text`` in ``lang``."""
    return text.zh if lang == "zh" else text.en


@cache
def _words() -> dict[str, dict[str, str]]:
    source = resources.files("myorx.exchange.service").joinpath("words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
