"""Wrapping of mixed Chinese and English text at terminal columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from myorx.cli import layout
from myorx.cli.layout import WIDTH, columns, pad, wrap

MIXED = st.text(alphabet="甲泼尼龙（，。、）「」 abcXYZ123/.,()[]->", max_size=300)


def test_a_chinese_character_takes_two_columns() -> None:
    assert columns("泼尼松 60 mg/d") == 14


def test_the_ranges_of_plain_characters_agree_with_the_table() -> None:
    plain = [chr(code) for code in range(0x20, 0x10000) if layout._width(chr(code)) is not None]
    assert {"a", "药", "，", "–", "≥", "µ"} <= set(plain)
    assert [each for each in plain if columns(each) != wcwidth(each)] == []


def test_what_is_not_plain_is_measured_as_a_whole() -> None:
    family = "👩\u200d👧"
    assert columns(f"a {family}") == 2 + wcswidth(family) == 4


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    lines = wrap("环磷酰胺（静脉冲击），" * 12, width=24)
    assert all(line[0] not in "，）" for line in lines)
    assert all(line[-1] not in "（" for line in lines)


def test_the_first_line_and_the_others_have_their_own_indent() -> None:
    lines = wrap("one two three four five six", first="- ", rest="    ", width=14)
    assert lines == ["- one two", "    three four", "    five six"]


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert wrap("x" * 25, first="> ", rest="  ", width=12) == [
        "> xxxxxxxxxx",
        "  xxxxxxxxxx",
        "  xxxxx",
    ]


def test_pad_counts_columns() -> None:
    assert columns(pad("铁蛋白", 10)) == 10


@given(MIXED)
def test_wrapping_loses_nothing_but_white_space(text: str) -> None:
    joined = "".join(wrap(text, first="* ", rest="  "))
    assert joined.replace(" ", "") == "*" + "".join(text.split())


@given(MIXED)
def test_no_line_is_wider_than_the_page(text: str) -> None:
    assert all(columns(line) <= WIDTH for line in wrap(text, first="* ", rest="  "))
