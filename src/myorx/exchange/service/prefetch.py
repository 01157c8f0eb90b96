"""What a hook sends of a patient -> the case; what did not come is unknown, never "none".

Nothing is fetched: a client that sends no prefetch gets an answer from what it did send.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from myorx.exchange.fhir import read_source
from myorx.exchange.importing import Imported, finish
from myorx.exchange.report import UnreadableError
from myorx.exchange.service.cases import refused_case, unreadable
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.messages import HookRequest
from myorx.exchange.service.problems import Fault, RefusedError
from myorx.exchange.service.speech import Language
from myorx.facts import CaseError

_OF: Final = "?patient={{context.patientId}}"
TEMPLATES: Final[Mapping[str, str]] = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": f"Condition{_OF}",
    "observations": f"Observation{_OF}",
    "medicationRequests": f"MedicationRequest{_OF}",
    "medicationStatements": f"MedicationStatement{_OF}",
    "medicationAdministrations": f"MedicationAdministration{_OF}",
    "procedures": f"Procedure{_OF}",
    "allergies": f"AllergyIntolerance{_OF}",
}
"""What a client is asked to send along."""

CONDITIONS: Final = "conditions"
_OVER: Final = ("cancelled", "revoked", "stopped", "completed", "entered-in-error")
"""An order in one of these states is being ended, not placed."""


class Asked(NamedTuple):
    """A hook as it was understood."""

    imported: Imported
    patient_id: str
    diagnoses: bool
    """Whether the list of diagnoses came at all."""
    orders: tuple[str, ...]
    """References of the orders that are being placed: ``MedicationRequest/7``."""
    selected: frozenset[str]
    """Of these, the ones that the user has just chosen; all where the client does not say."""


def read_hook(request: HookRequest, day: date, knowledge: Knowledge, lang: Language) -> Asked:
    """The case of a hook. Raises RefusedError with what is wrong."""
    patient_id = request.context.get("patientId")
    if not isinstance(patient_id, str) or not patient_id:
        fault = Fault("shape", "patientId", "$.context.patientId")
        raise RefusedError(400, "no_message", [fault])
    orders = list(_orders(request.context.get("draftOrders")))
    sent = {key: _usable(value) for key, value in (request.prefetch or {}).items()}
    entries = [{"resource": each} for each in orders]
    placed = frozenset(filter(None, map(_name, orders)))
    for value in sent.values():
        entries += [each for each in _entries(value) if _name(each.get("resource")) not in placed]
    patients = [each for each in entries if _kind(each.get("resource")) == "Patient"]
    _same_patient(patients, patient_id)
    if not patients:
        # So that what is of somebody else is left out.
        entries.append({"resource": {"resourceType": "Patient", "id": patient_id}})
    try:
        source = {"resourceType": "Bundle", "entry": entries}
        found = read_source(source, knowledge.codes, knowledge.guideline)
        imported = finish(found, knowledge.guideline, day)
    except UnreadableError as error:
        raise unreadable(error, lang) from None
    except CaseError as error:
        raise refused_case(error, lang) from None
    return Asked(
        imported,
        patient_id,
        sent.get(CONDITIONS) is not None,
        tuple(sorted(placed)),
        _selected(request.context.get("selections"), placed),
    )


def _orders(drafts: Any) -> Iterator[dict[str, Any]]:
    """The orders that are being placed, as what they are about to be."""
    for entry in _entries(_usable(drafts)):
        resource = entry.get("resource")
        if not isinstance(resource, dict) or resource.get("status") in _OVER:
            continue
        match resource.get("resourceType"):
            case "MedicationRequest":
                yield {**resource, "status": "draft"}
            case "ServiceRequest":
                # The reader knows procedures; one that is asked for is one in preparation.
                yield {**resource, "resourceType": "Procedure", "status": "preparation"}
            case _:
                continue


def _selected(found: Any, placed: frozenset[str]) -> frozenset[str]:
    if not isinstance(found, list):
        return placed
    named = (each.replace("ServiceRequest/", "Procedure/") for each in found if _text(each))
    return (frozenset(named) & placed) or placed


def _text(found: Any) -> bool:
    return isinstance(found, str)


def _usable(value: Any) -> dict[str, Any] | None:
    """A resource; None where the client sent none, or what became of its own question."""
    if not isinstance(value, dict) or _kind(value) in ("", "OperationOutcome"):
        return None
    return value


def _entries(value: dict[str, Any] | None) -> list[dict[str, Any]]:
    if value is None:
        return []
    if _kind(value) != "Bundle":
        return [{"resource": value}]
    listed = value.get("entry")
    found = listed if isinstance(listed, list) else []
    return [
        each
        for each in found
        if isinstance(each, dict) and _kind(each.get("resource")) != "OperationOutcome"
    ]


def _kind(resource: Any) -> str:
    found = resource.get("resourceType") if isinstance(resource, dict) else None
    return found if isinstance(found, str) else ""


def _name(resource: Any) -> str:
    """``MedicationRequest/7``; empty for what has no id."""
    found = resource.get("id") if isinstance(resource, dict) else None
    kind = _kind(resource)
    return f"{kind}/{found}" if kind and isinstance(found, str) else ""


def _same_patient(patients: list[dict[str, Any]], patient_id: str) -> None:
    for each in patients:
        if _name(each.get("resource")) not in ("", f"Patient/{patient_id}"):
            raise RefusedError(422, "other_patient")
