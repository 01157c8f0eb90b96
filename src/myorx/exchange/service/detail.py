"""The text of cards: Markdown, every word of it escaped, every statement a link where it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from myorx.exchange.service.cards import Source
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.speech import Language
from myorx.exchange.service.words import plain, side
from myorx.guideline.texts import Text
from myorx.plan.record.clean import escape

_URL: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?\Z")
_SOURCES: Final = 6
"""So many statements are written out in one card."""


class Page(NamedTuple):
    """What the texts of one answer are written with."""

    knowledge: Knowledge
    lang: Language
    url: str
    """How this client reaches us; links begin with it."""
    day: date
    """The day of the question."""

    def source(self, cites: Iterable[str] = ()) -> Source:
        """The guideline, linked to the first of these statements that has a place."""
        found = (self._link(cite) for cite in cites)
        url = next(filter(None, found), "")
        return Source(side(self.knowledge.guideline.manifest.title, self.lang), url)

    def bullet(self, text: str, cites: Iterable[str] = ()) -> str:
        """One line of a list, with its statements."""
        told = " ".join(filter(None, (escape(text), self._cited(cites))))
        return f"- {told}"

    def sources(self, cites: Iterable[str]) -> list[str]:
        """The statements cited, in our words, with the words of the source that anchor them."""
        ledger = self.knowledge.guideline.statements
        found = [ledger[each] for each in dict.fromkeys(cites) if each in ledger][:_SOURCES]
        if not found:
            return []
        lines = [
            f"- {self._named(each.id)} {escape(self.side(each.says))} (“{escape(each.quote)}”)"
            for each in found
        ]
        return ["", f"**{plain('sources', self.lang)}**", "", *lines]

    def foot(self) -> list[str]:
        """Version, day, state of review, and what this is not: on every card."""
        manifest = self.knowledge.guideline.manifest
        stamp = plain(
            "stamp",
            self.lang,
            guideline=manifest.id,
            version=manifest.version,
            day=self.day.isoformat(),
            review=self.side(manifest.review.says),
        )
        return ["", "---", "", escape(stamp), "", escape(self.side(manifest.notice))]

    def side(self, text: Text) -> str:
        """``text`` in the language of the answer."""
        return side(text, self.lang)

    def _cited(self, cites: Iterable[str]) -> str:
        named = ", ".join(self._named(each) for each in dict.fromkeys(cites))
        return f"({named})" if named else ""

    def _named(self, cite: str) -> str:
        url = self._link(cite)
        return f"[{cite}]({url})" if url else escape(cite)

    def _link(self, cite: str) -> str:
        place = self.knowledge.place(cite, self.lang)
        whole = f"{self.url}{place}" if place is not None and _URL.match(self.url) else ""
        # A bracket would end the link: such a place is named, and not linked to.
        return "" if any(each in whole for each in "()<> ") else whole


def joined(*blocks: Iterable[str]) -> str:
    """Blocks of lines as one text."""
    return "\n".join(line for block in blocks for line in block)
