"""Answers of the hooks by the shape that HL7 publishes for CDS Hooks.

HL7 describes services, cards and their rules as logical models (repository HL7/cds-hooks), in
packages that cannot be had offline. The schemas here say the same in our words: each property that
there is, which must be there, which words are allowed; nothing else may be. An independent library
(`jsonschema`) applies them.
"""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from myorx.facts import Case, CaseError, read_case
from myorx.guideline.load import GUIDELINES
from myorx.guideline.vignettes import load_vignettes
from tests.exchange.service.asking import ask, bundle, codes, guideline, hook, order, service
from tests.exchange.service.test_hooks import every_card
from tests.exchange.test_every_vignette import told

EVERY = 40
"""Of the vignettes, every so many is asked about: to open the record, and with an order."""


def shape(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object of these properties and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
URL = {"type": "string", "pattern": "^https?://"}
FLAG = {"type": "boolean"}


def listed(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1}


RESOURCE = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {"resourceType": TEXT},
}
ACTION = {
    **shape(
        {"type": {"enum": ["create", "update", "delete"]}, "description": TEXT},
        {"resource": RESOURCE, "resourceId": TEXT},
    ),
    "if": {"properties": {"type": {"const": "delete"}}},
    "then": {"required": ["resourceId"], "not": {"required": ["resource"]}},
    "else": {"required": ["resource"]},
}
SUGGESTION = shape(
    {"label": TEXT}, {"uuid": UUID, "isRecommended": FLAG, "actions": listed(ACTION)}
)
LINK = shape({"label": TEXT, "url": URL, "type": {"enum": ["absolute", "smart"]}})
# A reason for overriding has to be shown: its display is a must.
REASON = shape({"code": TEXT, "system": TEXT, "display": TEXT})
CARD = {
    **shape(
        {
            "summary": {"type": "string", "minLength": 1, "maxLength": 139},
            "indicator": {"enum": ["info", "warning", "critical"]},
            "source": shape({"label": TEXT}, {"url": URL, "icon": URL}),
        },
        {
            "uuid": UUID,
            "detail": TEXT,
            "suggestions": listed(SUGGESTION),
            "selectionBehavior": {"enum": ["at-most-one", "any"]},
            "overrideReasons": listed(REASON),
            "links": listed(LINK),
        },
    ),
    "dependentRequired": {"suggestions": ["selectionBehavior"]},
}
ANSWER = Draft202012Validator(shape({"cards": {"type": "array", "items": CARD}}))
DISCOVERY = Draft202012Validator(
    shape(
        {
            "services": listed(
                shape(
                    {"hook": TEXT, "id": TEXT, "description": TEXT},
                    {
                        "title": TEXT,
                        "prefetch": {"type": "object", "additionalProperties": TEXT},
                        "usageRequirements": TEXT,
                        "version": TEXT,
                    },
                )
            )
        }
    )
)


def faults(validator: Draft202012Validator, found: Any) -> list[str]:
    return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(found)]


@pytest.fixture(scope="module")
def app() -> Any:
    return service()


def test_the_shapes_find_what_is_wrong() -> None:
    source = {"label": "x"}
    delete = {"type": "delete", "description": "x", "resourceId": ["MedicationRequest/1"]}
    card = {"summary": "x", "indicator": "info", "source": source}
    suggested = {**card, "suggestions": [{"label": "x", "actions": [delete]}]}
    wrong = [
        {**card, "summary": "x" * 140},
        {**card, "indicator": "hard-stop"},
        {**card, "more": 1},
        suggested,
        {**suggested, "selectionBehavior": "any"},
    ]
    assert faults(ANSWER, {"cards": [card]}) == []
    assert [each for each in wrong if not faults(ANSWER, {"cards": [each]})] == []


def test_discovery(app: Any) -> None:
    assert faults(DISCOVERY, ask(app, "GET", "/cds-services").json()) == []


def test_cards_of_every_kind(app: Any) -> None:
    found = every_card(app)
    assert {"critical", "info"} <= {each["indicator"] for each in found}
    assert any("suggestions" in each for each in found)
    assert faults(ANSWER, {"cards": found}) == []


def cases() -> list[Case]:
    found = []
    for vignette in load_vignettes(GUIDELINES / "aim")[0][::EVERY]:
        try:
            found.append(read_case(vignette.case, guideline(), as_of=vignette.as_of).case)
        except CaseError:  # a vignette of a case that has to be refused
            continue
    return found


def test_cards_of_vignettes(app: Any) -> None:
    seen = 0
    for case in cases():
        say = told(case, guideline(), codes()).bundle
        resources = [entry["resource"] for entry in say["entry"]]
        patient, *others = resources
        sent = {"patient": patient, "conditions": bundle(), "observations": bundle(*others)}
        for each in (hook("patient-view", sent), hook("order-sign", sent, order("m1"))):
            answer = ask(app, "POST", f"/cds-services/myorx-{each['hook']}", json=each)
            assert answer.status_code == 200, answer.text
            assert faults(ANSWER, answer.json()) == []
            seen += len(answer.json()["cards"])
    assert seen > 20
