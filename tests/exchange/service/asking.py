"""The service in the same process, asked without a socket; and hooks to ask it with."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from typing import Any

import httpx

from myorx.exchange.codes import Codes
from myorx.exchange.foreign import codes_of
from myorx.exchange.service import Settings
from myorx.exchange.service.app import create_app
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline

HERE = "http://127.0.0.1:8000"
DAY = "2026-11-22"
PATIENT = "p1"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
LOINC = "http://loinc.org"
METHOTREXATE = "6851"


@cache
def guideline() -> Guideline:
    return load("aim")


@cache
def codes() -> Codes:
    return codes_of(GUIDELINES / "aim", guideline())


def service(settings: Settings | None = None, **more: Any) -> Any:
    return create_app(guideline(), codes(), settings, **more)


def ask(app: Any, method: str, path: str, **sent: Any) -> httpx.Response:
    """One request. What the application raises comes out of here: nothing may."""

    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            return await client.request(method, path, **sent)

    return asyncio.run(one())


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": each} for each in resources],
    }


def resource(kind: str, id_: str, **parts: Any) -> dict[str, Any]:
    owner = "patient" if kind == "AllergyIntolerance" else "subject"
    return {"resourceType": kind, "id": id_, owner: {"reference": f"Patient/{PATIENT}"}, **parts}


def condition(id_: str, code: str, system: str = ICD10) -> dict[str, Any]:
    active = {"coding": [{"code": "active"}]}
    coded = {"coding": [{"system": system, "code": code}]}
    return resource("Condition", id_, clinicalStatus=active, code=coded)


def observation(id_: str, code: str, **value: Any) -> dict[str, Any]:
    coded = {"coding": [{"system": LOINC, "code": code}]}
    parts = {"status": "final", "code": coded, "effectiveDateTime": "2026-11-20", **value}
    return resource("Observation", id_, **parts)


def negative(id_: str, code: str) -> dict[str, Any]:
    system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
    return observation(id_, code, interpretation=[{"coding": [{"system": system, "code": "NEG"}]}])


def own(fact: str, value: bool | str) -> dict[str, Any]:
    """A fact that no other system has a code for, by our own."""
    coded = {"coding": [{"system": codes().own("CodeSystem:facts"), "code": fact}]}
    if isinstance(value, bool):
        said: dict[str, Any] = {"valueBoolean": value}
    else:
        system = codes().own(f"CodeSystem:value-{fact}")
        said = {"valueCodeableConcept": {"coding": [{"system": system, "code": value}]}}
    return {**observation(fact, "0-0"), "code": coded, **said}


def order(id_: str, code: str = METHOTREXATE, **parts: Any) -> dict[str, Any]:
    coded = {"coding": [{"system": RXNORM, "code": code}]}
    given = {"status": "draft", "intent": "order", "medicationCodeableConcept": coded}
    return resource("MedicationRequest", id_, **{**given, **parts})


PERSON = {
    "resourceType": "Patient",
    "id": PATIENT,
    "gender": "male",
    "birthDate": "1980-01-01",
}
DERMATOMYOSITIS = condition("c1", "M33.1")
LUNG = condition("c2", "J84.1")
INCLUSION_BODY = condition("c1", "G72.41")
GOUT = condition("c9", "M10.9")


def prefetch(*conditions: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"patient": PERSON, "conditions": bundle(*conditions), **parts}


def hook(
    name: str,
    sent: dict[str, Any] | None,
    *orders: dict[str, Any],
    selections: list[str] | None = None,
    **parts: Any,
) -> dict[str, Any]:
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": PATIENT}
    if name != "patient-view":
        context["draftOrders"] = bundle(*orders)
    if selections is not None:
        context["selections"] = selections
    asked = {
        "hook": name,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "extension": {"myorx.as-of": DAY},
        **parts,
    }
    return asked if sent is None else {**asked, "prefetch": sent}


def cards(app: Any, question: dict[str, Any], lang: str = "en") -> list[dict[str, Any]]:
    path = f"/cds-services/myorx-{question['hook']}"
    answer = ask(app, "POST", path, json=question, headers={"Accept-Language": lang})
    assert answer.status_code == 200, answer.text
    return list(json.loads(answer.content)["cards"])
