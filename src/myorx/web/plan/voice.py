"""What the templates of a plan may say: names, links and buttons in one language, all escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any, Final, NamedTuple

from markupsafe import Markup, escape

from myorx.guideline.models import Guideline, Reference
from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.plan.assemble import planner
from myorx.plan.model import FactUsed, Finding, Plan, StatementShown
from myorx.plan.record.sources import work
from myorx.web.document.address import address, shelves
from myorx.web.frame.marked import marked, quoted
from myorx.web.frame.render import fragment
from myorx.web.frame.words import side
from myorx.web.plan.words import WORDS, named

_LINK: Final = Markup('<a href="{}" target="_blank" rel="noopener">{}</a>')

SIGNS: Final[Mapping[str, str]] = {
    "recommended": "✓",
    "option": "○",
    "contested": "≷",
    "undetermined": "?",
    "blocked": "‖",
    "blocked_possible": "?",
    "excluded": "⊘",
    "advised_against": "✗",
    "not_indicated": "–",
    "reserved": "↻",
    "clear": "✓",
    "true": "✓",
    "false": "✗",
    "unknown": "?",
    "for": "+",
    "against": "✗",
    "exclude": "⊘",
    "caution": "!",
    "contraindicated": "⊘",
    "conflict": "✗",
    "not_covered": "∅",
    "do": "▸",
    "may_apply": "?",
    "withheld": "‖",
}
"""The sign beside the word: nothing is told by colour alone, nor by the sign alone."""


@cache
def _sign(value: str) -> Markup:
    return Markup('<span class="sign" aria-hidden="true">{}</span>').format(SIGNS[value])


@lru_cache(maxsize=4096)
def _link(href: str, label: str) -> Markup:
    """A plan has hundreds of them, most of them again in the next one."""
    return _LINK.format(href, label)


class Place(NamedTuple):
    """Where a plan is shown, and where its buttons and links lead."""

    form: str
    """The id of the form that holds the case."""
    actions: str
    """What stands before the name of a sheet or download in the address that a button posts to."""
    guideline: str
    """Where the guideline is read, in the language of the page."""


def usual(lang: Language) -> Place:
    """The place of a plan in the pages that ``myorx serve`` gives."""
    return Place("case", f"/{lang}/plan/", f"/guideline/{lang}/")


class Voice:
    """One plan in one language, shown at one place."""

    def __init__(self, guideline: Guideline, plan: Plan, lang: Language, place: Place) -> None:
        self.guideline = guideline
        self.plan = plan
        self.lang: Language = lang
        self.place = place
        self.wording = planner(guideline).wording

    def render(self, template: str, **data: Any) -> str:
        """A template of the plan with its data. Raises MissingExtraError without the extra."""
        return fragment(
            f"plan/{template}",
            self.lang,
            WORDS,
            v=self,
            n=self.named,
            plan=self.plan,
            place=self.place,
            **data,
        )

    # -- words ---------------------------------------------------------------------------------

    def named(self, prefix: str, value: str) -> str:
        """A word of the plan's own vocabulary: a status, a verdict, a role."""
        return named(prefix, value, self.lang)

    def sign(self, value: str) -> Markup:
        """The sign that stands beside a word; readers of the screen have the word."""
        return _sign(value)

    def verb(self, verb: Text) -> Markup:
        """The source's own verb; on English pages with its rendering."""
        own = quoted(verb.zh)
        return own if self.lang == "zh" else Markup("“{}” {}").format(verb.en, own)

    def listed(self, texts: Iterable[Text]) -> Markup:
        """Several texts side by side."""
        comma = escape(side(WORDS["comma"], self.lang))
        return comma.join(marked(side(text, self.lang), self.lang, "in-text") for text in texts)

    def facts(self, ids: Iterable[str]) -> Markup:
        """Facts by their names."""
        return self.listed(map(self.wording.name, ids))

    def drugs(self, ids: Iterable[str]) -> Markup:
        """Drugs by their names."""
        return self.listed(map(self.wording.drug, ids))

    def topics(self, ids: Iterable[str]) -> Markup:
        """Topics that the source may leave uncovered, by their names."""
        return self.listed(map(self.wording.topic, ids))

    def work(self, reference: Reference) -> Markup:
        """A work as a line of bibliography, in whatever language it is."""
        return marked(work(reference).en, self.lang, "work")

    # -- links ---------------------------------------------------------------------------------

    def href(self, kind: str, id_: str) -> str:
        """The link to a thing of the guideline."""
        return self.place.guideline + address(kind, id_, self._shelves).href

    def cites(self, ids: Iterable[str]) -> Markup:
        """Statements by their ids, each linked to its sentence."""
        return Markup(" ").join(_link(self.href("statement", id_), id_) for id_ in ids)

    def disputes(self, ids: Iterable[str]) -> Markup:
        """Disputed places by their ids, each linked."""
        return Markup(" ").join(_link(self.href("dispute", id_), id_) for id_ in ids)

    def link(self, kind: str, id_: str, label: object) -> Markup:
        """A thing of the guideline under ``label``."""
        return _LINK.format(self.href(kind, id_), label)

    @cached_property
    def _shelves(self) -> dict[tuple[str, str], str]:
        return shelves(self.guideline)

    # -- of the plan ---------------------------------------------------------------------------

    @cached_property
    def used(self) -> Mapping[str, FactUsed]:
        """The facts that entered the plan."""
        return {fact.id: fact for fact in self.plan.receipt.facts}

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """The definitions that the plan looked at."""
        return {finding.id: finding for finding in self.plan.findings}

    @cached_property
    def _statements(self) -> Mapping[str, StatementShown]:
        return {statement.id: statement for statement in self.plan.statements}

    def statements(self, ids: Iterable[str]) -> tuple[StatementShown, ...]:
        """The statements of these ids that the plan shows."""
        return tuple(self._statements[id_] for id_ in ids if id_ in self._statements)

    def works(self, statements: Iterable[StatementShown]) -> tuple[Reference, ...]:
        """The works that statements rest on in the source, each once, in its order."""
        known = self.guideline.references
        refs = sorted({ref for statement in statements for ref in statement.refs})
        return tuple(known[str(ref)] for ref in refs if str(ref) in known)
