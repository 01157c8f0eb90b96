"""Notes for the record: nothing excluded is recommended, nothing given becomes markup."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from myorx.facts import CaseError, read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import Plan, Planner
from myorx.plan.model import PartResult
from myorx.plan.phrases import with_verb
from myorx.plan.record import write
from myorx.plan.record.blocks import Item
from myorx.plan.record.clean import clean, escape
from myorx.plan.record.opinion import opinion
from myorx.plan.texts import say, sentence
from tests.plan.conftest import PlanOf
from tests.plan.patients import cases

ROOT = Path(__file__).parents[2]
FORMS = [("md", "zh"), ("md", "en"), ("record", "zh"), ("record", "en")]
HOSTILE = "<script>alert(1)</script> [x](http://a.b) | **b** `c` &amp; ~~d~~ www.e.f # $g$\n\n# h"


@cache
def _aim() -> Guideline:
    return load("aim")


@cache
def _plans() -> dict[str, Plan]:
    """The plan of every vignette of the guideline whose case is not refused."""
    planner, found = Planner(_aim()), {}
    for vignette in load_vignettes(GUIDELINES / "aim")[0]:
        try:
            patient = read_case(vignette.case, _aim(), as_of=vignette.as_of)
        except CaseError:
            continue
        found[vignette.id] = planner.plan(patient)
    return found


def _rendered(markdown: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).render(markdown)


def _all_items(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _all_items(item.items)


def _excluded(parts: tuple[PartResult, ...]) -> Iterator[Text]:
    for part in parts:
        if part.safety == "excluded":
            yield part.names
        yield from _excluded(part.members)


# -- every vignette ----------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "lang"), FORMS)
def test_every_vignette_makes_a_whole_note(form: str, lang: str) -> None:
    heads = {
        "zh": ["病情摘要", "诊疗意见", "待完善", "禁忌核查", "随访", "文献未涉及", "依据"],
        "en": ["Summary", "Opinion", "To find out", "Contraindications", "Follow-up", "Sources"],
    }
    for name, plan in _plans().items():
        text = write(plan, _aim(), form, lang)
        found = re.findall(r"^(?:## |[一二三四五六七八]、|\d\. )(.*)$", text, re.M)
        assert len(found) == 7, name
        assert all(any(head in line for line in found) for head in heads[lang]), name
        said = plan.receipt
        sides = (said.review, said.notice)
        assert plan.as_of in text
        assert f"{said.guideline} {said.version}" in text
        for words in (getattr(side, lang) for side in sides):
            assert (escape(words) if form == "md" else words) in text, name
        assert "{" not in text.replace("\\{", ""), name


def test_every_statement_cited_stands_among_the_sources() -> None:
    for name, plan in _plans().items():
        text = write(plan, _aim(), "record", "en")
        body, _, end = text.rpartition("Statements of the review")
        cited = {
            cite for statement in plan.statements for cite in (statement.id,) if f"{cite}]" in body
        }
        assert all(f"{cite} “" in end for cite in cited), name
        _, _, works = end.partition("References")
        assert works.splitlines()[1].startswith("   - Review: "), name


def test_nothing_excluded_stands_under_recommendations() -> None:
    seen = 0
    for name, plan in _plans().items():
        under = {item.head: item.items for item in opinion(plan) if item.head is not None}
        for decision in plan.decisions:
            items = under.get(sentence(decision.question), ())
            heads = [item.head for item in items]
            for candidate in decision.candidates:
                head = with_verb(candidate, candidate.names)
                if candidate.safety == "excluded" or candidate.status == "advised_against":
                    seen += 1
                    assert head not in heads, (name, candidate.id)
                elif head in heads:
                    made_of = _made_of(items[heads.index(head)])
                    for excluded in _excluded(candidate.parts):
                        assert excluded.en not in made_of, (name, candidate.id, excluded.en)
    assert seen > 20


def _made_of(candidate: Item) -> str:
    """Its parts and doses, as they are told."""
    told = [item for item in candidate.items if item.head in (say("record_parts"), _DOSE)]
    return " + ".join(item.text.en for item in told if item.text is not None)


_DOSE = say("record_dose")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_markdown_of_every_vignette_is_headings_lists_and_tables_only(lang: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    known = {"heading", "bullet_list", "list_item", "paragraph", "inline", "strong", "text"}
    known |= {"table", "thead", "tbody", "tr", "th", "td"}
    for name, plan in _plans().items():
        for token in parser.parse(write(plan, _aim(), "md", lang)):
            for each in (token, *(token.children or ())):
                kind = each.type.removesuffix("_open").removesuffix("_close")
                assert kind in known, (name, each.type, each.content)


@settings(max_examples=30)
@given(data=st.data())
def test_any_patient_of_any_guideline_gets_a_note(
    data: st.DataObject, guideline: Guideline
) -> None:
    typed: dict[str, Any] = data.draw(cases(guideline))
    try:
        patient = read_case({"as_of": "2026-11-22", **typed}, guideline)
    except CaseError:
        return
    plan = Planner(guideline).plan(patient)
    for form, lang in FORMS:
        assert write(plan, guideline, form, lang) == write(plan, guideline, form, lang)


# -- words that stay words ---------------------------------------------------------------------

_MARKS = st.text(alphabet="\\`*_[]<>|~&$#@{}^!-+=().:/\n\r\t x1aw药", max_size=40)


@given(_MARKS | st.text(max_size=40))
@example("www.a.b")
@example("mailto:a@b.cd")
@example("- a")
@example("1) a")
@example("---")
@example("===")
@example("![x](y)")
@example("&lt;b&gt;")
@example("~~a~~ ~b~")
@example("\u202eabc\u2066")
def test_escaped_text_reads_as_it_was_and_is_nothing_but_text(text: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    for pattern in ("{}", "- {}", "- **a**: {}", "| a |\n| --- |\n| {} |"):
        tokens = parser.parse(pattern.format(escape(text)))
        inline = [child for token in tokens for child in token.children or ()]
        assert {child.type for child in inline} <= {
            "text",
            "text_special",
            "strong_open",
            "strong_close",
        }
        assert sum(token.type in ("bullet_list_open", "ordered_list_open") for token in tokens) <= 1
        assert not any(token.type in ("heading_open", "hr", "code_block") for token in tokens)
        said = "".join(child.content for child in inline)
        assert said.endswith(clean(text))


def test_a_hostile_fact_is_harmless_in_every_note(plan_of: PlanOf, guideline: Guideline) -> None:
    plan = plan_of(ill=True, severe=True, sex="female")
    bad = Text(zh=HOSTILE, en=HOSTILE)
    facts = tuple(
        msgspec.structs.replace(fact, label=bad, words=bad, on=HOSTILE)
        for fact in plan.receipt.facts
    )
    needs = tuple(msgspec.structs.replace(need, label=bad, why=bad) for need in plan.needs)
    receipt = msgspec.structs.replace(plan.receipt, facts=facts)
    plan = msgspec.structs.replace(plan, receipt=receipt, needs=needs)
    page = _rendered(write(plan, guideline, "md", "en"))
    for mark in ("<script", "<a ", "<code", "<del", "<s>", "<h1>h", "<em"):
        assert mark not in page
    assert page.count("<h1>") == 1
    text = write(plan, guideline, "record", "en")
    assert "\n# h" not in text
    assert len(text.splitlines()) == len(
        write(plan_of(ill=True, severe=True, sex="female"), guideline, "record", "en").splitlines()
    )


def test_direction_and_control_characters_are_taken_out() -> None:
    assert clean("a\u202eb\x00c\x1b[31m\u2028d\ufeff") == "a b c [31m d"


# -- what is said ------------------------------------------------------------------------------


def test_what_waits_and_what_need_not_stands_beside_the_regimen(
    plan_of: PlanOf, guideline: Guideline
) -> None:
    plan = plan_of(ill=True, severe=True, marker=True, sex="female", age=40, weight=60)
    text = write(plan, guideline, "record", "en")
    opinion_of, _, checks = text.partition("To find out")
    assert "“often needs”: triple regimen" in opinion_of
    assert "need not wait [inferred]" in opinion_of
    assert "1) pregnancy: to check now; Pregnancy test; decides beta" in checks


def test_a_patient_of_whom_nothing_is_known_gets_a_note_that_says_so(
    plan_of: PlanOf, guideline: Guideline
) -> None:
    assert "nothing was entered" in write(plan_of(), guideline, "record", "en")


def test_published_notes_are_as_they_were() -> None:
    """``python tools/record_notes.py`` writes them again; read what changed."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import record_notes as tool
    finally:
        sys.path.remove(str(ROOT / "tools"))
    for name, text in tool.rendered().items():
        assert (tool.FOLDER / name).read_text(encoding="utf-8") == text, name
