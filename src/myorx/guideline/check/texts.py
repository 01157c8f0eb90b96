"""Texts: Chinese where zh is written, no Chinese where en is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Verb
from myorx.guideline.positions import Place
from myorx.guideline.texts import Text

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WIDE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Chinese characters, and punctuation of their width."""
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|\([^()]*\)")
"""Quoted or bracketed words: there an English text may show the source's own."""
_WORD = re.compile(r"(?<![A-Za-z/])[a-z]{3,}(?![A-Za-z/])")
"""An English word. Without one, a text is the same in both languages: KL-6 > 1000 U/mL."""


def check(context: Context) -> Iterator[Problem]:
    """Empty texts are found when the files are read; here the language of each text."""
    for place, text in context.all(Text):
        yield from _pair(context, place, text.zh, text.en)
    for place, verb in context.all(Verb):
        yield from _pair(context, place, verb.zh, verb.en)


def _pair(context: Context, place: Place, zh: str, en: str) -> Iterator[Problem]:
    if not _HAN.search(zh) and _WORD.search(zh):
        yield context.problem(
            "no-chinese",
            place.key("zh"),
            f"no Chinese in zh: {zh[:40]}",
            allowed="Chinese text (abbreviations and figures may stand alone)",
            remedy="write the Chinese text",
        )
    # Blanked, not cut, so that the offset stays true.
    found = _WIDE.search(_QUOTED.sub(lambda match: " " * len(match.group()), en))
    if found:
        yield context.problem(
            "chinese-in-english",
            place.key("en"),
            f"{found.group()} in en",
            allowed="English text and punctuation; the source's own words in quotes or brackets",
            remedy="write the English text",
            offset=found.start(),
        )
