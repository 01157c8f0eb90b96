"""What stands one click deeper, and what is taken along."""

from __future__ import annotations

import json

import msgspec
import pytest

from myorx.exchange.foreign import codes_of
from myorx.guideline.load import GUIDELINES
from myorx.language.prose import Language
from myorx.plan import decode
from myorx.plan.record import write
from myorx.web.plan import DOWNLOADS, SHEETS, UnknownSubjectError, download, sheet
from myorx.web.plan.evidence import evidence
from tests.web.plan.cases import NAMES, TAPERING, Read, aim, example, of_class, read, tree
from tests.web.reading import attributes, text_of

LANGUAGES: tuple[Language, ...] = ("zh", "en")
MOST = 260_000


def flat(text: str) -> str:
    return " ".join(text.split())


def made(name: str, found: Read, lang: Language, subject: str = "") -> str:
    given = sheet(name, aim(), found.patient, found.plan, lang, subject)
    assert given.title
    root = tree(given.html)
    assert attributes(root, "data-sheet") == [name]
    assert flat(given.title) in flat(text_of(next(root.iter("h2"))))
    assert len(given.html.encode()) < MOST
    return given.html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SHEETS.keys() - {"explain", "pathway"}))
def test_every_sheet_of_a_plan(name: str, lang: Language) -> None:
    for case in NAMES:
        made(name, example(case), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_in_a_plan_can_be_explained(lang: Language) -> None:
    found = example("mda5-rp-ild")
    subjects = [
        *(f"{d.id}/{c.id}" for d in found.plan.decisions for c in d.candidates),
        *(f"drug:{drug.id}" for drug in found.plan.drugs),
        *(f"advice:{advice.id}" for advice in found.plan.advice),
    ]
    for subject in subjects:
        made("explain", found, lang, subject)


def test_an_explanation_holds_the_patients_own_values_and_the_sentences() -> None:
    found = example("early-ild-pregnancy-unknown")
    html = made("explain", found, "en", "ild_induction/triple_therapy")
    root = tree(html)
    own = [flat(text_of(each)) for each in of_class(root, "own")]
    assert any("1280 ng/mL" in text and "2026-11-20" in text for text in own)
    assert any("34" in text.split() for text in own)
    quotes = {text_of(each) for each in of_class(root, "source")}
    shown = {s.quote for s in found.plan.statements if s.id in ("S5.29", "S5.35")}
    assert len(shown) == 2
    assert shown <= quotes


def test_what_would_change_it_is_named() -> None:
    found = example("mda5-rp-ild")
    root = tree(made("explain", found, "en", "ild_induction/triple_therapy"))
    heads = [flat(text_of(each)) for each in root.iter("h3")]
    assert "What would change it" in heads
    assert "If not pregnant: recommended by the source" in flat(text_of(root))


@pytest.mark.parametrize("name", ["explain", "pathway"])
@pytest.mark.parametrize("subject", ["", "nothing", "<script>", "ild_induction/nothing"])
def test_an_unknown_subject_is_refused(name: str, subject: str) -> None:
    found = example("mda5-rp-ild")
    with pytest.raises(UnknownSubjectError):
        sheet(name, aim(), found.patient, found.plan, "en", subject)


def test_the_whole_pathway_of_each_decision() -> None:
    found = example("mda5-rp-ild")
    for decision in found.plan.decisions:
        if decision.status == "live":
            root = tree(made("pathway", found, "zh", decision.id))
            assert of_class(root, "pathway")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_note_is_that_of_the_command_in_both_languages_its_own_first(lang: Language) -> None:
    found = example("mda5-rp-ild")
    root = tree(made("note", found, lang))
    areas = list(root.iter("textarea"))
    assert areas[0].get("id") == f"note-{lang}"
    for area in areas:
        language = (area.get("id") or "").removeprefix("note-")
        assert text_of(area).lstrip("\n") == write(found.plan, aim(), "record", language)


# -- evidence ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_evidence_is_given_for_what_is_offered_and_for_nothing_excluded(name: str) -> None:
    plan = example(name).plan
    uses = evidence(plan)
    wanted = {
        part.id
        for decision in plan.decisions
        if decision.status == "live"
        for candidate in decision.candidates
        if candidate.status in ("recommended", "option", "contested")
        for part in candidate.parts
    }
    assert wanted <= {use.part.id for use in uses}
    assert all(use.part.safety != "excluded" for use in uses)
    unwanted = {
        candidate.names
        for decision in plan.decisions
        for candidate in decision.candidates
        if candidate.status in ("excluded", "advised_against", "not_indicated", "undetermined")
    }
    assert not unwanted & {use.names for use in uses if use.question is not None}


def test_evidence_says_where_it_is_indirect_or_inferred() -> None:
    uses = {use.part.id: use for use in evidence(example("mda5-rp-ild").plan)}
    assert uses["rituximab"].indirect
    assert uses["tofacitinib"].inferred
    assert not uses[
        "cyclophosphamide_iv" if "cyclophosphamide_iv" in uses else "rituximab"
    ].inferred
    for use in uses.values():
        known = {statement.id for statement in example("mda5-rp-ild").plan.statements}
        assert set(use.cites) <= known


# -- downloads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(DOWNLOADS))
def test_a_file_says_nothing_of_the_patient_in_its_name(name: str) -> None:
    plan = read(TAPERING).plan
    codes = codes_of(GUIDELINES / "aim", aim())
    given = download(name, aim(), plan, "zh", codes)
    assert given.name.isascii()
    assert given.name.startswith("plan-2025-06-01.")
    assert given.body
    match name:
        case "json":
            assert decode(given.body) == plan
        case "fhir":
            assert json.loads(given.body)["resourceType"] == "Bundle"
        case "ics":
            assert given.body.startswith(b"BEGIN:VCALENDAR")
            assert given.body.count(b"BEGIN:VEVENT") > 3
        case "txt":
            assert given.body.decode("utf-8-sig") == write(plan, aim(), "record", "zh")
        case _:
            assert given.body.decode() == write(plan, aim(), "md", "zh")


def test_other_names_are_refused() -> None:
    found = example("mda5-rp-ild")
    codes = codes_of(GUIDELINES / "aim", aim())
    with pytest.raises(KeyError):
        download("exe", aim(), found.plan, "zh", codes)
    with pytest.raises(KeyError):
        sheet("nothing", aim(), found.patient, found.plan, "zh")


def test_markup_in_what_was_given_is_only_text() -> None:
    found = example("early-ild-pregnancy-unknown")
    receipt = found.plan.receipt
    hostile = tuple(
        msgspec.structs.replace(fact, value="<script>alert(1)</script>", words=None)
        for fact in receipt.facts
    )
    plan = msgspec.structs.replace(
        found.plan, receipt=msgspec.structs.replace(receipt, facts=hostile)
    )
    for name in ("findings", "explain"):
        subject = "ild_induction/triple_therapy" if name == "explain" else ""
        root = tree(sheet(name, aim(), found.patient, plan, "en", subject).html)
        assert not list(root.iter("script"))
        assert "<script>" in text_of(root)
