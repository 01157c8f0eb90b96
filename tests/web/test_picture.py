"""Pictures: every rule of a decision is in it, and no text leaves its box."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.language.prose import Language
from myorx.web.document import Book
from myorx.web.document.measure import width, wrap
from myorx.web.document.pathway import pathway
from myorx.web.document.picture import NARROW, WIDE, Box, Layout, Sheet, sheets

LANGUAGES: tuple[Language, ...] = ("zh", "en")

# Advance widths of a common sans serif in 1/1000 em, as its metrics give them (bold where wider).
ADVANCES = {
    **dict.fromkeys("abdeghnopqu", 611),
    **dict.fromkeys("cksvxyz", 556),
    **dict.fromkeys("ijl", 278),
    **dict.fromkeys("ft", 333),
    "r": 389,
    "m": 889,
    "w": 778,
    **dict.fromkeys("0123456789", 556),
    **dict.fromkeys(" .,:;'/|!", 333),
    **dict.fromkeys("()[]{}-", 389),
    **dict.fromkeys("EFLPSTVXYZJI", 667),
    **dict.fromkeys("ABCDGHKNOQRU", 778),
    "M": 833,
    "W": 944,
    "%": 889,
}


def advance(text: str, size: float) -> float:
    """Width of a line as set in that typeface; what it lacks counts as a full em."""
    return sum(size * ADVANCES.get(character, 1000) / 1000 for character in text)


def all_sheets(book: Book, lang: Language, layout: Layout = WIDE) -> list[Sheet]:
    return [
        sheet
        for decision in book.guideline.decisions.values()
        for sheet in sheets(
            pathway(book.guideline, book.wording, decision), book.wording, lang, layout
        )
    ]


@pytest.mark.parametrize("layout", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_leaves_its_box_and_no_box_its_sheet(
    shipped: Book, lang: Language, layout: Layout
) -> None:
    for sheet in all_sheets(shipped, lang, layout):
        for box in sheet.boxes:
            assert box.x >= 0
            assert box.x + box.width <= sheet.width
            assert box.y + box.height <= sheet.height
            bottom = box.y
            for line in box.lines:
                assert line.x + advance(line.text, line.style.size) <= box.x + box.width, line.text
                # Letters stand above the baseline, and what hangs below it stays inside too.
                assert line.y - 0.75 * line.style.size >= bottom - 0.01, line.text
                bottom = line.y
            assert bottom + 0.25 * box.lines[-1].style.size <= box.y + box.height


@pytest.mark.parametrize("layout", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_boxes_do_not_overlap(shipped: Book, lang: Language, layout: Layout) -> None:
    for sheet in all_sheets(shipped, lang, layout):
        for index, one in enumerate(sheet.boxes):
            for other in sheet.boxes[index + 1 :]:
                assert apart(one, other), (sheet.title, one.lines[0], other.lines[0])


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_fit_a_page(shipped: Book, lang: Language) -> None:
    for decision in shipped.guideline.decisions.values():
        made = sheets(pathway(shipped.guideline, shipped.wording, decision), shipped.wording, lang)
        for number, sheet in enumerate(made):
            situations = sum(box.look == "situation" for box in sheet.boxes)
            assert sheet.height <= (WIDE.tallest if number else WIDE.first) or situations == 1


def test_every_argument_gap_and_way_out_is_in_the_picture(shipped: Book) -> None:
    guideline, wording = shipped.guideline, shipped.wording
    for decision in guideline.decisions.values():
        made = pathway(guideline, wording, decision)
        shown = {
            (situation.condition, answer.name, answer.mark)
            for situation in made.situations
            for answer in situation.answers
        }
        conditions = [situation.condition for situation in made.situations]
        assert len(conditions) == len(set(conditions))
        for candidate in decision.candidates:
            for argument in candidate.arguments:
                said = wording.words(argument.when.expression).says
                marks = {"recommended", "option"} if argument.kind == "for" else {argument.kind}
                assert any((said, candidate.names, mark) in shown for mark in marks)
        for gap in decision.gaps:
            assert (wording.words(gap.when.expression).says, gap.says, "gap") in shown
        names = {name for _, name, mark in shown if mark == "elsewhere"}
        assert {guideline.decisions[y.decision].question for y in decision.yield_to} == names


def test_what_is_preferred_comes_first(shipped: Book) -> None:
    guideline = shipped.guideline
    checked = 0
    for decision in guideline.decisions.values():
        names = {candidate.id: candidate.names for candidate in decision.candidates}
        for preference in decision.prefer:
            for situation in pathway(guideline, shipped.wording, decision).situations:
                order = [
                    answer.name
                    for answer in situation.answers
                    if answer.mark in ("recommended", "option")
                ]
                over = [names[id_] for id_ in preference.over if names[id_] in order]
                same = shipped.wording.words(preference.when.expression).says
                if names[preference.choose] in order and over and situation.condition == same:
                    first = order.index(names[preference.choose])
                    assert all(first < order.index(name) for name in over)
                    checked += 1
    assert checked


def test_pictures_are_well_formed_by_themselves(shipped: Book) -> None:
    from myorx.web.document.pages import page_environment

    template = page_environment().get_template("picture.svg")
    for lang in LANGUAGES:
        for sheet in all_sheets(shipped, lang):
            root = ElementTree.fromstring(template.render(sheet=sheet, id="p"))  # noqa: S314
            said = "".join(root.itertext())
            for box in sheet.boxes:
                for line in box.lines:
                    assert line.text in said


# -- measuring and wrapping ------------------------------------------------------------------------


@given(st.text(max_size=200), st.floats(min_value=2, max_value=40))
def test_lines_fit_and_nothing_but_spaces_is_lost(text: str, room: float) -> None:
    lines = wrap(text, room)
    for line in lines:
        assert width(line) <= room or len(line) == 1
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("铁蛋白大于五百，请复查", 4, ("铁蛋白大", "于五百，", "请复查")),
        ("one two three", 5.1, ("one two", "three")),
        ("", 5, ()),
    ],
)
def test_breaks_stand_where_a_reader_expects_them(
    text: str, room: float, lines: tuple[str, ...]
) -> None:
    assert wrap(text, room) == lines


@given(st.text(max_size=60))
def test_a_wide_character_counts_a_full_em(text: str) -> None:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    assert width(text) >= wide
