"""All pages of a book: each a path and its bytes. The same book gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from myorx import __version__
from myorx.language.prose import Language
from myorx.web.document.address import slug
from myorx.web.document.book import Book
from myorx.web.document.instruments import instruments
from myorx.web.document.pathway import pathway
from myorx.web.document.picture import NARROW, WIDE, sheets
from myorx.web.document.rules import Rule
from myorx.web.document.search import index
from myorx.web.document.words import LANGUAGES, glossary, word
from myorx.web.frame.assets import asset
from myorx.web.frame.render import new_environment

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = (
    "frame/frame.css",
    "frame/dark.css",
    "frame/icon.svg",
    "frame/theme.js",
    "document/site.css",
    "document/site.js",
)
"""What every page loads; in the document they lie in one folder."""


class Page(NamedTuple):
    """One file of the document."""

    path: str
    """Inside the folder, with ``/``."""
    body: bytes


class _Sheet(NamedTuple):
    """One page before it is rendered."""

    name: str
    template: str
    place: str
    """The entry of the contents that it belongs to."""
    title: str
    data: dict[str, Any]


def pages(
    book: Book, languages: Iterable[Language] = LANGUAGES, *, served: bool = False
) -> Iterator[Page]:
    """Every file of the document; ``served`` pages lead to the other pages of the service too.

    Raises MissingExtraError without the extra ``web``.
    """
    environment = page_environment()
    wanted = tuple(languages)
    for name in ASSETS:
        yield Page(f"assets/{name.rpartition('/')[2]}", asset(name).body)
    yield Page("index.html", _door(environment, book, wanted))
    for lang in wanted:
        others = tuple(other for other in wanted if other != lang)
        yield from _tree(environment, book, lang, others, served)


def _tree(
    environment: Environment,
    book: Book,
    lang: Language,
    others: tuple[Language, ...],
    served: bool,
) -> Iterator[Page]:
    from myorx.web.document.voice import Voice

    voice = Voice(book, lang)
    shared = {
        "v": voice,
        "w": voice.word,
        "t": voice.text,
        "book": book,
        "guideline": book.guideline,
        "manifest": book.guideline.manifest,
        "lang": lang,
        "others": others,
        "served": served,
        "engine": __version__,
        "contents": CONTENTS,
    }
    for sheet in _sheets(book, voice):
        template = environment.get_template(sheet.template)
        text = template.render(
            **shared, page=sheet.name, place=sheet.place, title=sheet.title, **sheet.data
        )
        yield Page(f"{lang}/{sheet.name}", text.encode())
    yield Page(f"{lang}/search-index.js", index(book, voice).encode())


CONTENTS: tuple[tuple[str, str], ...] = (
    ("index", "index.html"),
    ("sections", "sections.html"),
    ("decisions", "decisions.html"),
    ("drugs", "drugs.html"),
    ("advice", "advice.html"),
    ("alerts", "alerts.html"),
    ("definitions", "definitions.html"),
    ("facts", "facts.html"),
    ("settings", "settings.html"),
    ("instruments", "instruments.html"),
    ("disputes", "disputes.html"),
    ("coverage", "coverage.html"),
    ("vignettes", "vignettes.html"),
    ("references", "references.html"),
    ("glossary", "glossary.html"),
)
"""The contents: key of the word, and page."""


def _sheets(book: Book, voice: Any) -> Iterator[_Sheet]:
    guideline = book.guideline
    lists: dict[str, dict[str, Any]] = {
        "instruments": {"instruments": instruments()},
        "glossary": {"glossary": _glossary(voice.lang)},
    }
    for key, name in CONTENTS:
        yield _Sheet(name, name, key, voice.word(key), lists.get(key, {}))
    yield _Sheet("search.html", "search.html", "search", voice.word("search"), {})
    for section, statements in book.sections:
        title = voice.word("section_title", number=section.number, title=voice.plain(section.title))
        data = {"section": section, "statements": statements}
        yield _Sheet(
            book.address("section", section.number).page, "section.html", "sections", title, data
        )
    for group, facts in book.facts:
        page = book.address("fact", facts[0].id).page
        title = voice.word("facts_of", group=voice.plain(group.label))
        yield _Sheet(page, "fact-group.html", "facts", title, {"facts": facts})
    for weight, disputes in book.disputes.items():
        page = book.address("dispute", disputes[0].id).page
        title = voice.word("disputes_of", weight=voice.value(weight))
        yield _Sheet(page, "dispute-group.html", "disputes", title, {"disputes": disputes})
    for drug in guideline.drugs.values():
        page = book.address("drug", drug.id).page
        yield _Sheet(page, "drug.html", "drugs", voice.plain(drug.names), {"drug": drug})
    for decision in guideline.decisions.values():
        path = pathway(guideline, book.wording, decision)
        pictures = {
            name: sheets(path, book.wording, voice.lang, layout)
            for name, layout in (("wide", WIDE), ("narrow", NARROW))
        }
        yield _Sheet(
            book.address("decision", decision.id).page,
            "decision.html",
            "decisions",
            voice.plain(decision.question),
            {"decision": decision, "pictures": pictures},
        )
    for shelf in book.groups:
        title = voice.word("vignette_group", name=shelf.name)
        if shelf.of > 1:
            title = voice.word("sheet_of", title=title, number=shelf.number, count=shelf.of)
        yield _Sheet(shelf.page, "vignette-group.html", "vignettes", title, {"group": shelf})


def _glossary(lang: Language) -> tuple[tuple[str, str, str], ...]:
    """(id, word, meaning) of every word, in the order of the catalogue."""
    entries = glossary()
    return tuple(
        (key, getattr(entries[key], lang), getattr(entries[f"{key}_means"], lang))
        for key in entries
        if not key.endswith("_means")
    )


def _door(environment: Environment, book: Book, languages: tuple[Language, ...]) -> bytes:
    """The page before both trees: which language?"""
    choices = [(lang, word("language_name", lang), word("open", lang)) for lang in languages]
    text = environment.get_template("door.html").render(
        manifest=book.guideline.manifest, choices=choices, languages=languages
    )
    return text.encode()


def page_environment() -> Environment:
    """The templates, ready to render. Raises MissingExtraError without the extra ``web``."""
    environment = new_environment("document")
    environment.filters["slug"] = slug
    environment.filters["rules_in"] = _rules_in
    environment.filters["first_part"] = lambda id_: id_.partition("/")[0]
    return environment


def _rules_in(rules: Iterable[Rule], path: str) -> list[Rule]:
    """The rules at and below a place of their object."""
    below = (f"{path}[", f"{path}.")
    return [rule for rule in rules if rule.path == path or rule.path.startswith(below)]
