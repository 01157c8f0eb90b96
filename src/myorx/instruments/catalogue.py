"""The pages of the instruments (``pages/*.toml``) and the words that they share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from myorx.instruments.describe import About, Words


class Page(msgspec.Struct, frozen=True):
    """One instrument as described, with the words that its results are said in."""

    about: About
    words: dict[str, Words]


@cache
def page(id_: str) -> Page:
    """The page of the instrument ``id_``.

    Its file may name choices once (``[[grades]]`` …) and refer to them (``choices = "grades"``),
    and take over the inputs of another file (``inputs_of = "core_set"``).
    """
    read = _toml(f"pages/{id_}.toml")
    shared = read.pop("inputs_of", None)
    inputs = [*([] if shared is None else _toml(f"pages/{shared}.toml")["inputs"])]
    inputs += read.pop("inputs", [])
    lists = {name: _choices(items) for name, items in read.pop("choices", {}).items()}
    about = {
        "id": id_,
        "inputs": [_filled(each, lists) for each in inputs],
        "outputs": [_filled(each, lists) for each in read.pop("outputs")],
        "words": {},
        **read,
    }
    words = about.pop("words")
    return Page(
        msgspec.convert(about, About, strict=False), msgspec.convert(words, dict[str, Words])
    )


def _choices(items: list[Any]) -> list[Any]:
    """Choices; a plain word is its own label in both languages."""
    return [
        {"id": item, "label": {"zh": item, "en": item}} if isinstance(item, str) else item
        for item in items
    ]


def _filled(entry: dict[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    choices = entry.get("choices", ())
    return {**entry, "choices": lists[choices] if isinstance(choices, str) else _choices(choices)}


@cache
def shared_words() -> Mapping[str, Words]:
    """The words of ``words.toml``."""
    return msgspec.convert(_toml("words.toml"), dict[str, Words])


def _toml(name: str) -> dict[str, Any]:
    text = files("myorx.instruments").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def said(words: Mapping[str, Words], key: str, **slots: str | Words) -> Words:
    """The words ``key`` with their slots filled."""
    found = words[key]
    return Words(
        found.zh.format(**{name: _in(each, "zh") for name, each in slots.items()}),
        found.en.format(**{name: _in(each, "en") for name, each in slots.items()}),
    )


def say(key: str, **slots: str | Words) -> Words:
    """Shared words with their slots filled."""
    return said(shared_words(), key, **slots)


def listed(items: list[Words]) -> Words:
    """Several names in a row."""
    return Words("；".join(each.zh for each in items), "; ".join(each.en for each in items))


def _in(value: str | Words, lang: str) -> str:
    return value if isinstance(value, str) else getattr(value, lang)
