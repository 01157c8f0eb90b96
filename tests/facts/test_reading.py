"""The reader against a table: one value as typed, what is read, or why it is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from myorx.facts import CaseError, FactState, drugs_taken, read_case
from myorx.facts.scalars import written
from myorx.guideline.models import Guideline
from myorx.language.values import Bounds, Days

AS_OF = date(2026, 11, 22)
UNFILLED = re.compile(r"\{[a-z_]+\}")
"""A place in a text of the catalogue that nothing was put into."""
ROWS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(
    (Path(__file__).parent / "reading.yaml").read_text(encoding="utf-8")
)


def shown(state: FactState) -> str:
    """A fact's state in the notation of the table."""
    value = state.value
    match value:
        case None:
            return "none" if state.reason is None else f"unknown: {state.reason}"
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Days():
            return written(value)
        case Bounds():
            unit = f" {value.unit}" if value.unit else ""
            if value.exact is not None:
                return f"{value.exact:f}{unit}"
            if value.low is None:
                return f"{'<' if value.high_open else '<='}{value.high:f}{unit}"
            if value.high is None:
                return f"{'>' if value.low_open else '>='}{value.low:f}{unit}"
            return f"{value.low:f}..{value.high:f}{unit}"


def _text(row: dict[str, Any]) -> str:
    """The row's case with the date, as a file."""
    case: str = row["case"]
    if case.startswith("{"):
        return "{as_of: 2026-11-22, " + case[1:]
    return f"as_of: 2026-11-22\n{case}\n"


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_reading(row: dict[str, Any], clinic: Guideline) -> None:
    if "refused" in row:
        with pytest.raises(CaseError) as refused:
            read_case(_text(row), clinic)
        faults = refused.value.faults
        assert sorted(fault.code for fault in faults) == sorted(row["refused"]), str(refused.value)
        for fault in faults:
            assert fault.path or fault.line
            assert not UNFILLED.search(fault.text("zh")), fault
            assert not UNFILLED.search(fault.text("en")), fault
    else:
        patient = read_case(_text(row), clinic)
        found = {name: shown(patient.facts[name]) for name in row["facts"]}
        assert found == {name: str(value) for name, value in row["facts"].items()}


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_an_import_keeps_the_patient(row: dict[str, Any], clinic: Guideline) -> None:
    """What refuses a case at the bedside is reported by an import, and nothing else changes."""
    text = _text(row)
    if "duplicate-key" in row.get("refused", ()):
        with pytest.raises(CaseError):
            read_case(text, clinic, mode="import")
        return
    patient = read_case(text, clinic, mode="import")
    assert sorted(fault.code for fault in patient.refused) == sorted(row.get("refused", []))
    for fault in patient.refused:
        if fault.fact is not None and not clinic.facts[fault.fact].derived:
            assert patient.facts[fault.fact].reason == "refused"


def test_faults_carry_their_line_and_path(clinic: Guideline) -> None:
    text = "as_of: 2026-11-22\nlabs:\n  crp: 8\n  ferritin: {value: 5, unit: mg/dL}\nsex: x\n"
    with pytest.raises(CaseError) as refused:
        read_case(text.encode(), clinic)
    places = [(fault.line, fault.path, fault.code) for fault in refused.value.faults]
    assert places == [
        (3, "labs.crp", "unit-missing"),
        (4, "labs.ferritin", "unit-refused"),
        (5, "sex", "bad-code"),
    ]
    assert "misprint" in refused.value.faults[1].text("en")
    assert "原文单位之误" in refused.value.faults[1].text("zh")
    assert "mg/dL, mg/L" in refused.value.faults[0].message.en


def test_near_misses_are_listed_and_never_taken(clinic: Guideline) -> None:
    with pytest.raises(CaseError) as refused:
        read_case("{as_of: 2026-11-22, feritin: 5, therapies: [甲泼尼松龙, 泼尼龙]}", clinic)
    key, first, second = refused.value.faults
    assert key.remedy is not None
    assert "ferritin" in key.remedy.en
    assert first.remedy is not None
    assert "甲泼尼龙" in first.remedy.zh
    assert second.remedy is not None
    assert "泼尼松龙" in second.remedy.zh


@pytest.mark.parametrize(
    ("source", "asked", "code"),
    [
        ("sex: male", None, "as-of-missing"),
        ("as_of:\nsex: male", None, "as-of-missing"),
        ("as_of: 2026-11", None, "as-of-bad"),
        ("as_of: [2026]", None, "as-of-bad"),
        ("as_of: 2026-11-21", AS_OF, "as-of-differs"),
        ("- a list", AS_OF, "list-of-cases"),
        ("just words", AS_OF, "not-a-case"),
        ("", AS_OF, "empty-case"),
        ("sex: [male", AS_OF, "not-closed"),
        ("sex: *one", AS_OF, "yaml-reference"),
        ("sex: &a male", AS_OF, "yaml-reference"),
        ('{"sex": "male", "sex": "male"}', AS_OF, "duplicate-key"),
        ("[" * 100_000, AS_OF, "too-deep"),
        ('{"a":' * 100_000, AS_OF, "too-deep"),
        ("x" * 1_000_001, AS_OF, "too-large"),
        (b"sex: \xff", AS_OF, "not-utf-8"),
        ({"sex": {1: 2}}, AS_OF, "unreadable"),
        ({"sex": object()}, AS_OF, "unreadable"),
    ],
)
@pytest.mark.parametrize("mode", ["bedside", "import"])
def test_a_case_that_cannot_be_read(
    source: Any, asked: date | None, code: str, mode: Any, clinic: Guideline
) -> None:
    with pytest.raises(CaseError) as refused:
        read_case(source, clinic, as_of=asked, mode=mode)
    assert code in {fault.code for fault in refused.value.faults}


