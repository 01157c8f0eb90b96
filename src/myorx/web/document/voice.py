"""What templates may say: texts, words and links of one book in one language, all escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from myorx.guideline.models import Dose, Part, Reference, Tablet
from myorx.guideline.texts import Text
from myorx.language import cql
from myorx.language.prose import Language
from myorx.language.syntax import BooleanLiteral, Expression, StringLiteral
from myorx.plan.record.sources import work
from myorx.plan.texts import join, route_name, say
from myorx.plan.values import unit
from myorx.plan.wording import Wording, in_words
from myorx.web.document.book import Book
from myorx.web.document.cases import Expected, items_of
from myorx.web.document.rules import FactValue, Owner, Rule
from myorx.web.document.words import side, value_word, word, words
from myorx.web.frame.marked import marked, quoted

_TOKEN = re.compile(r"'[^']*'|[A-Za-z_][A-Za-z0-9_]*|[^A-Za-z_']+|'")


_MARKS: Mapping[str, str] = {
    "for": "✓",
    "against": "✗",
    "exclude": "⊘",
    "caution": "!",
    "gap": "∅",
    "preference": "↑",
    "yield": "→",
}

_SINGLE: Mapping[str, str] = {
    "needs": "fact",
    "needs_not": "fact",
    "cites": "statement",
    "disputes": "dispute",
    "refused": "contradiction",
}
"""Expectations whose value is itself the id of a thing."""


class Voice:
    """One book in one language."""

    def __init__(self, book: Book, lang: Language) -> None:
        self.book = book
        self.lang: Language = lang
        self.wording: Wording = book.wording

    # -- texts ---------------------------------------------------------------------------------

    def word(self, key: str, **slots: object) -> str:
        """A word of the pages, its slots filled."""
        text = word(key, self.lang)
        return text.format(**slots) if slots else text

    def value(self, value: str) -> str:
        """A word of the guideline's own vocabulary: a status, a role."""
        return value_word(value, self.lang)

    def plain(self, text: Text) -> str:
        """A text as a plain string, for titles."""
        return side(text, self.lang)

    def text(self, text: Text) -> Markup:
        """A text; words of the source that an English text quotes are marked as Chinese."""
        return self.typed(side(text, self.lang), "in-text")

    def typed(self, text: object, role: str = "typed") -> Markup:
        """What somebody typed, in whatever language, marked where it is not that of the page."""
        return marked(text, self.lang, role)

    def quote(self, text: str) -> Markup:
        """Words of the source, always in its own language."""
        return quoted(text)

    def verb(self, strength: str) -> Markup:
        """The source's own verb; on English pages with its rendering."""
        verb = self.wording.verb(strength)
        own = self.quote(strength)
        if verb is None or self.lang == "zh":
            return own
        return Markup("{} {}").format(verb.en, own)

    # -- links ---------------------------------------------------------------------------------

    def href(self, kind: str, id_: str) -> str:
        """The link to a thing from any page of this language."""
        return self.book.address(kind, id_).href

    def link(self, kind: str, id_: str, label: object = None) -> Markup:
        """A thing by its name, linked where it has a place."""
        if kind == "part":
            kind = "drug" if self.book.has("drug", id_) else "class"
        told = self.text(self.book.name(kind, id_)) if label is None else self.typed(label)
        if not self.book.has(kind, id_):
            return told
        return Markup('<a href="{}">{}</a>').format(self.href(kind, id_), told)

    def links(self, kind: str, ids: Iterable[str]) -> Markup:
        """Several things of one kind by their names."""
        between = escape(self.word("comma"))
        return between.join(self.link(kind, id_) for id_ in ids)

    def ids(self, kind: str, ids: Iterable[str]) -> Markup:
        """Several things of one kind by their ids: statements, disputes."""
        # Statements have short ids; words need something between them.
        between = " " if kind == "statement" else self.word("comma")
        return escape(between).join(self.link(kind, id_, id_) for id_ in ids)

    def owner(self, owner: Owner) -> Markup:
        """What a rule belongs to: its kind in a word, and its name as a link."""
        return Markup("{}{}{}").format(
            self.word(f"kind_{owner.kind}"), self.word("colon"), self.link(*owner)
        )

    def owner_text(self, owner: Owner) -> Markup:
        """What a rule belongs to, without a link of its own."""
        if owner.kind == "manifest":
            return escape(self.word("kind_manifest"))
        return Markup("{}{}{}").format(
            self.word(f"kind_{owner.kind}"), self.word("colon"), self.text(self.book.name(*owner))
        )

    def rule_text(self, rule: Rule) -> Markup:
        """A rule in a few words: what it belongs to, and what kind it is."""
        told = self.owner_text(rule.owner)
        if rule.path == "":
            return told
        return Markup("{} · {}").format(told, self.rule_kind(rule.kind))

    def rule_kind(self, kind: str) -> str:
        """The word for a kind of rule; one that the catalogue lacks is just a rule."""
        return self.word(f"rule_{kind}" if f"rule_{kind}" in words() else "rule_rule")

    def detail_word(self, field: str) -> str:
        """The word for a further field; the field's own name where the catalogue lacks it."""
        return self.word(f"detail_{field}") if f"detail_{field}" in words() else field

    def mark(self, kind: str) -> str:
        """The sign beside the word for a kind of rule."""
        return _MARKS.get(kind, "·")

    def anchor(self, kind: str, id_: str) -> str:
        """The anchor of a thing on its page."""
        return self.book.address(kind, id_).anchor

    def section(self, number: str) -> str:
        """The title of a section of the source."""
        for section, _ in self.book.sections:
            if section.number == number:
                title = side(section.title, self.lang)
                return self.word("section_title", number=number, title=title)
        return number

    def language(self, lang: Language) -> str:
        """What a language calls itself."""
        return word("language_name", lang)

    def language_short(self, lang: Language) -> str:
        """A language in one or two letters."""
        return word("language_short", lang)

    # -- cases ---------------------------------------------------------------------------------

    def fact_key(self, key: str) -> Markup:
        """A key of a case: the name of a fact leads to it."""
        if self.book.has("fact", key):
            return Markup('<a href="{}">{}</a>').format(self.href("fact", key), key)
        return self.typed(key)

    def scalar(self, value: object) -> str:
        """A value of a case as it is written in a file."""
        return "null" if value is None else str(value)

    def is_ours(self, expected: Expected) -> bool:
        """Whether an expectation concerns this language: words of the headline have one."""
        other = {"zh": "en", "en": "zh"}[self.lang]
        return not (expected.keys[0].startswith("headline_") and other in expected.keys[1:2])

    def expected(self, expected: Expected) -> Markup:
        """One expectation in words: what it is about, and what must be said of it."""
        head, *rest = expected.keys
        key = f"expect_{head}"
        pieces = [escape(self.word(key) if key in words() else head)]
        kind = _SINGLE.get(head)
        if kind is not None and self.book.has(kind, expected.value):
            pieces.append(self.link(kind, expected.value, _label(kind, expected.value)))
            return Markup(" ").join(pieces)
        subjects = items_of(expected.keys)
        if head.startswith("headline_"):
            pieces.append(self.typed(expected.value))
            return Markup(" ").join(pieces)
        if subjects:
            pieces.append(Markup(" › ").join(self.link(*subject) for subject in subjects))
            named = {subject[1].rpartition("/")[2] for subject in subjects} | {"parts", "status"}
            rest = [part for part in rest if part not in named]
        pieces += [self.typed(part) for part in rest]
        told = Markup(" ").join(pieces)
        return Markup("{}{}<strong>{}</strong>").format(
            told, self.word("colon"), self.typed(self.value(expected.value))
        )

    # -- expressions ---------------------------------------------------------------------------

    def prose(self, expression: Expression) -> Markup:
        """An expression in words."""
        return self.text(self.wording.words(expression).says)

    def code(self, expression: Expression) -> Markup:
        """An expression as a line of CQL; the names in it lead to what they mean."""
        pieces = (self._token(found[0]) for found in _TOKEN.finditer(cql(expression)))
        return Markup("").join(pieces)

    def _token(self, token: str) -> Markup:
        for kind in ("definition", "fact", "setting"):
            if self.book.has(kind, token):
                return Markup('<a href="{}">{}</a>').format(self.href(kind, token), token)
        return escape(token)

    # -- details -------------------------------------------------------------------------------

    def detail(self, field: str, value: Any) -> Markup:
        """The value of one further field of a rule."""
        if isinstance(value, Text):
            return self.text(value)
        if isinstance(value, FactValue):
            return self.text(value_text(self.wording, value))
        if isinstance(value, Expression):
            return self.prose(value)
        if isinstance(value, Dose):
            return self.text(dose_text(self.wording, value))
        if isinstance(value, Tablet):
            return self.text(tablet_text(self.wording, value))
        if isinstance(value, bool):
            return escape(self.value(str(value).lower()))
        if field == "decision":
            return self.link("decision", value)
        if field == "name":
            return self.link("instrument", value)
        if isinstance(value, dict):
            pairs = (f"{key}{self.word('colon')}{self.prose(each)}" for key, each in value.items())
            return self.typed(self.word("comma").join(pairs))
        if field == "route":
            return self.text(route_name(value))
        if isinstance(value, str):
            return escape(self.value(value))
        return escape(self.word("comma")).join(map(self._item, value))

    def _item(self, item: Part | Owner) -> Markup:
        return self.link(*item) if isinstance(item, Owner) else self.part(item)

    def part(self, part: Part) -> Markup:
        """One part of a candidate: a drug, or any one member of a class."""
        name = part.drug or part.drug_class or ""
        told = self.link("part", name)
        if part.route is not None:
            told = Markup("{} {}").format(self.text(route_name(part.route)), told)
        if part.drug_class is not None:
            members = (drug.id for drug in self.book.members.get(part.drug_class, ()))
            told = escape(self.word("any_of")).format(
                name=told, members=self.links("drug", members)
            )
        return told

    def regimens(self, part: Part) -> Markup:
        """The regimens that a part names, linked to the drug."""
        found = []
        for drug in (self.book.guideline.drugs.get(part.drug or ""),):
            for regimen in drug.regimens if drug is not None else ():
                if drug is not None and regimen.id in part.regimens:
                    place = self.book.address("drug", drug.id).below(f"regimens.{regimen.id}")
                    found.append(
                        Markup('<a href="{}">{}</a>').format(place.href, self.text(regimen.label))
                    )
        return escape(self.word("comma")).join(found)

    def unit(self, code: str) -> str:
        """A UCUM code as people write it."""
        return unit(code) or code

    def reference(self, reference: Reference) -> Markup:
        """A work as a line of bibliography, in whatever language it is."""
        return self.typed(work(reference).en, "work")


