"""FHIR in: which fact each resource gives, what is left out, and that both are said."""

from __future__ import annotations

from typing import Any

import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.report import UnreadableError
from myorx.guideline.models import Guideline
from tests.exchange.bundles import (
    ATC,
    LOINC,
    OURS,
    PATIENT,
    SUBJECT,
    bundle,
    concept,
    condition,
    dosage,
    imported,
    medication,
    notes,
    observation,
    quantity,
    why,
)

IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
SNOMED = "http://snomed.info/sct"

# (what stands there, the fact, what the case then says of it)
SAID: list[tuple[str, dict[str, Any], str, Any]] = [
    (
        "a quantity in another unit is left in it: the reader of cases converts",
        observation("2276-4", **quantity(620.50, "ug/L")),
        "ferritin",
        {"value": "620.5", "unit": "ug/L", "on": "2026-11-20"},
    ),
    (
        "a comparator stays",
        observation("kl6", OURS, **quantity(2000, "U/mL", comparator=">")),
        "kl6",
        {"value": "2000", "comparator": ">", "unit": "U/mL", "on": "2026-11-20"},
    ),
    (
        "a censored result in text",
        observation("2276-4", valueString="＞２０００ ng/mL"),
        "ferritin",
        {"value": "＞２０００ ng/mL", "on": "2026-11-20"},
    ),
    (
        "a coded answer",
        observation("82424-3", valueCodeableConcept=concept("LA6576-8")),
        "anti_mda5",
        {"value": "positive", "on": "2026-11-20"},
    ),
    (
        "weak positive is what it is",
        observation("82424-3", valueString="弱阳性"),
        "anti_mda5",
        {"value": "弱阳性", "on": "2026-11-20"},
    ),
    (
        "a titre with its verdict",
        observation("82424-3", valueString="阳性(1:320)"),
        "anti_mda5",
        {"value": "阳性", "on": "2026-11-20"},
    ),
    (
        "a titre alone is no verdict",
        observation(
            "82424-3", valueRatio={"numerator": {"value": 1}, "denominator": {"value": 320}}
        ),
        "anti_mda5",
        {"unknown": "indeterminate", "on": "2026-11-20"},
    ),
    (
        "a number alone is no verdict",
        observation("88725-7", **quantity(86, "[arb'U]/mL")),
        "anti_mda5",
        {"unknown": "indeterminate", "on": "2026-11-20"},
    ),
    (
        "a number that the laboratory interprets",
        observation(
            "88725-7", **quantity(86, "1"), interpretation=[concept("POS", INTERPRETATION)]
        ),
        "anti_mda5",
        {"value": "positive", "on": "2026-11-20"},
    ),
    (
        "one antisynthetase antibody is one",
        observation("33772-5", valueCodeableConcept=concept("LA6576-8")),
        "anti_synthetase",
        {"value": "positive", "on": "2026-11-20"},
    ),
    (
        "pregnancy status of the patient summary",
        observation("82810-3", valueCodeableConcept=concept("LA26683-5")),
        "pregnant",
        {"value": "false", "on": "2026-11-20"},
    ),
    (
        "pregnancy status unknown is unknown",
        observation("82810-3", valueCodeableConcept=concept("LA4489-6")),
        "pregnant",
        {"value": "unknown", "on": "2026-11-20"},
    ),
    (
        "oxygen is flowing: a component",
        observation(
            "59408-5",
            **quantity(96, "%"),
            component=[{"code": concept("3151-8"), **quantity(3, "L/min")}],
        ),
        "on_oxygen",
        {"value": "true", "on": "2026-11-20"},
    ),
    (
        "room air: 21 % is not above 21 %",
        observation("59408-5", component=[{"code": concept("3150-0"), **quantity(21, "%")}]),
        "on_oxygen",
        {"value": "false", "on": "2026-11-20"},
    ),
    (
        "not final is pending",
        observation("82424-3", status="preliminary", valueString="positive"),
        "anti_mda5",
        {"unknown": "pending", "on": "2026-11-20"},
    ),
    (
        "a reason for no value",
        observation("82424-3", dataAbsentReason=concept("not-performed")),
        "anti_mda5",
        {"unknown": "not done", "on": "2026-11-20"},
    ),
    (
        "the date of release, where there is no other",
        observation(
            "2157-6", effectiveDateTime="", issued="2026-11-19T10:00:00Z", **quantity(9, "U/L")
        ),
        "ck",
        {"value": "9", "unit": "U/L", "on": "2026-11-19"},
    ),
    (
        "a date in part stays one",
        observation("2157-6", effectiveDateTime="2026-11", **quantity(900, "U/L")),
        "ck",
        {"value": "900", "unit": "U/L", "on": "2026-11"},
    ),
    ("a diagnosis gives the subtype", condition("M33.1"), "subtype", "dm"),
    ("a finding is there", condition("J84.9"), "ild", "true"),
    (
        "a refuted finding is not",
        condition("J84.9", verificationStatus=concept("refuted")),
        "ild",
        "false",
    ),
    (
        "its onset is another fact",
        condition("J84.9", onsetDateTime="2026-11-02T09:00:00+08:00"),
        "ild_onset",
        "2026-11-02",
    ),
    (
        "a history counts though it is over",
        condition(
            "HP:0034192", "http://human-phenotype-ontology.org", clinicalStatus=concept("resolved")
        ),
        "thrombosis_history",
        "true",
    ),
    (
        "an allergy",
        {
            "resourceType": "AllergyIntolerance",
            "patient": SUBJECT,
            "code": concept("J01EE01", ATC),
        },
        "sulfonamide_allergy",
        "true",
    ),
    (
        "no known drug allergy is a statement",
        {
            "resourceType": "AllergyIntolerance",
            "patient": SUBJECT,
            "code": concept("no-known-medication-allergies", IPS),
        },
        "sulfonamide_allergy",
        "false",
    ),
    (
        "a name without a code, whole",
        observation("", "", code={"text": "铁蛋白"}, **quantity(300, "ng/mL")),
        "ferritin",
        {"value": "300", "unit": "ng/mL", "on": "2026-11-20"},
    ),
    ("the sex of the patient", PATIENT, "sex", "female"),
]


