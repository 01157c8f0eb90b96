"""The pages: well-formed, light, in one language each, safe to serve, the same every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import typing
from xml.etree.ElementTree import Element

import pytest

from myorx.guideline import models
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import model as plan_model
from myorx.web.document import Book, pages
from myorx.web.document.words import glossary, word, words
from tests.web.reading import FOLDER, SVG, Files, Tree, strictly, text_of

HAN = re.compile(r"[\u3400-\u9fff]+")
LIMIT = 300_000
"""Bytes of a page with everything it loads."""


def html(files: Files) -> list[str]:
    return [path for path in files if path.endswith(".html")]


def test_pages_are_what_html_allows(files: Files, invented: Book) -> None:
    """Every page of a small guideline; of the shipped one the smallest of each kind."""
    for page in pages(invented):
        if page.path.endswith(".html"):
            strictly(page.body)
    smallest: dict[str, str] = {}
    for path in html(files):
        kind = path.partition("-")[0]
        if len(files[path]) < len(files.get(smallest.get(kind, ""), bytes(LIMIT))):
            smallest[kind] = path
    assert len(smallest) > 30
    for path in smallest.values():
        strictly(files[path])


def test_every_page_is_well_formed_and_says_what_it_is(files: Files, tree: Tree) -> None:
    for path in html(files):
        root = tree(path)
        assert root.get("lang") == ("en" if path.startswith("en/") else "zh-CN"), path
        assert len(list(root.iter("h1"))) == 1, path
        assert len(list(root.iter("main"))) == 1, path
        assert text_of(next(root.iter("title"))).strip(), path


def test_every_page_names_version_state_of_review_and_purpose(shipped: Book, files: Files) -> None:
    manifest = shipped.guideline.manifest
    for path in html(files):
        lang = "en" if path.startswith("en/") else "zh"
        text = files[path].decode()
        for said in (manifest.version, getattr(manifest.review.says, lang)):
            assert said in text, path
        assert getattr(manifest.notice, lang) in text, path


def test_vignettes_are_counted_where_there_are_any(shipped: Book, files: Files) -> None:
    """The served document is made without them; what is not known is not counted."""
    without = {each.path: each.body for each in pages(Book(shipped.guideline))}
    for lang in ("zh", "en"):
        path = f"{lang}/index.html"
        counted = word("size_vignettes", lang).format(count=len(shipped.cases))
        assert counted in text_of(strictly(files[path]))
        bare = word("size_vignettes", lang).format(count=0)
        assert bare not in text_of(strictly(without[path]))


def test_headings_skip_no_level(files: Files, tree: Tree) -> None:
    for path in html(files):
        level = 0
        for element in main(tree(path)).iter():
            found = re.fullmatch(r"h([1-6])", str(element.tag))
            if found:
                assert int(found[1]) <= level + 1, (path, text_of(element))
                level = int(found[1])


def main(root: Element) -> Element:
    return next(root.iter("main"))


def test_landmarks_skip_link_and_labels(files: Files, tree: Tree) -> None:
    for path in html(files):
        if path == "index.html":
            continue
        root = tree(path)
        for tag in ("header", "nav", "main", "footer"):
            assert len(list(root.iter(tag))) == 1, (path, tag)
        first = next(root.iter("a"))
        assert first.get("href") == "#main", path
        named = {label.get("for") for label in root.iter("label")}
        assert {each.get("id") for each in root.iter("input")} <= named, path
        for table in root.iter("table"):
            heads = [each.get("scope") for each in table.iter("th")]
            assert heads, path
            assert set(heads) <= {"col", "row"}, path


def test_nothing_comes_from_outside_and_nothing_runs_inline(files: Files, tree: Tree) -> None:
    for path in html(files):
        for element in tree(path).iter():
            for name, value in element.items():
                assert not name.startswith("on"), (path, name)
                assert name != "style", path
                if name in ("href", "src", "action"):
                    assert not re.match(r"[a-z]+:|//", value), (path, value)
            if element.tag == "script":
                assert element.get("src"), path
                assert not text_of(element).strip(), path
            assert element.tag != "style", path
    css = "".join(body.decode() for path, body in files.items() if path.endswith(".css"))
    assert "url(" not in css
    assert "@import" not in css
    assert all(path.startswith("assets/") for path in files if path.endswith(".css"))


def test_no_page_is_heavier_than_what_a_ward_computer_should_load(files: Files) -> None:
    shared = sum(len(body) for path, body in files.items() if path.startswith("assets/"))
    for path in html(files):
        index = f"{path.partition('/')[0]}/search-index.js" if "search.html" in path else None
        weight = len(files[path]) + shared + (len(files[index]) if index else 0)
        assert weight < LIMIT, (path, weight)


# -- languages -------------------------------------------------------------------------------------

# What may be Chinese on an English page: the source's own words and names, references, what
# somebody typed into a case, and the way to the Chinese page.
CHINESE = {"source", "name", "work", "typed", "in-text", "language", "there"}


def chinese(element: Element, inside: str = "") -> list[tuple[str, str]]:
    """(class of the nearest element marked as Chinese, characters) of all that is Chinese."""
    own = element.get("lang")
    if own is not None:
        inside = element.get("class", "") if own.startswith("zh") else ""
    found = [(inside, run) for run in HAN.findall(element.text or "")]
    for child in element:
        found += chinese(child, inside)
        found += [(inside, run) for run in HAN.findall(child.tail or "")]
    for name in ("title", "aria-label", "placeholder"):
        found += [("", run) for run in HAN.findall(element.get(name, ""))]
    return found


def test_english_pages_are_english_but_for_quotes_names_and_references(
    shipped: Book, files: Files, tree: Tree
) -> None:
    quoted_in_english = "\n".join(english_texts(shipped))
    for path in html(files):
        if path.startswith("en/"):
            for role, run in chinese(tree(path)):
                assert role in CHINESE, (path, run)
                if role == "in-text":
                    assert run in quoted_in_english, (path, run)


def english_texts(book: Book) -> list[str]:
    """The English side of every text that a page may show, where it quotes Chinese."""
    from myorx.guideline.walk import walk

    texts = [value for _, _, value in walk(book.guideline) if isinstance(value, str)]
    titles = [case.vignette.title.en for case in book.cases.values()]
    lines = [
        line.says.en
        for case in book.cases.values()
        if case.outcome.plan
        for line in case.outcome.plan.headline
    ]
    return [*(text for text in texts if not HAN.fullmatch(text)), *titles, *lines]


def test_every_word_of_the_pages_is_in_both_languages() -> None:
    for catalogue in (words(), glossary()):
        for key, text in catalogue.items():
            assert text.zh, key
            assert text.en, key
            assert not HAN.search(text.en) or key == "language_name", key
            slots = re.findall(r"\{\w+\}", text.zh)
            assert sorted(slots) == sorted(re.findall(r"\{\w+\}", text.en)), key


@pytest.mark.parametrize(
    "prefix",
    ["", "kind_", "population_"],
)
def test_the_guideline_s_own_vocabulary_has_words(prefix: str) -> None:
    kinds = {
        "": (
            models.StatementStatus,
            models.Weight,
            models.Severity,
            models.Role,
            models.AdviceKind,
            models.Level,
            models.Population,
            plan_model.Status,
            plan_model.Verdict,
            plan_model.DecisionStatus,
            plan_model.AdviceStatus,
            plan_model.Safety,
            plan_model.Indication,
        ),
        "kind_": (models.StatementKind,),
        "population_": (models.Population,),
    }[prefix]
    for kind in kinds:
        for value in typing.get_args(kind):
            assert f"value_{prefix}{value}" in words(), value


def test_every_kind_of_rule_and_detail_has_a_word(shipped: Book) -> None:
    for rule in shipped.rules:
        assert f"rule_{rule.kind}" in words(), rule.kind
        assert f"kind_{rule.owner.kind}" in words(), rule.owner
        for key, _ in rule.conditions:
            assert f"condition_{key}" in words(), key
        for key, _ in rule.details:
            assert f"detail_{key}" in words(), key


# -- content ---------------------------------------------------------------------------------------


def test_a_rule_is_shown_with_prose_code_and_grounds(shipped: Book, tree: Tree) -> None:
    for lang in ("zh", "en"):
        for rule in shipped.rules:
            place = shipped.address(*rule.owner)
            root = tree(f"{lang}/{place.page}")
            anchor = rule.address.anchor
            shown = next((e for e in root.iter() if e.get("id") == anchor), root)
            text = " ".join(text_of(shown).split())
            for _, expression in rule.conditions:
                said = shipped.wording.words(expression)
                assert " ".join(getattr(said.says, lang).split()) in text, (anchor, lang)
                assert " ".join(said.text.split()) in text, (anchor, lang)
            if rule.basis == "inferred":
                assert ("推断" if lang == "zh" else "inferred") in text, anchor


def test_all_vignettes_were_run_and_their_results_stand_there(shipped: Book, tree: Tree) -> None:
    from myorx.guideline.load import GUIDELINES

    written, _ = load_vignettes(GUIDELINES / "aim")
    assert set(shipped.cases) == {vignette.id for vignette in written}
    for case in shipped.cases.values():
        root = tree(f"en/{case.page}")
        shown = next(e for e in root.iter() if e.get("id") == case.vignette.id)
        text = text_of(shown)
        if case.outcome.plan is not None:
            for line in case.outcome.plan.headline:
                assert line.says.en in text, case.vignette.id
        assert ("all met" in text) is case.outcome.passed, case.vignette.id


def test_a_missed_expectation_is_shown_as_missed(invented: Book) -> None:
    import msgspec

    from myorx.plan.assemble import planner
    from myorx.plan.vignettes import run_vignette
    from myorx.web.document.cases import show

    case = next(case for case in invented.cases.values() if case.vignette.expect.drugs)
    drug = next(iter(case.vignette.expect.drugs))
    wrong = msgspec.structs.replace(
        case.vignette,
        expect=msgspec.structs.replace(case.vignette.expect, drugs={drug: "no_such_verdict"}),
    )
    outcome = run_vignette(planner(invented.guideline), wrong, None)
    met = {expected.keys: expected.met for expected in show(wrong, case.page, outcome).expected}
    assert met["drugs", drug] is False
    assert all(value for keys, value in met.items() if keys[0] != "drugs")


def test_the_same_guideline_gives_the_same_bytes_in_another_process(invented: Book) -> None:
    here = {page.path: page.body for page in pages(invented)}
    code = (
        "import hashlib, sys; from pathlib import Path;"
        "from myorx.guideline.load import load_folder;"
        "from myorx.web.document import pages, read_book;"
        "folder = Path(sys.argv[1]);"
        "book = read_book(load_folder(folder), folder);"
        "print(*(hashlib.sha256(p.path.encode() + p.body).hexdigest() for p in pages(book)))"
    )
    import hashlib

    expected = [hashlib.sha256(path.encode() + body).hexdigest() for path, body in here.items()]
    run = subprocess.run(
        [sys.executable, "-c", code, str(FOLDER)],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == expected


def test_the_search_index_leads_to_everything(shipped: Book, files: Files) -> None:
    import json

    for lang in ("zh", "en"):
        text = files[f"{lang}/search-index.js"].decode()
        kinds = json.loads(text.removeprefix("window.searchIndex=").removesuffix(";\n"))
        entries = [
            (kind, id_, title, text, f"{link}{id_}" if link.endswith("#") else link)
            for kind, items in kinds
            for id_, title, text, link in items
        ]
        found = {entry[4] for entry in entries}
        for kind, ids in (
            ("statement", shipped.guideline.statements),
            ("drug", shipped.guideline.drugs),
            ("decision", shipped.guideline.decisions),
            ("dispute", shipped.guideline.disputes),
            ("vignette", shipped.cases),
        ):
            assert {shipped.address(kind, id_).href for id_ in ids} <= found
        # A drug is found by its name in either language.
        for drug in shipped.guideline.drugs.values():
            (entry,) = [e for e in entries if e[4] == shipped.address("drug", drug.id).href]
            assert drug.names.zh in entry[3] + entry[2]
            assert drug.names.en in entry[3] + entry[2]


def test_pictures_stand_on_the_pages_of_their_decisions(shipped: Book, tree: Tree) -> None:
    for decision in shipped.guideline.decisions:
        root = tree(f"en/{shipped.address('decision', decision).page}")
        pictures = list(root.iter(f"{SVG}svg"))
        assert pictures, decision
        for picture in pictures:
            ids = (picture.get("aria-labelledby") or "").split()
            told = {e.get("id"): text_of(e) for e in picture if e.get("id") in ids}
            assert len(told) == 2, decision
            assert all(told.values()), decision
