"""The gate before the pages: nothing from other sites; whom the server does not know signs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from myorx.exchange.service import Settings
from myorx.exchange.service.access import Access
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.web.door.origin import is_foreign
from myorx.web.door.sessions import Sessions, Tries
from myorx.web.frame.answers import html
from myorx.web.frame.posted import fields
from myorx.web.frame.render import page
from myorx.web.frame.words import LANGUAGES, catalogue, side

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

WORDS: Final = catalogue("myorx.web.door")

SIGN_IN: Final = "sign-in"
SIGN_OUT: Final = "sign-out"
_COOKIE: Final = "myorx"
_LONGEST: Final = 4096
_ENTRIES: Final = frozenset(f"/{lang}/{SIGN_IN}" for lang in LANGUAGES)
"""What stands open to those who have yet to sign in."""


class Door:
    """Who gets to the pages of one server."""

    def __init__(self, guideline: Guideline, settings: Settings) -> None:
        self._guideline = guideline
        self._access: Access | None = settings.access
        self._url = settings.public_url
        self._sessions = Sessions()
        self._tries = Tries()

    @property
    def closed(self) -> bool:
        """Whether people have to sign in."""
        return self._access is not None

    def behind(self, app: ASGIApp) -> ASGIApp:
        """The application, for those who may see it."""

        async def gate(scope: Scope, receive: Receive, send: Send) -> None:
            refused = self._refused(Request(scope)) if scope["type"] == "http" else None
            await (refused or app)(scope, receive, send)

        return gate

    def routes(self) -> Iterable[Route]:
        """Signing in and out; with no list of who may ask, there is nothing to sign in to."""
        for lang in LANGUAGES if self.closed else ():
            yield Route(f"/{lang}/{SIGN_IN}", self._in(lang), methods=["GET", "POST"])
            yield Route(f"/{lang}/{SIGN_OUT}", self._out(lang), methods=["POST"])

    # -- who may pass ------------------------------------------------------------------------------

    def _refused(self, request: Request) -> Response | None:
        """What is answered instead; None for those who may pass."""
        asks = request.method in ("GET", "HEAD")
        if not asks and is_foreign(request.headers, self._url):
            return html(self._page("foreign", _language(request)), 403)
        if self._access is None or request.url.path in _ENTRIES or self._known(request):
            return None
        lang = _language(request)
        if asks:
            return RedirectResponse(f"/{lang}/{SIGN_IN}", 303, {"Cache-Control": "no-store"})
        return html(self._page("signed_out", lang), 401)

    def _known(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._access is not None:
            return self._access.bearer(token.strip())
        return self._sessions.holds(request.cookies.get(self._cookie(request), ""))

    def _cookie(self, request: Request) -> str:
        # Browsers take a cookie with this prefix from this very host only, and by TLS.
        return f"__Host-{_COOKIE}" if self._secure(request) else _COOKIE

    def _secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or self._url.startswith("https:")

    # -- signing in and out ------------------------------------------------------------------------

    def _in(self, lang: Language) -> Endpoint:
        async def sign_in(request: Request) -> Response:
            if request.method != "POST":
                return html(self._page("sign_in", lang))
            address = request.client.host if request.client else ""
            if self._tries.too_many(address):
                return html(self._page("sign_in", lang, "sign_in_slow"), 429)
            given = next((text for name, text in await fields(request) if name == "token"), "")
            if self._access is None or not self._access.bearer(given.strip()[:_LONGEST]):
                self._tries.wrong(address)
                return html(self._page("sign_in", lang, "sign_in_wrong"), 401)
            answer = RedirectResponse(f"/{lang}/", 303, {"Cache-Control": "no-store"})
            answer.set_cookie(
                self._cookie(request),
                self._sessions.begin(),
                path="/",
                secure=self._secure(request),
                httponly=True,
                samesite="strict",
            )
            return answer

        return sign_in

    def _out(self, lang: Language) -> Endpoint:
        async def sign_out(request: Request) -> Response:
            cookie = self._cookie(request)
            self._sessions.end(request.cookies.get(cookie, ""))
            answer = RedirectResponse(f"/{lang}/{SIGN_IN}", 303, {"Cache-Control": "no-store"})
            answer.delete_cookie(
                cookie, path="/", secure=self._secure(request), httponly=True, samesite="strict"
            )
            return answer

        return sign_out

    def _page(self, kind: str, lang: Language, fault: str = "") -> bytes:
        return page(
            "door/door.html",
            lang,
            WORDS,
            guideline=self._guideline,
            place="",
            path=SIGN_IN if kind == "sign_in" else "",
            title=side(WORDS[kind], lang),
            kind=kind,
            fault=fault,
        )


def _language(request: Request) -> Language:
    first = request.url.path.removeprefix("/").partition("/")[0]
    return next((lang for lang in LANGUAGES if lang == first), "zh")