@pytest.mark.parametrize(
    ("resource", "fact", "said"), [pytest.param(*row[1:], id=row[0]) for row in SAID]
)
def test_what_is_said(
    resource: dict[str, Any], fact: str, said: Any, guideline: Guideline, codes: Codes
) -> None:
    found = imported(bundle(PATIENT, resource), guideline, codes)
    assert found.document[fact] == said
    assert found.patient.facts[fact].origin == "given"
    assert any(each.subject == f"fact:{fact}" for each in found.report.used)


LEFT_OUT: list[tuple[str, dict[str, Any], str]] = [
    (
        "entered in error",
        observation("2276-4", status="entered-in-error", **quantity(1, "ng/mL")),
        "status",
    ),
    ("cancelled", observation("2276-4", status="cancelled"), "status"),
    ("no status", observation("2276-4", status="", **quantity(1, "ng/mL")), "status"),
    ("a code nobody maps", observation("9999-9", valueString="x"), "code_unknown"),
    ("no code at all", observation("", code={}, valueString="x"), "no_code"),
    ("no value", observation("2276-4"), "no_value"),
    (
        "in the future",
        observation("2276-4", effectiveDateTime="2026-11-23", **quantity(1, "ng/mL")),
        "future",
    ),
    (
        "no date, though it ages",
        observation("2276-4", effectiveDateTime="", **quantity(1, "ng/mL")),
        "undated",
    ),
    (
        "no such date",
        observation("2276-4", effectiveDateTime="2026-02-31", **quantity(1, "ng/mL")),
        "bad_date",
    ),
    ("a range", observation("2276-4", valueRange={"low": {"value": 1}}), "value_kind"),
    (
        "another comparator",
        observation("2276-4", **quantity(1, "ng/mL", comparator="ad")),
        "comparator",
    ),
    (
        "an answer nobody knows",
        observation("82424-3", valueCodeableConcept=concept("LA1-1")),
        "answer_unknown",
    ),
    (
        "negative for one of several antibodies",
        observation("33772-5", valueCodeableConcept=concept("LA6577-6")),
        "only",
    ),
    (
        "a LOINC code we do not know is not read by its name",
        observation("1-1", code={**concept("1-1"), "text": "铁蛋白"}, **quantity(3, "ng/mL")),
        "code_unknown",
    ),
    (
        "of somebody else",
        observation("2276-4", subject={"reference": "Patient/p2"}),
        "other_patient",
    ),
    ("only suspected", condition("J84.9", verificationStatus=concept("provisional")), "status"),
    ("over", condition("J84.9", clinicalStatus=concept("resolved")), "status"),
    ("a kind that is not read", {"resourceType": "Encounter"}, "kind"),
    ("no drug of ours", medication("MedicationStatement", "N02BE01"), "drug_unknown"),
    ("never taken", medication("MedicationStatement", "L04AX03", "not-taken"), "status"),
    (
        "cancelled before it began",
        medication("MedicationRequest", "L04AX03", "cancelled"),
        "status",
    ),
    ("not to be given", medication("MedicationRequest", "L04AX03", doNotPerform=True), "status"),
    (
        "two drugs under one code, no route",
        medication("MedicationStatement", "H02AB04"),
        "drug_ambiguous",
    ),
    (
        "a reference to nothing",
        {
            "resourceType": "MedicationStatement",
            "status": "active",
            "subject": SUBJECT,
            "medicationReference": {"reference": "Medication/none"},
        },
        "reference",
    ),
    ("a diagnosis without subtype code", condition("G72.4"), "code_unknown"),
]


