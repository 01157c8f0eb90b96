"""Text as markup: escaped, and marked where it is not in the language of the page."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from myorx.language.prose import Language

_HAN: Final = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]+")


def marked(text: object, lang: Language, role: str = "typed") -> Markup:
    """``text`` on a page in ``lang``; Chinese words of an English page are marked as Chinese."""
    if lang == "zh":
        return escape(text)
    pieces: list[Markup] = []
    end = 0
    string = str(text)
    for found in _HAN.finditer(string):
        pieces.append(escape(string[end : found.start()]))
        pieces.append(Markup('<span lang="zh-CN" class="{}">{}</span>').format(role, found[0]))
        end = found.end()
    pieces.append(escape(string[end:]))
    return Markup("").join(pieces)


def quoted(text: str) -> Markup:
    """Words of the source, always in its own language."""
    return Markup('<q lang="zh-CN" class="source">{}</q>').format(text)
