"""Instruments as pages: the form takes what the instrument takes, the page says what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from myorx.guideline.load import load, load_folder
from myorx.instruments.describe import Input
from myorx.instruments.registry import INSTRUMENTS
from myorx.web.frame.answers import ROUTES
from myorx.web.frame.words import LANGUAGES, other
from myorx.web.instruments.layout import layout
from myorx.web.instruments.pages import words
from myorx.web.instruments.routes import routes
from tests.exchange.service.asking import ask
from tests.web.reading import FOLDER, attributes, parse, strictly, text_of

APP = Starlette(routes=[*routes(load("aim")), *ROUTES])
OWN = ("dose", "taper")
IDS = (*INSTRUMENTS, *OWN)
HOSTILE = "\"><script>alert(1)</script>' onfocus=alert(1) {{ 7*7 }} &amp; \u202e\x00"


def some(each: Input, number: int) -> str:
    """One of the values that an input may have."""
    match each.type:
        case "boolean":
            return ("yes", "no")[number % 2]
        case "choice":
            return each.choices[number % len(each.choices)].id
        case "number":
            assert each.low is not None
            assert each.high is not None
            return str(min(each.low + number % 5, each.high))


def get(path: str) -> httpx.Response:
    return ask(APP, "GET", path)


def sent(id_: str, said: Mapping[str, str], lang: str = "en") -> httpx.Response:
    return ask(APP, "POST", f"/{lang}/instruments/{id_}", data={"go": "1", **said})


def answer(response: httpx.Response) -> str:
    """What stands in the part of the page where the result is; cells of a table apart."""
    return " ".join(" ".join(part(response, "result").itertext()).split())


def part(response: httpx.Response, id_: str) -> Any:
    return next(e for e in parse(response.content).iter() if e.get("id") == id_)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_leads_to_every_instrument_and_each_page_to_its_other_language(lang: str) -> None:
    listed = get(f"/{lang}/instruments")
    links = [e.get("href", "") for e in parse(listed.content).iter("a")]
    assert [link.rpartition("/")[2] for link in links if "/instruments/" in link] == list(IDS)
    for id_ in IDS:
        page = get(f"/{lang}/instruments/{id_}")
        assert page.status_code == 200
        strictly(page.content)
        assert f"/{other(lang)}/instruments/{id_}" in attributes(parse(page.content), "formaction")
        assert page.headers["cache-control"] == "no-store"


def test_a_page_that_is_not_there_is_not_found() -> None:
    assert get("/zh/instruments/nothing").status_code == 404
    assert get("/fr/instruments/taper").status_code == 404


@pytest.mark.parametrize("id_", INSTRUMENTS)
def test_the_form_asks_for_every_input_once(id_: str) -> None:
    about = INSTRUMENTS[id_].about
    asked = [each for row in layout(about.inputs).rows for each in row.inputs]
    assert sorted(asked, key=lambda each: each.id) == sorted(about.inputs, key=lambda e: e.id)
    form = part(get(f"/en/instruments/{id_}"), "tool")
    assert {each.id for each in about.inputs} <= set(attributes(form, "name"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id_", INSTRUMENTS)
def test_the_page_says_what_the_instrument_says(id_: str, lang: str) -> None:
    instrument = INSTRUMENTS[id_]
    for seed in range(3):
        given = {
            each.id: some(each, index * 7 + seed)
            for index, each in enumerate(instrument.inputs)
            if each.required or (index + seed) % 3
        }
        response = sent(id_, given, lang)
        shown = answer(response)
        try:
            result = instrument.run(given)
        except ValueError:
            assert words()["refused"].zh in shown or words()["refused"].en in shown
            continue
        for says in (*result.interpretation, *result.warnings, *(v.shown for v in result.values)):
            assert " ".join(getattr(says, lang).split()) in shown
        assert shown.count(words()["not_verified"].en) + shown.count(
            words()["not_verified"].zh
        ) >= sum(not value.verified for value in result.values)


def test_the_form_keeps_what_was_typed_and_tells_every_fault_beside_its_field() -> None:
    said = {"height": "1.7", "weight": "heavy", "formula": "du_bois"}
    response = sent("body_surface", said)
    form = part(response, "tool")
    assert {"1.7", "heavy"} <= set(attributes(form, "value"))
    wrong = [e.get("name") for e in form.iter() if e.get("aria-invalid") == "true"]
    assert wrong == ["height", "weight"]
    told = attributes(form, "aria-describedby")
    for name in wrong:
        assert f"i-{name}-fault" in told
        assert text_of(part(response, f"i-{name}-fault")).strip()
    assert "50 to 220 cm" in answer(response)
    chosen = [e.get("value") for e in form.iter("option") if e.get("selected")]
    assert chosen == ["du_bois"]


def test_required_inputs_are_asked_for_all_at_once() -> None:
    shown = sent("steroid_equivalent", {})
    assert len(attributes(part(shown, "result"), "href")) == 2


def test_switching_the_language_keeps_form_and_answer() -> None:
    response = sent("body_surface", {"height": "170", "weight": "60"}, "zh")
    form = part(response, "tool")
    held = {e.get("name"): e.get("value") for e in form.iter("input") if e.get("name")}
    again = ask(APP, "POST", "/en/instruments/body_surface", data=held)
    assert "1.68" in answer(response)
    assert "1.68" in answer(again)
    assert words()["working"].en in answer(again)


@pytest.mark.parametrize("id_", IDS)
def test_the_first_button_of_the_form_computes(id_: str) -> None:
    """It is the one that Enter in a field presses; the header has another, for the language."""
    root = parse(get(f"/en/instruments/{id_}").content)
    form = next(e for e in root.iter() if e.get("id") == "tool")
    inside = set(form.iter("button"))
    buttons = [e for e in root.iter("button") if e.get("form") == "tool" or e in inside]
    assert (buttons[0].get("name"), buttons[0].get("formaction")) == ("go", None)


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    response = ask(APP, "POST", "/en/instruments/body_surface", data={"height": "170"})
    assert words()["no_result"].en in answer(response)
    assert "170" in attributes(part(response, "tool"), "value")


@pytest.mark.parametrize("id_", IDS)
def test_what_is_hostile_stays_text(id_: str) -> None:
    fields = set(attributes(part(get(f"/en/instruments/{id_}"), "tool"), "name")) - {"go"}
    for text in (HOSTILE, "9" * 400, "\ud7ff￿", "字" * 3_000):
        response = sent(id_, dict.fromkeys(fields, text))
        assert response.status_code == 200
        body = response.text
        assert "<script>alert" not in body
        assert "49" not in answer(response)
        assert not attributes(parse(response.content), "onfocus")
        assert len(response.content) < 100_000
        strictly(response.content)


def test_broken_bytes_and_what_is_no_form_are_refused_or_shown_as_an_empty_form() -> None:
    path = "/zh/instruments/taper"
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert ask(APP, "POST", path, content=b"go=1&dose=%ff%fe", headers=form).status_code == 200
    assert ask(APP, "POST", path, content=b"{}").status_code == 200
    many = b"&".join(b"a=1" for _ in range(5000))
    assert ask(APP, "POST", path, content=many, headers=form).status_code == 400
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert ask(APP, "POST", path, content=b"--y\r\n", headers=broken).status_code == 400


# -- what the guideline brings ---------------------------------------------------------------------


@pytest.mark.parametrize("dose", ["60", "60 mg/d", "30 mg bid"])
def test_the_taper_is_dated_and_counted_in_tablets(dose: str) -> None:
    shown = answer(sent("taper", {"dose": dose, "start": "2026-03-01"}))
    assert "2026-03-01 47.5 mg/d 9½ × 5 mg −20.8 %" in shown
    assert "S1.23" in shown


def test_a_taper_that_the_source_does_not_describe_says_so() -> None:
    shown = answer(sent("taper", {"dose": "8", "start": "2026-03-01"}))
    assert "mg/d" in shown
    assert "2026-03" not in shown


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({}, ["i-dose", "i-start"]),
        ({"dose": "sixty", "start": "2026-02-30"}, ["i-dose", "i-start"]),
        ({"dose": "60 mg/kg", "start": "2026-02"}, ["i-dose", "i-start"]),
        ({"dose": "-5", "start": "2026-03-01"}, ["i-dose"]),
        ({"dose": "60", "start": "yesterday"}, ["i-start"]),
    ],
)
def test_a_taper_without_its_dose_or_day_is_refused(
    said: dict[str, str], faults: list[str]
) -> None:
    response = sent("taper", said)
    found = attributes(part(response, "result"), "href")
    assert [link.lstrip("#") for link in found] == faults


def test_doses_are_for_this_patient_and_withheld_where_the_age_is_unknown() -> None:
    size = {"drug": "methylprednisolone", "weight": "60", "height": "165"}
    assert "⊘" in answer(sent("dose", size))
    assert "⊘" not in answer(sent("dose", {**size, "age": "50"}))
    assert "60 mg" in answer(sent("dose", {**size, "drug": "prednisone", "age": "50"}))
    assert "scaled by" not in answer(sent("dose", {"drug": "prednisone", "age": "50"}))


def test_faults_of_age_and_size_stand_beside_their_fields() -> None:
    response = sent("dose", {"weight": "6000", "age": "old"})
    found = attributes(part(response, "result"), "href")
    assert sorted(found) == ["#i-age", "#i-drug", "#i-weight"]


def test_a_guideline_without_tapers_offers_none() -> None:
    app = Starlette(routes=[*routes(load_folder(FOLDER))])
    listed = ask(app, "GET", "/en/instruments")
    offered = [id_ for id_ in OWN if f"/en/instruments/{id_}" in listed.text]
    for id_ in OWN:
        status = ask(app, "GET", f"/en/instruments/{id_}").status_code
        assert status == (200 if id_ in offered else 404)
