"""Every link leads somewhere, everything can be linked to, and links lead back."""

from __future__ import annotations

import posixpath
from xml.etree.ElementTree import Element

import pytest

from myorx.web.document import Book
from myorx.web.document.rules import Rule
from tests.web.reading import SVG, Files, Tree, attributes, parse

LANGUAGES = ("zh", "en")


def html(files: Files) -> list[str]:
    return [path for path in files if path.endswith(".html")]


def target(path: str, href: str) -> tuple[str, str]:
    """Page and anchor that a link on ``path`` leads to."""
    page, _, anchor = href.partition("#")
    page = page.partition("?")[0]
    return posixpath.normpath(
        posixpath.join(posixpath.dirname(path), page)
    ) if page else path, anchor


def test_every_link_leads_to_a_page_and_a_place_on_it(files: Files, tree: Tree) -> None:
    anchors = {path: set(attributes(tree(path), "id")) for path in html(files)}
    broken = []
    for path in html(files):
        for element in tree(path).iter():
            for name in ("href", "src", "action"):
                link = element.get(name)
                if link is None:
                    continue
                page, anchor = target(path, link)
                if page not in files or (anchor and anchor not in anchors[page]):
                    broken.append(f"{path}: {link}")
    assert not broken


def test_no_page_has_an_anchor_twice(files: Files, tree: Tree) -> None:
    for path in html(files):
        ids = attributes(tree(path), "id")
        assert len(ids) == len(set(ids)), path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_has_its_place(shipped: Book, tree: Tree, lang: str) -> None:
    guideline = shipped.guideline
    things = {
        "statement": guideline.statements,
        "dispute": guideline.disputes,
        "drug": guideline.drugs,
        "class": guideline.classes,
        "decision": guideline.decisions,
        "candidate": shipped.candidates,
        "advice": guideline.advice,
        "alert": guideline.alerts,
        "definition": guideline.definitions,
        "fact": guideline.facts,
        "contradiction": guideline.contradictions,
        "reference": guideline.references,
        "vignette": shipped.cases,
        "setting": shipped.settings,
        "topic": shipped.topics,
    }
    for kind, ids in things.items():
        assert ids, kind
        for id_ in ids:
            place = shipped.address(kind, id_)
            found = attributes(tree(f"{lang}/{place.page}"), "id")
            assert not place.anchor or place.anchor in found, (kind, id_)


def test_a_statement_stands_where_others_will_look_for_it(shipped: Book) -> None:
    assert shipped.address("statement", "S5.17").href == "section-5.html#S5.17"


def element(root: Element, id_: str) -> Element:
    return next(each for each in root.iter() if each.get("id") == id_)


def links(root: Element, path: str) -> set[tuple[str, str]]:
    return {
        target(path, each.get("href", "")) for each in root.iter() if each.tag in ("a", f"{SVG}a")
    }


class Site:
    """What links to what, on the pages of one language."""

    def __init__(self, book: Book, tree: Tree, lang: str) -> None:
        self.book, self.tree, self.lang = book, tree, lang

    def at(self, page: str, anchor: str = "") -> tuple[str, str]:
        return f"{self.lang}/{page}", anchor

    def of(self, kind: str, id_: str) -> tuple[str, str]:
        return self.at(*self.book.address(kind, id_))

    def rule(self, rule: Rule) -> tuple[str, str]:
        return self.at(*rule.address)

    def out(self, place: tuple[str, str]) -> set[tuple[str, str]]:
        """The links inside a place; of the whole page where it has no anchor."""
        path, anchor = place
        root = self.tree(path)
        return links(element(root, anchor) if anchor else root, path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_statements_and_rules_lead_to_each_other(shipped: Book, tree: Tree, lang: str) -> None:
    site = Site(shipped, tree, lang)
    carried = 0
    for id_, rules in shipped.links.by_statement.items():
        statement = site.of("statement", id_)
        forth = site.out(statement)
        for rule in rules:
            assert site.rule(rule) in forth, (id_, rule.path)
            assert statement in site.out(site.rule(rule)), (id_, rule.owner, rule.path)
            carried += 1
    assert carried > 100


@pytest.mark.parametrize("lang", LANGUAGES)
def test_disputes_references_and_statements_lead_to_each_other(
    shipped: Book, tree: Tree, lang: str
) -> None:
    site = Site(shipped, tree, lang)
    guideline = shipped.guideline
    for statement in guideline.statements.values():
        here = site.of("statement", statement.id)
        for kind, ids in (
            ("dispute", shipped.links.disputes_of.get(statement.id, ())),
            ("reference", tuple(map(str, statement.refs))),
        ):
            for id_ in ids:
                assert site.of(kind, id_) in site.out(here), (statement.id, kind, id_)
                assert here in site.out(site.of(kind, id_)), (statement.id, kind, id_)
    for id_, rules in shipped.links.by_dispute.items():
        for rule in rules:
            assert site.rule(rule) in site.out(site.of("dispute", id_))
            assert site.of("dispute", id_) in site.out(site.rule(rule))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_vignettes_lead_to_what_they_are_about_and_are_led_to(
    shipped: Book, tree: Tree, lang: str
) -> None:
    site = Site(shipped, tree, lang)
    for case in shipped.cases.values():
        here = site.of("vignette", case.vignette.id)
        forth = site.out(here)
        assert {site.of("statement", id_) for id_ in case.statements} <= forth
        assert {site.of("dispute", id_) for id_ in case.disputes} <= forth
        for drug in case.vignette.expect.drugs:
            assert site.of("drug", drug) in forth, (case.vignette.id, drug)
        if case.vignette.source in shipped.guideline.references:
            assert here in site.out(site.of("reference", case.vignette.source))
    for drug in shipped.guideline.drugs:
        found = shipped.cases_of_drug(drug)[:40]
        back = site.out(site.of("drug", drug))
        assert {site.of("vignette", case.vignette.id) for case in found} <= back
    # A thing that many cases show names the first of them, and says how many more there are.
    for id_ in shipped.guideline.statements:
        shown = shipped.trials.by_statement.get(id_, ())[:6]
        back = site.out(site.of("statement", id_))
        assert {site.of("vignette", case.vignette.id) for case in shown} <= back


def test_a_drug_says_where_it_is_offered_and_is_named_there(shipped: Book, tree: Tree) -> None:
    site = Site(shipped, tree, "en")
    for drug in shipped.guideline.drugs:
        for owner in shipped.links.offers.get(drug, ()):
            assert site.of(*owner) in site.out(site.of("drug", drug)), (drug, owner)
            assert site.of("drug", drug) in site.out(site.of(*owner)), (drug, owner)


def test_each_page_leads_to_the_same_page_in_the_other_language(files: Files, tree: Tree) -> None:
    for path in html(files):
        lang, _, page = path.partition("/")
        if page:
            other = "en" if lang == "zh" else "zh"
            assert (f"{other}/{page}", "") in links(tree(path), path), path


def test_one_language_alone_links_to_no_other(invented: Book) -> None:
    from myorx.web.document import pages

    made = {page.path: page.body for page in pages(invented, ("en",))}
    assert not [path for path in made if path.startswith("zh/")]
    for path in html(made):
        for page, _ in links(parse(made[path]), path):
            assert page in made, path
