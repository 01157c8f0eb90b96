"""The gate before the service: who may ask, how much, how long; and what of it is logged.

One line a request: method, the pattern of the route, status, milliseconds. Never a path as it was
sent, a query, a header, a body or the text of an exception: each may hold what a patient has.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myorx.exchange.service.access import Access
from myorx.exchange.service.problems import RefusedError, problem
from myorx.exchange.service.settings import Limits, Settings
from myorx.exchange.service.speech import spoken

HOOKS: Final = "/cds-services"
REST: Final = "/api/"
OPEN: Final = ("/guideline/", "/assets/", "/health")
"""Knowledge and the sign of life: without anything of a patient, open to everybody who may read."""

_METHODS: Final = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"))
_LOG: Final = logging.getLogger("myorx.service")


class Guard:
    """An application behind the gate."""

    def __init__(
        self, app: ASGIApp, settings: Settings, gated: Callable[[str], bool] | None = None
    ) -> None:
        """``gated`` tells the paths before which the application has a gate of its own."""
        self._app = app
        self._gated = gated
        self._access: Access | None = settings.access
        self._url = settings.public_url
        self._limits: Limits = settings.limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the start and the end of the server."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        headers = Headers(scope=scope)
        told = _Told(send)
        try:
            gated = self._gated is not None and self._gated(scope["path"])
            if self._access is not None and not gated:
                _permit(self._access, scope, headers, self._url)
            body = await _body(headers, receive, self._limits)
            try:
                async with asyncio.timeout(self._limits.answer_seconds):
                    await self._app(scope, _replay(body, receive), told)
            except TimeoutError:
                seconds = f"{self._limits.answer_seconds:g}"
                raise RefusedError(503, "slow_answer", seconds=seconds) from None
        except RefusedError as refused:
            await _refuse(refused, headers, scope, receive, told)
        except _GoneError:
            return
        except Exception as error:  # noqa: BLE001  the server would log it with its text
            _LOG.error("%s at %s", type(error).__name__, _place(error))
            await _refuse(RefusedError(500, "broken"), headers, scope, receive, told)
        spent = (time.perf_counter() - began) * 1000
        _LOG.info("%s %s %s %.1f ms", _method(scope), _pattern(scope), told.status, spent)


class _GoneError(Exception):
    """The client went away while it was still sending."""


class _Told:
    """Sends, and remembers what the answer began with."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            found = [(name, value) for name, value in message["headers"] if name not in _SET]
            message = {**message, "headers": [*found, *_SET.items()]}
        await self._send(message)


_SET: Final = {b"x-content-type-options": b"nosniff", b"referrer-policy": b"no-referrer"}


async def _refuse(
    refused: RefusedError, headers: Headers, scope: Scope, receive: Receive, told: _Told
) -> None:
    if not told.status:
        await problem(refused, spoken(headers.get("accept-language", "")))(scope, receive, told)


# -- who may ask ---------------------------------------------------------------------------------


def _permit(access: Access, scope: Scope, headers: Headers, url: str) -> None:
    """Let pass whoever may ask; raise RefusedError for everybody else."""
    method, path = scope["method"], scope["path"]
    # A browser asks before the question proper, and sends no credentials with it.
    if method == "OPTIONS" or (method in ("GET", "HEAD") and _is_open(path)):
        return
    scheme, _, token = headers.get("authorization", "").partition(" ")
    token = token.strip()
    hooks = path == HOOKS or path.startswith(f"{HOOKS}/")
    if scheme.lower() == "bearer" and token:
        if hooks and access.signed(token, f"{url}{path}"):
            return
        if not hooks and access.bearer(token):
            return
    code = "sign_in_hooks" if hooks else "sign_in"
    raise RefusedError(401, code).under(www_authenticate="Bearer")


def _is_open(path: str) -> bool:
    return path.startswith(OPEN) or path.rstrip("/") == HOOKS


# -- the body --------------------------------------------------------------------------------------


async def _body(headers: Headers, receive: Receive, limits: Limits) -> bytes:
    """The whole body, within its limits."""
    most = f"{limits.body_bytes:,}"
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limits.body_bytes:
        raise RefusedError(413, "too_large", most=most)
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _GoneError
                piece = message.get("body", b"")
                size += len(piece)
                if size > limits.body_bytes:
                    raise RefusedError(413, "too_large", most=most)
                pieces.append(piece)
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError:
        seconds = f"{limits.body_seconds:g}"
        raise RefusedError(408, "slow_body", seconds=seconds) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """What the application receives: the body in one piece, then whatever comes after it."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


# -- the log ---------------------------------------------------------------------------------------


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "?"


def _pattern(scope: Scope) -> str:
    """The route as it was declared: what stands in it for a place holder is not said."""
    return str(getattr(scope.get("route"), "path", "(no route)"))


def _place(error: BaseException) -> str:
    """File, line and function of the last frame; the text of an exception may hold anything."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "?"
    last = frames[-1]
    return f"{last.filename.replace(chr(92), '/').rpartition('/')[2]}:{last.lineno} {last.name}"
