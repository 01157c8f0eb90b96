"""Given text made harmless: it stays on its line, and what it says is only text."""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$#@{}^]")
_LINKS = re.compile(r"(?<=\w):(?=//|\w+:)|(?<=www)\.", re.IGNORECASE)
_LIST = re.compile(r"^([-+=]|\d{1,9}(?=[.)](?:\s|$)))")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """``text`` on one line: white space as single blanks, no control or direction characters."""
    visible = (" " if _blank(character) else character for character in text)
    return " ".join("".join(visible).split())


def _blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in _HIDDEN


def escape(text: str) -> str:
    """``text`` for Markdown: reads the same, and forms no markup, link, entity or table cell."""
    safe = _MARKUP.sub(r"\\\g<0>", clean(text))
    safe = _LINKS.sub(r"\\\g<0>", safe)
    found = _LIST.match(safe)
    if found is None:
        return safe
    end = found.end()
    return f"\\{safe}" if end == 1 and not safe[0].isdigit() else f"{safe[:end]}\\{safe[end:]}"


def under(head: str, text: str, lang: str) -> str:
    """``head: text`` with the colon of the language; none after a question, or beside nothing."""
    if not head or not text:
        return head + text
    if head.rstrip("*").endswith(("?", "？")):
        return f"{head}{text}" if lang == "zh" else f"{head} {text}"
    return f"{head}：{text}" if lang == "zh" else f"{head}: {text}"
