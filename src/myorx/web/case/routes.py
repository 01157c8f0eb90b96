"""Where the case page and what belongs to it are found. Every request carries the whole case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from myorx.exchange.codes import Codes
from myorx.exchange.service.speech import spoken
from myorx.exchange.service.work import Workshop
from myorx.facts.document import written
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.web.case.clock import today
from myorx.web.case.examples import cited, examples
from myorx.web.case.filled import filled
from myorx.web.case.form import Form, document
from myorx.web.case.opening import Opened, open_case
from myorx.web.case.pages import At, CasePages, without_row
from myorx.web.case.posted import form_of
from myorx.web.case.reading import Reading, read
from myorx.web.case.words import WORDS
from myorx.web.frame.answers import download as sent_file
from myorx.web.frame.answers import html
from myorx.web.frame.posted import fields
from myorx.web.frame.words import LANGUAGES, side
from myorx.web.plan import DOWNLOADS, SHEETS, UnknownSubjectError, download, sheet

_MOST_BEFORE: Final = 2000
_JSON: Final = msgspec.json.Encoder()


def routes(
    guideline: Guideline,
    codes: Codes,
    workshop: Workshop,
    *,
    signs_out: bool = False,
    day: Callable[[], date] = today,
) -> Iterable[Route]:
    """The routes below ``/zh/`` and ``/en/``, and the door ``/``."""
    yield Route("/", _door)
    for lang in LANGUAGES:
        desk = _Desk(CasePages(guideline, lang), codes, workshop, signs_out=signs_out, day=day)
        at = f"/{lang}"
        yield Route(at, _to(f"{at}/"))
        yield Route(f"{at}/", desk.page, methods=["GET", "POST"])
        yield Route(f"{at}/renew", desk.renew, methods=["POST"])
        yield Route(f"{at}/ask", desk.ask, methods=["POST"])
        yield Route(f"{at}/open", desk.open, methods=["POST"])
        yield Route(f"{at}/example/{{id}}", desk.example)
        yield Route(f"{at}/case.{{form}}", desk.save, methods=["POST"])
        yield Route(f"{at}/plan/{{name}}", desk.plan, methods=["POST"])


async def _door(request: Request) -> Response:
    """To the language that the browser asks for; Chinese where it names neither."""
    header = request.headers.get("accept-language", "")
    named = header and any(lang in header.lower() for lang in LANGUAGES)
    return RedirectResponse(f"/{spoken(header) if named else 'zh'}/", 303)


def _to(path: str) -> Callable[[Request], Response]:
    def go(request: Request) -> Response:  # noqa: ARG001
        return RedirectResponse(path, 303)

    return go


class _Desk:
    """Answers for one language."""

    def __init__(
        self,
        pages: CasePages,
        codes: Codes,
        workshop: Workshop,
        *,
        signs_out: bool,
        day: Callable[[], date],
    ) -> None:
        self._pages = pages
        self._guideline = pages.guideline
        self._lang: Language = pages.lang
        self._codes = codes
        self._workshop = workshop
        self._signs_out = signs_out
        self._day = day

    async def page(self, request: Request) -> Response:
        """The page: empty, or with the form that was posted."""
        if request.method == "POST":
            posted = await fields(request)
        else:
            posted = [("as_of", self._day().isoformat())]

        def work() -> Response:
            reading, at = self._read(posted)
            return self._whole(reading, at)

        return await self._work(work)

    async def renew(self, request: Request) -> Response:
        """The plan of the form that was posted, for the script to put in its place."""
        posted = await fields(request)
        return await self._work(lambda: html(self._pages.beside(self._read(posted)[0])))

    async def ask(self, request: Request) -> Response:
        """The inside of the form likewise: what is asked next, and what is wrong."""
        posted = await fields(request)
        return await self._work(lambda: html(self._pages.facts(*self._read(posted))))

    async def open(self, request: Request) -> Response:
        """The page with the case of a file, or of what was pasted."""
        async with request.form(max_files=1, max_fields=20, max_part_size=_PASTE) as posted:
            file, text = posted.get("file"), posted.get("text")
            data = await file.read() if isinstance(file, UploadFile) and file.filename else b""
            if not data and isinstance(text, str):
                data = text.encode()
            day = str(posted.get("as_of") or "").strip() or self._day().isoformat()

        def work() -> Response:
            form, opened = open_case(data, day, self._guideline, self._codes, self._lang)
            found = read(form or Form(as_of=day), self._guideline)
            return self._whole(found, At(), opened)

        return await self._work(work)

    async def example(self, request: Request) -> Response:
        """The page with a published case."""
        known = {each.id: each for each in examples(self._guideline.manifest.id)}
        found = known.get(request.path_params["id"])
        if found is None:
            return RedirectResponse(f"/{self._lang}/", 303)

        def work() -> Response:
            form = filled(found.case, self._guideline).form
            says = side(WORDS["opened_example"], self._lang)
            opened = Opened(says, source=cited(found, self._guideline))
            return self._whole(read(form, self._guideline), At(), opened)

        return await self._work(work)

    async def save(self, request: Request) -> Response:
        """The case as a file for the user's own disk, as it stands in the form, right or wrong."""
        said = document(self._read(await fields(request))[0].form)
        match request.path_params["form"]:
            case "yaml":
                return sent_file(written(said).encode(), "case.yaml", "application/yaml")
            case "json":
                body = msgspec.json.format(_JSON.encode(said), indent=2) + b"\n"
                return sent_file(body, "case.json", "application/json")
            case _:
                return html("404\n", 404)

    async def plan(self, request: Request) -> Response:
        """One sheet of the plan as a page, or the plan as a file."""
        name = request.path_params["name"]
        if name not in SHEETS and name not in DOWNLOADS:
            return html("404\n", 404)
        posted = await fields(request)
        subject = next((text for key, text in posted if key == "subject"), "")

        def work() -> Response:
            reading, at = self._read(posted)
            plan = self._pages.plan(reading)
            if plan is None or reading.patient is None:
                return self._whole(reading, at)
            if name in DOWNLOADS:
                return sent_file(*download(name, self._guideline, plan, self._lang, self._codes))
            try:
                made = sheet(name, self._guideline, reading.patient, plan, self._lang, subject)
            except UnknownSubjectError:
                return self._whole(reading, at)
            return html(self._pages.carrying(made, reading.form, signs_out=self._signs_out))

        return await self._work(work)

    # -- parts -------------------------------------------------------------------------------------

    async def _work(self, work: Callable[[], Response]) -> Response:
        # A form can be written so that reading it takes a second: others need not wait for it.
        return await self._workshop.run(work, large=True)

    def _read(self, posted: list[tuple[str, str]]) -> tuple[Reading, At]:
        form = form_of(posted, self._guideline)
        plain = {name: text for name, text in posted if name in ("next", "stay", "drop")}
        if "drop" in plain:
            form = without_row(form, plain["drop"])
        before = tuple(plain.get("next", "")[:_MOST_BEFORE].split())
        return read(form, self._guideline), At(before, plain.get("stay", ""))

    def _whole(self, reading: Reading, at: At, opened: Opened | None = None) -> Response:
        body = self._pages.whole(
            reading,
            at,
            today=self._day().isoformat(),
            opened=opened,
            signs_out=self._signs_out,
        )
        return html(body)


_PASTE: Final = 4 * 1024 * 1024
"""Bytes of a pasted text that are read; the gate has a limit of its own."""
