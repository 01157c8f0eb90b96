"""The case page as a browser without script sees it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from myorx.facts import read_case
from myorx.facts.document import opened
from myorx.guideline.load import GUIDELINES
from myorx.guideline.vignettes import load_vignettes
from myorx.web.case.examples import cited, examples
from myorx.web.case.filled import filled
from myorx.web.case.pages import fields_of
from myorx.web.case.posted import form_of
from tests.web.case.browsing import by_id, named, posted, read, text_of
from tests.web.case.conftest import Ask, guideline
from tests.web.reading import strictly

DAY = "2026-11-22"
PATIENT = {"as_of": DAY, "f.sex": "female", "f.age": "45", "f.ild": "yes"}
FULL: dict[str, Any] = {
    "as_of": DAY,
    "sex": "female",
    "age": 45,
    "crp": {"value": "8", "unit": "mg/L", "on": "2026-11-20"},
    "ferritin": "> 2000 ng/mL",
    "anti_mda5": "pending",
    "ild_onset": "2026-10",
    "pregnancy_lactation_wish": "none",
    "kl6": "not done",
    "therapies": [
        {"drug": "prednisone", "dose": "60 mg/d", "start": "2026-10", "response": "failed"},
        {"drug": "IVIG", "on": "2026-11-01", "note": "x"},
    ],
    "therapies_complete": "no",
    "orders": ["MTX", "azathioprine"],
    "about": "a note",
}


def test_the_door_leads_to_the_language_of_the_browser(ask: Ask) -> None:
    for header, place in (("zh-CN,en", "/zh/"), ("en-GB", "/en/"), ("", "/zh/"), ("fr", "/zh/")):
        answer = ask("GET", "/", headers={"Accept-Language": header})
        assert (answer.status_code, answer.headers["location"]) == (303, place)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_page_asks_first_who_it_is_and_shows_no_plan(ask: Ask, lang: str) -> None:
    answer = ask("GET", f"/{lang}/")
    root = read(answer.content)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", by_id(root, "as_of").get("value", ""))
    assert text_of(by_id(root, "next"))
    assert not [each for each in root.iter() if each.get("id") == "plan"]
    fields = posted(by_id(root, "case"))
    assert [name for name, text in fields if text] == ["next", "as_of"]


def test_every_fact_that_can_be_entered_has_one_place(ask: Ask) -> None:
    for sent in (PATIENT, {"as_of": DAY}):
        root = read(ask("POST", "/en/", data=sent).content)
        kinds = Counter(
            (each.get("name", ""), each.get("type") == "radio")
            for each in by_id(root, "case").iter()
            if each.get("name", "").startswith("f.")
        )
        wanted = {f"f.{fact.id}" for fact in guideline().facts.values() if not fact.derived}
        assert {name for name, _ in kinds} == wanted
        assert all(times == 1 for (_, radio), times in kinds.items() if not radio)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_field_is_found_by_the_name_of_its_fact(ask: Ask, lang: str) -> None:
    """A question stands under its own words; the finder knows it by its fact all the same."""
    root = read(ask("POST", f"/{lang}/", data=PATIENT).content)
    labels = {each.get("id"): each for each in root.iter() if each.get("class") == "name"}
    facts = [fact for fact in guideline().facts.values() if not fact.derived]
    named_apart = 0
    for fact in facts:
        label = labels[f"l.{fact.id}"]
        name = fact.label.zh if lang == "zh" else fact.label.en
        assert (label.get("data-name") or text_of(label).strip()) == name
        named_apart += label.get("data-name") is not None
    assert 0 < named_apart < len(facts)


@pytest.mark.parametrize(("lang", "names"), [("zh", ["天", "周"]), ("en", ["days", "weeks"])])
def test_units_of_time_are_named(ask: Ask, lang: str, names: list[str]) -> None:
    sent = {**PATIENT, "f.ild_duration": "6个月"}
    root = read(ask("POST", f"/{lang}/", data=sent).content)
    (choice,) = named(root, "u.ild_duration")
    offered = [(each.get("value"), text_of(each)) for each in choice][1:]
    assert offered == list(zip(["d", "wk"], names, strict=True))
    (place,) = [each for each in root.iter() if each.get("id") == "e.ild_duration"]
    assert f"d{'（' if lang == 'zh' else ' ('}{names[0]}" in text_of(place)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_page_sends_is_what_was_sent_to_it(ask: Ask, lang: str) -> None:
    """Whatever stands in the form comes back in the form: nothing is lost on the way."""
    form = filled(FULL, guideline()).form
    assert len(form.entries) == 8
    root = read(ask("POST", f"/{lang}/", data=dict(fields_of(form))).content)
    assert form_of(posted(by_id(root, "case")), guideline()) == form


def test_values_that_are_wrong_come_back_with_their_faults_beside_them(ask: Ask) -> None:
    sent = {
        **PATIENT,
        "f.crp": "8",
        "f.ferritin": "1" * 400,
        "u.ferritin": "ng/mL",
        "f.ild_onset": "2026-02-31",
        "f.anti_mda5": "<script>alert(1)</script>",
        "t0.drug": "prednisolon & co",
        "t1.drug": "prednisone",
        "t1.dose": "sixty",
        "orders": "xyzzy",
        "history": "none",
    }
    answer = ask("POST", "/en/", data=sent)
    root = read(answer.content)
    for fact in ("crp", "ferritin", "ild_onset", "anti_mda5"):
        field = by_id(root, f"f.{fact}")
        assert text_of(by_id(root, f"e.{fact}"))
        assert field.get("aria-invalid") or field.get("type") == "radio"
    assert "mg/L" in text_of(by_id(root, "e.crp"))
    assert text_of(by_id(root, "e.t0"))
    assert text_of(by_id(root, "e.t1"))
    assert text_of(by_id(root, "e.orders"))
    assert text_of(by_id(root, "e.history"))
    listed = by_id(root, "faults")
    assert len(list(listed.iter("li"))) == 8
    assert not [each for each in root.iter() if each.get("id") == "plan"]
    # All of it is still in the form, and markup is text.
    back = form_of(posted(by_id(root, "case")), guideline())
    assert back == form_of(sent.items(), guideline())
    assert b"<script>alert" not in answer.content
    for link in listed.iter("a"):
        by_id(root, (link.get("href") or "")[1:])


def test_a_contradiction_is_said_where_no_single_field_is_wrong(ask: Ask) -> None:
    root = read(
        ask("POST", "/en/", data={**PATIENT, "f.ild": "no", "f.ild_progressive": "yes"}).content
    )
    assert "absent" in text_of(by_id(root, "faults"))


def test_the_list_of_questions_stands_while_something_is_wrong(ask: Ask) -> None:
    root = read(ask("POST", "/en/", data=PATIENT).content)
    asked = by_id(root, "asked-before").get("value", "")
    assert 1 <= len(asked.split()) <= 5
    wrong = {**PATIENT, "next": asked, "f.age": "xyz"}
    assert (
        by_id(read(ask("POST", "/en/", data=wrong).content), "asked-before").get("value") == asked
    )


def test_the_fact_in_hand_keeps_its_place_when_it_is_answered(ask: Ask) -> None:
    root = read(ask("POST", "/en/", data={"as_of": DAY, "f.sex": "female"}).content)
    asked = by_id(root, "asked-before").get("value", "").split()
    assert "ild" in asked
    sent = {**PATIENT, "next": " ".join(asked), "stay": "ild"}
    body = ask("POST", "/en/ask", data=sent).content
    assert (
        by_id(read(b"<html>" + body + b"</html>"), "asked-before")
        .get("value", "")
        .startswith("ild ")
    )


def test_what_was_asked_and_is_not_known_is_not_asked_again(ask: Ask) -> None:
    sent = {"as_of": DAY, "f.sex": "female"}
    asked = _asked(ask, sent)
    again = _asked(ask, {**sent, f"f.{asked[0]}": "not_asked"})
    assert asked[0] not in again


def test_one_question_stands_for_pregnancy_lactation_and_wish(ask: Ask) -> None:
    asked = _asked(ask, {**PATIENT, "f.rapidly_progressive_ild": "yes", "f.anti_mda5": "yes"})
    assert "pregnancy_lactation_wish" in asked
    assert not {"pregnant", "lactating", "wish_for_children"} & set(asked)


def _asked(ask: Ask, sent: dict[str, str]) -> list[str]:
    root = read(ask("POST", "/en/", data=sent).content)
    return by_id(root, "asked-before").get("value", "").split()


def test_the_script_is_sent_the_same_fragments(ask: Ask) -> None:
    whole = ask("POST", "/en/", data=PATIENT).text
    for part in ("renew", "ask"):
        piece = ask("POST", f"/en/{part}", data=PATIENT)
        assert piece.headers["cache-control"] == "no-store"
        for line in piece.text.splitlines():
            assert line in whole


def test_a_row_is_taken_away(ask: Ask) -> None:
    sent = {"as_of": DAY, "t0.drug": "prednisone", "t1.drug": "IVIG", "drop": "0"}
    root = read(ask("POST", "/en/", data=sent).content)
    assert by_id(root, "t0.drug").get("value") == "IVIG"
    assert by_id(root, "t1.drug").get("value") == ""


def test_the_page_in_the_other_language_has_the_same_form(ask: Ask) -> None:
    root = read(ask("POST", "/en/", data=PATIENT).content)
    (switch,) = [each for each in root.iter("button") if each.get("formaction") == "/zh/"]
    assert switch.get("form") == "case"
    other = read(ask("POST", "/zh/", data=dict(posted(by_id(root, "case")))).content)
    assert posted(by_id(other, "case")) == posted(by_id(root, "case"))


def test_enter_renews_and_does_not_switch_the_language(ask: Ask) -> None:
    """The first button of a form, in the order of the page, is the one that Enter presses."""
    root = read(ask("GET", "/en/").content)
    first = next(each for each in root.iter("button") if each.get("form") == "case")
    assert first.get("formaction") is None


# -- from and to a file ----------------------------------------------------------------------------


def test_a_saved_case_is_opened_again_as_the_same_form(ask: Ask) -> None:
    form = filled(FULL, guideline()).form
    for kind in ("yaml", "json"):
        saved = ask("POST", f"/en/case.{kind}", data=dict(fields_of(form)))
        assert "attachment" in saved.headers["content-disposition"]
        assert read_case(saved.content, guideline()).as_of.isoformat() == DAY
        assert filled(opened(saved.content), guideline()).form == form
        again = ask("POST", "/en/open", files={"file": ("x", saved.content)}, data={"as_of": DAY})
        assert form_of(posted(by_id(read(again.content), "case")), guideline()) == form


def test_a_case_is_pasted(ask: Ask) -> None:
    root = read(
        ask("POST", "/zh/open", data={"text": "性别: 女\n年龄: 45", "as_of": "2020-01-01"}).content
    )
    back = form_of(posted(by_id(root, "case")), guideline())
    assert back.as_of == "2020-01-01"
    assert back.entries["sex"].value == "female"


def test_a_bundle_of_a_hospital_is_opened_and_its_report_shown(ask: Ask) -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p",
                    "gender": "female",
                    "birthDate": "1980-01-01",
                }
            }
        ],
    }
    sent = {"file": ("x.json", json.dumps(bundle).encode())}
    root = read(ask("POST", "/en/open", files=sent, data={"as_of": DAY}).content)
    assert named(by_id(root, "case"), "f.birth_date")[0].get("value") == "1980-01-01"
    assert "FHIR" in text_of(by_id(root, "opened"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00bad",
        b"%PDF-1.4",
        b"a: [",
        b"[1, 2]",
        b"x" * 1_500_000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_cannot_be_opened_is_told_and_changes_nothing(ask: Ask, data: bytes) -> None:
    answer = ask("POST", "/en/open", files={"file": ("x", data)}, data={"as_of": DAY})
    assert answer.status_code == 200
    root = read(answer.content)
    note = by_id(root, "opened")
    assert "critical" in (note.get("class") or "")
    assert "Traceback" not in text_of(note)


def test_keys_without_a_field_are_told(ask: Ask) -> None:
    root = read(
        ask("POST", "/en/open", data={"text": "sex: female\ncolour: red", "as_of": DAY}).content
    )
    assert "colour" in text_of(by_id(root, "opened"))


def test_the_examples_are_published_cases_as_the_vignettes_have_them(ask: Ask) -> None:
    known = {each.id: each for each in load_vignettes(GUIDELINES / "aim")[0]}
    assert len(examples("aim")) == 3
    for example in examples("aim"):
        vignette = known[example.id]
        assert example.source == vignette.source
        assert cited(example, guideline())
        case = {"as_of": vignette.as_of.isoformat(), **vignette.case}
        assert filled(case, guideline()) == filled(example.case, guideline())
        root = read(ask("GET", f"/zh/example/{example.id}").content)
        assert by_id(root, "plan") is not None
        assert text_of(by_id(root, "opened"))


def test_an_example_that_does_not_exist_leads_to_the_empty_page(ask: Ask) -> None:
    assert ask("GET", "/en/example/none").status_code == 303


# -- one click deeper, taken along -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["note", "evidence", "findings", "sources"])
def test_a_sheet_carries_the_case_along(ask: Ask, name: str) -> None:
    root = read(ask("POST", f"/en/plan/{name}", data=PATIENT).content)
    assert form_of(posted(by_id(root, "case")), guideline()) == form_of(
        PATIENT.items(), guideline()
    )


@pytest.mark.parametrize("name", ["json", "fhir", "ics", "md", "txt"])
def test_the_plan_is_taken_along_as_a_file(ask: Ask, name: str) -> None:
    answer = ask("POST", f"/en/plan/{name}", data=PATIENT)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


def test_what_is_not_there_is_not_there(ask: Ask) -> None:
    for path in ("/en/plan/none", "/en/case.exe"):
        assert ask("POST", path, data=PATIENT).status_code == 404
    assert ask("GET", "/en/nothing").status_code == 404


def test_a_sheet_of_a_case_that_is_wrong_is_the_page_with_its_faults(ask: Ask) -> None:
    root = read(ask("POST", "/en/plan/note", data={**PATIENT, "f.age": "xyz"}).content)
    assert text_of(by_id(root, "faults"))


# -- what a browser is allowed ---------------------------------------------------------------------


def test_the_page_is_sound_html(ask: Ask) -> None:
    """By a reader that refuses whatever HTML forbids."""
    strictly(ask("GET", "/zh/").content)
    strictly(ask("POST", "/en/", data={**PATIENT, "f.crp": "8", "t0.drug": "x"}).content)


def test_no_page_holds_anything_inline_and_none_is_kept(ask: Ask) -> None:
    for answer in (ask("GET", "/zh/"), ask("POST", "/zh/", data=PATIENT)):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        root = read(answer.content)
        for each in root.iter():
            assert each.get("style") is None
            assert not [name for name in each.attrib if name.startswith("on")]
            if each.tag == "script":
                assert (each.get("src") or "").startswith("/assets/")
            assert each.tag != "style"


def test_no_address_holds_anything_of_the_patient(ask: Ask) -> None:
    sent = {**PATIENT, "about": "Zhangsan", "t0.drug": "Zhangsan", "f.ferritin": "Zhangsan"}
    for data in (sent, PATIENT):
        root = read(ask("POST", "/en/", data=data).content)
        for each in root.iter():
            for name in ("href", "action", "formaction", "src"):
                assert "Zhangsan" not in (each.get(name) or "")


@pytest.mark.parametrize(
    "body",
    [b"as_of=%FF%FE&f.age=\xff", b"f.age=" + b"9" * 400, b"&&&==;;", b"x" * 200_000, b"f.ild=%00"],
    ids=lambda body: repr(body[:12]),
)
def test_whatever_is_posted_gets_a_page(ask: Ask, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/zh/", "/zh/renew", "/zh/ask"):
        answer = ask("POST", path, content=body, headers=kind)
        assert answer.status_code == 200, answer.text[:300]
        assert "Traceback" not in answer.text
