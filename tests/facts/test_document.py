"""A case as a document: what is written is read again as the same case."""

from __future__ import annotations

from typing import Any

import pytest

from myorx.facts import read_case
from myorx.facts.document import answered, fields, opened, typed, written
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.vignettes import load_vignettes

GUIDELINE = load("aim")
VIGNETTES = [
    vignette for vignette in load_vignettes(GUIDELINES / "aim")[0] if not vignette.expect.refused
]


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_every_case_is_the_same_when_written_and_read_again(vignette: Any) -> None:
    patient = read_case(vignette.case, GUIDELINE, as_of=vignette.as_of)
    text = written({"as_of": vignette.as_of.isoformat(), **vignette.case})
    assert read_case(opened(text), GUIDELINE).facts == patient.facts
    assert read_case(text, GUIDELINE).case.therapies == patient.case.therapies


def test_an_answer_takes_the_place_of_what_stood_there() -> None:
    document = opened("as_of: 2026-11-22\nlabs: {CRP: pending, KL-6: not done}\n抗MDA5: 待回报\n")
    document = answered(document, GUIDELINE, "crp", "12 mg/L")
    document = answered(document, GUIDELINE, "anti_mda5", "positive")
    assert document["labs"] == {"KL-6": "not done"}
    patient = read_case(written(document), GUIDELINE)
    assert patient.facts["anti_mda5"].value is True
    assert patient.facts["crp"].given == "12 mg/L"
    assert fields(document) == {"as_of"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 mg/L", "12 mg/L"),
        (">2000 ng/mL", ">2000 ng/mL"),
        ("37", "37"),
        ("[a, {drug: b}]", ["a", {"drug": "b"}]),
        ("{value: 8 mg/L, on: 2026-11-20}", {"value": "8 mg/L", "on": "2026-11-20"}),
        ("[unclosed", "[unclosed"),
        ("弱阳性", "弱阳性"),
        ("无", "无"),
    ],
)
def test_an_answer_is_typed_as_in_a_case_file(text: str, value: Any) -> None:
    assert typed(text) == value
