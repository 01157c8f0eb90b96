"""The whole way with a keyboard alone: from an empty page to the plan of a case on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from myorx.guideline.texts import Text
from tests.browser.entering import PUBLISHED, enter, form, plan
from tests.browser.fixtures import SHOTS, Desk
from tests.browser.keyboard import Keyboard


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def side(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id_", PUBLISHED)
def test_from_an_empty_page_to_a_printed_plan(desk: Desk, id_: str, lang: str) -> None:
    page = desk.open(f"/{lang}/", locale="zh-CN" if lang == "zh" else "en-GB")
    keyboard = Keyboard(page)
    enter(keyboard, form(id_))
    said = headline(page)
    expected = [side(line.says, lang) for line in plan(id_).headline]
    assert len(said) == len(expected) <= 12
    for line, words in zip(said, expected, strict=True):
        assert squeezed(words) in squeezed(line)
    printed(page, f"{id_}-{lang}", expected)


def headline(page: Page) -> list[str]:
    return page.locator("#plan .headline > li").all_inner_texts()


def printed(page: Page, name: str, expected: list[str]) -> None:
    """The plan on paper: what is for the screen is gone, and it is one or two sheets of A4."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.emulate_media(media="print")
    assert page.locator("#plan .headline > li").first.is_visible()
    assert not page.locator(".find").is_visible()
    assert len(headline(page)) == len(expected)
    body = page.pdf(path=SHOTS / f"{name}.pdf", format="A4", prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", body))
    assert 1 <= sheets <= 2, f"{sheets} sheets"
