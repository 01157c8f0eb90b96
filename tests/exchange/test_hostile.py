"""Sources that are broken, enormous or malicious: an answer that says why, never a crash."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.exchange.codes import Codes, table
from myorx.exchange.foreign import codes_of, read_foreign
from myorx.exchange.limits import MAX_BYTES
from myorx.exchange.report import UnreadableError
from myorx.facts import CaseError
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from tests.exchange.bundles import PATIENT, bundle, imported, observation, quantity, why
from tests.exchange.conftest import AS_OF

FORMS = ("fhir", "phenopacket", "hl7", "csv")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"[]", "no_object"),
        (b"{", "not_json"),
        (b'{"resourceType": "Bundle",}', "not_json"),
        (b"\xff{}", "not_utf8"),
        (b"{}", "no_bundle"),
        (b'{"a": NaN}', "not_json"),
        (b'{"resourceType": "Bundle", "resourceType": "Patient"}', "key_twice"),
        (b'{"a":' * 100_000, "too_deep"),
        (b" " * (MAX_BYTES + 1), "too_large"),
    ],
    ids=str,
)
def test_what_cannot_be_read_says_why(
    data: bytes, code: str, guideline: Guideline, codes: Codes
) -> None:
    with pytest.raises(UnreadableError) as error:
        imported(data, guideline, codes)
    assert [note.code for note in error.value.notes] == [code]
    assert all(len(line) < 400 for lang in ("zh", "en") for line in error.value.lines(lang))


def test_a_status_given_twice_is_not_guessed(guideline: Guideline, codes: Codes) -> None:
    source = json.dumps(bundle(observation("2276-4", **quantity(1, "ng/mL"))))
    doubled = source.replace('"status": "final"', '"status": "final", "status": "entered-in-error"')
    with pytest.raises(UnreadableError) as error:
        imported(doubled.encode(), guideline, codes)
    assert "status" in error.value.lines("en")[0]


def test_ten_megabytes_are_read_and_told_of(guideline: Guideline, codes: Codes) -> None:
    many = [
        observation(
            "2276-4", effectiveDateTime=f"20{year:02}-{month:02}-11", **quantity(5, "ng/mL")
        )
        for year in range(10, 27)
        for month in range(1, 13)
    ]
    filling = [{"resourceType": "Encounter", "text": "x" * 1000} for _ in range(9_000)]
    source = bundle(PATIENT, *many, *filling)
    data = json.dumps(source).encode()
    assert 9_000_000 < len(data) <= MAX_BYTES
    found = imported(data, guideline, codes)
    assert found.document["ferritin"]["on"] == "2026-11-11"
    told = len(found.report.used) + len(found.report.ignored)
    assert told == len(source["entry"]) + 1  # the Patient gives two facts


WRONG: list[Any] = [None, 1, "x", [], {}, [None], [[]], {"a": 1}, True, "\ud800"]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(
    "key",
    [
        "status",
        "code",
        "subject",
        "effectiveDateTime",
        "effectivePeriod",
        "valueQuantity",
        "valueCodeableConcept",
        "interpretation",
        "component",
        "dataAbsentReason",
        "issued",
        "method",
        "meta",
        "id",
        "contained",
        "valueString",
        "valueRatio",
    ],
)
def test_any_element_may_be_of_the_wrong_kind(
    key: str, wrong: Any, guideline: Guideline, codes: Codes
) -> None:
    broken = {**observation("82424-3", valueString="positive"), key: wrong}
    fine = observation("2276-4", **quantity(9, "ng/mL"))
    found = imported(bundle(broken, fine), guideline, codes)
    assert "ferritin" in found.document
    told = {each.where for each in (*found.report.used, *found.report.ignored)}
    assert any(where.startswith("entry[0]") for where in told)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_any_entry_may_be_of_the_wrong_kind(wrong: Any, guideline: Guideline, codes: Codes) -> None:
    source = bundle(observation("2276-4", **quantity(9, "ng/mL")))
    for entries in (wrong, [wrong], [{"resource": wrong}], [{"request": wrong, "resource": {}}]):
        imported({**source, "entry": entries}, guideline, codes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        "Patient",
        "Observation",
        "Condition",
        "AllergyIntolerance",
        "MedicationStatement",
        "MedicationRequest",
        "MedicationAdministration",
        "Procedure",
        "Medication",
    ]
)
KEYS = st.sampled_from(
    "id status code subject patient value valueQuantity valueCodeableConcept component coding"
    " effectiveDateTime performedPeriod dosage dosageInstruction medicationCodeableConcept"
    " medicationReference contained onsetDateTime clinicalStatus gender birthDate intent".split()
)
GUIDELINE = load("aim")
CODES = codes_of(GUIDELINES / "aim", GUIDELINE)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KINDS, st.dictionaries(KEYS, JSON, max_size=6)), max_size=4))
def test_resources_of_any_content(resources: list[tuple[str, dict[str, Any]]]) -> None:
    listed = [{"resourceType": kind, **content} for kind, content in resources]
    source = {"resourceType": "Bundle", "entry": [{"resource": each} for each in listed]}
    data = json.dumps(source).encode()
    try:
        found = read_foreign(data, GUIDELINE, AS_OF, CODES, form="fhir")
    except UnreadableError as error:
        refused = {note.code for note in error.notes}
    else:
        refused = set()
        assert len(found.report.used) + len(found.report.ignored) >= len(listed)
    assert refused <= {"many_patients"}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(FORMS))
def test_bytes_of_any_kind(data: bytes, form: Any) -> None:
    with contextlib.suppress(UnreadableError, CaseError):
        read_foreign(data, GUIDELINE, AS_OF, CODES, form=form)


def test_a_guideline_without_mappings_still_reads_its_own_codes(guideline: Guideline) -> None:
    own = table(guideline, ())
    source = bundle(observation("anti_mda5", "urn:myorx:CodeSystem:facts", valueBoolean=True))
    assert imported(source, guideline, own).patient.facts["anti_mda5"].value is True


def test_text_in_a_unit_refuses_the_value_only(guideline: Guideline, codes: Codes) -> None:
    bad = observation("2276-4", valueQuantity={"value": 5, "unit": "see the paper report"})
    fine = observation("2157-6", **quantity(900, "U/L"))
    found = imported(bundle(bad, fine), guideline, codes)
    assert found.patient.facts["ferritin"].reason == "refused"
    assert found.patient.facts["ck"].value is not None
    assert not why(found)
