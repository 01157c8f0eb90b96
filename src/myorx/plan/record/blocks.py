"""What a note is made of, before anybody decides how it is set: sections, items, tables.

Every text stands in both languages. Nothing here is markup: whatever a text holds, it is only text.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from myorx.guideline.texts import Text


class Item(NamedTuple):
    """One line of a list. ``head`` is what it is about, ``text`` what is said of it."""

    text: Text | None = None
    head: Text | None = None
    cites: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


class Table(NamedTuple):
    """Rows under column heads; all rows are as long as ``head``."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block: TypeAlias = Item | Table


class Section(NamedTuple):
    """A heading and what stands under it."""

    heading: Text
    blocks: tuple[Block, ...]


class Note(NamedTuple):
    """A whole note. ``stamp`` says what it was made from and for whom it is."""

    title: Text
    stamp: tuple[Item, ...]
    sections: tuple[Section, ...]
