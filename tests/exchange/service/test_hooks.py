"""CDS Hooks: which cards come, and above all which do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.service import asking
from tests.exchange.service.asking import (
    DERMATOMYOSITIS,
    GOUT,
    INCLUSION_BODY,
    LUNG,
    PERSON,
    ask,
    bundle,
    cards,
    condition,
    hook,
    negative,
    observation,
    order,
    prefetch,
    resource,
)

ILD = prefetch(DERMATOMYOSITIS, LUNG)


def test_discovery_names_three_services_with_their_prefetch(app: Any) -> None:
    found = ask(app, "GET", "/cds-services").json()["services"]
    assert {each["hook"] for each in found} == {"patient-view", "order-select", "order-sign"}
    for each in found:
        assert each["id"] == f"myorx-{each['hook']}"
        assert each["title"]
        assert each["description"]
        assert each["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert all("{{context.patientId}}" in template for template in each["prefetch"].values())


def test_discovery_speaks_the_language_of_the_client(app: Any) -> None:
    chinese = ask(app, "GET", "/cds-services", headers={"Accept-Language": "zh-CN,en;q=0.5"})
    english = ask(app, "GET", "/cds-services", headers={"Accept-Language": "en,zh;q=0.9"})
    assert "指南" in chinese.json()["services"][0]["description"]
    assert "guideline" in english.json()["services"][0]["description"]


@pytest.mark.parametrize("name", ["order-sign", "order-select"])
def test_methotrexate_with_ild_is_critical_with_reasons_and_sources(app: Any, name: str) -> None:
    (card,) = cards(app, hook(name, ILD, order("m1")))
    assert card["indicator"] == "critical"
    assert "methotrexate" in card["summary"]
    assert "S2.11" in card["detail"]
    assert "S2.12" in card["detail"]
    assert "not yet reviewed by clinicians" in card["detail"]
    assert card["overrideReasons"][0]["code"] == "benefit-outweighs-risk"
    (withdraw,) = card["suggestions"]
    assert withdraw["actions"][0]["type"] == "delete"
    assert withdraw["actions"][0]["resourceId"] == "MedicationRequest/m1"


def test_the_example_of_the_guide_is_what_the_guide_says(app: Any) -> None:
    example = Path(__file__).parents[3] / "examples" / "order-sign.json"
    (card,) = cards(app, json.loads(example.read_text(encoding="utf-8")))
    assert card["indicator"] == "critical"


def test_the_same_card_in_chinese(app: Any) -> None:
    (card,) = cards(app, hook("order-sign", ILD, order("m1")), "zh")
    assert card["summary"].startswith("甲氨蝶呤：有禁忌")
    assert "尚未经临床医生审阅" in card["detail"]
    assert card["overrideReasons"][0]["display"] == "已权衡，获益大于风险"


@pytest.mark.parametrize(
    "conditions", [(), (GOUT,), (INCLUSION_BODY,), (INCLUSION_BODY, LUNG), (GOUT, LUNG)]
)
@pytest.mark.parametrize("name", ["patient-view", "order-sign"])
def test_without_a_diagnosis_in_scope_it_is_silent(
    app: Any, name: str, conditions: tuple[Any, ...]
) -> None:
    assert cards(app, hook(name, prefetch(*conditions), order("m1"))) == []


def test_a_confirmed_diagnosis_of_unknown_kind_is_in_scope(app: Any) -> None:
    sent = prefetch(LUNG, observations=bundle(asking.own("diagnosis_confirmed", True)))
    (card,) = cards(app, hook("order-sign", sent, order("m1")))
    assert card["indicator"] == "critical"


def test_a_drug_that_the_guideline_does_not_know_stays_silent(app: Any) -> None:
    assert cards(app, hook("order-sign", ILD, order("m1", "161"))) == []


UNREADABLE: list[dict[str, Any] | None] = [
    None,
    {},
    {"patient": PERSON},
    {"patient": PERSON, "conditions": None},
    {"patient": PERSON, "conditions": {"resourceType": "OperationOutcome", "issue": []}},
    {"patient": None, "conditions": None, "observations": None},
    {"patient": {"resourceType": "OperationOutcome"}, "conditions": "Condition?patient=p1"},
]


@pytest.mark.parametrize("sent", UNREADABLE)
def test_diagnoses_that_did_not_come_give_one_card_of_information(
    app: Any, sent: dict[str, Any] | None
) -> None:
    (card,) = cards(app, hook("order-sign", sent, order("m1")))
    assert card["indicator"] == "info"
    assert "diagnoses" in card["summary"]
    assert "suggestions" not in card
    assert cards(app, hook("order-sign", sent, order("m1", "161"))) == []


def test_what_did_not_come_is_unknown_and_never_safe(app: Any) -> None:
    """Without antibodies a drug that they exclude is not known safe; with all of them it is."""
    (card,) = cards(app, hook("order-sign", prefetch(DERMATOMYOSITIS), order("m1")))
    assert card["indicator"] == "info"
    assert "methotrexate" in card["summary"]
    labels = [each["label"] for each in card["suggestions"]]
    assert "Request the test: anti-MDA5 antibody" in labels
    for suggestion in card["suggestions"]:
        (action,) = suggestion["actions"]
        assert action["resource"]["resourceType"] == "ServiceRequest"
        assert action["resource"]["status"] == "draft"
        assert action["resource"]["intent"] == "proposal"


def test_a_test_is_suggested_by_the_code_of_the_laboratory(app: Any) -> None:
    (card,) = cards(app, hook("order-sign", prefetch(DERMATOMYOSITIS), order("m1")))
    by_label = {each["label"]: each for each in card["suggestions"]}
    resource = by_label["Request the test: anti-MDA5 antibody"]["actions"][0]["resource"]
    codings = {(each["system"], each["code"]) for each in resource["code"]["coding"]}
    assert (asking.LOINC, "88725-7") in codings


def test_an_observation_changes_the_answer(app: Any) -> None:
    """The negative antibody is read: it is no longer asked for."""
    sent = prefetch(DERMATOMYOSITIS, observations=bundle(negative("o1", "88725-7")))
    (card,) = cards(app, hook("order-sign", sent, order("m1")))
    assert "anti-MDA5 antibody" not in str(card.get("suggestions"))


def test_selections_decide_which_orders_are_spoken_of(app: Any) -> None:
    orders = (order("m1"), order("m2", "161"))
    assert cards(app, hook("order-select", ILD, *orders, selections=["MedicationRequest/m2"])) == []
    (card,) = cards(app, hook("order-select", ILD, *orders, selections=["MedicationRequest/m1"]))
    assert card["indicator"] == "critical"


@pytest.mark.parametrize("status", ["active", "draft", "on-hold"])
def test_a_draft_counts_as_ordered_whatever_it_calls_itself(app: Any, status: str) -> None:
    (card,) = cards(app, hook("order-sign", ILD, order("m1", status=status)))
    assert card["indicator"] == "critical"


@pytest.mark.parametrize("status", ["cancelled", "stopped", "entered-in-error"])
def test_an_order_that_is_being_ended_is_not_spoken_of(app: Any, status: str) -> None:
    assert cards(app, hook("order-sign", ILD, order("m1", status=status))) == []


def test_an_order_that_the_prefetch_holds_too_is_still_an_order(app: Any) -> None:
    meta = {"lastUpdated": "2026-11-22T08:00:00Z"}
    twin = order("m1", status="active", meta=meta)
    sent = {**ILD, "medicationRequests": bundle(twin)}
    (card,) = cards(app, hook("order-sign", sent, order("m1")))
    assert card["indicator"] == "critical"


def test_opening_the_record_gives_alerts_and_one_card_with_the_plan(app: Any) -> None:
    taken = order("m7", status="active", authoredOn="2026-10-01")
    found = cards(app, hook("patient-view", {**ILD, "medicationRequests": bundle(taken)}))
    assert [each["indicator"] for each in found] == ["critical", "info"]
    assert "methotrexate" in found[0]["summary"]
    assert found[1]["summary"].startswith("The plan at a glance")


FIRST_VISIT = (
    asking.own("treatment_phase", "new"),
    *(
        asking.own(fact, False)
        for fact in ("ild", "dysphagia", "respiratory_muscle_weakness", "severe_disease")
    ),
)


def first_visit() -> dict[str, Any]:
    quantity = {"value": 60, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    weight = observation("w1", "29463-7", valueQuantity=quantity)
    return prefetch(DERMATOMYOSITIS, observations=bundle(weight, *FIRST_VISIT))


def test_only_what_is_neither_excluded_nor_blocked_is_suggested(app: Any) -> None:
    (card,) = cards(app, hook("patient-view", first_visit()))
    drafted = [
        action["resource"]["medicationCodeableConcept"]["text"]
        for suggestion in card["suggestions"]
        for action in suggestion["actions"]
        if action["resource"]["resourceType"] == "MedicationRequest"
    ]
    assert drafted == ["prednisone"]
    # Methotrexate may be added, and is blocked: its tests are suggested, the drug is not.
    labels = [each["label"] for each in card["suggestions"]]
    assert "Request the test: anti-MDA5 antibody" in labels


def test_what_is_taken_is_not_suggested_again(app: Any) -> None:
    sent = first_visit()
    prednisone = order("m3", "8640", status="active", authoredOn="2026-11-21")
    sent = {**sent, "medicationRequests": bundle(prednisone)}
    (card,) = cards(app, hook("patient-view", sent))
    kinds = {
        action["resource"]["resourceType"]
        for suggestion in card.get("suggestions", ())
        for action in suggestion["actions"]
    }
    assert kinds <= {"ServiceRequest"}


def test_a_suggested_dose_is_that_of_the_plan(app: Any) -> None:
    (card,) = cards(app, hook("patient-view", first_visit()))
    draft = card["suggestions"][0]["actions"][0]["resource"]
    (dosage,) = draft["dosageInstruction"]
    assert dosage["text"].startswith("60 mg/d")


def every_card(app: Any) -> list[dict[str, Any]]:
    pregnant = resource("Condition", "c5", code={"text": "pregnancy"})
    asked = [
        hook("patient-view", ILD),
        hook("patient-view", first_visit()),
        hook("order-sign", ILD, order("m1"), order("m2", "3002")),
        hook("order-sign", prefetch(DERMATOMYOSITIS, pregnant), order("m1"), order("m2", "3002")),
        hook("order-sign", None, order("m1")),
    ]
    return [card for each in asked for lang in ("zh", "en") for card in cards(app, each, lang)]


def test_every_card_is_as_the_specification_has_it(app: Any) -> None:
    found = every_card(app)
    assert len(found) >= 10
    for card in found:
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]
        if "suggestions" in card:
            assert card["selectionBehavior"] in ("any", "at-most-one")
            for each in card["suggestions"]:
                assert each["label"]
                assert all(action["description"] for action in each["actions"])
        else:
            assert "selectionBehavior" not in card


def test_critical_comes_only_with_what_is_known(app: Any) -> None:
    for lang in ("zh", "en"):
        for sent in (*UNREADABLE, prefetch(DERMATOMYOSITIS)):
            found = cards(app, hook("order-sign", sent, order("m1")), lang)
            assert [each["indicator"] for each in found] == ["info"]


def test_links_lead_to_the_statement() -> None:
    where = asking.service(place=lambda statement, lang: f"/guideline/{lang}/x.html#{statement}")
    (card,) = cards(where, hook("order-sign", ILD, order("m1")))
    assert card["source"]["url"] == f"{asking.HERE}/guideline/en/x.html#S2.11"
    assert f"[S2.12]({asking.HERE}/guideline/en/x.html#S2.12)" in card["detail"]


def test_a_forged_host_forms_no_link() -> None:
    where = asking.service(place=lambda statement, lang: f"/{lang}#{statement}")
    question = hook("order-sign", ILD, order("m1"))
    answer = ask(
        where,
        "POST",
        "/cds-services/myorx-order-sign",
        json=question,
        headers={"Host": "evil)[x](http://a"},
    )
    assert "evil" not in answer.text
    assert "url" not in answer.json()["cards"][0]["source"]


def test_the_same_question_gives_the_same_bytes(app: Any) -> None:
    question = hook("order-sign", ILD, order("m1"))
    path = "/cds-services/myorx-order-sign"
    one, two = (ask(app, "POST", path, json=question).content for _ in range(2))
    assert one == two


# -- requests that are off -------------------------------------------------------------------------


def refused(app: Any, question: Any, status: int, **headers: str) -> dict[str, Any]:
    answer = ask(app, "POST", "/cds-services/myorx-order-sign", json=question, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["type"].startswith("urn:myorx:problem:")
    return found


def test_a_request_that_is_no_hook_is_refused_with_the_place(app: Any) -> None:
    question = hook("order-sign", ILD, order("m1"))
    del question["hookInstance"]
    assert "hookInstance" in str(refused(app, question, 400)["faults"])
    assert refused(app, [1], 400)["faults"]
    assert refused(app, hook("patient-view", ILD), 400)["type"].endswith("other-hook")
    question = hook("order-sign", ILD, order("m1"))
    question["context"].pop("patientId")
    assert refused(app, question, 400)["faults"][0]["where"] == "$.context.patientId"


def test_the_prefetch_of_somebody_else_is_refused(app: Any) -> None:
    sent = {**ILD, "patient": {**PERSON, "id": "p2"}}
    assert refused(app, hook("order-sign", sent, order("m1")), 422)["type"].endswith("patient")


def test_resources_of_somebody_else_are_left_out(app: Any) -> None:
    other = {**DERMATOMYOSITIS, "subject": {"reference": "Patient/p2"}}
    sent = {"conditions": bundle(other)}
    assert cards(app, hook("order-sign", sent, order("m1"))) == []


def test_without_a_day_it_asks_for_one(app: Any) -> None:
    question = hook("order-sign", ILD, order("m1"))
    del question["extension"]
    assert "myorx.as-of" in refused(app, question, 400)["detail"]
    assert refused(app, {**question, "extension": {"myorx.as-of": "today"}}, 400)


def test_the_day_may_come_with_the_header(app: Any) -> None:
    question = hook("order-sign", ILD, order("m1"))
    del question["extension"]
    answer = ask(
        app,
        "POST",
        "/cds-services/myorx-order-sign",
        json=question,
        headers={"Date": "Sun, 22 Nov 2026 12:00:00 GMT"},
    )
    assert answer.status_code == 200
    assert "2026-11-22" in answer.json()["cards"][0]["detail"]


def test_an_unknown_service_is_not_found(app: Any) -> None:
    for path in ("/cds-services/other", "/cds-services/other/feedback"):
        assert ask(app, "POST", path, json={}).status_code == 404


def test_feedback_is_checked_and_answered(app: Any) -> None:
    path = "/cds-services/myorx-order-sign/feedback"
    outcome = {
        "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
        "outcome": "overridden",
        "overrideReason": {"reason": {"code": "other", "system": "x"}, "userComment": "known"},
        "outcomeTimestamp": "2026-11-22T10:05:31Z",
    }
    assert ask(app, "POST", path, json={"feedback": [outcome]}).status_code == 200
    wrong = {**outcome, "outcome": "ignored"}
    assert ask(app, "POST", path, json={"feedback": [wrong]}).status_code == 400
    assert ask(app, "POST", path, json={"feedback": []}).status_code == 400


HOSTILE: list[dict[str, Any]] = [
    {**ILD, "observations": {"resourceType": "Bundle", "entry": "none"}},
    {**ILD, "observations": {"resourceType": "Bundle", "entry": [None, 1, {"resource": None}]}},
    {**ILD, "observations": bundle({"resourceType": "Observation"})},
    {**ILD, "observations": bundle(observation("o1", "2276-4", valueQuantity={"value": "x"}))},
    {**ILD, "observations": bundle(observation("o1", "2276-4", valueQuantity=[1]))},
    {**ILD, "procedures": bundle(resource("Procedure", "x", code=[]))},
    {**ILD, "x" * 500: {"resourceType": 7}},
    {**ILD, "more": bundle(condition("c1", "M33.1" * 99))},
]


@pytest.mark.parametrize("sent", HOSTILE)
def test_whatever_else_the_prefetch_holds_the_known_danger_is_told(
    app: Any, sent: dict[str, Any]
) -> None:
    assert "critical" in [
        each["indicator"] for each in cards(app, hook("order-sign", sent, order("m1")))
    ]
