"""Text for a terminal: wrapping at a number of columns, where a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

WIDTH = 80

# What our texts are made of. Anything else is looked up in a library that is slow to import.
_NARROW = (
    ("\u0020", "\u007e"),
    ("\u00a0", "\u02ff"),
    ("\u0370", "\u0482"),
    ("\u2010", "\u2027"),
    ("\u202f", "\u205f"),
    ("\u2070", "\u20cf"),
    ("\u20f1", "\u2319"),
    ("\u2500", "\u25fc"),
)
_WIDE = (("\u3001", "\u3029"), ("\u4e00", "\u9fff"), ("\uff01", "\uff60"))

_RUNS = re.compile(" |[^ ]+")
_OPEN = re.compile(r"[(\[{] ")
_NEVER_FIRST = set("，。；：！？、）】》」』”’％…,.;:!?)]}%·")
_NEVER_LAST = set("（【《「『“‘([{")


def columns(text: str) -> int:
    """Width of ``text`` in terminal columns; control characters count as nothing."""
    if text.isascii() and text.isprintable():
        return len(text)
    width = 0
    for character in text:
        one = _width(character)
        if one is None:
            return _looked_up(text)
        width += one
    return width


@cache
def _width(character: str) -> int | None:
    """Columns of a character that takes as many wherever it stands; None for any other."""
    if any(first <= character <= last for first, last in _NARROW):
        return 1
    return 2 if any(first <= character <= last for first, last in _WIDE) else None


@cache
def _is_wide(character: str) -> bool:
    return columns(character) == 2


def _looked_up(text: str) -> int:
    from wcwidth import wcswidth, wcwidth

    width: int = wcswidth(text)
    return width if width >= 0 else sum(max(0, wcwidth(character)) for character in text)


def _tokens(text: str) -> Iterator[str]:
    """Pieces that may not be broken: a run of narrow characters, or one wide character."""
    for run in _RUNS.findall(text):
        if run.isascii():
            yield run
            continue
        word = ""
        for character in run:
            if _is_wide(character):
                if word:
                    yield word
                    word = ""
                yield character
            else:
                word += character
        if word:
            yield word


def _glued(text: str) -> list[str]:
    """Tokens with closing marks glued to what stands before, opening marks to what follows."""
    if text.isascii() and _OPEN.search(text) is None:
        return _RUNS.findall(text)  # nothing but words between single spaces
    pieces: list[str] = []
    for token in _tokens(text):
        sticks = (
            bool(pieces)
            and pieces[-1] != " "
            and (token[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST)
        )
        if sticks:
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def _split(piece: str, room: int) -> Iterator[str]:
    """``piece`` in runs of at most ``room`` columns, for a word longer than a line."""
    run = ""
    for character in piece:
        if run and columns(run + character) > room:
            yield run
            run = ""
        run += character
    if run:
        yield run


def wrap(text: str, *, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """``text`` in lines of at most ``width`` columns; ``first`` and ``rest`` are the indents.

    Breaks at spaces and between Chinese characters, never before a closing or after an opening
    mark; a word longer than a line is cut.
    """
    spaced = " ".join(text.split())
    # Without control characters, ASCII is as wide as it is long.
    clean = spaced.isprintable()
    if clean and columns(first) + columns(spaced) <= width:
        return [(first + spaced).rstrip()]
    rest = " " * columns(first) if rest is None else rest
    lines: list[str] = []
    line, start, used = first, first, columns(first)
    for piece in _glued(spaced):
        room = len(piece) if clean and piece.isascii() else columns(piece)
        if used + room <= width:
            if piece != " " or line != start:
                line, used = line + piece, used + room
            continue
        if piece == " ":
            continue
        if line != start:
            lines.append(line.rstrip())
            line = start = rest
            used = columns(rest)
        if used + room <= width:
            line, used = line + piece, used + room
            continue
        runs = list(_split(piece, max(10, width - max(columns(start), columns(rest)))))
        starts = [start, *[rest] * len(runs)]
        lines.extend(indent + run for indent, run in zip(starts, runs[:-1], strict=False))
        line, start = starts[len(runs) - 1] + runs[-1], rest
        used = columns(line)
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def pad(text: str, width: int) -> str:
    """``text`` followed by blanks up to ``width`` columns."""
    return text + " " * max(0, width - columns(text))
