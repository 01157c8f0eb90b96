"""The REST interface under ``/api/v1``: the same plan, explanation, questions and instruments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from myorx.exchange.service import cases
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.problems import Fault, RefusedError
from myorx.exchange.service.schemas import SCHEMAS, body_of, made, published
from myorx.exchange.service.speech import Language, spoken
from myorx.exchange.service.work import Workshop, is_large
from myorx.facts import THERAPIES, CaseError, Patient, dictionary
from myorx.facts.document import fields, opened
from myorx.guideline.faults import near
from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS, Instrument
from myorx.plan.ask import questions
from myorx.plan.encode import encode
from myorx.plan.explain import UnknownSubjectError, explain_with

PREFIX = "/api/v1"

AsOf = Annotated[str | None, Query(description="The day of the plan, 2026-11-22.")]
_KEPT_NOWHERE = {"Cache-Control": "no-store"}
_JSON = msgspec.json.Encoder(order="deterministic")
_NUMBERS = msgspec.json.Encoder(decimal_format="number")


def router(knowledge: Knowledge, workshop: Workshop) -> APIRouter:
    """All routes of the interface."""
    routes = APIRouter(prefix=PREFIX)
    guideline = knowledge.guideline

    async def of_patient(
        request: Request, as_of: str | None, answer: Callable[[Patient], bytes]
    ) -> Response:
        body, lang = await request.body(), language(request)
        media = request.headers.get("content-type", "")

        def work() -> bytes:
            return answer(cases.read_patient(body, media, as_of, knowledge, lang))

        # A case of a few kB can be written so that reading it takes a second: never at once.
        return _private(await workshop.run(work, large=True))

    @routes.post("/plan", openapi_extra=body_of("case"), responses=made("Plan"))
    async def plan(request: Request, as_of: AsOf = None) -> Response:
        """The plan for one case: a case (JSON, YAML), or a FHIR Bundle by its media type."""
        return await of_patient(
            request, as_of, lambda patient: encode(knowledge.planner.plan(patient))
        )

    @routes.post(
        "/explain", openapi_extra=body_of("case"), responses=made("Explanation") | missing()
    )
    async def explain(
        request: Request,
        subject: Annotated[
            str,
            Query(description="A candidate (decision/candidate), drug:id or advice:id."),
        ],
        as_of: AsOf = None,
    ) -> Response:
        """Why a candidate, drug or advice stands where it stands, and what would change it."""

        def answer(patient: Patient) -> bytes:
            try:
                return encode(explain_with(knowledge.planner, patient, subject))
            except UnknownSubjectError as error:
                raise RefusedError(404, "subject", [Fault("subject", str(error))]) from None

        return await of_patient(request, as_of, answer)

    @routes.post("/ask", openapi_extra=body_of("case"), responses=made("Questions"))
    async def ask(
        request: Request,
        as_of: AsOf = None,
        limit: Annotated[int | None, Query(ge=1, le=200)] = None,
    ) -> Response:
        """What to find out next, best first."""
        body, lang = await request.body(), language(request)
        media = request.headers.get("content-type", "")

        def work() -> bytes:
            patient = cases.read_patient(body, media, as_of, knowledge, lang)
            asked = () if cases.media_type(media) == cases.FHIR else {THERAPIES} & _parts(body)
            return _JSON.encode(questions(guideline, patient, asked, limit=limit))

        return _private(await workshop.run(work, large=True))

    @routes.post("/import", openapi_extra=body_of("bundle"), responses=made("Import"))
    async def import_(request: Request, as_of: AsOf = None) -> Response:
        """The case that a FHIR Bundle holds, and the report: what was used, what not and why."""
        body, lang = await request.body(), language(request)

        def work() -> bytes:
            found = cases.read_bundle(body, as_of, knowledge, lang)
            return _JSON.encode({"case": found.document, "report": found.report})

        return _private(await workshop.run(work, large=is_large(body)))

    _instruments(routes)

    @routes.get("/guideline")
    async def manifest() -> Response:
        """What this service answers by: name, version, hash, state of review, settings."""
        return as_json(_about(knowledge))

    @routes.get("/guideline/facts")
    async def facts() -> Response:
        """Every fact that a case may hold: type, units, values, questions, codes."""
        return as_json(dictionary(guideline))

    @routes.get("/guideline/statements")
    async def statements() -> Response:
        """The ledger: every statement of the source and what became of it."""
        return as_json(list(guideline.statements.values()))

    @routes.get("/guideline/statements/{id}", responses=missing())
    async def statement(id: str) -> Response:  # noqa: A002
        """One statement of the source."""
        return as_json(_of(guideline.statements, id, "statement"))

    @routes.get("/schemas")
    async def schemas() -> Response:
        """The names of the published JSON Schemas."""
        return as_json(list(SCHEMAS))

    @routes.get("/schemas/{name}", responses=missing())
    async def schema(name: str) -> Response:
        """One JSON Schema."""
        return as_json(published(_of(SCHEMAS, name, "schema"), guideline))

    return routes


def _instruments(routes: APIRouter) -> None:
    @routes.get("/instruments")
    async def instruments() -> Response:
        """The instruments, with everything that each takes and gives."""
        return as_json([each.about for each in INSTRUMENTS.values()])

    @routes.get("/instruments/{name}", responses=missing())
    async def instrument(name: str) -> Response:
        """One instrument."""
        return as_json(_of(INSTRUMENTS, name, "instrument").about)

    @routes.post(
        "/instruments/{name}",
        openapi_extra=body_of("inputs"),
        responses=made("InstrumentResult") | missing(),
    )
    async def run(name: str, request: Request) -> Response:
        """The result of an instrument for these inputs (JSON or YAML), with its working."""
        found: Instrument = _of(INSTRUMENTS, name, "instrument")
        body, lang = await request.body(), language(request)
        cases.media_type(request.headers.get("content-type", ""))
        try:
            return _private(_NUMBERS.encode(found.run(opened(body))))
        except CaseError as error:
            raise cases.refused_case(error, lang) from None
        except InputError as error:
            faults = (Fault(each.code, each.line(lang), each.where) for each in error.faults)
            raise RefusedError(422, "inputs", faults) from None


def language(request: Request) -> Language:
    """The language that the client asked for."""
    return spoken(request.headers.get("accept-language", ""))


def missing() -> dict[int | str, dict[str, Any]]:
    """The answer where something of that name does not exist, for the description."""
    return made(None, 404)


def _parts(body: bytes) -> frozenset[str]:
    return fields(opened(body))


def _of(table: Any, name: str, kind: str) -> Any:
    found = table.get(name)
    if found is None:
        meant = near(name, list(table))
        close = f"; {meant}?" if meant else ""
        raise RefusedError(404, "unknown", kind=kind, name=name, near=close)
    return found


def _about(knowledge: Knowledge) -> dict[str, Any]:
    guideline, manifest = knowledge.guideline, knowledge.guideline.manifest
    return {
        "id": manifest.id,
        "version": manifest.version,
        "hash": guideline.source_hash,
        "title": manifest.title,
        "review": manifest.review.says,
        "notice": manifest.notice,
        "settings": knowledge.planner.settings,
        "decisions": {each.id: each.question for each in guideline.decisions.values()},
        "drugs": {each.id: each.names for each in guideline.drugs.values()},
    }


def as_json(value: Any) -> Response:
    """A value of ours as JSON, the keys in their order."""
    return Response(_JSON.encode(value), media_type="application/json")


def _private(body: bytes) -> Response:
    return Response(body, headers=_KEPT_NOWHERE, media_type="application/json")
