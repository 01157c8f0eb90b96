"""The guideline as FHIR R4 resources in the manner of CPG-on-FHIR, and a guide that lists them.

The profiles of that guide are not claimed: nothing here could check the claim without them.
"""

from __future__ import annotations

from collections.abc import Mapping

from myorx.exchange.codes import Codes
from myorx.exchange.fhir.out.activities import activities
from myorx.exchange.fhir.out.decisions import plan_definitions
from myorx.exchange.fhir.out.frame import Frame, Resource, uuid
from myorx.exchange.fhir.out.logic import logic
from myorx.exchange.fhir.out.questions import questionnaire
from myorx.exchange.fhir.out.terms import terms
from myorx.guideline.models import Guideline

FHIR_VERSION = "4.0.1"


def package(guideline: Guideline, codes: Codes) -> tuple[Resource, ...]:
    """All resources; the ImplementationGuide that lists them comes last."""
    frame = Frame(guideline, codes)
    resources = (
        *terms(frame),
        questionnaire(frame),
        logic(frame),
        *activities(frame),
        *plan_definitions(frame),
    )
    return (*resources, _guide(frame, resources))


def file_name(resource: Resource) -> str:
    """``PlanDefinition-steroid-taper.json``."""
    return f"{resource['resourceType']}-{resource['id']}.json"


def bundle(resources: tuple[Resource, ...]) -> Resource:
    """All of them as one transaction, as a server takes them; repeating it changes nothing."""
    places = {_reference(each): uuid(each["url"]) for each in resources}
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": places[_reference(each)],
                "resource": _within(each, places),
                "request": {"method": "PUT", "url": _reference(each)},
            }
            for each in resources
        ],
    }


def _reference(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _within(resource: Resource, places: Mapping[str, str]) -> Resource:
    """The resource with its references to others as the Bundle names those."""
    if resource["resourceType"] != "ImplementationGuide":
        return resource
    listed = [
        {**each, "reference": {"reference": places[each["reference"]["reference"]]}}
        for each in resource["definition"]["resource"]
    ]
    return {**resource, "definition": {"resource": listed}}


def _guide(frame: Frame, resources: tuple[Resource, ...]) -> Resource:
    manifest = frame.guideline.manifest
    head = frame.head("ImplementationGuide", manifest.id, manifest.title, manifest.notice)
    return {
        **head,
        "packageId": f"myorx.{manifest.id}",
        "license": "Apache-2.0",
        "fhirVersion": [FHIR_VERSION],
        "definition": {
            "resource": [
                {
                    "reference": {"reference": _reference(each)},
                    "name": each["title"],
                    "exampleBoolean": False,
                }
                for each in resources
            ]
        },
    }
