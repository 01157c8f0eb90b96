"""Every word the engine itself says, in both languages, from one catalogue: ``messages.toml``.

Whatever names a drug, a finding or a disease comes from the guideline and is passed in as a slot.
"""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

from myorx.guideline.texts import Text

Slot: TypeAlias = Text | str | int


@cache
def catalogue() -> dict[str, Text]:
    """All messages by key; ``{slots}`` are filled by ``say``."""
    # pkgutil, because importlib.resources is slow to import.
    source = pkgutil.get_data("myorx.plan", "messages.toml") or b""
    return {key: Text(**entry) for key, entry in tomllib.loads(source.decode()).items()}


def say(key: str, **slots: Slot) -> Text:
    """The message ``key`` with its slots filled, each language with its own side of a Text."""
    template = catalogue()[key]
    if not slots:
        return template
    zh: dict[str, str] = {}
    en: dict[str, str] = {}
    for name, slot in slots.items():
        if type(slot) is Text:
            zh[name], en[name] = slot.zh, slot.en
        else:
            zh[name] = en[name] = str(slot)
    return Text(zh=template.zh.format_map(zh), en=template.en.format_map(en))


def plain(text: str) -> Text:
    """A text that reads the same in both languages: a number with its unit, an identifier."""
    return Text(zh=text, en=text)


def route_name(route: str) -> Text:
    """A route of administration in words; one the catalogue does not know stands as written."""
    return catalogue().get(f"route_{route}") or plain(route)


def join(items: Iterable[Text], by: str = "list") -> Text:
    """The items side by side, with the separator that the message ``join_<by>`` holds."""
    separator = catalogue()[f"join_{by}"]
    listed = tuple(items)
    return Text(
        zh=separator.zh.join([item.zh for item in listed]),
        en=separator.en.join([item.en for item in listed]),
    )


def join_some(items: Iterable[Text], limit: int, by: str = "list") -> Text:
    """The first ``limit`` items; what is left out is counted, never dropped in silence."""
    listed = tuple(dict.fromkeys(items))
    if len(listed) <= limit:
        return join(listed, by)
    return say("and_more", items=join(listed[:limit], by), count=len(listed) - limit)


def join_first(items: Iterable[Text], limit: int, by: str = "list") -> Text:
    """The first ``limit`` items, with an ellipsis where there are more."""
    listed = tuple(dict.fromkeys(items))
    shown = join(listed[:limit], by)
    return shown if len(listed) <= limit else say("and_others", items=shown)


def sentence(text: Text) -> Text:
    """The text without its closing stop, so that it can stand inside another one."""
    return Text(zh=text.zh.rstrip("。.；; "), en=text.en.rstrip(".; "))


def capitalised(text: Text) -> Text:
    """The text with an English capital at its head."""
    return Text(zh=text.zh, en=text.en[:1].upper() + text.en[1:])
