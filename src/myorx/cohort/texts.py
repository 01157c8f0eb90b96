"""Every word of the cohort's texts, in both languages, from one catalogue: ``messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from myorx.guideline.texts import Text


class TableError(ValueError):
    """A table or its mapping cannot be used; ``faults`` holds all that is wrong."""

    def __init__(self, *faults: Text) -> None:
        self.faults = faults
        super().__init__("\n".join(fault.en for fault in faults))

    def __reduce__(self) -> tuple[type[TableError], tuple[Text, ...]]:
        """As it comes from another process."""
        return TableError, self.faults


class RowError(LookupError):
    """A table has no such row, or several; ``says`` tells which."""

    def __init__(self, says: Text) -> None:
        self.says = says
        super().__init__(says.en)


class WorkerError(RuntimeError):
    """A process that worked on a table was ended from outside."""


class MissingExtraError(ImportError):
    """The libraries that read and write tables are not installed."""


@cache
def catalogue() -> dict[str, Text]:
    """All messages by key."""
    source = resources.files("myorx.cohort").joinpath("messages.toml").read_text(encoding="utf-8")
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
