"""REST: the same plan as everywhere, and one clear answer to everything that is off."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from myorx.facts import read_case
from myorx.plan import encode, make_plan
from tests.exchange.service.asking import (
    DAY,
    DERMATOMYOSITIS,
    LUNG,
    PERSON,
    ask,
    bundle,
    guideline,
)

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
YAML = {"Content-Type": "application/yaml"}
FHIR = {"Content-Type": "application/fhir+json"}
BUNDLE = bundle(PERSON, DERMATOMYOSITIS, LUNG)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_plan_is_the_same_to_the_byte(app: Any, file: Path) -> None:
    case = file.read_bytes()
    answer = ask(app, "POST", "/api/v1/plan", content=case, headers=YAML)
    assert answer.status_code == 200
    assert answer.content == encode(make_plan(guideline(), read_case(case, guideline())))
    assert answer.headers["cache-control"] == "no-store"


def test_a_case_as_json_with_the_day_in_the_query(app: Any) -> None:
    case = {"sex": "female", "age": 37}
    answer = ask(app, "POST", f"/api/v1/plan?as_of={DAY}", json=case)
    expected = make_plan(guideline(), read_case(case, guideline(), as_of=date(2026, 11, 22)))
    assert answer.content == encode(expected)


def test_every_fault_of_a_case_comes_at_once_in_the_language_asked_for(app: Any) -> None:
    case = {"as_of": DAY, "sex": "x", "wieght": 60, "crp": "5 mmol"}
    for lang, word in (("en", "sex"), ("zh", "性别")):
        answer = ask(app, "POST", "/api/v1/plan", json=case, headers={"Accept-Language": lang})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == lang
        faults = answer.json()["faults"]
        assert {each["where"] for each in faults} == {"sex", "wieght", "crp"}
        assert word in str(faults)


def test_a_bundle_by_its_media_type(app: Any) -> None:
    plan = ask(app, "POST", f"/api/v1/plan?as_of={DAY}", json=BUNDLE, headers=FHIR)
    assert plan.status_code == 200
    found = ask(app, "POST", f"/api/v1/import?as_of={DAY}", json=BUNDLE, headers=FHIR).json()
    assert found["case"]["subtype"] == "dm"
    assert len(found["report"]["used"]) == 4
    as_case = ask(app, "POST", "/api/v1/plan", json=found["case"]).json()
    assert as_case["headline"] == plan.json()["headline"]


def test_a_bundle_without_a_day_is_refused(app: Any) -> None:
    assert ask(app, "POST", "/api/v1/plan", json=BUNDLE, headers=FHIR).status_code == 400
    two = bundle(PERSON, {**PERSON, "id": "p2"})
    answer = ask(app, "POST", f"/api/v1/plan?as_of={DAY}", json=two, headers=FHIR)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["code"] == "many_patients"


def test_explain_and_ask(app: Any) -> None:
    case = EXAMPLES[1].read_bytes()
    path = "/api/v1/explain?subject=drug:methotrexate"
    found = ask(app, "POST", path, content=case, headers=YAML).json()
    assert found["drug"]["verdict"] == "contraindicated"
    answer = ask(app, "POST", "/api/v1/explain?subject=drug:metotrexat", content=case, headers=YAML)
    assert answer.status_code == 404
    assert "methotrexate" in str(answer.json()["faults"])
    asked = ask(app, "POST", "/api/v1/ask?limit=2", content=case, headers=YAML).json()
    assert len(asked["questions"]) == 2


def test_instruments(app: Any) -> None:
    listed = ask(app, "GET", "/api/v1/instruments").json()
    assert "steroid_equivalent" in {each["id"] for each in listed}
    path = "/api/v1/instruments/steroid_equivalent"
    about = ask(app, "GET", path).json()
    assert about["id"] == "steroid_equivalent"
    inputs = {"steroid": "methylprednisolone", "dose": "40 mg"}
    answer = ask(app, "POST", path, json=inputs)
    assert answer.status_code == 200
    (value,) = answer.json()["values"]
    assert (value["id"], value["value"]) == ("prednisone", 50)
    refused = ask(app, "POST", path, json={"nothing": 1})
    assert refused.status_code == 422
    assert refused.json()["faults"]
    assert ask(app, "GET", f"{path}s").status_code == 404


def test_the_guideline_says_what_it_is(app: Any) -> None:
    about = ask(app, "GET", "/api/v1/guideline").json()
    assert about["hash"] == guideline().source_hash
    assert about["review"]["en"] == "not yet reviewed by clinicians"
    assert len(ask(app, "GET", "/api/v1/guideline/facts").json()) == len(guideline().facts)
    listed = ask(app, "GET", "/api/v1/guideline/statements").json()
    assert len(listed) == len(guideline().statements)
    one = ask(app, "GET", "/api/v1/guideline/statements/S2.12").json()
    assert one["id"] == "S2.12"
    assert ask(app, "GET", "/api/v1/guideline/statements/S99").status_code == 404


def test_answers_are_as_their_schemas_say(app: Any) -> None:
    names = ask(app, "GET", "/api/v1/schemas").json()
    schemas = {name: ask(app, "GET", f"/api/v1/schemas/{name}").json() for name in names}
    assert schemas.pop("case")["additionalProperties"] is False  # tests/facts check it
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    case = {"as_of": DAY, "sex": "female", "age": 37}
    plan = ask(app, "POST", "/api/v1/plan", json=case).json()
    jsonschema.validate(plan, schemas["plan"])
    asked = ask(app, "POST", "/api/v1/ask?limit=1", json=case).json()
    jsonschema.validate(asked, schemas["questions"])
    problem = ask(app, "POST", "/api/v1/plan", json={"sex": 1}).json()
    jsonschema.validate(problem, schemas["problem"])


def references(found: Any) -> set[str]:
    if isinstance(found, dict):
        here = {found["$ref"]} if isinstance(found.get("$ref"), str) else set()
        return here.union(*map(references, found.values()))
    return set().union(*map(references, found)) if isinstance(found, list) else set()


def test_the_description_is_whole(app: Any) -> None:
    document = ask(app, "GET", "/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for reference in references(document):
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
    for path in ("/api/v1/plan", "/api/v1/explain", "/api/v1/ask", "/cds-services/{id}"):
        operation = document["paths"][path]["post"]
        assert operation["requestBody"]["content"]
        assert "200" in operation["responses"]
        assert "HTTPValidationError" not in json.dumps(operation)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/api/v1/plan", 405),
        ("DELETE", "/cds-services", 405),
        ("POST", "/api/v1/explain", 400),
        ("POST", "/api/v1/ask?limit=x", 400),
        ("POST", "/api/v1/plan?as_of=tomorrow", 400),
    ],
)
def test_whatever_is_off_is_a_problem(app: Any, method: str, path: str, status: int) -> None:
    sent: dict[str, Any] = {"json": {"as_of": DAY}} if method == "POST" else {}
    answer = ask(app, method, path, **sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b"{",
        b"[" * 500,
        b'{"a":1,"a":2}',
        b"a: &x [*x]",
        b"\x00",
        b"null",
    ],
)
@pytest.mark.parametrize("path", ["plan", "ask", "explain?subject=x", "import?as_of=2026-11-22"])
@pytest.mark.parametrize("media", ["application/json", "application/yaml", "application/fhir+json"])
def test_bodies_that_are_nothing_are_refused(app: Any, path: str, body: bytes, media: str) -> None:
    headers = {"Content-Type": media}
    answer = ask(app, "POST", f"/api/v1/{path}", content=body, headers=headers)
    assert answer.status_code in (400, 404, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_other_media_types_are_refused(app: Any) -> None:
    answer = ask(app, "POST", "/api/v1/plan", content=b"x", headers={"Content-Type": "text/html"})
    assert answer.status_code == 415
