"""The application: REST, CDS Hooks, and whatever else is mounted, behind one gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from myorx import __version__
from myorx.exchange.codes import Codes
from myorx.exchange.service import hooks, rest
from myorx.exchange.service.cases import FHIR
from myorx.exchange.service.guard import Guard
from myorx.exchange.service.knowledge import Knowledge, Place, nowhere
from myorx.exchange.service.problems import Fault, RefusedError, problem
from myorx.exchange.service.schemas import described, made
from myorx.exchange.service.settings import Settings
from myorx.exchange.service.work import Workshop
from myorx.guideline.models import Guideline

_CORS_HEADERS = ("Authorization", "Content-Type", "Accept", "Accept-Language")


def create_app(
    guideline: Guideline,
    codes: Codes,
    settings: Settings | None = None,
    *,
    place: Place = nowhere,
    more: Iterable[BaseRoute] = (),
    gated: Callable[[str], bool] | None = None,
) -> ASGIApp:
    """The service for one guideline.

    ``codes`` are those of other systems; ``place`` tells where a statement can be read; ``more``
    are routes that others mount, behind the same gate; ``gated`` tells the paths that have one of
    their own.
    """
    settings = settings or Settings()
    knowledge = Knowledge(guideline, codes, place)
    workshop = Workshop(settings.limits)
    # No pages of the framework's own: they load scripts from elsewhere.
    app = FastAPI(
        title="MyoRx",
        version=__version__,
        description=guideline.manifest.notice.en,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.include_router(rest.router(knowledge, workshop))
    app.include_router(hooks.router(knowledge, settings, workshop))
    _small(app)
    app.router.routes.extend(more)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _query)
    app.add_exception_handler(HTTPException, _nothing)
    app.add_exception_handler(Exception, _broken)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST"],
            allow_headers=list(_CORS_HEADERS),
            max_age=600,
        )
    return Guard(app, settings, gated)


def _small(app: FastAPI) -> None:
    @app.get("/health", include_in_schema=False)
    async def health() -> Response:
        return PlainTextResponse("ok\n")

    @app.get(
        f"{rest.PREFIX}/override-reasons",
        response_class=Response,
        responses=made("CodeSystem", 401, media=FHIR),
    )
    async def override_reasons() -> Response:
        """Why a card may be overridden: our code system, in both languages (FHIR R4)."""
        return hooks.override_reasons()

    description: dict[str, Any] = {}

    @app.get(f"{rest.PREFIX}/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        if not description:
            description.update(described(app.openapi()))
        return rest.as_json(description)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return problem(error, rest.language(request))


async def _query(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = (
        Fault(str(each["type"]), str(each["msg"]), ".".join(map(str, each["loc"])))
        for each in error.errors()
    )
    return problem(RefusedError(400, "query", faults), rest.language(request))


async def _nothing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "method" if error.status_code == 405 else "no_route"
    refused = RefusedError(error.status_code, code)
    refused.headers = dict(error.headers or {})
    return problem(refused, rest.language(request))


async def _broken(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """What failed goes on to the gate, which says where; the client learns that it failed."""
    return problem(RefusedError(500, "broken"), rest.language(request))
