"""What the templates of a plan may say: texts, words and links in one language, all escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.web.document.address import address, shelves
from myorx.web.document.words import side
from myorx.web.plan.words import named, word

_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]+")

_HAN_PART = Markup('<span lang="zh-CN">{}</span>')
_LINK = Markup('<a href="{}">{}</a>')


class Place(NamedTuple):
    """Where a plan is shown, and where its buttons and links lead."""

    form: str = "case"
    """The id of the form that holds the case."""
    actions: str = "plan/"
    """What stands before the name of a sheet or download in the address that a button posts to."""
    guideline: str = "/guideline/zh/"
    """Where the guideline is read, in the language of the page."""


class Voice:
    """One guideline in one language, for plans shown at one place."""

    def __init__(self, guideline: Guideline, lang: Language, place: Place) -> None:
        self.guideline = guideline
        self.lang: Language = lang
        self.place = place

    # -- texts ---------------------------------------------------------------------------------

    def word(self, key: str, **slots: object) -> str:
        """A word of the pages, its slots filled."""
        text = word(key, self.lang)
        return text.format(**slots) if slots else text

    def named(self, prefix: str, value: str) -> str:
        """A word of the plan's own vocabulary: a status, a verdict, a role."""
        return named(prefix, value, self.lang)

    def plain(self, text: Text) -> str:
        """A text as a plain string."""
        return side(text, self.lang)

    def text(self, text: Text) -> Markup:
        """A text; Chinese words in an English one are marked as such."""
        return self.typed(side(text, self.lang))

    def typed(self, text: object) -> Markup:
        """What somebody wrote, in whatever language, marked where it is not that of the page."""
        string = str(text)
        if self.lang == "zh" or _HAN.search(string) is None:
            return escape(string)
        pieces: list[Markup] = []
        end = 0
        for found in _HAN.finditer(string):
            pieces += (escape(string[end : found.start()]), _HAN_PART.format(found[0]))
            end = found.end()
        return Markup("").join((*pieces, escape(string[end:])))

    def quote(self, text: str) -> Markup:
        """Words of the source, always in its own language."""
        return Markup('<q lang="zh-CN" class="source">{}</q>').format(text)

    def verb(self, verb: Text) -> Markup:
        """The source's own verb; on English pages with its rendering."""
        own = self.quote(verb.zh)
        return own if self.lang == "zh" else Markup("“{}” {}").format(verb.en, own)

    def listed(self, texts: Iterable[Text]) -> Markup:
        """Several texts side by side."""
        return escape(self.word("comma")).join(map(self.text, texts))

    # -- links ---------------------------------------------------------------------------------

    def href(self, kind: str, id_: str) -> str:
        """The link to a thing of the guideline."""
        return self.place.guideline + address(kind, id_, self._shelves).href

    def cites(self, ids: Iterable[str]) -> Markup:
        """Statements by their ids, each linked to its sentence."""
        return Markup(" ").join(_LINK.format(self.href("statement", id_), id_) for id_ in ids)

    def disputes(self, ids: Iterable[str]) -> Markup:
        """Disputed places by their ids, each linked."""
        return Markup(" ").join(_LINK.format(self.href("dispute", id_), id_) for id_ in ids)

    def link(self, kind: str, id_: str, label: Text) -> Markup:
        """A thing of the guideline by its name."""
        return _LINK.format(self.href(kind, id_), self.text(label))

    @cached_property
    def _shelves(self) -> dict[tuple[str, str], str]:
        return shelves(self.guideline)
