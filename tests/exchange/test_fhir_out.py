"""FHIR out: every resource is one to a reader not ours; nothing unknown is ever offered."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from myorx.exchange.codes import Codes, table
from myorx.exchange.fhir.out.logic import live, offer, rules, safe
from myorx.exchange.fhir.out.package import bundle, file_name, package
from myorx.exchange.fhir.out.plan import plan_bundle
from myorx.facts import read_case
from myorx.guideline.load import GUIDELINES, load_folder
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import make_plan
from myorx.plan.model import Plan
from tests.exchange.conftest import AS_OF
from tests.web.reading import FOLDER

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")


@pytest.fixture(scope="module")
def resources(guideline: Guideline, codes: Codes) -> tuple[dict[str, Any], ...]:
    return package(guideline, codes)


def valid(resource: dict[str, Any]) -> bool:
    """Whether a reader of FHIR that is not ours takes it."""
    model = get_fhir_model_class(resource["resourceType"])
    try:
        model.model_validate(json.loads(json.dumps(resource)))
    except ValidationError:
        return False
    return True


def test_the_reader_that_judges_us_does_judge(resources: tuple[dict[str, Any], ...]) -> None:
    plan = next(each for each in resources if each["resourceType"] == "PlanDefinition")
    assert valid(plan)
    assert not valid({**plan, "status": 3, "action": "x"})
    assert not valid({**plan, "goals": []})


def test_every_resource_is_valid(resources: tuple[dict[str, Any], ...]) -> None:
    assert [file_name(each) for each in resources if not valid(each)] == []
    assert valid(bundle(resources))


def test_what_the_package_holds(
    resources: tuple[dict[str, Any], ...], guideline: Guideline
) -> None:
    kinds = [each["resourceType"] for each in resources]
    regimens = sum(1 + len(drug.regimens) for drug in guideline.drugs.values())
    assert kinds.count("PlanDefinition") == len(guideline.decisions)
    assert kinds.count("ActivityDefinition") == regimens
    assert [kinds.count(kind) for kind in ("Library", "Questionnaire", "ImplementationGuide")] == [
        1,
        1,
        1,
    ]
    assert all(_ID.match(each["id"]) for each in resources)
    assert len({file_name(each) for each in resources}) == len(resources)
    addresses = {each["url"] for each in resources}
    assert len(addresses) == len(resources)
    guide = resources[-1]
    listed = {each["reference"]["reference"] for each in guide["definition"]["resource"]}
    assert listed == {f"{each['resourceType']}/{each['id']}" for each in resources[:-1]}


def walk(node: Any) -> Any:
    yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(each)


def test_every_canonical_leads_to_a_resource(resources: tuple[dict[str, Any], ...]) -> None:
    addresses = {f"{each['url']}|{each['version']}" for each in resources}
    asked = [
        value
        for each in resources
        for node in walk(each)
        if isinstance(node, dict)
        for name in ("definitionCanonical", "library")
        for value in ([node[name]] if isinstance(node.get(name), str) else node.get(name) or ())
    ]
    assert asked
    assert set(asked) <= addresses


def test_every_candidate_asks_for_known_safety(
    resources: tuple[dict[str, Any], ...], guideline: Guideline
) -> None:
    """Each condition is a definition of the library, and says ``is false`` of each exclusion."""
    (holder,) = (each for each in resources if each["resourceType"] == "Library")
    text = base64.b64decode(holder["content"][0]["data"]).decode()
    assert text == rules(guideline)
    defined = set(re.findall(r'^define "((?:[^"\\]|\\.)*)":$', text, re.MULTILINE))
    for decision in guideline.decisions.values():
        (plan,) = (
            each
            for each in resources
            if each["resourceType"] == "PlanDefinition"
            and each["id"] == decision.id.replace("_", "-")
        )
        (outer,) = plan["action"]
        assert outer["condition"][0]["expression"]["expression"] == f'"{live(decision.id)}"'
        for candidate, action in zip(decision.candidates, outer["action"], strict=True):
            names = {each["expression"]["expression"].strip('"') for each in action["condition"]}
            assert names == {safe(decision.id, candidate.id), offer(decision.id, candidate.id)}
            assert names <= defined
    body = text.partition(f'define "{safe("ild_induction", "triple_therapy")}":')[2]
    assert "is false" in body.partition("define")[0]


def test_both_languages_stand_in_it(resources: tuple[dict[str, Any], ...]) -> None:
    for each in resources:
        title = each["_title"]["extension"][0]["extension"]
        assert title[0] == {"url": "lang", "valueCode": "zh"}
        assert title[1]["valueString"].strip()
        assert each["title"].strip()


def test_a_guideline_that_tests_made_up_goes_out_too() -> None:
    invented = load_folder(FOLDER)
    made = package(invented, table(invented, ()))
    assert all(map(valid, made))
    assert all("urn:myorx:aim" not in json.dumps(each) for each in made)


# -- plans -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plans(guideline: Guideline) -> list[Plan]:
    vignettes, _ = load_vignettes(GUIDELINES / "aim")
    found = []
    for vignette in vignettes[:: max(1, len(vignettes) // 40)]:
        if not vignette.expect.refused:
            patient = read_case(vignette.case, guideline, as_of=vignette.as_of)
            found.append(make_plan(guideline, patient))
    return found


def test_plans_are_valid_and_offer_only_what_they_offer(
    plans: list[Plan], guideline: Guideline, codes: Codes
) -> None:
    assert len(plans) > 20
    offered_any = denied_any = False
    for plan in plans:
        made = plan_bundle(plan, guideline, codes)
        assert valid(made)
        assert made == plan_bundle(plan, guideline, codes)
        places = [each["fullUrl"] for each in made["entry"]]
        assert len(set(places)) == len(places)
        inside = [each["resource"] for each in made["entry"]]
        references = [
            node["reference"]
            for node in walk(made)
            if isinstance(node, dict) and isinstance(node.get("reference"), str)
        ]
        assert set(references) <= set(places)
        titles = {
            action["title"]
            for each in inside
            if each["resourceType"] == "RequestGroup"
            for action in each["action"][0]["action"]
        }
        allowed = {
            candidate.names.en
            for decision in plan.decisions
            for candidate in decision.candidates
            if candidate.status in ("recommended", "option")
        }
        assert titles <= allowed
        offered_any |= bool(titles)
        denied = [
            each["detail"]["code"]["text"]
            for each in inside[0].get("activity", ())
            if each.get("detail", {}).get("doNotPerform")
        ]
        contraindicated = {
            each.names.en for each in plan.drugs if each.verdict == "contraindicated"
        }
        assert set(denied) == contraindicated
        denied_any |= bool(denied)
        requested = {
            each["medicationCodeableConcept"]["text"]
            for each in inside
            if each["resourceType"] == "MedicationRequest"
        }
        assert not requested & contraindicated
        assert all(each.get("intent") != "order" for each in inside)
    assert offered_any
    assert denied_any


def test_what_is_missing_is_asked_for(guideline: Guideline, codes: Codes) -> None:
    case = {"as_of": AS_OF.isoformat(), "sex": "female", "age": "34", "ild": "yes"}
    plan = make_plan(guideline, read_case(case, guideline))
    made = plan_bundle(plan, guideline, codes)
    responses = [
        each["resource"]
        for each in made["entry"]
        if each["resource"]["resourceType"] == "GuidanceResponse"
    ]
    asked = {
        code["code"]
        for response in responses
        for need in response.get("dataRequirement", ())
        for part in need.get("codeFilter", ())
        for code in part["code"]
    }
    assert "anti_mda5" in asked
    assert {response["status"] for response in responses} <= {"data-required", "success"}


def test_what_goes_out_can_come_in_again(guideline: Guideline, codes: Codes) -> None:
    """Our own codes for facts are those that the reader knows."""
    for name, fact in guideline.facts.items():
        if not fact.derived:
            coding = codes.coding(codes.addresses["facts"], name)
            assert [each.fact for _, each in codes.meanings([coding])] == [name]
