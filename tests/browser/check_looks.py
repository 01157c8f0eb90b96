"""Pictures of the pages at several widths, to be looked at; nothing sticks out of a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.check_axe import EXAMPLE
from tests.browser.fixtures import SHOTS, Desk

WIDTHS = (360, 768, 1280, 1920)
SIGHTS = {
    "empty": "/{lang}/",
    "plan": EXAMPLE,
    "instruments": "/{lang}/instruments",
    "improvement": "/{lang}/instruments/total_improvement",
    "strength": "/{lang}/instruments/muscle_strength",
    "guideline": "/guideline/{lang}/index.html",
}
STICKS_OUT = """() => {
  const edge = document.documentElement.clientWidth + 1;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.body.querySelectorAll('*')]
    .filter(each => each.getBoundingClientRect().right > edge)
    .slice(0, 5).map(each => each.outerHTML.slice(0, 120));
}"""


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_a_page_fits_its_window(desk: Desk, sight: str, width: int) -> None:
    lang = "zh" if WIDTHS.index(width) % 2 == 0 else "en"
    page = desk.open(SIGHTS[sight].format(lang=lang), width=width)
    shot(page, f"{sight}-{lang}-{width}")
    assert page.evaluate(STICKS_OUT) == []


@pytest.mark.parametrize("sight", ["plan", "improvement"])
def test_dark_print_and_the_switch(desk: Desk, sight: str) -> None:
    page = desk.open(SIGHTS[sight].format(lang="en"), color_scheme="dark")
    shot(page, f"{sight}-dark")
    assert ground(page) < 60
    page.emulate_media(media="print")
    shot(page, f"{sight}-print")
    assert ground(page) > 240
    page.emulate_media(media="screen")
    page.locator("#theme").select_option("light")
    assert ground(page) > 240
    page.reload()
    assert ground(page) > 240, "the choice is kept"
    page.locator("#theme").select_option("dark")
    page.emulate_media(color_scheme="light")
    assert ground(page) < 60


def ground(page: Page) -> int:
    """How light the ground of the page is, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(colour.partition("(")[2].split(",")[0])


@pytest.mark.parametrize("sight", SIGHTS)
def test_four_times_as_large_nothing_is_lost(desk: Desk, sight: str) -> None:
    """WCAG 1.4.10: 400 % on 1280 pixels is a window of 320."""
    page = desk.open(SIGHTS[sight].format(lang="en"), width=320, height=256)
    assert page.evaluate(STICKS_OUT) == []
