"""Drugs and procedures as ActivityDefinitions: one for each regimen, one for what has none.

A dose stands here only as the source gives it; where it gives none, none is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from myorx.exchange.codes import DRUGS
from myorx.exchange.fhir.elements import UCUM
from myorx.exchange.fhir.out.frame import Frame, Resource, both, cited
from myorx.exchange.words import note
from myorx.guideline.models import Dose, Drug, Regimen
from myorx.guideline.texts import Text
from myorx.language.syntax import Expression, QuantityLiteral

_SYSTEMS: Final = ("atc", "rxnorm")


def activity_name(drug: str, regimen: str | None = None) -> str:
    """The name of the definition of a drug, or of one regimen of it."""
    return f"{drug}-{regimen}" if regimen else drug


def activities(frame: Frame) -> Iterator[Resource]:
    """All of them: each drug without a dose, and each of its regimens."""
    for drug in frame.guideline.drugs.values():
        yield _activity(frame, drug, None)
        for regimen in drug.regimens:
            yield _activity(frame, drug, regimen)


def product(frame: Frame, drug: Drug) -> Resource:
    """The drug as a CodeableConcept, by every code it has."""
    codings = [
        {"system": frame.codes.addresses[DRUGS], "code": drug.id, "display": drug.names.en},
        *(
            {"system": frame.codes.addresses[system], "code": drug.codes[system]}
            for system in _SYSTEMS
            if system in drug.codes and system in frame.codes.addresses
        ),
    ]
    return {"coding": codings, **both("text", drug.names)}


def _activity(frame: Frame, drug: Drug, regimen: Regimen | None) -> Resource:
    name = activity_name(drug.id, None if regimen is None else regimen.id)
    title = drug.names if regimen is None else regimen.label
    about = note("out_dose" if regimen else "out_no_dose").says
    activity = frame.head("ActivityDefinition", name, title, about)
    cites = drug.cites if regimen is None else regimen.cites
    related = cited(frame, cites)
    if related:
        activity["relatedArtifact"] = related
    procedure = drug.kind != "drug"
    activity["kind"] = "ServiceRequest" if procedure else "MedicationRequest"
    activity["intent"] = "proposal"
    concept = product(frame, drug)
    if procedure:
        return {**activity, "code": concept}
    activity["productCodeableConcept"] = concept
    dosage = None if regimen is None else _dosage(regimen)
    return activity if dosage is None else {**activity, "dosage": [dosage]}


def _dosage(regimen: Regimen) -> Resource:
    said = [regimen.label, *(each for each in (regimen.rhythm, regimen.duration) if each)]
    text = Text("；".join(each.zh for each in said), "; ".join(each.en for each in said))
    dosage: Resource = {**both("text", text)}
    amount = None if regimen.dose is None else _amount(regimen.dose)
    if amount is not None:
        dosage["doseAndRate"] = [amount]
    if regimen.route is not None:
        dosage["route"] = {"text": regimen.route}
    return dosage


def _amount(dose: Dose) -> Resource | None:
    """A dose of a fixed size as ``doseQuantity`` or ``doseRange``. One that scales with the patient
    is in the text only: a foreign system would take ``1 mg/kg/d`` for what one tablet holds."""
    if dose.cap is not None or dose.or_above:
        return None
    if dose.amount is not None:
        quantity = _quantity(dose.amount)
        return None if quantity is None else {"doseQuantity": quantity}
    low, high = _quantity(dose.low), _quantity(dose.high)
    if low is None or high is None:
        return None
    return {"doseRange": {"low": low, "high": high}}


def _quantity(expression: Expression | None) -> dict[str, Any] | None:
    if not isinstance(expression, QuantityLiteral) or expression.unit not in ("mg", "g"):
        return None
    value = Decimal(expression.value)
    number = int(value) if value == value.to_integral_value() else float(value)
    return {"value": number, "unit": expression.unit, "system": UCUM, "code": expression.unit}