def _label(kind: str, id_: str) -> str | None:
    """Statements and disputes go by their ids; what has a name goes by it."""
    return None if kind == "fact" else id_


# -- figures of the source ---------------------------------------------------------------------


def dose_text(wording: Wording, dose: Dose) -> Text:
    """``1000–1200 mg/d or above; at most 80 mg/d``: as the source gives it, for no patient."""
    stated = [part for part in (dose.amount, dose.low, dose.high) if part is not None]
    ends = [wording.words(part).says for part in stated]
    told = Text(zh="–".join(end.zh for end in ends), en="–".join(end.en for end in ends))
    if dose.or_above:
        told = say("dose_or_above", amount=told)
    if dose.cap is None:
        return told
    return join((told, say("dose_at_most", cap=wording.words(dose.cap).says)), "clause")


def value_text(wording: Wording, value: FactValue) -> Text:
    """A value of a fact as people say it; a computation in words."""
    match value.expression:
        case BooleanLiteral(value=known) | StringLiteral(value=known):
            return in_words(wording, value.fact, known)
        case expression:
            return wording.words(expression).says


def tablet_text(wording: Wording, tablet: Tablet) -> Text:
    """The tablet that a dose is counted in, and whether its strength was checked."""
    told = wording.words(tablet.strength).says
    return told if tablet.verified else say("dose_tablets_unverified", tablets=told)
