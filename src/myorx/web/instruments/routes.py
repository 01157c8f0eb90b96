"""The addresses of the instruments: a list, and one page each that is read or sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from myorx.guideline.models import Guideline
from myorx.instruments.registry import INSTRUMENTS
from myorx.language.prose import Language
from myorx.web.frame.answers import html
from myorx.web.frame.posted import fields
from myorx.web.frame.words import LANGUAGES
from myorx.web.instruments.dose import dose_page, dose_tool
from myorx.web.instruments.pages import EMPTY, Sent, Tool, instrument_page, list_page
from myorx.web.instruments.taper import taper_page, taper_tool, tapers

GO: Final = "go"
"""The field that asks for an answer; without it the form is only shown."""

_LONGEST: Final = 100
"""Characters of a field that are read; a longer text is no value of any."""

_Make: TypeAlias = Callable[[Guideline, Language, Sent], bytes]


class _Own(NamedTuple):
    """A tool that the guideline brings."""

    tool: Tool
    make: _Make


def routes(guideline: Guideline) -> tuple[Route, ...]:
    """``/zh/instruments`` and ``/zh/instruments/<id>``, the same in every language."""
    own = {each.tool.id: each for each in _own(guideline)}
    tools = tuple(each.tool for each in own.values())

    def made(lang: Language, id_: str, sent: Sent) -> bytes:
        if id_ in own:
            return own[id_].make(guideline, lang, sent)
        if id_ not in INSTRUMENTS:
            raise HTTPException(404)
        return instrument_page(INSTRUMENTS[id_], guideline, lang, sent)

    async def listed(lang: Language, request: Request) -> Response:  # noqa: ARG001
        return html(list_page(guideline, lang, tools))

    async def one(lang: Language, request: Request) -> Response:
        sent = EMPTY
        if request.method == "POST":
            said = {name: text.strip()[:_LONGEST] for name, text in await fields(request)}
            sent = Sent(said, bool(said.pop(GO, "")))
        return html(made(lang, request.path_params["id"], sent))

    return tuple(
        route
        for lang in LANGUAGES
        for route in (
            Route(f"/{lang}/instruments", partial(listed, lang), methods=["GET", "POST"]),
            Route(f"/{lang}/instruments/{{id}}", partial(one, lang), methods=["GET", "POST"]),
        )
    )


def _own(guideline: Guideline) -> Iterator[_Own]:
    if any(drug.regimens for drug in guideline.drugs.values()):
        yield _Own(dose_tool(), dose_page)
    if any(True for _ in tapers(guideline)):
        yield _Own(taper_tool(), taper_page)
