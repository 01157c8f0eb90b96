"""The finder goes to the field of a fact, wherever it stands: in a group, or as a question."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.fixtures import Desk


def find(page: Page, name: str) -> str:
    """Type a name into the finder; the id of the row where the keyboard is then."""
    page.locator("#finder").fill(name)
    page.keyboard.press("Enter")
    row = page.locator(".fact:focus-within")
    assert row.count() == 1, f"no row of {name}: {page.locator('#finder-told').inner_text()}"
    return row.get_attribute("id") or ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_questions_and_folded_fields_are_found_by_name(desk: Desk, lang: str) -> None:
    page = desk.open(f"/{lang}/")
    asked = page.locator("li.asked > .name[data-name]")
    assert asked.count() > 0
    for label in asked.all():
        name, id_ = label.get_attribute("data-name") or "", label.get_attribute("id") or ""
        assert find(page, name) == id_.replace("l.", "r.", 1)
        assert page.locator(f'#found-names option[value="{name}"]').count() == 1
    folded = page.locator("details.group:not([open]) label.name").last
    name, id_ = (folded.text_content() or "").strip(), folded.get_attribute("id") or ""
    assert find(page, name) == id_.replace("l.", "r.", 1)
    page.locator("#finder").fill("no such thing")
    page.keyboard.press("Enter")
    assert page.locator("#finder-told").inner_text()
