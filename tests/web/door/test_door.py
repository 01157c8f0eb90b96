"""From outside this machine people sign in; what other sites send is refused; sessions end."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

import pytest
from starlette.datastructures import Headers

from myorx.exchange.service import Settings
from myorx.exchange.service.access import Access
from myorx.web.door.origin import is_foreign
from myorx.web.door.sessions import IDLE, MOST, TRIES, WHOLE, Sessions, Tries
from tests.web.case.conftest import HERE, Ask, asker

GIVEN = "a-long-token-of-one-ward"
CASE = {"as_of": "2026-11-22", "f.sex": "female", "f.age": "45"}
PAGES = ("/zh/", "/en/", "/en/instruments", "/en/example/x", "/zh/instruments/sign-in")
POSTS = ("/zh/", "/en/renew", "/en/ask", "/en/open", "/en/case.yaml", "/en/plan/json")


def closed(base: str = HERE, url: str = "") -> Ask:
    tokens = frozenset({hashlib.sha256(GIVEN.encode()).hexdigest()})
    return asker(Settings(access=Access({}, tokens), public_url=url), base)


@pytest.fixture
def ask() -> Ask:
    return closed()


def sign_in(ask: Ask, token: str = GIVEN) -> int:
    return ask("POST", "/en/sign-in", data={"token": token}).status_code


# -- signing in ------------------------------------------------------------------------------------


def test_who_has_not_signed_in_sees_no_page(ask: Ask) -> None:
    for path in PAGES:
        answer = ask("GET", path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/{path[1:3]}/sign-in"
    for path in POSTS:
        answer = ask("POST", path, data=CASE)
        assert answer.status_code == 401
        assert "sign-in" in answer.text
        assert "plan-head" not in answer.text


def test_the_token_opens_a_session_of_pages_and_of_nothing_else(ask: Ask) -> None:
    assert sign_in(ask) == 303
    assert ask("GET", "/en/").status_code == 200
    assert ask("POST", "/en/renew", data=CASE).status_code == 200
    # A cookie goes along by itself, so no interface of programs may be opened by it.
    assert ask("POST", "/api/v1/plan", json={"as_of": "2026-11-22"}).status_code == 401
    assert ask("POST", "/cds-services/myorx-patient-view", json={}).status_code == 401


def test_the_guideline_and_the_assets_need_no_session(ask: Ask) -> None:
    sign = ask("GET", "/en/sign-in")
    assert sign.status_code == 200
    style = sign.text.partition('href="/assets/')[2].partition('"')[0]
    assert ask("GET", f"/assets/{style}").status_code == 200


@pytest.mark.parametrize("token", ["", "x", GIVEN + "x", GIVEN[:-1], "x" * 10_000, "令牌"])
def test_another_token_does_not(ask: Ask, token: str) -> None:
    assert sign_in(ask, token) == 401
    assert ask("GET", "/en/").status_code == 303


def test_an_invented_cookie_does_not(ask: Ask) -> None:
    answer = ask("GET", "/en/", headers={"Cookie": "myorx=invented; __Host-myorx=invented"})
    assert answer.status_code == 303


def test_a_program_may_bring_the_token_itself(ask: Ask) -> None:
    assert ask("GET", "/en/", headers={"Authorization": f"Bearer {GIVEN}"}).status_code == 200
    assert ask("GET", "/en/", headers={"Authorization": "Bearer x"}).status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites() -> None:
    cookie = closed()("POST", "/en/sign-in", data={"token": GIVEN}).headers["set-cookie"]
    assert cookie.startswith("myorx=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict"}
    assert GIVEN not in cookie


@pytest.mark.parametrize(
    ("base", "url"), [("https://cds.example.org", ""), (HERE, "https://cds.example.org")]
)
def test_by_tls_the_cookie_is_sent_by_tls_only(base: str, url: str) -> None:
    ask = closed(base, url)
    cookie = ask("POST", "/en/sign-in", data={"token": GIVEN}).headers["set-cookie"]
    assert cookie.startswith("__Host-myorx=")
    assert "secure" in {part.strip().lower() for part in cookie.split(";")}


def test_signing_out_ends_the_session(ask: Ask) -> None:
    answer = ask("POST", "/en/sign-in", data={"token": GIVEN})
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    assert ask("POST", "/en/sign-out").status_code == 303
    assert ask("GET", "/en/", headers=cookie).status_code == 303


def test_too_many_wrong_tokens_have_to_wait(ask: Ask) -> None:
    assert [sign_in(ask, "x") for _ in range(TRIES)] == [401] * TRIES
    assert sign_in(ask, GIVEN) == 429


def test_nothing_of_a_token_or_cookie_is_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "myorx.service"):
        sign_in(ask)
        ask("GET", "/en/")
    told = caplog.text
    assert "POST /en/sign-in 303" in told
    assert "GET /en/ 200" in told
    assert GIVEN not in told


def test_on_this_machine_nobody_signs_in() -> None:
    ask = asker(Settings())
    assert ask("GET", "/en/").status_code == 200
    assert ask("GET", "/en/sign-in").status_code == 404


# -- other sites -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", [*POSTS, "/en/instruments/x"])
def test_what_another_site_sends_is_refused(path: str, headers: dict[str, str]) -> None:
    answer = asker(Settings())("POST", path, data=CASE, headers=headers)
    assert answer.status_code == 403
    assert "plan-head" not in answer.text


@pytest.mark.parametrize(
    ("headers", "url", "foreign"),
    [
        ({"host": "a:1", "origin": "http://a:1"}, "", False),
        ({"host": "A:1", "origin": "https://a:1"}, "", False),
        (
            {"host": "inner:1", "origin": "https://cds.example.org"},
            "https://cds.example.org",
            False,
        ),
        ({"host": "inner:1", "origin": "https://cds.example.org"}, "", True),
        ({"host": "a", "origin": "https://a.evil"}, "", True),
        ({"origin": "https://"}, "", True),
        ({"host": "a", "origin": "null"}, "", False),
        ({"host": "a"}, "", False),
        ({"host": "a", "sec-fetch-site": "none"}, "", False),
    ],
)
def test_where_a_request_comes_from(headers: dict[str, str], url: str, foreign: bool) -> None:
    assert is_foreign(Headers(headers), url) is foreign


# -- sessions --------------------------------------------------------------------------------------


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sessions() -> tuple[Sessions, Clock]:
    clock = Clock()
    reading: Callable[[], float] = clock
    return Sessions(reading), clock


def test_a_session_ends_when_it_is_idle() -> None:
    kept, clock = sessions()
    name = kept.begin()
    clock.now += IDLE
    assert kept.holds(name)
    clock.now += IDLE + 1
    assert not kept.holds(name)
    clock.now -= IDLE
    assert not kept.holds(name)


def test_a_session_ends_after_a_day_of_work_however_busy() -> None:
    kept, clock = sessions()
    name = kept.begin()
    for _ in range(int(WHOLE / IDLE)):
        clock.now += IDLE - 1
        assert kept.holds(name)
    clock.now += IDLE - 1
    assert not kept.holds(name)


def test_the_number_of_sessions_is_bounded() -> None:
    kept, clock = sessions()
    names = []
    for _ in range(MOST + 5):
        clock.now += 1
        names.append(kept.begin())
    assert [kept.holds(each) for each in names[:6]] == [False] * 5 + [True]
    assert len(set(names)) == len(names)


def test_tries_are_forgotten_after_a_minute() -> None:
    clock = Clock()
    tries = Tries(clock)
    for _ in range(TRIES):
        assert not tries.too_many("a")
        tries.wrong("a")
    assert tries.too_many("a")
    assert not tries.too_many("b")
    clock.now += 61
    assert not tries.too_many("a")
