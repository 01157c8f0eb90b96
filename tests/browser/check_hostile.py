"""What nobody should type: markup, numbers without end, a megabyte, bytes that are no text."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.fixtures import Desk
from tests.browser.keyboard import Keyboard

MARKER = "xyzzy-plugh"
MARKUP = [
    f"<script>document.title='{MARKER}'</script>",
    f'"><img src=x onerror="document.title=\'{MARKER}\'">',
    f"'--></textarea><svg onload=\"document.title='{MARKER}'\">",
    f"{{{{ 7*7 }}}}{MARKER}${{7*7}}",
]

FILL = """text => {
  const fields = document.querySelectorAll('main form input[type=text], main form textarea');
  fields.forEach(each => { each.value = text });
  return fields.length;
}"""


def type_everywhere(desk: Desk, path: str, text: str) -> None:
    """Put ``text`` into every text field of a page and send it, with the script and without."""
    for script in (True, False):
        page = desk.open(path, java_script_enabled=script)
        # By the page itself: what is folded away is filled as well.
        filled = page.evaluate(FILL, text)
        assert filled >= 2
        form = page.locator("form#case, form#tool").first
        answered = page.expect_response(lambda answer: answer.request.method == "POST")
        with answered:
            form.locator("button.primary").click()
        page.wait_for_load_state()
        Keyboard(page).settle()
        assert page.title() != MARKER
        assert page.locator("main svg[onload], main img").count() == 0
        assert page.locator("main").first.is_visible()
        page.context.close()


@pytest.mark.parametrize("text", [*MARKUP, "9" * 400, "-1e400", "\u202e" * 50 + "١٢٣"])
def test_every_field_takes_anything(desk: Desk, text: str) -> None:
    type_everywhere(desk, "/en/", text)
    type_everywhere(desk, "/zh/instruments/taper", text)
    assert MARKER not in desk.log.read_text(errors="replace")


@pytest.mark.parametrize("text", [MARKUP[0] * 20_000, "- " * 500_000, "{" * 100_000])
def test_a_megabyte_is_pasted(desk: Desk, text: str) -> None:
    page = desk.open("/en/")
    page.locator("#files > summary").click()
    page.locator("textarea#text").evaluate("(each, text) => { each.value = text }", text)
    page.locator("form.open button").click()
    page.locator("#opened.critical").wait_for()
    assert page.title() != MARKER
    assert page.locator("form#case").is_visible()
    assert MARKER not in desk.log.read_text(errors="replace")


FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    "body", [b"f.age=%ff%fe%fa", b"f.age=\xff\xfe&f.sex=\xc3\x28", b"&&&==%%%", b"\x00\x01"]
)
@pytest.mark.parametrize("path", ["/en/", "/en/renew", "/zh/instruments/dose"])
def test_bytes_that_are_no_text(desk: Desk, path: str, body: bytes) -> None:
    answer = httpx.post(desk.origin + path, content=body, headers=FORM)
    assert answer.status_code in (200, 400, 422)
    assert "Traceback" not in answer.text


def test_the_watch_sees_a_breach_of_the_policy(desk: Desk) -> None:
    page = desk.open("/en/instruments")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    page.wait_for_timeout(100)
    heard = " ".join(desk.troubles)
    desk.troubles.clear()
    assert "style-src" in heard
    assert "connect-src" in heard
