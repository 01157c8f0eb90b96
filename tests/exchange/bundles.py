"""FHIR resources, written with little effort."""

from __future__ import annotations

import json
from typing import Any

from myorx.exchange.codes import Codes
from myorx.exchange.foreign import read_foreign
from myorx.exchange.importing import Imported
from myorx.guideline.models import Guideline
from tests.exchange.conftest import AS_OF

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ATC = "http://www.whocc.no/atc"
ICD = "http://hl7.org/fhir/sid/icd-10"
OURS = "urn:myorx:aim:CodeSystem:facts"
ROUTE = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"
SUBJECT = {"reference": "Patient/p1"}
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1992-05-01"}


def concept(code: str, system: str = LOINC, text: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"coding": [{"system": system, "code": code}]}
    return found if text is None else {**found, "text": text}


def quantity(value: float, unit: str, **more: Any) -> dict[str, Any]:
    return {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}}


def observation(code: str, system: str = LOINC, /, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": SUBJECT,
        "code": concept(code, system),
        "effectiveDateTime": "2026-11-20",
        **more,
    }


def condition(code: str, system: str = ICD, /, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "subject": SUBJECT,
        "code": concept(code, system),
        "clinicalStatus": concept(
            "active", "http://terminology.hl7.org/CodeSystem/condition-clinical"
        ),
        **more,
    }


def medication(kind: str, code: str, status: str = "active", /, **more: Any) -> dict[str, Any]:
    intent = {"intent": "order"} if kind == "MedicationRequest" else {}
    return {
        "resourceType": kind,
        "status": status,
        "subject": SUBJECT,
        "medicationCodeableConcept": concept(code, ATC),
        **intent,
        **more,
    }


def dosage(value: float, frequency: int = 1, period: int = 1, unit: str = "d") -> dict[str, Any]:
    return {
        "route": concept("PO", ROUTE),
        "timing": {"repeat": {"frequency": frequency, "period": period, "periodUnit": unit}},
        "doseAndRate": [
            {"doseQuantity": {"value": value, "unit": "mg", "system": UCUM, "code": "mg"}}
        ],
    }


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    """A Bundle; each resource without an id gets one."""
    entries = [{"resource": {"id": f"r{number}", **each}} for number, each in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def imported(
    source: dict[str, Any] | bytes, guideline: Guideline, codes: Codes, **more: Any
) -> Imported:
    data = source if isinstance(source, bytes) else json.dumps(source).encode()
    return read_foreign(data, guideline, AS_OF, codes, form=more.pop("form", "fhir"), **more)


def why(found: Imported) -> dict[str, str]:
    """Place (its last word) -> code of the reason why it was left out."""
    return {each.where: each.why.code for each in found.report.ignored}


def notes(found: Imported, subject: str) -> set[str]:
    """The codes of the remarks on one fact or drug."""
    return {
        note.code for each in found.report.used if each.subject == subject for note in each.notes
    }
