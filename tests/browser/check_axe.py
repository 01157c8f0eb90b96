"""Each kind of page before axe-core (somebody else's checker of WCAG): no violation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.check_plain import fill
from tests.browser.fixtures import Desk

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
EXAMPLE = "/{lang}/example/published_zohar2020_man_69_ferritin_2401"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds, with where; everything folded is opened first."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.evaluate(axe())
    found = page.evaluate(
        "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", TAGS
    )
    return [
        f"{each['id']} ({each['help']}): {node['target']} {node['html'][:160]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


PATHS = [
    "/{lang}/",
    EXAMPLE,
    "/{lang}/instruments",
    "/{lang}/instruments/total_improvement",
    "/{lang}/instruments/muscle_strength",
    "/{lang}/instruments/classification",
    "/{lang}/instruments/dose",
    "/{lang}/instruments/taper",
    "/guideline/{lang}/index.html",
    "/guideline/{lang}/decision-ild_induction.html",
    "/guideline/{lang}/section-5.html",
    "/guideline/{lang}/search.html?q=5",
]


# Colours do not depend on the language: dark in one of them.
SEEN = [(path, lang, "light") for path in PATHS for lang in ("zh", "en")]
SEEN += [(path, ("zh", "en")[number % 2], "dark") for number, path in enumerate(PATHS)]


@pytest.mark.parametrize(("path", "lang", "scheme"), SEEN)
def test_no_violation(desk: Desk, path: str, lang: str, scheme: str) -> None:
    page = desk.open(path.format(lang=lang), color_scheme=scheme)
    assert violations(page) == []


def test_axe_finds_what_is_wrong(desk: Desk) -> None:
    page = desk.open("/en/instruments")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert any(each.startswith("html-has-lang") for each in violations(page))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_violation_where_something_is_wrong_or_answered(desk: Desk, lang: str) -> None:
    page = desk.open(f"/{lang}/instruments/body_surface")
    page.locator("main button.primary").click()
    assert violations(page) == []
    page = desk.open(f"/{lang}/instruments/taper")
    fill(page, "dose", "60")
    fill(page, "start", "2026-03-01")
    page.locator("main button.primary").click()
    assert page.locator(".steps tr").count() > 5
    assert violations(page) == []
    page = desk.open(f"/{lang}/")
    fill(page, "f.age", "1200")
    page.keyboard.press("Tab")
    page.locator("#faults").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("name", ["note", "evidence", "findings", "sources", "pathway", "explain"])
def test_no_violation_on_what_stands_one_click_deeper(desk: Desk, name: str) -> None:
    page = desk.open(EXAMPLE.format(lang="en"))
    button = page.locator(f'button[formaction="/en/plan/{name}"]').first
    with page.expect_navigation():
        # As a page of its own, not in its place.
        button.evaluate("each => each.form.requestSubmit(each)")
    assert page.url == f"{desk.origin}/en/plan/{name}"
    assert page.locator("h2, h1").count() > 0
    assert violations(page) == []
