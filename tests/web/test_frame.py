"""The frame of all pages: assets by their digest, headers, words, the way to the other pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette

import myorx.web
from myorx.guideline.load import load
from myorx.language.prose import Language
from myorx.web.frame import answers
from myorx.web.frame.assets import asset, href
from myorx.web.frame.marked import marked
from myorx.web.frame.posted import sendable
from myorx.web.frame.render import page
from myorx.web.frame.words import LANGUAGES, catalogue
from tests.exchange.service.asking import ask
from tests.web.reading import attributes, parse, strictly, text_of

APP = Starlette(routes=answers.ROUTES)
WEB = Path(myorx.web.__file__).parent
NAMES = sorted(f"{path.parts[-3]}/{path.name}" for path in WEB.glob("*/assets/*"))
HAN = re.compile(r"[\u3400-\u9fff]")


def shell(lang: Language, posts: str = "") -> bytes:
    return page(
        "frame/shell.html",
        lang,
        catalogue("myorx.web.frame"),
        guideline=load("aim"),
        place="case",
        path="",
        title="a <title>",
        posts=posts,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_asset_is_sent_at_its_address_and_kept(name: str) -> None:
    sent = ask(APP, "GET", href(name))
    assert sent.status_code == 200
    assert sent.content == (WEB / name.replace("/", "/assets/")).read_bytes()
    assert "immutable" in sent.headers["cache-control"]
    assert sent.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/frame/frame.000000000000.css",
        "/assets/frame/frame.css",
        "/assets/frame/none.000000000000.css",
        "/assets/nothing/frame.000000000000.css",
        "/assets/frame/../words.000000000000.toml",
        "/assets/frame/%2e%2e/words.000000000000.css",
        "/assets/",
    ],
)
def test_what_is_no_asset_is_not_found_and_not_kept(path: str) -> None:
    sent = ask(APP, "GET", path)
    assert sent.status_code == 404
    assert sent.headers["cache-control"] == "no-store"


def test_an_asset_that_changes_gets_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    before = href("frame/frame.css")
    asset.cache_clear()
    monkeypatch.setattr("pkgutil.get_data", lambda *_: b"other")
    try:
        assert href("frame/frame.css") != before
    finally:
        asset.cache_clear()


def test_styles_and_scripts_load_nothing() -> None:
    for name in NAMES:
        body = asset(name).body.decode()
        assert "@import" not in body, name
        assert not re.search(r"url\((?!['\"]?(data:|#))", body), name
        assert "://" not in body.replace("http://www.w3.org/2000/svg", ""), name


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    rules = dict(part.split(" ", 1) for part in answers.POLICY.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert all(value in ("'self'", "'none'", "'self' data:") for value in rules.values())
    sent = answers.html(b"")
    assert sent.headers["content-security-policy"] == answers.POLICY
    assert sent.headers["cache-control"] == "no-store"
    assert sent.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_shell_is_strict_html_and_says_what_it_is(lang: Language) -> None:
    strictly(shell(lang))
    root = parse(shell(lang))
    said = text_of(root)
    manifest = load("aim").manifest
    for text in (manifest.title, manifest.review.says, manifest.notice):
        assert getattr(text, lang) in said
    assert "a <title>" in said
    assert manifest.version in said
    assert attributes(root, "style") == []
    if lang == "en":
        foreign = [e for e in root.iter() if e.get("lang") == "zh-CN"]
        assert not HAN.search(said) or foreign


def test_a_page_that_holds_something_posts_it_along_and_opens_the_others_beside_it() -> None:
    root = parse(shell("zh", posts="case"))
    switch = next(e for e in root.iter("button") if e.get("formaction"))
    assert (switch.get("form"), switch.get("formaction")) == ("case", "/en/")
    assert switch.get("formmethod") == "post"
    others = [e for e in root.iter("a") if "/instruments" in e.get("href", "")]
    assert [e.get("target") for e in others] == ["_blank"]
    plain = parse(shell("zh"))
    assert not [e for e in plain.iter() if e.get("target") or e.get("formaction")]
    assert "/en/" in attributes(plain, "href")


def test_words_of_the_frame_are_in_both_languages() -> None:
    for key, text in catalogue("myorx.web.frame").items():
        assert text.zh, key
        assert text.en, key
        assert not HAN.search(text.en) or key == "language_name", key
        slots = re.findall(r"{\w+}", text.zh)
        assert sorted(slots) == sorted(re.findall(r"{\w+}", text.en)), key


def test_foreign_words_are_marked_and_everything_is_escaped() -> None:
    assert marked("a 肌<b>", "en") == 'a <span lang="zh-CN" class="typed">肌</span>&lt;b&gt;'
    assert marked("a 肌<b>", "zh") == "a 肌&lt;b&gt;"


def test_what_no_page_may_hold_is_replaced() -> None:
    assert sendable("a\x00b\uffff\U0001fffec\n字😀") == "a\ufffdb\ufffd\ufffdc\n字😀"
