"""The sentences of the source, so that each can be asked which statement accounts for it.

Counted as sentences: the running text, the notes of figures, rows of tables. A sentence ends at
。 ; ! ? (of any width) or at a heading, never at the end of a line or page. Not counted, by these
rules and no others:

- everything up to the last line that opens like an abstract or its key words (``_TITLE``);
- the list of references and what follows it;
- headings: a line of its own with a section number, blanks, and a few words without a mark;
- single lines of apparatus (received, funding, authors, correspondence …: ``_APPARATUS``), also
  where a page break put them into the middle of a sentence, which then goes on after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from myorx.guideline.check.anchors import body_of, normal

_TITLE = re.compile(r"(?:摘\s*要|关键词|中图分类号|Abstract|Key\s*words)\s*[::]", re.IGNORECASE)
"""Opens a line that stands before the running text."""
_APPARATUS = re.compile(
    r"(?:收稿日期|修订日期|基金项目|作者单位|通信作者|利益冲突声明|作者贡献声明"
    r"|Received|Funding|Correspondence|Conflicts? of interest)\s*[::]",
    re.IGNORECASE,
)
"""Opens a line that says something about the article, not in it."""
_HEADING = re.compile(r"(\d+(?:\.\d+)*)\s+(\S[^。;;!!??::,,]{0,38})")
_ROW = re.compile(r"\|.*\|")
_RULE = re.compile(r"\|[\s:|-]+\|")
"""The line under the head of a table."""
_END = re.compile(r"[。;!?]")
"""Where a sentence ends, in normalised text."""

# Characters for private use, which no normalisation touches, keep the kinds of lines apart.
_SKIP, _STOP, _TEXT = "\ue000", "\ue001", "\ue002"
_MARKS = _SKIP + _STOP + _TEXT


class Sentence(NamedTuple):
    """One sentence. ``ranges``: from where to where it stands in the normalised source; two where
    a page break cuts it. ``section`` is the number of the heading above it, ``""`` before any."""

    section: str
    text: str
    ranges: tuple[tuple[int, int], ...]

    def holds(self, start: int, end: int) -> bool:
        """Whether any of the characters from ``start`` to ``end`` stand in it."""
        return any(start < last and first < end for first, last in self.ranges)


def sentences(source: str) -> tuple[Sentence, ...]:
    """Every sentence of the source (its text as it is, not yet normalised), in its order."""
    return tuple(_cut(_marked(source)))


def _marked(source: str) -> str:
    """The normalised body, each of its lines after a mark that says what kind of line it is."""
    lines = [line.strip() for line in body_of(source).splitlines()]
    titles = [index for index, line in enumerate(lines) if _TITLE.match(line)]
    first = titles[-1] + 1 if titles else 0
    marked = [_SKIP + line for line in lines[:first]]
    for before, line, after in _neighbours(lines, first):
        heading = None if before or after else _HEADING.fullmatch(line)
        marked.append(_marked_line(line, heading))
    return normal("\n".join(marked))


def _neighbours(lines: list[str], first: int) -> Iterator[tuple[str, str, str]]:
    """Each line from ``first`` on, between the one before and the one after it."""
    framed = ["", *lines, ""]
    yield from islice(zip(framed, lines, framed[2:], strict=False), first, None)


def _marked_line(line: str, heading: re.Match[str] | None) -> str:
    if heading is not None:
        return f"{_STOP}{heading[1]}{_SKIP}{heading[2]}"
    if _APPARATUS.match(line):
        return _SKIP + line
    if _RULE.fullmatch(line):
        return _STOP + _SKIP + line
    return _STOP + _TEXT + line + _STOP if _ROW.fullmatch(line) else _TEXT + line


def _cut(marked: str) -> Iterator[Sentence]:
    at, section = 0, ""
    parts: list[tuple[int, str]] = []
    for mark, line in re.findall(f"([{_MARKS}])([^{_MARKS}]*)", marked):
        if mark == _STOP:
            yield from _sentence(section, parts)
            parts, section = [], line or section
        elif mark == _TEXT:
            start = 0
            for end in _END.finditer(line):
                yield from _sentence(section, [*parts, (at + start, line[start : end.end()])])
                parts, start = [], end.end()
            parts.append((at + start, line[start:]))
        at += len(line)
    yield from _sentence(section, parts)


def _sentence(section: str, parts: list[tuple[int, str]]) -> Iterator[Sentence]:
    text = "".join(text for _, text in parts)
    if any(character.isalnum() for character in text):
        ranges = tuple((at, at + len(text)) for at, text in parts if text)
        yield Sentence(section, text, ranges)
