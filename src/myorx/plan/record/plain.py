"""A note as plain text for pasting into any record: no markup, one line for each thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.texts import Text
from myorx.plan.record.blocks import Item, Note, Table
from myorx.plan.record.clean import clean, under

_NUMBERS = "一二三四五六七八九十"
_INDENT = "   "


def plain_text(note: Note, lang: str) -> str:
    """The whole note; ends with a line feed."""
    lines = [_side(note.title, lang)]
    lines += (_line(item, lang) for item in note.stamp)
    for number, section in enumerate(note.sections):
        mark = f"{_NUMBERS[number]}、" if lang == "zh" else f"{number + 1}. "
        lines += ["", mark + _side(section.heading, lang)]
        for block in section.blocks:
            lines += _table(block, lang) if isinstance(block, Table) else _item(block, lang, "")
    return "\n".join(lines) + "\n"


def _side(text: Text, lang: str) -> str:
    return clean(text.zh if lang == "zh" else text.en)


def _table(table: Table, lang: str) -> Iterator[str]:
    """Each row as a numbered line: the first cell, then the others."""
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    for number, row in enumerate(table.rows, start=1):
        first, *others = (_side(cell, lang) for cell in row)
        yield f"{number}) {first}{colon}{stop.join(cell for cell in others if cell)}"


def _item(item: Item, lang: str, indent: str) -> Iterator[str]:
    yield f"{indent}- {_line(item, lang)}"
    yield from _under(item.items, lang, indent + _INDENT)


def _under(items: Iterable[Item], lang: str, indent: str) -> Iterator[str]:
    for item in items:
        yield from _item(item, lang, indent)


def _line(item: Item, lang: str) -> str:
    head = _side(item.head, lang) if item.head is not None else ""
    text = _side(item.text, lang) if item.text is not None else ""
    cites = f" [{clean(', '.join(item.cites))}]" if item.cites else ""
    return under(head, text, lang) + cites
