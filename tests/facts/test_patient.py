"""What stands around a patient: environment, assumptions, sources, dictionary, schema."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import msgspec
import pytest

from myorx.facts import (
    Case,
    CaseError,
    Given,
    Order,
    Therapy,
    assume,
    case_schema,
    contradictions,
    dictionary,
    drugs_taken,
    environment,
    read_case,
    resolve,
    sources,
)
from myorx.facts.case import exactly
from myorx.guideline.models import Condition, Definition, Guideline
from myorx.guideline.texts import Text
from myorx.language.evaluate import evaluate, facts_used
from myorx.language.faults import LanguageError
from myorx.language.parser import parse
from myorx.language.values import Days

AS_OF = date(2026, 11, 22)


def case(text: str) -> str:
    return f"{{as_of: 2026-11-22, {text}}}"


# -- environment -----------------------------------------------------------------------------------


def test_environment(clinic: Guideline) -> None:
    patient = read_case(case("crp: 24 mg/L, spo2: 93 %, age: 40"), clinic)
    view = environment(patient, clinic)
    assert view.value("crp") == exactly(Decimal("2.4"), "mg/dL")
    assert view.value("as_of") == Days(AS_OF, AS_OF)
    assert view.value("adult_from") == exactly(Decimal(18))
    assert view.value("ferritin") is None
    assert view.value("sick") is True
    assert view.is_integer("age")
    assert view.is_integer("adult_from")
    assert not view.is_integer("ratio")
    trace = evaluate(parse("sick and adult"), view)
    assert trace.value is True
    assert facts_used(trace) == ("adult_from", "age", "crp", "ferritin", "spo2")
    assert view.trace("sick") is view.trace("sick")
    assert view.trace("crp") is None
    with pytest.raises(KeyError):
        view.value("nonsense")


def test_definitions_in_a_circle(clinic: Guideline) -> None:
    name = Text("甲", "one")
    circle = {
        each: Definition(each, name, Condition(other, parse(other)))
        for each, other in (("one", "two"), ("two", "one"))
    }
    guideline = msgspec.structs.replace(clinic, definitions=circle)
    view = environment(resolve(Case(AS_OF), guideline), guideline)
    with pytest.raises(LanguageError):
        view.value("one")
    with pytest.raises(LanguageError):
        view.value("two")


def test_settings_of_another_run(clinic: Guideline) -> None:
    """Two guidelines that differ in a setting only are kept apart."""
    from myorx.guideline.settings import with_settings

    other = with_settings(clinic, {"lab_age": 400, "barren_from": 30})
    text = case("ferritin: {value: 620, on: 2026-01-01}, sex: female, age: 40")
    assert read_case(text, clinic).facts["ferritin"].reason == "stale"
    patient = read_case(text, other)
    assert patient.facts["ferritin"].value == exactly(Decimal(620), "ng/mL")
    assert patient.facts["pregnant"].value is False


# -- inferences ------------------------------------------------------------------------------------


def test_an_inference_says_so(clinic: Guideline) -> None:
    state = read_case(case("sex: male, pregnant: 待回报"), clinic).facts["pregnant"]
    assert (state.value, state.origin, state.reason) == (False, "inferred", None)
    assert state.says == Text("男性", "a man")
    assert state.basis == "inferred"
    assert state.given == "待回报"


def test_assume(clinic: Guideline) -> None:
    patient = read_case(case("sex: female, birth_date: 1990-05-01, antibody: pending"), clinic)
    assert patient.facts["age"].value == exactly(Decimal(36))
    male = assume(patient, clinic, {"sex": "male"})
    assert male.facts["pregnant"].value is False
    assert male.facts["age"].value == exactly(Decimal(36))
    assert patient.facts["pregnant"].value is None
    positive = assume(patient, clinic, {"antibody": True})
    assert positive.facts["antibody_missing"].value is False
    unborn = assume(patient, clinic, {"birth_date": None})
    assert unborn.facts["age"].value is None
    computed = assume(patient, clinic, {"full_days": exactly(Decimal(50), "d")})
    assert computed.facts["full_days"].value == exactly(Decimal(50), "d")
    assert contradictions(assume(male, clinic, {"sex": "male", "pregnant": True}), clinic) == (
        "pregnant_man",
    )
    assert contradictions(male, clinic) == ()


def test_sources(clinic: Guideline) -> None:
    assert sources(clinic, "crp") == ("crp",)
    assert sources(clinic, "age") == ("age",)
    assert sources(clinic, "antibody_missing") == ("antibody",)
    assert sources(clinic, "full_days") == ("therapies",)
    assert sources(clinic, "nonsense") == ()


# -- cases made by programs ------------------------------------------------------------------------


def test_a_case_survives_json(clinic: Guideline) -> None:
    patient = read_case(
        case(
            "sex: male, ferritin: {value: '>2000 ng/mL', on: 2026-11}, antibody: pending,"
            "therapies: [{drug: MP, dose: 40 mg/d, route: 口服, start: 2026-03}], orders: [B alpha]"
        ),
        clinic,
    )
    text = msgspec.json.encode(patient.case)
    again = msgspec.json.decode(text, type=Case)
    assert again == patient.case
    assert resolve(again, clinic).facts == patient.facts
    assert patient.case.orders == (Order("brake_alpha", "B alpha"),)


def test_a_program_is_told_the_same(clinic: Guideline) -> None:
    wrong = Case(
        AS_OF,
        {
            "crp": Given("8", "8"),
            "spo2": Given("9500", "9500"),
            "nonsense": Given("1", "1"),
            "onset": Given("soon", "soon"),
        },
    )
    with pytest.raises(CaseError) as refused:
        resolve(wrong, clinic)
    codes = [(fault.code, fault.path) for fault in refused.value.faults]
    assert codes == [
        ("unit-missing", "crp"),
        ("implausible", "spo2"),
        ("unknown-key", "nonsense"),
        ("bad-date", "onset"),
    ]


def test_drugs_taken() -> None:
    lines = (
        Therapy("prednisone", "P"),
        Therapy("brake_alpha", "A", Days(date(2026, 1, 1), date(2026, 1, 1)), Days(None, None)),
        Therapy("brake_beta", "B", Days(date(2026, 1, 1), date(2026, 1, 1)), Days(None, AS_OF)),
        Therapy("brake_gamma", "C", Days(date(2027, 1, 1), date(2027, 1, 1))),
        Therapy("prednisone", "P", Days(None, None), Days(None, None)),
    )
    assert drugs_taken(Case(AS_OF, {}, lines)) == {"prednisone": True, "brake_alpha": None}
    assert drugs_taken(Case(AS_OF)) == {}


def test_the_stop_narrows_the_start(clinic: Guideline) -> None:
    line = Therapy("prednisone", "P", Days(None, AS_OF), Days(date(2026, 3, 1), date(2026, 3, 1)))
    patient = resolve(Case(AS_OF, {}, (line,), therapies_complete=True), clinic)
    assert patient.facts["steroid_start"].value == Days(None, date(2026, 3, 1))
    assert patient.facts["on_steroid"].value is False


# -- dictionary and schema -------------------------------------------------------------------------


def test_dictionary(clinic: Guideline) -> None:
    rows = {row.id: row for row in dictionary(clinic)}
    assert list(rows) != list(clinic.facts)
    assert set(rows) == set(clinic.facts)
    assert next(iter(rows)) == "sex", "in the order of the groups"
    crp = rows["crp"]
    assert (crp.unit, crp.accepted, crp.unit_required) == ("mg/dL", ("mg/L",), True)
    assert (crp.plausible, crp.max_age, crp.absent) == (("0", "100"), "30 d", "unknown")
    assert rows["ferritin"].refused == (
        ("mg/dL", Text("原文单位之误", "a misprint of the source")),
    )
    assert rows["smoker"].absent == "no"
    assert rows["full_days"].derived == "sum_days_at_least"
    assert not rows["full_days"].given
    assert [code.id for code in rows["sex"].values] == ["female", "male"]
    assert rows["pregnant"].inferred[0] == Text("男性", "a man")
    assert msgspec.json.encode(dictionary(clinic))


GOOD: list[dict[str, Any]] = [
    {},
    {"sex": "male", "性别": "male"},
    {"crp": {"value": 8, "unit": "mg/L"}, "年龄": 40},
    {"crp": "8 mg/L", "ferritin": {"value": ">2000", "unit": "ng/mL", "on": "2026-11-20"}},
    {"antibody": True, "smoker": "无", "pregnant": None, "age": 37, "ratio": 1.5, "weight": 60},
    {"labs": {"铁蛋白": 620, "CRP": "8 mg/L"}, "facts": {"lung": {"spo2": "93 %"}}},
    {"therapies": ["MP", {"drug": "泼尼松", "dose": "60 mg qd", "start": "2026-03"}]},
    {"therapies": "none", "therapies_complete": True, "orders": ["MP"], "about": {"any": 1}},
]
BAD: list[dict[str, Any]] = [
    {"feritin": 620},
    {"sex": "x"},
    {"crp": 8},
    {"ferritin": {"value": 5, "units": "ng/mL"}},
    {"full_days": 5},
    {"therapies": {"drug": "MP"}},
    {"therapies": [{"drug": "MP", "doze": "5 mg"}]},
]


@pytest.mark.parametrize("facts", GOOD)
def test_schema_accepts(facts: dict[str, Any], clinic: Guideline) -> None:
    schema = case_schema(clinic)
    jsonschema.Draft202012Validator.check_schema(schema)
    whole = {"as_of": "2026-11-22", **facts}
    jsonschema.validate(whole, schema)
    if "性别" not in facts:
        read_case(whole, clinic)


@pytest.mark.parametrize("facts", BAD)
def test_schema_refuses(facts: dict[str, Any], clinic: Guideline) -> None:
    whole = {"as_of": "2026-11-22", **facts}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, case_schema(clinic))
    with pytest.raises(CaseError):
        read_case(whole, clinic)
