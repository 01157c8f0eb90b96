"""Who may ask, how much and how long; and that nothing of a patient is ever logged."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from myorx.exchange.service import Limits, Settings
from myorx.exchange.service.access import Access, AccessError, read_access
from tests.exchange.service import asking
from tests.exchange.service.asking import DERMATOMYOSITIS, LUNG, ask, hook, order, prefetch, service

URL = "https://cds.example.org"
ISSUER = "https://ehr.example.org"
PATH = "/cds-services/myorx-order-sign"
BEARER = "a-long-token-of-one-laboratory"
QUESTION = hook("order-sign", prefetch(DERMATOMYOSITIS, LUNG), order("m1"))
CASE = {"as_of": asking.DAY, "sex": "female"}


class Key:
    """A key pair, and its public half as a key set has it."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = ec.generate_private_key(ec.SECP384R1())
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key()))
        self.public = {**public, "kid": kid, "alg": "ES384", "use": "sig"}

    def sign(self, **claims: Any) -> str:
        issued = int(time.time())
        usual = {
            "iss": ISSUER,
            "aud": URL + PATH,
            "iat": issued,
            "exp": issued + 300,
            "jti": "7",
        }
        whole = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        headers = {"kid": self.kid, "typ": "JWT"}
        return jwt.encode(whole, self.private, algorithm="ES384", headers=headers)


@pytest.fixture(scope="module")
def key() -> Key:
    return Key("k1")


@pytest.fixture(scope="module")
def access(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Access:
    folder = tmp_path_factory.mktemp("access")
    (folder / "ehr.json").write_text(json.dumps({"keys": [key.public]}))
    digest = hashlib.sha256(BEARER.encode()).hexdigest()
    (folder / "access.toml").write_text(
        f'[[issuer]]\niss = "{ISSUER}"\nkeys = "ehr.json"\n'
        f'[[token]]\nname = "laboratory"\nsha256 = "{digest}"\n'
    )
    return read_access(folder / "access.toml")


@pytest.fixture(scope="module")
def closed(access: Access) -> Any:
    return service(Settings(access=access, public_url=URL))


def status(app: Any, token: str | None, path: str = PATH, body: Any = QUESTION) -> int:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return ask(app, "POST", path, json=body, headers=headers).status_code


# -- who -------------------------------------------------------------------------------------------


def test_a_token_that_the_hospital_signed_opens_the_hooks(closed: Any, key: Key) -> None:
    assert status(closed, key.sign()) == 200
    assert status(closed, key.sign(aud=[URL + PATH, "x"])) == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example.org"},
        {"iss": None},
        {"iss": 7},
        {"aud": URL + "/cds-services/myorx-patient-view"},
        {"aud": "https://other.example.org" + PATH},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": 9_999_999_999},
        {"iat": None},
        {"iat": 9_000_000_000},
        {"jti": None},
    ],
)
def test_a_token_with_a_wrong_claim_does_not(closed: Any, key: Key, claims: Any) -> None:
    try:
        token = key.sign(**claims)
    except TypeError:  # the signer itself refuses it
        return
    assert status(closed, token) == 401


def test_a_token_of_another_key_or_of_none_does_not(closed: Any, key: Key) -> None:
    issued = int(time.time())
    claims = {"iss": ISSUER, "aud": URL + PATH, "iat": issued, "exp": issued + 300, "jti": "7"}
    assert status(closed, Key("k1").sign()) == 401
    assert status(closed, Key("k2").sign()) == 401
    unsigned = jwt.encode(claims, None, algorithm="none")
    assert status(closed, unsigned) == 401
    shared = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "k1"})
    assert status(closed, shared) == 401
    head, body, signature = key.sign().split(".")
    assert status(closed, f"{head}.{body}.{signature[::-1]}") == 401
    for broken in ("x", "..", "a.b.c", head, ""):
        assert status(closed, broken) == 401


def test_each_kind_of_token_opens_its_own_interface_only(closed: Any, key: Key) -> None:
    assert status(closed, BEARER, "/api/v1/plan", CASE) == 200
    assert status(closed, BEARER) == 401
    assert status(closed, key.sign(aud=URL + "/api/v1/plan"), "/api/v1/plan", CASE) == 401
    assert status(closed, BEARER + "x", "/api/v1/plan", CASE) == 401
    assert status(closed, None, "/api/v1/plan", CASE) == 401
    assert status(closed, None) == 401


