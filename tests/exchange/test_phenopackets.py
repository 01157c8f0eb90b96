"""Phenopackets in and out: what comes back is what was sent; the rest is listed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.phenopackets.write import write_packet
from myorx.exchange.report import UnreadableError
from myorx.facts import read_case
from myorx.guideline.models import Guideline
from tests.exchange.bundles import imported, notes, why

CREATED = {"created": "2026-11-20T00:00:00Z", "phenopacketSchemaVersion": "2.0"}
PACKET: dict[str, Any] = {
    "id": "p1",
    "subject": {"id": "p1", "sex": "FEMALE", "dateOfBirth": "1992-05-01T00:00:00Z"},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0006515", "label": "Interstitial pneumonitis"}},
        {"type": {"id": "HP:0002015", "label": "Dysphagia"}, "excluded": True},
        {"type": {"id": "HP:0000001", "label": "All"}},
        {"type": {"id": "HP:0034143", "label": "one of several antibodies"}},
    ],
    "diseases": [{"term": {"id": "ORPHA:221", "label": "Dermatomyositis"}}],
    "measurements": [
        {
            "assay": {"id": "LOINC:2276-4", "label": "Ferritin"},
            "value": {"quantity": {"unit": {"id": "UCUM:ng/mL", "label": "ng/mL"}, "value": 1280}},
            "timeObserved": {"timestamp": "2026-11-18T08:00:00Z"},
        },
        {
            "assay": {"id": "LOINC:82424-3", "label": "MDA5"},
            "value": {"ontologyClass": {"id": "LOINC:LA6576-8", "label": "Positive"}},
        },
        {
            "assay": {"id": "LOINC:1988-5", "label": "CRP without a date"},
            "value": {"quantity": {"unit": {"id": "UCUM:mg/L", "label": "mg/L"}, "value": 8}},
        },
    ],
    "medicalActions": [
        {
            "treatment": {
                "agent": {"id": "ATC:H02AB07", "label": "prednisone"},
                "doseIntervals": [
                    {
                        "quantity": {"unit": {"id": "UCUM:mg", "label": "mg"}, "value": 25},
                        "scheduleFrequency": {"id": "X:1", "label": "twice daily"},
                        "interval": {"start": "2026-11-01T00:00:00Z"},
                    }
                ],
            }
        },
        {"treatment": {"agent": {"id": "ATC:L04AX01", "label": "azathioprine"}}},
        {"radiationTherapy": {"modality": {"id": "X:2"}}},
    ],
    "metaData": CREATED,
    "files": [{"uri": "x"}],
}


def test_what_a_packet_says(guideline: Guideline, codes: Codes) -> None:
    found = imported(PACKET, guideline, codes, form="phenopacket")
    document = {name: value for name, value in found.document.items() if name != "as_of"}
    assert document == {
        "anti_mda5": "positive",
        "anti_synthetase": "true",
        "subtype": "dm",
        "dysphagia": "false",
        "ferritin": {"value": "1280", "unit": "ng/mL", "on": "2026-11-18"},
        "ild": "true",
        "sex": "female",
        "birth_date": "1992-05-01",
        "therapies": [
            {"drug": "prednisone", "dose": "25 mg bid", "start": "2026-11-01"},
            {"drug": "azathioprine", "stop": "unknown"},
        ],
    }
    assert not found.report.refused
    assert set(why(found).values()) == {"code_unknown", "undated", "kind"}
    assert "no_interval" in notes(found, "drug:azathioprine")


def test_a_family_is_refused(guideline: Guideline, codes: Codes) -> None:
    with pytest.raises(UnreadableError) as error:
        imported({"proband": PACKET, "metaData": CREATED}, guideline, codes, form="phenopacket")
    assert [note.code for note in error.value.notes] == ["not_one_packet"]


CASE = {
    "as_of": "2026-11-22",
    "sex": "female",
    "birth_date": "1992-05-01",
    "subtype": "dm",
    "anti_mda5": {"value": "positive", "on": "2026-11-02"},
    "dysphagia": "no",
    "ild": "yes",
    "ild_onset": "2026-11-02",
    "ferritin": {"value": "1280.5", "unit": "ng/mL", "on": "2026-11-18"},
    "kl6": {"value": ">2000", "unit": "U/mL", "on": "2026-11-18"},
    "anti_srp": "pending",
    "spo2": "94 %",
    "therapies": [
        {"drug": "prednisone", "dose": "60 mg/d", "start": "2026-11-03", "response": "improved"},
        {"drug": "methylprednisolone_pulse", "on": "2026-11-01", "dose": "500 mg"},
        {"drug": "plasma_exchange", "on": "2026-11-05"},
    ],
    "therapies_complete": "yes",
    "orders": ["methotrexate"],
}


def test_what_is_written_is_read_again_and_the_rest_is_listed(
    guideline: Guideline, codes: Codes
) -> None:
    patient = read_case(CASE, guideline)
    packet, left = write_packet(patient, guideline, codes, "case-1")
    back = imported(json.loads(json.dumps(packet)), guideline, codes, form="phenopacket").patient
    left_out = {name for name, _ in left}
    # A dose a day with exact dates is carried; what is given once, or in another rhythm, is not.
    assert left_out == {
        "ild_onset",
        "kl6",
        "anti_srp",
        "orders methotrexate",
        "therapies_complete",
        "therapies[0].response",
        "therapies[0].route",
        "therapies[1].route",
        "therapies[1].dose",
    }
    for name, state in patient.facts.items():
        if state.origin == "given" and name not in left_out:
            assert back.facts[name].value == state.value, name
    sent = [(each.drug, each.start) for each in patient.case.therapies or ()]
    assert sent[0] in [(each.drug, each.start) for each in back.case.therapies or ()]
    assert {each.drug for each in back.case.therapies or ()} == {drug for drug, _ in sent}


def test_nothing_given_is_neither_written_nor_listed(guideline: Guideline, codes: Codes) -> None:
    """Each fact that a case may give ends in the packet or in the list."""
    for fact in guideline.facts.values():
        if fact.derived:
            continue
        value = {
            "boolean": "yes",
            "integer": "5",
            "decimal": "2.5",
            "date": "2026-01-01",
            "quantity": f"50 {fact.unit}",
        }.get(fact.type) or fact.values[0].id
        patient = read_case({"as_of": "2026-11-22", fact.id: value}, guideline, mode="import")
        state = patient.facts[fact.id]
        packet, left = write_packet(patient, guideline, codes, "x")
        text = json.dumps(packet)
        back = imported(json.loads(text), guideline, codes, form="phenopacket").patient
        carried = state.value is not None and back.facts[fact.id].value == state.value
        assert carried or fact.id in {name for name, _ in left}, fact.id
