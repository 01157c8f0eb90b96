"""What the profiles of CPG-on-FHIR (HL7, version 2.0.0) demand of the kinds that our package has.

Their packages cannot be had offline, so no resource claims a profile. What is demanded, read off
the published profiles: a computable plan definition has a type, at most one library, and an action;
a computable activity has a kind, and at most one library, profile and code; a computable
questionnaire and a computable guideline (an ImplementationGuide) may have everything, and must have
nothing beyond the base.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.fhir.out.package import package
from myorx.guideline.models import Guideline

SHARED = ("url", "version", "name", "title", "status", "experimental", "publisher", "description")
"""What whoever shares a definition has to say of it."""


@pytest.fixture(scope="module")
def resources(guideline: Guideline, codes: Codes) -> tuple[dict[str, Any], ...]:
    return package(guideline, codes)


def of(kind: str, resources: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    found = [each for each in resources if each["resourceType"] == kind]
    assert found
    return found


def actions(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in found:
        yield each
        yield from actions(each.get("action", []))


def test_every_definition_says_what_it_is(resources: tuple[dict[str, Any], ...]) -> None:
    for each in resources:
        assert [name for name in SHARED if name not in each] == []


def test_computable_plan_definitions(resources: tuple[dict[str, Any], ...]) -> None:
    for each in of("PlanDefinition", resources):
        assert each["type"]["coding"][0]["code"]
        assert len(each["library"]) == 1
        assert each["action"]


def test_an_action_is_defined_by_one_of_our_activities(
    resources: tuple[dict[str, Any], ...],
) -> None:
    known = {f"{each['url']}|{each['version']}" for each in of("ActivityDefinition", resources)}
    plans = of("PlanDefinition", resources)
    named = [
        each["definitionCanonical"]
        for plan in plans
        for each in actions(plan["action"])
        if "definitionCanonical" in each
    ]
    assert named
    assert set(named) <= known


def test_computable_activities(resources: tuple[dict[str, Any], ...]) -> None:
    for each in of("ActivityDefinition", resources):
        assert each["kind"]
        assert len(each.get("library", [])) <= 1


def test_no_profile_is_claimed(resources: tuple[dict[str, Any], ...]) -> None:
    assert [each["id"] for each in resources if "profile" in each.get("meta", {})] == []
    assert len(of("Questionnaire", resources)) == len(of("ImplementationGuide", resources)) == 1