@pytest.mark.parametrize(
    ("resource", "reason"), [pytest.param(*row[1:], id=row[0]) for row in LEFT_OUT]
)
def test_what_is_left_out_and_why(
    resource: dict[str, Any], reason: str, guideline: Guideline, codes: Codes
) -> None:
    found = imported(bundle(PATIENT, resource), guideline, codes)
    assert reason in why(found).values(), found.report.ignored
    assert {*found.document} == {"as_of", "sex", "birth_date"}


def test_the_newest_counts_and_each_other_one_is_named(guideline: Guideline, codes: Codes) -> None:
    found = imported(
        bundle(
            observation("2276-4", effectiveDateTime="2026-11-10", **quantity(300, "ng/mL")),
            observation("2276-4", effectiveDateTime="2026-11-20T23:00:00Z", **quantity(2, "ng/mL")),
            # An hour later on the clock, earlier in fact: 2026-11-20T16:00Z.
            observation(
                "2276-4", effectiveDateTime="2026-11-21T00:00:00+08:00", **quantity(3, "ng/mL")
            ),
            observation("2276-4", effectiveDateTime="2026-11-19", status="registered"),
        ),
        guideline,
        codes,
    )
    # Days are told as written; the clock decides within one day only.
    assert found.document["ferritin"]["value"] == "3"
    assert list(why(found).values()).count("older") == 2
    assert "no_result_beside" in why(found).values()
    assert "several" in notes(found, "fact:ferritin")


def test_on_one_day_the_clock_decides(guideline: Guideline, codes: Codes) -> None:
    early = observation(
        "2276-4", effectiveDateTime="2026-11-20T09:00:00+08:00", **quantity(7, "ng/mL")
    )
    late = observation(
        "2276-4", effectiveDateTime="2026-11-20T02:00:00+00:00", **quantity(8, "ng/mL")
    )
    found = imported(bundle(late, early), guideline, codes)
    assert found.document["ferritin"]["value"] == "8"


@pytest.mark.parametrize("at", ["2026-11-20", "2026-11-20T08:00:00Z"])
def test_results_of_one_moment_that_disagree_count_for_nothing(
    at: str, guideline: Guideline, codes: Codes
) -> None:
    found = imported(
        bundle(
            observation("82424-3", effectiveDateTime=at, valueCodeableConcept=concept("LA6576-8")),
            observation("82424-3", effectiveDateTime=at, valueCodeableConcept=concept("LA6577-6")),
        ),
        guideline,
        codes,
    )
    assert found.patient.facts["anti_mda5"].value is None
    assert found.patient.facts["anti_mda5"].reason == "indeterminate"
    assert "disagree" in notes(found, "fact:anti_mda5")


