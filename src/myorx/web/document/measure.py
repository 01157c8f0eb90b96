"""How wide a text will be, without knowing the font: careful widths by kind of character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_NARROW = frozenset("iIjlftr.,;:'|!()[]{}/\\- ")
_BROAD = frozenset("mwMW@%≥≤≠")
_NEVER_FIRST = frozenset("，。；：！？、）】》」』”’％…,.;:!?)]}%·")
_NEVER_LAST = frozenset("（【《「『“‘([{")


def width(text: str) -> float:
    """Width of a line in em. On the wide side: a real font should need no more."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    # "A" are marks like curly quotes, which a Chinese typeface sets as wide as a character.
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in _BROAD:
        return 1.0
    if character in _NARROW:
        return 0.42
    if character.isupper():
        return 0.74
    return 0.64


def wrap(text: str, room: float) -> tuple[str, ...]:
    """``text`` in lines of at most ``room`` em.

    Breaks at spaces and between wide characters, never before a closing or after an opening mark;
    a word that is longer than a line is cut.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if width(line + piece.rstrip()) <= room:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        line = piece.lstrip()
        while width(line.rstrip()) > room:
            cut = _cut(line, room)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip():
        lines.append(line.rstrip())
    return tuple(lines)


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken, with the spaces after it."""
    piece = ""
    for character in " ".join(text.split()):
        if piece and _may_break(piece, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(piece: str, after: str) -> bool:
    before = piece[-1]
    if before == " ":
        return True
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _cut(line: str, room: float) -> int:
    """How many characters of a long word fit; at least one."""
    count = 1
    while count < len(line) and width(line[: count + 1]) <= room:
        count += 1
    return count