def test_a_refusal_says_how_to_sign_in(closed: Any) -> None:
    answer = ask(closed, "POST", PATH, json=QUESTION, headers={"Accept-Language": "zh"})
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "JWT" in answer.json()["detail"]


def test_only_knowledge_is_open_to_everybody(closed: Any) -> None:
    assert ask(closed, "GET", "/cds-services").status_code == 200
    assert ask(closed, "GET", "/health").status_code == 200
    for path in ("/", "/api/v1/guideline", "/api/v1/openapi.json", "/cds-services/x", "/cdsx"):
        assert ask(closed, "GET", path).status_code == 401
    for path in ("/guideline/x", "/health", "/cds-services"):
        assert ask(closed, "POST", path).status_code == 401


def test_the_day_of_a_hook_is_that_of_the_token(closed: Any, key: Key) -> None:
    question = {name: value for name, value in QUESTION.items() if name != "extension"}
    headers = {"Authorization": f"Bearer {key.sign()}"}
    answer = ask(closed, "POST", PATH, json=question, headers=headers)
    assert answer.status_code == 200
    assert time.strftime("%Y-%m-%d") in answer.json()["cards"][0]["detail"]


WRONG = {
    "": "nobody is named",
    "x = 1": "'x' is unknown",
    "[[": "cannot be read as TOML",
    "issuer = 1": "is no list",
    "[[issuer]]\niss = 'a'": "keys is missing",
    "[[issuer]]\nkeys = 'a'": "iss is missing",
    "[[issuer]]\niss = 'a'\nkeys = 'none.json'": "is no JWKS",
    "[[issuer]]\niss = 'a'\nkeys = 'empty.json'": "holds no key",
    "[[issuer]]\niss = 'a'\nkeys = 'secret.json'": "is for HS256",
    "[[issuer]]\niss = 'a'\nkeys = 'private.json'": "is private",
    "[[token]]\nsha256 = 'abc'": "64 digits",
    "[[token]]\ntoken = 'abc'": "'token' is unknown",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_list_with_a_fault_is_refused(text: str, key: Key, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text('{"keys": []}')
    secret = {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "alg": "HS256"}
    (tmp_path / "secret.json").write_text(json.dumps({"keys": [secret]}))
    (tmp_path / "private.json").write_text(json.dumps({"keys": [{**key.public, "d": "x"}]}))
    path = tmp_path / "access.toml"
    path.write_text(text)
    with pytest.raises(AccessError, match=WRONG[text]):
        read_access(path)


# -- how much and how long -------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_cut_off() -> None:
    small = service(Settings(limits=Limits(body_bytes=100)))
    answer = ask(small, "POST", "/api/v1/plan", content=b"x" * 101)
    assert answer.status_code == 413
    assert "100" in answer.json()["detail"]

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 10

    assert ask(small, "POST", "/api/v1/plan", content=pieces()).status_code == 413
    assert ask(small, "POST", "/api/v1/plan", json=CASE).status_code == 200


def test_a_body_that_comes_too_slowly_is_cut_off() -> None:
    hasty = service(Settings(limits=Limits(body_seconds=0.05)))

    async def slowly() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    began = time.perf_counter()
    assert ask(hasty, "POST", "/api/v1/plan", content=slowly()).status_code == 408
    assert time.perf_counter() - began < 4


def test_an_answer_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from myorx.exchange.service import rest

    released: list[bool] = []

    def dawdle(*_: Any, **__: Any) -> None:
        end = time.perf_counter() + 3
        while time.perf_counter() < end and not released:
            time.sleep(0.01)
        raise ValueError

    monkeypatch.setattr(rest, "questions", dawdle)
    hasty = service(Settings(limits=Limits(answer_seconds=0.1)))

    async def one() -> int:
        import httpx

        transport = httpx.ASGITransport(app=hasty)
        async with httpx.AsyncClient(transport=transport, base_url=asking.HERE) as client:
            status = (await client.post("/api/v1/ask", json=CASE)).status_code
            released.append(True)
            return status

    assert asyncio.run(one()) == 503


# -- pages of others -------------------------------------------------------------------------------


def test_pages_of_others_may_ask_only_where_they_are_named(app: Any) -> None:
    origin = {"Origin": "https://ehr.example.org"}
    named = service(Settings(origins=("https://ehr.example.org",)))
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    allowed = ask(named, "OPTIONS", PATH, headers=preflight)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == origin["Origin"]
    answer = ask(named, "POST", PATH, json=QUESTION, headers=origin)
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    other = ask(named, "POST", PATH, json=QUESTION, headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    plain = ask(app, "POST", PATH, json=QUESTION, headers=origin)
    assert "access-control-allow-origin" not in plain.headers


def test_a_preflight_passes_the_gate_and_nothing_else_does(access: Access) -> None:
    closed = service(Settings(access=access, public_url=URL, origins=(ISSUER,)))
    preflight = {"Origin": ISSUER, "Access-Control-Request-Method": "POST"}
    assert ask(closed, "OPTIONS", PATH, headers=preflight).status_code == 200
    assert ask(closed, "OPTIONS", "/api/v1/plan").status_code != 200


# -- the log ---------------------------------------------------------------------------------------

PRIVATE = "Zhangsan-310101198001011234"


def everything_with_the_secret() -> list[tuple[str, str, dict[str, Any]]]:
    """Requests that hold the secret wherever one can be put."""
    headers = dict.fromkeys(("X-Patient", "Accept-Language", "User-Agent"), PRIVATE)
    headers["Authorization"] = f"Bearer {PRIVATE}"
    person = {**asking.PERSON, "name": [{"text": PRIVATE}]}
    odd = {PRIVATE: {"resourceType": PRIVATE}}
    sent = {**prefetch(DERMATOMYOSITIS, LUNG), "patient": person, **odd}
    question = hook("order-sign", sent, order("m1"), hookInstance=PRIVATE)
    return [
        ("POST", PATH, {"json": question, "headers": headers}),
        ("POST", PATH, {"json": {**question, "hook": PRIVATE}}),
        ("POST", PATH, {"content": PRIVATE.encode()}),
        ("POST", f"/cds-services/{PRIVATE}", {"json": question}),
        ("POST", f"/cds-services/{PRIVATE}/feedback", {"json": {PRIVATE: PRIVATE}}),
        ("POST", f"/api/v1/plan?as_of={PRIVATE}&{PRIVATE}", {"json": CASE}),
        ("POST", "/api/v1/plan", {"json": {**CASE, PRIVATE: PRIVATE}}),
        ("POST", "/api/v1/plan", {"content": PRIVATE, "headers": {"Content-Type": PRIVATE}}),
        ("POST", f"/api/v1/explain?subject={PRIVATE}", {"json": CASE}),
        ("POST", "/api/v1/import", {"json": {"resourceType": PRIVATE}}),
        ("POST", f"/api/v1/instruments/{PRIVATE}", {"json": {PRIVATE: PRIVATE}}),
        ("GET", f"/{PRIVATE}", {}),
        (PRIVATE, "/api/v1/plan", {}),
    ]


def records(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """All but those of the client that the tests ask with."""
    return [each for each in caplog.records if not each.name.startswith(("httpx", "httpcore"))]


def test_no_log_line_holds_anything_that_was_sent(
    caplog: pytest.LogCaptureFixture, access: Access
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = everything_with_the_secret()
    for app in (service(), service(Settings(access=access, public_url=URL))):
        for method, path, sent in asked:
            ask(app, method, path, **sent)
    told = records(caplog)
    ours = [each for each in told if each.name == "myorx.service"]
    assert len(ours) == 2 * len(asked)
    for each in told:
        assert PRIVATE not in each.getMessage()
        assert PRIVATE not in str(each.__dict__)
    assert any("/cds-services/{id}" in each.getMessage() for each in ours)


def test_a_failure_is_logged_by_its_place_and_not_by_its_text(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from myorx.exchange.service import cases

    def fail(*_: Any, **__: Any) -> None:
        raise KeyError(PRIVATE)

    monkeypatch.setattr(cases, "read_case", fail)
    caplog.set_level(logging.DEBUG)
    answer = ask(service(), "POST", "/api/v1/plan", json=CASE)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert PRIVATE not in answer.text
    text = " ".join(each.getMessage() for each in records(caplog))
    assert "KeyError at test_gate.py" in text
    assert PRIVATE not in text
    assert not any(each.exc_info for each in records(caplog))
