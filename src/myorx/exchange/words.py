"""The words of the exchange reports, in both languages (words.toml); no clinical content."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

from myorx.facts.spelling import shown
from myorx.guideline.texts import Text


class Note(msgspec.Struct, frozen=True):
    """One remark: a stable code, and the sentence in both languages."""

    code: str
    says: Text


def note(code: str, /, **words: str | Text) -> Note:
    """The remark ``code`` of the catalogue, filled in. Raises KeyError for a code it lacks."""
    if not words:
        return _fixed(code)
    entry = _words()[code]
    # What comes from outside is cut to one short line.
    told = {name: each if isinstance(each, Text) else shown(each) for name, each in words.items()}
    return Note(code, Text(_filled(entry["zh"], "zh", told), _filled(entry["en"], "en", told)))


@cache
def _fixed(code: str) -> Note:
    """A remark without words of its own: always the same."""
    entry = _words()[code]
    return Note(code, Text(_filled(entry["zh"], "zh", {}), _filled(entry["en"], "en", {})))


def word(code: str, lang: str) -> str:
    """The text ``code`` as it stands. Raises KeyError for a code that the catalogue lacks."""
    return _words()[code][lang]


def _filled(template: str, lang: str, words: dict[str, str | Text]) -> str:
    """The template with its words, of texts the side that is wanted."""
    sides = {
        name: getattr(each, lang) if isinstance(each, Text) else each
        for name, each in words.items()
    }
    return template.format_map(sides)


@cache
def _words() -> dict[str, dict[str, str]]:
    source = resources.files("myorx.exchange").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)
