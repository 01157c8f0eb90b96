"""The form says the same case as the document it was filled from, whatever was typed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import msgspec
import pytest

from myorx.facts import CaseError, Patient, read_case
from myorx.facts.document import opened, written
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.web.case.filled import filled
from myorx.web.case.form import Entry, Form, Line, document
from myorx.web.case.posted import form_of


@cache
def guideline() -> Guideline:
    return load("aim")


@cache
def cases() -> tuple[Vignette, ...]:
    return load_vignettes(GUIDELINES / "aim")[0]


def patient_of(source: Any, as_of: date | None = None) -> Patient | list[tuple[str, str | None]]:
    """The patient, or the codes of what is wrong with the case."""
    try:
        return read_case(source, guideline(), as_of=as_of)
    except CaseError as error:
        return sorted((fault.code, fault.fact) for fault in error.faults)


def known(patient: Any) -> Any:
    """What a plan may depend on: never how it was typed."""
    if isinstance(patient, list):
        return patient
    facts = {
        name: msgspec.structs.replace(state, given=None) for name, state in patient.facts.items()
    }
    lines = tuple(msgspec.structs.replace(each, typed="") for each in patient.case.therapies or ())
    orders = tuple(each.drug for each in patient.case.orders)
    # Not said to be whole is treated as not whole.
    return facts, lines, bool(patient.case.therapies_complete), orders


@pytest.mark.parametrize("vignette", cases(), ids=lambda each: each.id)
def test_a_case_through_the_form_is_the_same_case(vignette: Vignette) -> None:
    source = {"as_of": vignette.as_of.isoformat(), **vignette.case}
    made = filled(source, guideline())
    through = document(made.form)
    if made.left:
        # What has no field refuses the whole case where it is read from a file.
        assert isinstance(patient_of(source), list)
    else:
        assert known(patient_of(source)) == known(patient_of(through))
    # What was saved is opened again as the same form.
    assert filled(opened(written(through)), guideline()).form == made.form


def test_some_of_these_cases_are_refused_and_stay_so() -> None:
    refused = [each.id for each in cases() if isinstance(patient_of(each.case, each.as_of), list)]
    assert len(refused) > 3


def test_a_posted_number_has_its_sign_unit_and_day() -> None:
    form = posted(f_ferritin="> 2000", u_ferritin="ug/L", d_ferritin="2026-11")
    entry = Entry(value="> 2000", unit="ug/L", on="2026-11")
    assert form.entries == {"ferritin": entry}
    assert document(form)["ferritin"] == {"value": "> 2000", "unit": "ug/L", "on": "2026-11"}


def test_a_unit_that_stands_ready_says_nothing() -> None:
    form = posted(u_ferritin="ug/L")
    assert document(form) == {}
    assert form.empty


def test_not_knowing_is_an_answer_wherever_it_is_given() -> None:
    form = posted(f_ild="pending", f_age="不详", x_crp="not_done", f_subtype="未查")
    assert document(form) == {
        "subtype": "not_done",
        "age": "not_asked",
        "ild": "pending",
        "crp": "not_done",
    }
    assert not form.empty


def test_rows_without_anything_in_them_leave_no_gap() -> None:
    form = posted(**{"t0.drug": " ", "t3.drug": "prednisone", "t3.dose": "60 mg/d", "t7.note": "x"})
    assert form.lines == (Line(drug="prednisone", dose="60 mg/d"), Line(note="x"))


@pytest.mark.parametrize(
    ("history", "rows", "said"),
    [
        ("", False, {}),
        ("none", False, {"therapies": "none"}),
        ("part", False, {"therapies": [], "therapies_complete": "no"}),
        ("unknown", False, {"therapies": "unknown"}),
        ("", True, {"therapies": [{"drug": "IVIG"}]}),
        ("whole", True, {"therapies": [{"drug": "IVIG"}], "therapies_complete": "yes"}),
        ("part", True, {"therapies": [{"drug": "IVIG"}], "therapies_complete": "no"}),
    ],
)
def test_what_is_said_of_the_whole_history(history: str, rows: bool, said: Any) -> None:
    fields = {"history": history, **({"t0.drug": "IVIG"} if rows else {})}
    assert document(posted(**fields)) == said


def test_orders_are_parted_by_any_comma() -> None:
    form = posted(orders="MTX、azathioprine，IVIG;\nrituximab ")
    assert form.orders == ("MTX", "azathioprine", "IVIG", "rituximab")


def test_what_is_no_field_is_passed_over() -> None:
    fields = {"f_nonsense": "1", "t0.colour": "red", "t999.drug": "x", "q_age": "3", "history": "x"}
    assert posted(**fields) == Form()


def test_what_a_file_says_that_has_no_field_is_told() -> None:
    said = {
        "as_of": "2026-11-22",
        "colour": "red",
        "crp": {"value": "8", "unit": "mg/L", "taste": "sweet"},
        "on_glucocorticoid": "yes",
        "therapies": [{"drug": "IVIG", "colour": "red"}],
    }
    made = filled(said, guideline())
    assert made.left == ("colour", "on_glucocorticoid", "crp.taste", "therapies.colour")
    assert made.form.entries["crp"] == Entry(value="8", unit="mg/L")


def test_of_a_fact_given_twice_neither_is_taken() -> None:
    """Which of the two is meant, nobody can tell."""
    made = filled({"CRP": "8 mg/L", "labs": {"crp": "8 mg/dL"}, "ild": "yes"}, guideline())
    assert made.left == ("CRP", "crp")
    assert list(made.form.entries) == ["ild"]


@pytest.mark.parametrize(
    "odd",
    [
        {"crp": ["8"]},
        {"labs": "none"},
        {"labs": {"crp": {"value": {"value": 8}}}},
        {"therapies": {"drug": "IVIG"}},
        {"therapies": [["IVIG"]]},
        {"orders": [{"colour": "red"}, ["x"], None]},
        {"facts": "x", "as_of": ["2026"]},
        {"ild": {}},
        {"sex": None, "age": 45, "ild": True},
    ],
)
def test_whatever_a_file_holds_the_form_can_be_filled(odd: Any) -> None:
    assert isinstance(document(filled(odd, guideline()).form), dict)


def posted(**fields: str) -> Form:
    """A form from fields named as in HTML, with ``_`` for the first dot."""
    pairs = [
        (name.replace("_", ".", 1) if name[1] == "_" else name, text)
        for name, text in fields.items()
    ]
    return form_of(pairs, guideline())
