"""Without JavaScript the pages do the same, as plain forms."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser.check_way import headline, side, squeezed
from tests.browser.entering import form, plan
from tests.browser.fixtures import Desk

CASE = "published_zohar2020_man_69_ferritin_2401"


def fill(page: Page, name: str, value: str) -> None:
    """Answer one field, wherever it stands and whatever it is."""
    field = page.locator(f'main form:not(.open) [name="{name}"]').first
    if field.get_attribute("type") == "radio":
        choice = page.locator(f'[name="{name}"][value="{value}"]')
        unfold(choice)
        choice.check()
    else:
        unfold(field)
        if field.evaluate("each => each.nodeName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def unfold(field: Locator) -> None:
    """Open what the field is folded away in, the outermost fold first."""
    folds = field.locator("xpath=ancestor::details[not(@open)]/summary")
    while folds.count():
        folds.first.click()


def test_a_plan_without_script(desk: Desk) -> None:
    page = desk.open("/en/", java_script_enabled=False)
    asked = form(CASE)
    fill(page, "as_of", asked.as_of)
    for fact, entry in asked.entries.items():
        fill(page, f"f.{fact}", entry.value)
        if entry.unit and page.locator(f'[name="u.{fact}"]').count():
            fill(page, f"u.{fact}", entry.unit)
    with page.expect_navigation():
        page.locator("button.primary").click()
    expected = [side(line.says, "en") for line in plan(CASE).headline]
    for line, words in zip(headline(page), expected, strict=True):
        assert squeezed(words) in squeezed(line)
    # The language is switched with everything that was entered, and back.
    with page.expect_navigation():
        page.locator("button.language").click()
    assert page.url == f"{desk.origin}/zh/"
    expected = [side(line.says, "zh") for line in plan(CASE).headline]
    for line, words in zip(headline(page), expected, strict=True):
        assert squeezed(words) in squeezed(line)


def test_faults_without_script_keep_the_form(desk: Desk) -> None:
    page = desk.open("/zh/", java_script_enabled=False)
    fill(page, "f.age", "1200")
    fill(page, "f.weight", "60")
    with page.expect_navigation():
        page.locator("button.primary").click()
    assert page.locator('[name="f.age"]').get_attribute("aria-invalid") == "true"
    assert page.locator('[name="f.age"]').input_value() == "1200"
    assert page.locator('[name="f.weight"]').input_value() == "60"
    assert page.locator("#faults li").count() == 1
    assert not page.locator("#plan").count()


def test_an_example_is_one_click_away(desk: Desk) -> None:
    page = desk.open("/en/", java_script_enabled=False)
    page.locator("#files > summary").click()
    assert page.locator("#files a.example").count() == 3
    with page.expect_navigation():
        page.locator("#files a.example").first.click()
    assert page.locator("#plan .headline > li").count() > 0


def test_an_instrument_without_script(desk: Desk) -> None:
    page = desk.open("/en/instruments/body_surface", java_script_enabled=False)
    page.get_by_label("height").fill("170")
    page.get_by_label("weight").fill("60")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "1.68" in page.locator("#result").inner_text()
    assert "170" not in page.url
