"""Markup in a guideline's texts is text, wherever it stands."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Condition, Text
from myorx.web.document import Book, pages
from myorx.web.document.address import address, slug
from tests.web.reading import FOLDER, SVG, attributes, parse, text_of

ATTACK = """<img src=x onerror="a()">'"><script>a()</script></title></svg>{{ 7*7 }}"""
KEEP = {"id", "section", "group", "unit", "kind", "status", "type", "version", "date", "number"}
"""Strings that the engine reads; everything else is only shown."""


def poisoned(value: Any, name: str = "") -> Any:
    """The same object with an attack in front of every text that people read."""
    if isinstance(value, Text):
        return Text(zh=ATTACK + value.zh, en=ATTACK + value.en)
    if isinstance(value, Condition):
        return value
    if isinstance(value, msgspec.Struct):
        changed = {
            field: poisoned(getattr(value, field), field)
            for field in value.__struct_fields__
            if field not in KEEP
        }
        return msgspec.structs.replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(poisoned(item, name) for item in value)
    if isinstance(value, dict):
        return {key: poisoned(item, name) for key, item in value.items()}
    if isinstance(value, str) and name in ("quote", "title", "family", "also"):
        return ATTACK + value
    return value


@pytest.fixture(scope="module")
def hostile(invented: Book) -> Book:
    guideline: Guideline = poisoned(load_folder(FOLDER))
    groups = tuple(
        group._replace(
            cases=tuple(
                case._replace(
                    vignette=msgspec.structs.replace(
                        case.vignette,
                        title=poisoned(case.vignette.title),
                        case={ATTACK: [ATTACK, {"x": ATTACK}], **dict(case.vignette.case)},
                    )
                )
                for case in group.cases
            )
        )
        for group in invented.groups
    )
    return Book(guideline, groups)


def test_the_attack_reaches_the_pages_and_stays_text(hostile: Book) -> None:
    reached = 0
    for page in pages(hostile):
        if not page.path.endswith(".html"):
            continue
        root = parse(page.body)
        reached += ATTACK in text_of(root)
        for element in root.iter():
            assert element.tag not in ("img", f"{SVG}script"), page.path
            if element.tag == "script":
                assert element.get("src"), page.path
            assert not any(name.startswith("on") for name in element.attrib), page.path
        assert "49" not in text_of(next(root.iter("title"))), page.path
    assert reached > 20


def test_the_same_things_stand_on_a_hostile_page(hostile: Book, invented: Book) -> None:
    """Nothing closes early: anchors and links are those of the harmless guideline."""
    harmless = {page.path: page.body for page in pages(invented)}
    for page in pages(hostile):
        if page.path.endswith(".html"):
            ids = [id_ for id_ in attributes(parse(page.body), "id") if "picture" not in id_]
            same = attributes(parse(harmless[page.path]), "id")
            assert ids == [id_ for id_ in same if "picture" not in id_], page.path


def test_ids_cannot_leave_the_folder_or_an_attribute() -> None:
    for id_ in ("../../etc/passwd", "a b", '"><script>', "名", "..", "a/b", "a\\b"):
        name = address("drug", id_, {}).page
        assert "/" not in name
        assert "\\" not in name
        assert name not in (".", "..")
        assert not set(slug(id_)) & set("\"'<> /#?%&")


def test_the_search_index_is_data_and_nothing_else(hostile: Book) -> None:
    import json

    for page in pages(hostile):
        if page.path.endswith("search-index.js"):
            text = page.body.decode()
            assert text.startswith("window.searchIndex=[[")
            json.loads(text.removeprefix("window.searchIndex=").removesuffix(";\n"))
            assert "\u2028" not in text