@pytest.mark.parametrize("at", ["2026-11", ""])
def test_a_result_that_may_be_the_newer_one_is_not_passed_over(
    at: str, guideline: Guideline, codes: Codes
) -> None:
    dated = observation("82424-3", valueString="negative")
    other = observation("82424-3", effectiveDateTime=at, valueString="positive")
    found = imported(bundle(dated, other), guideline, codes)
    assert found.patient.facts["anti_mda5"].reason == "indeterminate"
    agreeing = observation("82424-3", effectiveDateTime=at, valueString="negative")
    found = imported(bundle(agreeing, dated), guideline, codes)
    assert found.document["anti_mda5"] == {"value": "negative", "on": "2026-11-20"}


def test_a_preliminary_result_does_not_give_way_to_an_older_one(
    guideline: Guideline, codes: Codes
) -> None:
    old = observation("82424-3", effectiveDateTime="2026-01-01", valueString="negative")
    new = observation("82424-3", status="preliminary", valueString="positive")
    assert (
        imported(bundle(old, new), guideline, codes).patient.facts["anti_mda5"].reason == "pending"
    )
    empty = observation("82424-3", status="registered")
    assert imported(bundle(old, empty), guideline, codes).patient.facts["anti_mda5"].value is False
    final = observation("82424-3", valueString="positive")
    found = imported(bundle(old, new, final), guideline, codes)
    assert found.patient.facts["anti_mda5"].value is True
    assert "corrected_by" in why(found).values()


def test_results_that_agree_are_one(guideline: Guideline, codes: Codes) -> None:
    same = observation("82424-3", valueString="阳性")
    other = observation("82424-3", valueString="阳性")
    found = imported(bundle(same, other), guideline, codes)
    assert found.patient.facts["anti_mda5"].value is True
    assert list(why(found).values()) == ["duplicate"]


def test_a_correction_stands_above_what_it_corrects(guideline: Guideline, codes: Codes) -> None:
    found = imported(
        bundle(
            observation("82424-3", status="corrected", valueString="negative"),
            observation("82424-3", valueString="positive"),
        ),
        guideline,
        codes,
    )
    assert found.patient.facts["anti_mda5"].value is False
    assert why(found) == {"entry[1] Observation/r1": "corrected_by"}
    assert "corrected" in notes(found, "fact:anti_mda5")


def test_what_is_deleted_is_gone(guideline: Guideline, codes: Codes) -> None:
    source = bundle(PATIENT, observation("82424-3", valueString="positive", id="o1"))
    source["entry"].append({"request": {"method": "DELETE", "url": "Observation/o1"}})
    found = imported(source, guideline, codes)
    assert "anti_mda5" not in found.document
    assert sorted(why(found).values()) == ["deleted", "deletion"]


def test_of_two_versions_the_newer_counts(guideline: Guideline, codes: Codes) -> None:
    new = observation("82424-3", valueString="negative", id="o1", meta={"versionId": "10"})
    old = observation("82424-3", valueString="positive", id="o1", meta={"versionId": "9"})
    for order in ((new, old), (old, new)):
        found = imported(bundle(*order), guideline, codes)
        assert found.patient.facts["anti_mda5"].value is False
        assert "superseded" in why(found).values()


def test_a_value_past_its_age_is_stale_and_says_so(guideline: Guideline, codes: Codes) -> None:
    found = imported(
        bundle(observation("2276-4", effectiveDateTime="2025-01-01", **quantity(900, "ng/mL"))),
        guideline,
        codes,
    )
    assert found.patient.facts["ferritin"].reason == "stale"
    assert "stale" in notes(found, "fact:ferritin")


def test_a_refused_unit_is_refused_with_its_reason(guideline: Guideline, codes: Codes) -> None:
    found = imported(bundle(observation("2276-4", **quantity(9, "mg/dL"))), guideline, codes)
    assert found.patient.facts["ferritin"].reason == "refused"
    assert [fault.fact for fault in found.report.refused] == ["ferritin"]
    assert "refused" in notes(found, "fact:ferritin")


