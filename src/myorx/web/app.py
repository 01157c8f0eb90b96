"""The whole service: the interfaces for other systems, the pages for people, the guideline."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Mount, Route, Router
from starlette.types import ASGIApp, Scope

from myorx.exchange.codes import Codes
from myorx.exchange.service import Settings
from myorx.exchange.service.app import create_app
from myorx.exchange.service.work import Workshop
from myorx.guideline.models import Guideline
from myorx.web.case.routes import routes as case_routes
from myorx.web.document import LANGUAGES, pages, read_book
from myorx.web.document.address import address
from myorx.web.door.gate import Door
from myorx.web.frame import answers
from myorx.web.instruments.routes import routes as instrument_routes

DOCUMENT: Final = "/guideline/"
"""Where the document is read; its pages link to each other wherever it is."""

_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def whole_app(guideline: Guideline, codes: Codes, settings: Settings) -> ASGIApp:
    """The service with its pages; those of the guideline are made when the first is asked for."""
    document, door = Document(guideline), Door(guideline, settings)

    def place(statement: str, lang: str) -> str | None:
        if statement not in guideline.statements or lang not in LANGUAGES:
            return None
        return f"{DOCUMENT}{lang}/{address('statement', statement, {}).href}"

    workshop = Workshop(settings.limits)
    people = (
        *door.routes(),
        *case_routes(guideline, codes, workshop, signs_out=door.closed),
        *instrument_routes(guideline),
    )
    everybody = (
        Route(DOCUMENT.rstrip("/"), _to_document),
        Route(f"{DOCUMENT}{{path:path}}", document.answer),
        *answers.ROUTES,
    )
    routes = (
        *_named(everybody),
        Mount("", app=door.behind(Router(_named(people), redirect_slashes=False))),
    )
    return create_app(guideline, codes, settings, place=place, more=routes, gated=_is_page)


def _is_page(path: str) -> bool:
    """Whether a path is one of those that the door stands before."""
    return path == "/" or path.removeprefix("/").partition("/")[0] in LANGUAGES


class _Named(Route):
    """A route that tells its pattern: the log has nothing of a path but that."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return match, {**child, "route": self} if child else child


def _named(routes: Iterable[Route]) -> list[Route]:
    return [_Named(each.path, each.endpoint, methods=each.methods) for each in routes]


async def _to_document(request: Request) -> Response:  # noqa: ARG001
    return RedirectResponse(DOCUMENT)


class Document:
    """The pages of one guideline, made once and kept; nothing of a patient is in them."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._lock = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """One page."""
        async with self._lock:
            made = await asyncio.to_thread(lambda: self._pages)
        path = request.path_params["path"] or "index.html"
        body = made.get(path)
        if body is None:
            return Response("404\n", 404, media_type="text/plain")
        kind = _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
        return answers.document(body, kind)

    @cached_property
    def _pages(self) -> dict[str, bytes]:
        # Without its vignettes: to run them all takes minutes, and the export has them.
        made = pages(read_book(self._guideline, None), served=True)
        return {page.path: page.body for page in made}
