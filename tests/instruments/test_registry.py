"""What holds of every instrument: its description, its refusals, and what unknown does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.instruments.catalogue import page, shared_words
from myorx.instruments.describe import Input, Words
from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.result import Result
from tests.instruments.given import complete, with_holes

NAMES = sorted(INSTRUMENTS)
HAN = re.compile(r"[\u3400-\u9fff]")
SLOT = re.compile(r"\{(\w+)\}")


def words_in(value: object) -> Iterator[Words]:
    """Every text in a description or a catalogue."""
    if isinstance(value, Words):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from words_in(getattr(value, field))
    elif isinstance(value, dict):
        for each in value.values():
            yield from words_in(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from words_in(each)


def test_there_are_all_that_the_field_asks_for() -> None:
    assert set(INSTRUMENTS) == {
        "total_improvement",
        "imacs_improvement",
        "muscle_strength",
        "muscle_grade",
        "classification",
        "body_surface",
        "steroid_equivalent",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_description_is_whole_and_in_both_languages(name: str) -> None:
    about = INSTRUMENTS[name].about
    assert about.id == name
    assert about.limits
    assert about.sources
    assert len({each.id for each in about.inputs}) == len(about.inputs)
    for each in about.inputs:
        assert (each.type == "choice") == bool(each.choices)
        assert (each.type == "number") == (each.low is not None and each.high is not None)
        assert each.default is None or each.default in {choice.id for choice in each.choices}
    for text in words_in(page(name)):
        assert text.zh.strip()
        assert text.en.strip()
        assert not HAN.search(text.en), text
        assert sorted(SLOT.findall(text.zh)) == sorted(SLOT.findall(text.en))
    assert json.loads(msgspec.json.encode(about))["id"] == name


def test_shared_words_have_the_same_slots_in_both_languages() -> None:
    for text in shared_words().values():
        assert sorted(SLOT.findall(text.zh)) == sorted(SLOT.findall(text.en))
        assert HAN.search(text.zh) or SLOT.search(text.zh)
        assert not HAN.search(text.en)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_result_is_data_and_has_every_value_described(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    result = instrument.run(data.draw(complete(name)))
    assert [value.id for value in result.values] == [each.id for each in instrument.about.outputs]
    assert result.verified == all(value.verified for value in result.values)
    assert result.verified or any("verified: false" in text.en for text in result.warnings)
    assert json.loads(msgspec.json.encode(result))["instrument"] == name


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_unknown_never_says_what_a_known_value_could_change(name: str, data: st.DataObject) -> None:
    """With items unknown, a value is the one of the complete inputs, or bounds around it, or
    none: never another, and never silently lower."""
    whole, holes = data.draw(with_holes(name))
    full, less = INSTRUMENTS[name].run(whole), INSTRUMENTS[name].run(holes)
    for value in full.values:
        known = less.value(value.id)
        assert known.value in (None, value.value), value.id
        if known.low is not None and known.high is not None:
            low, high = (value.low, value.high) if value.value is None else (value.value,) * 2
            if low is not None and high is not None:
                assert known.low <= low <= high <= known.high, value.id
    if holes != whole and any(full.value(v.id).value != v.value for v in less.values):
        assert less.missing


def _wrong(each: Input) -> object:
    return {"number": "many", "boolean": "perhaps", "choice": "nothing of it"}[each.type]


@pytest.mark.parametrize("name", NAMES)
def test_all_faults_are_said_at_once_in_both_languages(name: str) -> None:
    about = INSTRUMENTS[name].about
    wrong = {each.id: _wrong(each) for each in about.inputs}
    with pytest.raises(InputError) as error:
        INSTRUMENTS[name].run({**wrong, "nothing_such": 1})
    assert {fault.where for fault in error.value.faults} == {*wrong, "nothing_such"}
    for fault in error.value.faults:
        for text in (fault.says, fault.allowed, fault.remedy):
            assert text.zh
            assert text.en
        assert fault.found in fault.line("en")
        assert HAN.search(fault.line("zh"))


@pytest.mark.parametrize("name", NAMES)
def test_numbers_outside_their_range_are_refused_with_what_is_allowed(name: str) -> None:
    numbers = [each for each in INSTRUMENTS[name].inputs if each.type == "number"]
    for each in numbers:
        for value in (f"{each.high}1", "-1", "NaN", "Infinity", "1e999", "9" * 50, True, [1]):
            with pytest.raises(InputError) as error:
                INSTRUMENTS[name].run({each.id: value})
            (fault,) = [fault for fault in error.value.faults if fault.where == each.id]
            assert fault.code in ("out_of_range", "not_a_number")
            assert str(each.high) in fault.allowed.en


@pytest.mark.parametrize("name", NAMES)
def test_what_is_required_is_missed(name: str) -> None:
    required = {each.id for each in INSTRUMENTS[name].inputs if each.required}
    if not required:
        assert INSTRUMENTS[name].run({}).missing
        return
    for nothing in ({}, dict.fromkeys(required), dict.fromkeys(required, "unknown")):
        with pytest.raises(InputError) as error:
            INSTRUMENTS[name].run(nothing)
        assert {fault.where for fault in error.value.faults} == required
        assert {fault.code for fault in error.value.faults} == {"missing_input"}


@pytest.mark.parametrize(
    ("height", "weight"),
    [
        ("170 cm", "65 kg"),
        (170, 65),
        (170.0, 65.0),
        (Decimal("170"), Decimal("65.0")),
        ("170", "65"),
    ],
)
def test_a_number_may_be_written_in_many_ways(height: object, weight: object) -> None:
    result = INSTRUMENTS["body_surface"].run({"height": height, "weight": weight})
    assert result.value("area").value == Decimal("1.752")


def test_another_unit_is_no_number_here() -> None:
    with pytest.raises(InputError, match="write a number"):
        INSTRUMENTS["body_surface"].run({"height": "1.7 m", "weight": 65})


@pytest.mark.parametrize(
    ("name", "inputs", "value", "shown"),
    [
        ("body_surface", {"height": 170, "weight": 65, "formula": "du_bois"}, "area", "1.754 m2"),
        ("body_surface", {"height": 170, "weight": 65, "formula": "Haycock"}, "area", "1.754 m2"),
        ("body_surface", {"height": 170, "weight": 65, "formula": "stevenson"}, "area", "1.716 m2"),
        ("steroid_equivalent", {"steroid": "甲泼尼龙", "dose": 40}, "prednisone", "50 mg"),
        ("steroid_equivalent", {"steroid": "dexamethasone", "dose": 1}, "prednisone", "6.67 mg"),
        (
            "steroid_equivalent",
            {"steroid": "betamethasone", "dose": 3},
            "prednisone",
            "between 20 and 25 mg",
        ),
    ],
)
def test_vectors(name: str, inputs: dict[str, Any], value: str, shown: str) -> None:
    assert INSTRUMENTS[name].run(inputs).value(value).shown.en == shown


def _run(name: str, **inputs: object) -> Result:
    return INSTRUMENTS[name].run(inputs)


def test_only_the_formula_without_a_source_is_unverified() -> None:
    for formula in ("mosteller", "du_bois", "haycock", "stevenson"):
        result = _run("body_surface", height=170, weight=65, formula=formula)
        assert result.verified == (formula != "stevenson")


def test_a_formula_made_on_adults_refuses_a_child() -> None:
    assert _run("body_surface", height=110, weight=20).value("area").value == Decimal("0.782")
    with pytest.raises(InputError) as error:
        _run("body_surface", height=110, weight=20, formula="du_bois")
    assert {fault.where for fault in error.value.faults} == {"height", "weight"}


def test_a_pulse_is_not_converted() -> None:
    assert _run("steroid_equivalent", steroid="methylprednisolone", dose=199).value("prednisone")
    with pytest.raises(InputError, match="pulse"):
        _run("steroid_equivalent", steroid="methylprednisolone", dose=200)