def test_a_conversion_is_shown(guideline: Guideline, codes: Codes) -> None:
    found = imported(bundle(observation("1988-5", **quantity(8, "mg/L"))), guideline, codes)
    (used,) = (each for each in found.report.used if each.subject == "fact:crp")
    assert [note.says.en for note in used.notes] == ["converted: 0.8 mg/dL"]


# -- drugs -----------------------------------------------------------------------------------------

COURSES: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    (
        "a prescription twice a day",
        medication(
            "MedicationRequest",
            "H02AB07",
            authoredOn="2026-11-01",
            dosageInstruction=[dosage(25, 2)],
        ),
        {"drug": "prednisone", "dose": "50 mg/d", "route": "oral", "start": "2026-11-01"},
    ),
    (
        "every second day",
        medication("MedicationStatement", "H02AB07", dosage=[dosage(15, 1, 2)]),
        {"drug": "prednisone", "dose": "7.5 mg/d", "route": "oral"},
    ),
    (
        "once a week, with its period",
        medication(
            "MedicationStatement",
            "L01BA01",
            "stopped",
            effectivePeriod={"start": "2026-01-01", "end": "2026-06-01"},
            dosage=[dosage(15, 1, 1, "wk")],
        ),
        {
            "drug": "methotrexate",
            "dose": "15 mg/wk",
            "route": "oral",
            "start": "2026-01-01",
            "stop": "2026-06-01",
        },
    ),
    (
        "stopped, nobody knows when",
        medication("MedicationStatement", "L04AX01", "stopped"),
        {"drug": "azathioprine", "stop": "stopped"},
    ),
    (
        "on hold is open",
        medication("MedicationStatement", "L04AX01", "on-hold"),
        {"drug": "azathioprine", "stop": "unknown"},
    ),
    (
        "given once",
        medication(
            "MedicationAdministration", "L01FA01", "completed", effectiveDateTime="2026-10-01"
        ),
        {"drug": "rituximab", "on": "2026-10-01"},
    ),
    (
        "the route tells two drugs of one code apart",
        medication(
            "MedicationAdministration",
            "H02AB04",
            "completed",
            effectiveDateTime="2026-11-01",
            dosage={"route": {"text": "静脉滴注"}, "dose": {"value": 500, "unit": "mg"}},
        ),
        {"drug": "methylprednisolone_pulse", "dose": "500 mg", "route": "iv", "on": "2026-11-01"},
    ),
    (
        "several instructions are not added up",
        medication("MedicationStatement", "H02AB07", dosage=[dosage(40), dosage(20)]),
        {"drug": "prednisone", "route": "oral"},
    ),
    (
        "a procedure by its name",
        {
            "resourceType": "Procedure",
            "status": "completed",
            "subject": SUBJECT,
            "code": {"text": "血浆置换"},
            "performedDateTime": "2026-11-03",
        },
        {"drug": "plasma_exchange", "on": "2026-11-03"},
    ),
]


@pytest.mark.parametrize(
    ("resource", "line"), [pytest.param(*row[1:], id=row[0]) for row in COURSES]
)
def test_courses(
    resource: dict[str, Any], line: dict[str, str], guideline: Guideline, codes: Codes
) -> None:
    found = imported(bundle(PATIENT, resource), guideline, codes)
    assert found.document["therapies"] == [line]
    assert not found.report.refused
    assert found.patient.case.therapies_complete is None
    assert "history_open" in {note.code for note in found.report.notes}


def test_drafts_and_plans_are_orders(guideline: Guideline, codes: Codes) -> None:
    found = imported(
        bundle(
            medication("MedicationRequest", "L04AX03", "draft"),
            medication("MedicationRequest", "L04AX01", intent="plan"),
        ),
        guideline,
        codes,
    )
    assert found.document["orders"] == ["methotrexate", "azathioprine"]
    assert "therapies" not in found.document


def test_a_name_alone_is_taken_whole_and_said(guideline: Guideline, codes: Codes) -> None:
    named = medication("MedicationStatement", "", medicationCodeableConcept={"text": "泼尼松"})
    near = medication("MedicationStatement", "", medicationCodeableConcept={"text": "泼尼松片"})
    found = imported(bundle(named, near), guideline, codes)
    assert [each["drug"] for each in found.document["therapies"]] == ["prednisone"]
    assert "by_text" in notes(found, "drug:prednisone")
    assert "drug_unknown" in why(found).values()


