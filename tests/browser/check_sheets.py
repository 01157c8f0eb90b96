"""What stands one click deeper than a plan: opened by script in its place, without it as a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from myorx.web.plan import SHEETS
from tests.browser.check_axe import violations
from tests.browser.fixtures import Desk

EXAMPLE = "/{lang}/example/published_zhang2020_woman_37_mda5_rp_ild"
WHY = "#d-ild_induction-triple_therapy"


def press(page: Page, name: str) -> None:
    """Unfold everything, and press the first button that leads to a sheet."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.locator(f"#plan button[formaction$='/{name}']").first.click()


@pytest.mark.parametrize(("name", "lang"), [("explain", "en"), ("evidence", "zh")])
def test_without_script_a_sheet_is_a_page_that_holds_the_case(
    desk: Desk, name: str, lang: str
) -> None:
    page = desk.open(EXAMPLE.format(lang=lang), java_script_enabled=False)
    page.locator(f"{WHY} > summary").click()
    page.locator(f"#plan button[formaction$='/{name}']").first.click()
    expect(page.locator(f"[data-sheet='{name}']")).to_be_visible()
    assert page.locator("form#case input[name='f.age']").input_value() == "37"
    assert "37" not in page.url
    page.locator("form#case button").first.click()
    expect(page.locator("#plan")).to_be_visible()


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_sheet_has_no_violation(desk: Desk, name: str) -> None:
    page = desk.open(EXAMPLE.format(lang="zh"))
    # The page of the sheet itself, as it is without script.
    page.evaluate("document.querySelectorAll('.deeper').forEach(b => b.classList.remove('deeper'))")
    press(page, name)
    expect(page.locator(f"[data-sheet='{name}']")).to_be_visible()
    assert violations(page) == []


def test_why_opens_in_its_place_and_closes_again(desk: Desk) -> None:
    page = desk.open(EXAMPLE.format(lang="en"))
    page.locator(f"{WHY} > summary").click()
    button = page.locator(f"{WHY} button.deeper")
    button.click()
    expect(page.locator(f"{WHY} [data-sheet='explain']")).to_be_visible()
    assert button.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    button.click()
    expect(page.locator("[data-sheet]")).to_have_count(0)
    assert button.get_attribute("aria-expanded") == "false"


def test_a_note_is_copied(desk: Desk) -> None:
    page = desk.open(EXAMPLE.format(lang="zh"))
    press(page, "note")
    page.locator("button.copy").first.click()
    expect(page.locator("button.copy").first).to_have_text("已复制")
