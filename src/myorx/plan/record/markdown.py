"""A note as Markdown: headings, nested lists and tables; every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.texts import Text
from myorx.plan.record.blocks import Block, Item, Note, Table
from myorx.plan.record.clean import escape, under

_INDENT = "  "


def markdown(note: Note, lang: str) -> str:
    """The whole note; ends with a line feed."""
    lines = [f"# {_side(note.title, lang)}", ""]
    lines += _items(note.stamp, lang, "")
    for section in note.sections:
        lines += ["", f"## {_side(section.heading, lang)}", ""]
        lines += _blocks(section.blocks, lang)
    return "\n".join(lines).rstrip("\n") + "\n"


def _side(text: Text, lang: str) -> str:
    return escape(text.zh if lang == "zh" else text.en)


def _blocks(blocks: Iterable[Block], lang: str) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if before is not None and (isinstance(before, Table) or isinstance(block, Table)):
            yield ""
        if isinstance(block, Table):
            yield from _table(block, lang)
        else:
            yield from _items((block,), lang, "")
        before = block


def _table(table: Table, lang: str) -> Iterator[str]:
    yield _row(table.head, lang)
    yield "|" + " --- |" * len(table.head)
    for row in table.rows:
        yield _row(row, lang)


def _row(cells: Iterable[Text], lang: str) -> str:
    return "| " + " | ".join(_side(cell, lang) for cell in cells) + " |"


def _items(items: Iterable[Item], lang: str, indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_line(item, lang)}"
        yield from _items(item.items, lang, indent + _INDENT)


def _line(item: Item, lang: str) -> str:
    head = f"**{_side(item.head, lang)}**" if item.head is not None else ""
    text = _side(item.text, lang) if item.text is not None else ""
    cites = f" \\[{escape(', '.join(item.cites))}\\]" if item.cites else ""
    return under(head, text, lang) + cites
