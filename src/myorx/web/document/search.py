"""The search index of one language: what can be found, as a script that only holds data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from myorx.guideline.texts import Text
from myorx.web.document.book import Book

if TYPE_CHECKING:
    from myorx.web.document.voice import Voice

_LONGEST = 150
"""So many characters of a text are searched and shown."""

_Entry = tuple[str, str, str, str, str]
"""Kind, id, title, text, link."""


def index(book: Book, voice: Voice) -> str:
    """``window.searchIndex = [[kind, [[id, title, text, link], …]], …]``, in the order of the book.

    A link that ends in ``#`` goes on with the id: the page has 300 kB for everything.
    """
    kinds: dict[str, list[tuple[str, str, str, str]]] = {}
    for kind, id_, title, text, link in _entries(book, voice):
        short = link.removesuffix(id_) if link.endswith(f"#{id_}") else link
        kinds.setdefault(kind, []).append((id_, title, text, short))
    text = json.dumps(list(kinds.items()), ensure_ascii=False, separators=(",", ":"))
    # Two line ends that JSON allows and older scripts do not.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"window.searchIndex={text};\n"


def _entries(book: Book, voice: Voice) -> Iterator[_Entry]:
    guideline = book.guideline

    def entry(kind: str, id_: str, title: str, text: str) -> _Entry:
        word = voice.word(f"kind_{kind}")
        return (word, id_, title, text[:_LONGEST], voice.href(kind, id_))

    def both(names: Text, also: tuple[str, ...] = ()) -> str:
        """Names in both languages: a drug is looked for by either."""
        return " · ".join(dict.fromkeys((names.zh, names.en, *also)))

    for section, statements in book.sections:
        yield entry("section", section.number, voice.plain(section.title), "")
        for statement in statements:
            yield entry("statement", statement.id, voice.plain(statement.says), statement.quote)
    for drug in guideline.drugs.values():
        yield entry("drug", drug.id, voice.plain(drug.names), both(drug.names, drug.also))
    for drug_class in guideline.classes.values():
        yield entry("class", drug_class.id, voice.plain(drug_class.names), both(drug_class.names))
    for decision in guideline.decisions.values():
        yield entry("decision", decision.id, voice.plain(decision.question), "")
        for candidate in decision.candidates:
            yield entry(
                "candidate", f"{decision.id}/{candidate.id}", voice.plain(candidate.names), ""
            )
    for advice in guideline.advice.values():
        yield entry("advice", advice.id, voice.plain(advice.label), voice.plain(advice.says))
    for alert in guideline.alerts.values():
        yield entry("alert", alert.id, voice.plain(alert.says), "")
    for definition in guideline.definitions.values():
        yield entry("definition", definition.id, voice.plain(definition.label), "")
    for fact in guideline.facts.values():
        yield entry("fact", fact.id, voice.plain(fact.label), ", ".join(fact.also))
    for dispute in guideline.disputes.values():
        yield entry("dispute", dispute.id, voice.plain(dispute.problem), "")
    for case in book.cases.values():
        yield entry("vignette", case.vignette.id, voice.plain(case.vignette.title), "")
