"""Spelling as people and laboratories vary it: width, case, spaces. Never the words themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_RAISED_POWER = re.compile(r"(?<=10)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_IGNORED = dict.fromkeys(map(ord, " \t\r\n_-‐‑‒–—−·"))
_INVISIBLE = dict.fromkeys([0x00AD, 0x061C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
"""Soft hyphen, marks of direction, joiners, spaces of no width: pasted along unseen, they say
nothing. (Characters that turn the order of what is shown are no case's: ``source`` refuses them.)
"""
_SHOWN = 80
_ABBREVIATION = 4
"""Letters that an abbreviation has at most."""


def plain(text: str) -> str:
    """``text`` in half-width characters, trimmed: ``１２ｍｇ／Ｌ`` is ``12mg/L``; µ and μ are one.

    The power in ``10⁹`` becomes ``10^9`` first, which the normal form would read as 109.
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", _RAISED_POWER.sub(r"^\1", text)).strip()


def seen(text: str) -> str:
    """``text`` without the characters that nobody sees."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def key(text: str) -> str:
    """What two spellings of one name share: no case, width, spaces, hyphens or underscores."""
    if text.isascii():  # the same, only faster
        return "".join(text.split()).lower().replace("_", "").replace("-", "")
    return plain(text).casefold().translate(_IGNORED)


def shown(text: str) -> str:
    """``text`` on one line, cut to a length that fits a message; what cannot be seen, escaped."""
    line = " ".join(text[: 20 * _SHOWN].split())
    cut = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    return visible(cut)


def visible(text: str) -> str:
    """``text`` with what cannot be seen, or would move the cursor, escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def near(found: str, keys: Iterable[str], limit: int = 3) -> list[str]:
    """At most ``limit`` of the ``keys`` that someone may have meant by ``found``, best first.

    The same letters in another order come first: ``CXT`` for ``CTX``. Chinese names and
    abbreviations are short: one character in two, or one letter in three, may differ.
    """
    wanted = key(found)[:_SHOWN]
    if not wanted:
        return []
    among = list(keys)
    cutoff = 0.5 if not wanted.isascii() else 0.6 if len(wanted) <= _ABBREVIATION else 0.7
    letters = sorted(wanted)
    turned = [each for each in among if len(each) == len(wanted) and sorted(each) == letters]
    close = get_close_matches(wanted, among, n=limit, cutoff=cutoff)
    return list(dict.fromkeys([*turned, *close]))[:limit]
