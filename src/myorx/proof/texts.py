"""Every word of the proofs, in both languages, from one catalogue: ``messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from myorx.guideline.texts import Text


@cache
def catalogue() -> dict[str, Text]:
    """All messages by key; ``{slots}`` are filled by ``say``."""
    source = resources.files("myorx.proof").joinpath("messages.toml").read_text(encoding="utf-8")
    return {key: Text(**entry) for key, entry in tomllib.loads(source).items()}


def say(key: str, **slots: Text | str | int) -> Text:
    """The message ``key`` with its slots filled, each language with its own side of a Text."""
    template = catalogue()[key]
    zh: dict[str, str] = {}
    en: dict[str, str] = {}
    for name, slot in slots.items():
        zh[name] = slot.zh if isinstance(slot, Text) else str(slot)
        en[name] = slot.en if isinstance(slot, Text) else str(slot)
    return Text(zh=template.zh.format_map(zh), en=template.en.format_map(en))
