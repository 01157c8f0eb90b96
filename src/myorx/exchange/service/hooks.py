"""CDS Hooks 2.0: discovery, three hooks and feedback. Nothing is fetched, nothing is kept."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from myorx.exchange.service import cards, messages
from myorx.exchange.service.cards import Card, Cards, Discovery, Hook, short
from myorx.exchange.service.day import day_of
from myorx.exchange.service.detail import Page
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.messages import SERVICES, VIEW
from myorx.exchange.service.order_cards import known_drugs, order_cards
from myorx.exchange.service.prefetch import TEMPLATES, Asked, read_hook
from myorx.exchange.service.problems import RefusedError
from myorx.exchange.service.rest import language, missing
from myorx.exchange.service.schemas import body_of, made
from myorx.exchange.service.settings import Settings
from myorx.exchange.service.speech import Language
from myorx.exchange.service.suggestions import Desk
from myorx.exchange.service.view_cards import view_cards
from myorx.exchange.service.words import plain
from myorx.exchange.service.work import Workshop, is_large
from myorx.plan.truth import Kleene

PREFIX: Final = "/cds-services"
DIAGNOSED: Final = "diagnosis_confirmed"
"""The fact that says so where the kind of the disease is open, if the guideline has one."""

_HOST: Final = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}\Z")
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


def router(knowledge: Knowledge, settings: Settings, workshop: Workshop) -> APIRouter:
    """All routes of the hooks."""
    routes = APIRouter(prefix=PREFIX)

    @routes.get("", responses=made("Discovery"))
    async def discovery(request: Request) -> Response:
        """The services, and what they ask for."""
        return _json(Discovery(tuple(_services(language(request)))))

    @routes.post("/{id}", openapi_extra=body_of("hook"), responses=made("Cards") | missing())
    async def hook(id: str, request: Request) -> Response:  # noqa: A002
        """The cards for one question of the hospital's system."""
        wanted = _service(id)
        body, lang = await request.body(), language(request)
        url = settings.public_url or _reached(request)

        def work() -> bytes:
            question = messages.read(body, messages.HookRequest, lang)
            if question.hook != wanted:
                raise RefusedError(400, "other_hook", found=question.hook, wanted=wanted)
            day = day_of(question.extension, request.headers)
            return _ENCODER.encode(answer(question, knowledge, Page(knowledge, lang, url, day)))

        encoded = await workshop.run(work, large=is_large(body))
        return Response(encoded, headers=_PRIVATE, media_type="application/json")

    @routes.post(
        "/{id}/feedback", openapi_extra=body_of("feedback"), responses=made(None, 400) | missing()
    )
    async def feedback(id: str, request: Request) -> Response:  # noqa: A002
        """What became of cards: checked and answered, and kept nowhere."""
        _service(id)
        messages.read(await request.body(), messages.Feedback, language(request))
        return Response("{}", headers=_PRIVATE, media_type="application/json")

    return routes


_PRIVATE: Final = {"Cache-Control": "no-store"}


def override_reasons() -> Response:
    """The code system of the reasons for overriding a card (FHIR R4)."""
    return Response(_ENCODER.encode(cards.code_system()), media_type="application/fhir+json")


def answer(question: messages.HookRequest, knowledge: Knowledge, page: Page) -> Cards:
    """The cards for a question. Raises RefusedError where it cannot be understood.

    Known to be outside the guideline, or no diagnosis in a list that came: none. No list of
    diagnoses: at most one card, which says so.
    """
    asked = read_hook(question, page.day, knowledge, page.lang)
    view = question.hook == VIEW
    inside = _inside(asked, knowledge)
    desk = Desk(knowledge, asked.patient_id, question.hook_instance, page.lang)
    if inside is True and view:
        return Cards(view_cards(knowledge.planner.plan(asked.imported.patient), page, desk))
    if inside is True:
        return Cards(order_cards(asked, page, desk))
    if inside is None and not asked.diagnoses and (view or known_drugs(asked)):
        return Cards((_unchecked(page, desk),))
    return Cards(())


def _inside(asked: Asked, knowledge: Knowledge) -> Kleene:
    """Whether the patient is known to have what the guideline is about, or known not to."""
    patient = asked.imported.patient
    situation = knowledge.planner.situation(patient)
    found = situation.holds(knowledge.guideline.manifest.scope.when)
    state = patient.facts.get(DIAGNOSED)
    if found is None and state is not None and state.value is True:
        return True
    return found


def _unchecked(page: Page, desk: Desk) -> Card:
    return Card(
        uuid=desk.identity("unchecked"),
        summary=short(plain("unchecked", page.lang)),
        indicator="info",
        source=page.source(),
        detail=plain("unchecked_detail", page.lang),
    )


def _services(lang: Language) -> list[Hook]:
    return [
        Hook(
            hook=hook,
            id=id_,
            title=plain(f"hook_{hook.replace('-', '_')}_title", lang),
            description=plain(f"hook_{hook.replace('-', '_')}_about", lang),
            prefetch=dict(TEMPLATES),
            usage_requirements=plain("hook_usage", lang),
        )
        for id_, hook in SERVICES.items()
    ]


def _service(id_: str) -> str:
    found = SERVICES.get(id_)
    if found is None:
        raise RefusedError(404, "unknown", kind="service", name=id_, near="")
    return found


def _reached(request: Request) -> str:
    """How this client reached us; empty where its header is no name of a host."""
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}" if _HOST.match(host) else ""


def _json(value: Discovery) -> Response:
    return Response(_ENCODER.encode(value), media_type="application/json")
