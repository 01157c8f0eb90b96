"""The plan on a page: everything is said, nothing is inline, nothing of a patient is in a link."""

from __future__ import annotations

import re
from typing import get_args

import msgspec
import pytest

from myorx.guideline.models import AdviceKind, ArgumentKind, Population, Role, Weight
from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.plan.model import (
    AdviceStatus,
    DecisionStatus,
    LineKind,
    Safety,
    Status,
    TaperState,
    Truth,
    UnknownReason,
    Verdict,
)
from myorx.web.document.address import address, shelves
from myorx.web.plan import DOWNLOADS, SHEETS, Place, plan_fragment
from myorx.web.plan.shelf import shelf, waiting
from myorx.web.plan.voice import SIGNS
from myorx.web.plan.words import WORDS, named
from tests.web.plan.cases import ACUTE, NAMES, TAPERING, Read, aim, example, of_class, read, tree
from tests.web.reading import attributes, text_of

LANGUAGES: tuple[Language, ...] = ("zh", "en")
MOST = 170_000
"""Bytes; the page around it has the rest of its 300 kB."""


def fragment(found: Read, lang: Language, place: Place | None = None) -> str:
    return plan_fragment(aim(), found.patient, found.plan, lang, place)


def side(text: Text, lang: Language) -> str:
    return text.zh if lang == "zh" else text.en


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module", params=[*NAMES, "tapering"])
def found(request: pytest.FixtureRequest) -> Read:
    return read(TAPERING) if request.param == "tapering" else example(request.param)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_the_headline_every_decision_and_candidate_is_there(
    found: Read, lang: Language
) -> None:
    root = tree(fragment(found, lang))
    told = flat(text_of(root))
    for line in found.plan.headline:
        assert flat(side(line.says, lang)) in told
    for decision in found.plan.decisions:
        assert flat(side(decision.question, lang)) in told
        for candidate in decision.candidates if decision.status == "live" else ():
            assert flat(side(candidate.names, lang)) in told, candidate.id
    for need in found.plan.needs:
        assert flat(side(need.label, lang)) in told
    for advice in found.plan.advice:
        assert flat(side(advice.says, lang)) in told
    for drug in found.plan.drugs:
        assert flat(side(drug.names, lang)) in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_dose_stands_under_what_it_belongs_to(found: Read, lang: Language) -> None:
    root = tree(fragment(found, lang))
    shown = " ".join(flat(text_of(each)) for each in of_class(root, "dose"))
    for decision in found.plan.decisions:
        for candidate in shelf(decision).open if decision.status == "live" else ():
            for part in candidate.parts:
                for dose in part.doses:
                    said = dose.says if dose.withheld is None else dose.withheld
                    assert flat(side(said, lang)) in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ids_are_unique_and_labels_lead_somewhere(found: Read, lang: Language) -> None:
    root = tree(fragment(found, lang))
    ids = attributes(root, "id")
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "aria-describedby"):
        for value in attributes(root, name):
            assert set(value.split()) <= set(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_inline_that_the_policy_forbids(found: Read, lang: Language) -> None:
    root = tree(fragment(found, lang))
    assert not {each.tag for each in root.iter()} & {"script", "style", "link", "img", "iframe"}
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_links_lead_to_the_guideline_and_buttons_post_the_case(found: Read, lang: Language) -> None:
    place = Place("the-case", "/somewhere/", "/g/")
    root = tree(fragment(found, lang, place))
    kept = shelves(aim())
    known = {
        f"/g/{address(kind, id_, kept).href}"
        for kind, ids in (
            ("statement", aim().statements),
            ("dispute", aim().disputes),
            ("drug", aim().drugs),
            ("reference", aim().references),
            ("section", {each.number for each in aim().manifest.sections}),
            ("decision", aim().decisions),
            (
                "candidate",
                [f"{d.id}/{c.id}" for d in aim().decisions.values() for c in d.candidates],
            ),
        )
        for id_ in ids
    }
    for link in root.iter("a"):
        href = link.get("href") or ""
        assert href.startswith("/g/")
        assert href in known or ".html#gaps." in href, href
        # The page that holds the case stays open.
        assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
    posts = [each for each in root.iter("button") if each.get("type") == "submit"]
    assert posts
    for button in posts:
        assert button.get("form") == "the-case"
        assert button.get("formmethod") == "post"
        action = button.get("formaction") or ""
        assert action.removeprefix("/somewhere/") in {*SHEETS, *DOWNLOADS}


def test_a_page_with_its_plan_stays_light(found: Read) -> None:
    for lang in LANGUAGES:
        assert len(fragment(found, lang).encode()) < MOST


def test_same_plan_same_bytes(found: Read) -> None:
    assert fragment(found, "zh") == fragment(found, "zh")


def test_what_is_inferred_and_not_covered_is_told_by_a_word() -> None:
    root = tree(fragment(example("mda5-rp-ild"), "en"))
    for name, said in (("inferred", "inferred"), ("quoted", "quoted"), ("gap", "Not covered")):
        marks = [each for each in of_class(root, "basis") if name in (each.get("class") or "")]
        assert marks
        assert all(said in text_of(each) for each in marks)


def test_markup_in_a_text_is_only_text() -> None:
    found = example("mda5-rp-ild")
    hostile = "<script>alert(1)</script>\"'&<b>"
    line = msgspec.structs.replace(found.plan.headline[0], says=Text(hostile, hostile))
    plan = msgspec.structs.replace(found.plan, headline=(line,), title=Text(hostile, hostile))
    for lang in LANGUAGES:
        root = tree(plan_fragment(aim(), found.patient, plan, lang))
        assert not list(root.iter("script"))
        assert hostile in text_of(of_class(root, "headline")[0])


# -- groups ------------------------------------------------------------------------------------


def test_every_candidate_stands_in_exactly_one_group(found: Read) -> None:
    for decision in found.plan.decisions:
        groups = shelf(decision)
        listed = [*groups.open, *groups.unwanted, *groups.idle]
        assert sorted(map(id, listed)) == sorted(map(id, decision.candidates))
        assert all(each.safety != "excluded" or each.reserved for each in groups.open)
        assert all(each.indication == "none" for each in groups.idle)


def test_what_must_wait_names_what_decides_it_and_what_need_not() -> None:
    found = example("mda5-rp-ild")
    decision = next(each for each in found.plan.decisions if each.status == "live")
    candidate = shelf(decision).open[0]
    told = waiting(candidate)
    assert [held.part.safety for held in told.held] == ["blocked"]
    assert "pregnant" in told.held[0].needs
    assert {part.safety for part in told.free} == {"clear"}
    box = of_class(tree(fragment(found, "en")), "waits")[0]
    words = flat(text_of(box))
    assert "must wait" in words
    assert "need not wait" in words
    assert words.index(told.held[0].part.names.en) < words.index("need not wait")


def test_a_drug_that_may_not_even_be_indicated_is_not_told_to_need_no_waiting() -> None:
    found = read({**ACUTE, "sex": "female", "age": 35, "anti_mda5": "unknown", "crp": "30 mg/L"})
    possible = [
        candidate
        for decision in found.plan.decisions
        if decision.status == "live"
        for candidate in decision.candidates
        if candidate.status == "blocked" and candidate.indication == "possible"
    ]
    root = tree(fragment(found, "en"))
    boxes = of_class(root, "blocked_possible")
    shown = [box for box in boxes if "candidate" in (box.get("class") or "")]
    assert possible
    assert len(shown) == len(possible)
    for box in shown:
        assert not of_class(box, "waits")
        assert "open whether indicated" in flat(text_of(box))


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("line", get_args(LineKind)),
        ("status", (*get_args(Status), "reserved", "blocked_possible", *get_args(AdviceStatus))),
        ("status", get_args(DecisionStatus)),
        ("safety", get_args(Safety)),
        ("verdict", get_args(Verdict)),
        ("value", (*get_args(Truth), *get_args(Weight))),
        ("role", get_args(Role)),
        ("kind", get_args(ArgumentKind)),
        ("kind", get_args(AdviceKind)),
        ("reason", get_args(UnknownReason)),
        ("population", get_args(Population)),
        ("state", get_args(TaperState)),
        ("origin", ("inferred", "derived")),
    ],
)
def test_every_value_has_a_word(lang: Language, prefix: str, values: tuple[str, ...]) -> None:
    for value in values:
        assert named(prefix, value, lang)


def test_every_standing_has_a_sign_beside_its_word() -> None:
    told = {*get_args(Status), *get_args(Safety), *get_args(Verdict), *get_args(Truth)}
    told |= {*get_args(ArgumentKind), *get_args(AdviceStatus), "reserved", "blocked_possible"}
    assert told <= SIGNS.keys()


def test_every_word_of_our_own_is_used() -> None:
    import importlib.resources
    import tomllib

    folder = importlib.resources.files("myorx.web.plan")
    own = tomllib.loads(folder.joinpath("words.toml").read_text("utf-8"))
    used = "".join(
        each.read_text("utf-8")
        for place in (folder, folder.joinpath("templates"))
        for each in place.iterdir()
        if each.name.endswith((".html", ".py"))
    )
    prefixes = set(re.findall(r"""(?:n|standing)\((?:v, n, )?'(\w+)'""", used)) | {"note"}
    for key in own:
        assert key in WORDS
        stem = key.partition("_")[0]
        made = key.endswith("_title") or stem in prefixes
        assert made or f"'{key}'" in used or f'"{key}"' in used, key