def test_without_a_date_everything_else_is_still_said(clinic: Guideline) -> None:
    with pytest.raises(CaseError) as refused:
        read_case("{sex: x, crp: 8}", clinic)
    codes = [fault.code for fault in refused.value.faults]
    assert sorted(codes) == ["as-of-missing", "bad-code", "unit-missing"]


def test_python_json_and_yaml_say_the_same(clinic: Guideline) -> None:
    plain = {
        "as_of": AS_OF,
        "sex": "female",
        "age": 37,
        "weight": 60.5,
        "ratio": Decimal("1.10"),
        "antibody": True,
        "labs": {"crp": {"value": 8, "unit": "mg/L"}, "ferritin": None},
        "therapies": [{"drug": "prednisone", "dose": "60 mg/d", "start": date(2026, 10, 1)}],
    }
    text = json.dumps(plain, default=str)
    patients = [read_case(source, clinic) for source in (plain, text, text.encode())]
    yaml = text.replace("{", "{ ", 1)
    patients.append(read_case("# YAML\n" + yaml, clinic))
    assert all(patient.facts == patients[0].facts for patient in patients)
    assert all(patient.case == patients[0].case for patient in patients)


def test_a_float_is_read_as_written(clinic: Guideline) -> None:
    patient = read_case({"ratio": 0.1 + 0.2, "weight": 1e2}, clinic, as_of=AS_OF)
    assert shown(patient.facts["ratio"]) == "0.3"
    assert shown(patient.facts["weight"]) == "100 kg"


@pytest.mark.parametrize(
    "number",
    [float("nan"), float("inf"), Decimal("sNaN"), 10**400, -(10**5000)],
    ids=["nan", "inf", "signalling", "400 digits", "5000 digits"],
)
def test_numbers_that_are_none(number: Any, clinic: Guideline) -> None:
    with pytest.raises(CaseError) as refused:
        read_case({"ratio": number}, clinic, as_of=AS_OF)
    assert refused.value.faults[0].code in ("bad-number", "number-too-long")


def test_what_was_given_is_kept(clinic: Guideline) -> None:
    patient = read_case(
        "{as_of: 2026-11-22, ferritin: {value: 620, unit: µg/L, on: 2024-11-01, method: 化学发光}}",
        clinic,
    )
    state = patient.facts["ferritin"]
    assert (state.value, state.reason, state.origin) == (None, "stale", "given")
    assert state.given == "620 µg/L"
    assert state.method == "化学发光"
    assert state.on == Days(date(2024, 11, 1), date(2024, 11, 1))
    assert patient.case.facts["ferritin"].unit == "ug/L"


def test_a_contradiction_in_an_import_takes_both_facts_out(clinic: Guideline) -> None:
    patient = read_case(
        "{as_of: 2026-11-22, sex: male, pregnant: yes, age: 40}", clinic, mode="import"
    )
    assert patient.facts["sex"].reason == "refused"
    assert patient.facts["pregnant"].reason == "refused"
    assert shown(patient.facts["age"]) == "40"
    assert [fault.code for fault in patient.refused] == ["pregnant_man"]


def test_a_lost_line_makes_the_history_incomplete(clinic: Guideline) -> None:
    text = "{as_of: 2026-11-22, therapies: [aspirin, prednisone], therapies_complete: yes}"
    patient = read_case(text, clinic, mode="import")
    assert patient.case.therapies_complete is False
    assert shown(patient.facts["ever_brake"]) == "unknown: uncertain"
    assert shown(patient.facts["on_steroid"]) == "true"


@pytest.mark.parametrize(
    "wrong",
    [
        "dose: a little",
        "start: soon",
        "start: 2027-01-01",
        "start: 2026-03-02, stop: 2026-03-01",
        "on: 2026-03, start: 2026-03",
        "route: by post",
        "response: splendid",
        "colour: red",
    ],
)
def test_a_faulty_line_keeps_its_drug(wrong: str, clinic: Guideline) -> None:
    """What is taken must not vanish from an import because of a date or a dose."""
    text = f"{{as_of: 2026-11-22, therapies: [{{drug: B alpha, {wrong}}}]}}"
    patient = read_case(text, clinic, mode="import")
    assert len(patient.refused) == 1
    assert shown(patient.facts["ever_brake"]) == "true"
    assert "brake_alpha" in drugs_taken(patient.case)


def test_json_does_not_load_the_yaml_reader() -> None:
    program = (
        "import sys, myorx.facts.read, myorx.facts.source as s\n"
        "from myorx.facts.faults import Faults\n"
        'assert s.read_source(b\'{"as_of": "2026-11-22"}\', Faults()) is not None\n'
        "assert not [m for m in sys.modules if m.split('.')[0] in ('ruamel', 'lark', 'pint')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