def test_a_medication_elsewhere_is_found(guideline: Guideline, codes: Codes) -> None:
    inside = medication(
        "MedicationStatement",
        "",
        medicationReference={"reference": "#m"},
        contained=[{"resourceType": "Medication", "id": "m", "code": concept("L04AX03", ATC)}],
    )
    del inside["medicationCodeableConcept"]
    beside = {
        **inside,
        "medicationReference": {"reference": "https://h/fhir/Medication/m9/_history/2"},
    }
    other = {"resourceType": "Medication", "id": "m9", "code": concept("L04AX01", ATC)}
    lost = {"resourceType": "Medication", "id": "m8", "code": concept("L04AX01", ATC)}
    found = imported(bundle(inside, beside, other, lost), guideline, codes)
    assert [each["drug"] for each in found.document["therapies"]] == [
        "methotrexate",
        "azathioprine",
    ]
    assert why(found) == {"entry[3] Medication/m8": "unreferenced"}


# -- codes that need a licence ---------------------------------------------------------------------


def test_snomed_counts_only_where_it_is_asked_for(
    guideline: Guideline, codes: Codes, snomed: Codes
) -> None:
    source = bundle(PATIENT, condition("396230008", SNOMED))
    assert "subtype" not in imported(source, guideline, codes).document
    assert imported(source, guideline, snomed).document["subtype"] == "dm"


def test_every_fact_can_be_given_by_our_own_codes(guideline: Guideline, codes: Codes) -> None:
    """A value of each type, by the code system that we publish."""
    given = {
        "boolean": {"valueBoolean": True},
        "integer": {"valueInteger": 2},
        "decimal": {"valueQuantity": {"value": 2.5}},
        "date": {"valueDateTime": "2026-11-02"},
    }
    for fact in guideline.facts.values():
        if fact.derived:
            continue
        value = given.get(fact.type)
        if fact.type == "quantity":
            value = {"valueQuantity": {"value": 50, "unit": fact.unit}}
        elif fact.type == "code":
            system = codes.addresses[f"value-{fact.id}"]
            value = {"valueCodeableConcept": concept(fact.values[0].id, system)}
        assert value is not None
        found = imported(bundle(observation(fact.id, OURS, **value)), guideline, codes)
        assert fact.id in found.document, fact.id
        assert found.patient.facts[fact.id].given, fact.id


# -- the whole source ------------------------------------------------------------------------------


def test_two_patients_are_refused(guideline: Guideline, codes: Codes) -> None:
    with pytest.raises(UnreadableError) as error:
        imported(bundle(PATIENT, {**PATIENT, "id": "p2"}), guideline, codes)
    assert [note.code for note in error.value.notes] == ["many_patients"]
    assert "entry[1] Patient/p2" in error.value.lines("en")[0]


def test_without_a_patient_the_references_must_agree(guideline: Guideline, codes: Codes) -> None:
    one = observation("82424-3", valueString="positive")
    found = imported(bundle(one), guideline, codes)
    assert "no_patient" in {note.code for note in found.report.notes}
    with pytest.raises(UnreadableError):
        imported(bundle(one, {**one, "subject": {"reference": "Patient/x"}}), guideline, codes)


def test_everything_is_told_of(guideline: Guideline, codes: Codes) -> None:
    """Every entry ends among the used or the left out: there is no third place."""
    resources = (
        [row[1] for row in SAID] + [row[1] for row in LEFT_OUT] + [row[1] for row in COURSES]
    )
    resources = [each for each in resources if each["resourceType"] != "Patient"]
    found = imported(bundle(PATIENT, *resources), guideline, codes)
    told = {each.where for each in (*found.report.used, *found.report.ignored)}
    for number in range(len(resources) + 1):
        assert any(place.startswith(f"entry[{number}] ") for place in told), number


def test_loinc_is_named_as_it_is_in_reports(guideline: Guideline, codes: Codes) -> None:
    found = imported(bundle(observation("2157-6", LOINC, **quantity(9, "U/L"))), guideline, codes)
    assert [each.by for each in found.report.used] == ["loinc 2157-6"]
