"""The parser: precedence, limits, and one clear fault for everything else."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.language import Expression, LanguageError, cql, parse, parse_with_spans
from myorx.language.parser import MAX_DEPTH, MAX_LENGTH
from myorx.language.syntax import (
    And,
    Arithmetic,
    Compare,
    DecimalLiteral,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    Or,
    QuantityLiteral,
    StringLiteral,
)
from myorx.language.vocabulary import RESERVED
from tests.language.generate import expressions
from tests.language.notation import rows

A, B, C = Name("a"), Name("b"), Name("c")


def faults(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(LanguageError) as caught:
        parse(text)
    return [(fault.code, fault.offset) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a and b and c", And((A, B, C))),
        ("(a and b) and c", And((And((A, B)), C))),
        ("a and (b and c)", And((A, And((B, C))))),
        ("a or b and c", Or((A, And((B, C))))),
        ("not a = b", Compare("=", Not(A), B)),
        ("not a is null", Not(IsNull(A))),
        ("a = b is null", Compare("=", A, IsNull(B))),
        ("a < b = c", Compare("=", Compare("<", A, B), C)),
        ("a - b - c", Arithmetic("-", Arithmetic("-", A, B), C)),
        ("((((a))))", A),
        ("  a // end\n", A),
        ("a /* and b */ and c", And((A, C))),
        ('"a b"', Name("a b")),
        (r"'\u5929\'\n'", StringLiteral("天'\n")),
        (r"'\uD83D\uDE00'", StringLiteral("😀")),
        ("+2", IntegerLiteral(2)),
        ("-2147483648", IntegerLiteral(-(2**31))),
        ("-0", IntegerLiteral(0)),
        ("- 1.50", DecimalLiteral(Decimal("-1.5"))),
        ("5.999999999 'g'", QuantityLiteral(Decimal("5.999999999"), "g")),
    ],
)
def test_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


def test_a_quantity_is_kept_as_written() -> None:
    literal = parse("2.50 'mg'")
    assert isinstance(literal, QuantityLiteral)
    assert str(literal.value) == "2.50"
    assert cql(literal) == "2.50 'mg'"


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("a xor b", "xor"),
        ("1L", "Long literal"),
        ("@2026-03-15T10:00", "DateTime"),
        ("@T10:00", "Time"),
        ("if a then b else c", "if … then … else"),
        ("case when a then b end", "case … when … end"),
        ("Foo(a)", "function call Foo()"),
        ("a is true", "is true"),
        ("a is not false", "is not false"),
        ("a is Boolean", "type test `is`"),
        ("a as Boolean", "type cast `as`"),
        ("Interval[1, 2]", "interval"),
        ("Tuple { a: 1 }", "tuple"),
        ("{1, 2}", "list {…}"),
        ("a in {}", "empty list {}"),
        ("a in b", "in a list, value set or interval by name"),
        ("3 months", "calendar quantity `1 month`"),
        ("hours between a and b", "hours between"),
        ("difference in days between a and b", "difference in … between"),
        ("duration in days between a and b", "duration in … between"),
        ("a ~ b", "equivalence `~`"),
        ("a & 'x'", "string concatenation `&`"),
        ("a.b", "property access `.`"),
        ("-(a)", "sign before an expression"),
        ("a == b", "`==`"),
        ("a && b", "`&&`"),
        ("exists a", "exists"),
        ("[Condition]", "indexer, retrieve or interval `[…]`"),
        ("`a`", "back-ticked name"),
        ("start > 3", "CQL keyword `start`"),
        ("weeks > 3", "CQL keyword `weeks`"),
        ("a div b", "truncated division `div`"),
        ("from a", "list query"),
    ],
)
def test_constructs_outside_are_named(text: str, construct: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse(text)
    messages = [fault.message for fault in caught.value.faults]
    assert f"{construct} is outside the language" in messages
    assert all(fault.remedy and fault.allowed for fault in caught.value.faults)


def test_every_construct_outside_is_told_at_once() -> None:
    assert faults("Foo(a) xor 1L") == [
        ("outside-subset", 0),
        ("outside-subset", 7),
        ("outside-subset", 11),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty", 0)),
        ("  // nothing", ("empty", 0)),
        ("a and", ("unfinished", 5)),
        ("a b", ("unexpected", 2)),
        ("a and )", ("unexpected", 6)),
        ("'a", ("unclosed", 0)),
        ('a and "b', ("unclosed", 6)),
        ("a /* b", ("unclosed", 2)),
        ("a ≥ b", ("illegal-character", 2)),
        ("（a）", ("illegal-character", 0)),
        (r"'\q'", ("unknown-escape", 1)),
        (r"'\uD83D'", ("lone-surrogate", 1)),
        ('""', ("empty-name", 0)),
        ("@2026-02-30", ("invalid-date", 0)),
        ("@2026-3-1", ("invalid-date", 0)),
        ("@0000", ("invalid-date", 0)),
        ("2147483648", ("number-out-of-range", 0)),
        ("a > -2147483649", ("number-out-of-range", 4)),
        ("0.000000001", ("number-out-of-range", 0)),
        ("1" * 21 + ".00000000", ("number-out-of-range", 0)),
    ],
)
def test_fault(text: str, expected: tuple[str, int]) -> None:
    assert faults(text)[0] == expected


def test_all_literals_out_of_range_are_told_at_once() -> None:
    assert len(faults("a > 9999999999 and b = @2026-13 and c < 0.000000001")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "not " * 40_000 + "a",
        "(" * 50_000 + "a" + ")" * 50_000,
        "1" + " + 1" * 20_000,
        "a implies " * 9_000 + "a",
        "x" * (MAX_LENGTH + 1),
        "[" * MAX_LENGTH,
        "'" * MAX_LENGTH,
        "/*" * 50_000,
        "😀\x00\ud800" * 1_000,
        "9" * 90_000,
        "\\" * 10_000,
    ],
    ids=range(11),
)
def test_no_text_is_too_much(text: str) -> None:
    with suppress(LanguageError):
        parse(text)


def test_depth_has_a_limit_and_brackets_have_none() -> None:
    assert isinstance(parse("not " * (MAX_DEPTH - 1) + "a"), Not)
    assert faults("not " * MAX_DEPTH + "a")[0][0] == "too-deep"
    assert parse("(" * 1_000 + "a" + ")" * 1_000) == A
    assert parse(" and ".join(["a"] * 1_000)) == And((A,) * 1_000)


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_faults(text: str) -> None:
    with suppress(LanguageError):
        parse_with_spans(text)


PIECES = st.sampled_from(
    [
        *sorted(RESERVED),
        *"+-*/(){},.[]~^&|<>=!'\"`@:%$",
        "<=",
        "!=",
        "a",
        "1",
        "1.5",
        "'x'",
        "@2026",
    ]
)


@given(st.lists(PIECES, max_size=15))
def test_any_words_give_a_tree_or_faults(pieces: list[str]) -> None:
    with suppress(LanguageError):
        tree = parse(" ".join(pieces))
        assert parse(cql(tree)) == tree


@given(expressions(null_tests=True), st.data())
def test_damaged_text_gives_a_tree_or_faults(expression: Expression, data: st.DataObject) -> None:
    text = cql(expression)
    at = data.draw(st.integers(0, len(text)))
    drop = data.draw(st.integers(0, 3))
    with suppress(LanguageError):
        parse(text[:at] + data.draw(st.text(max_size=3)) + text[at + drop :])


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_every_reserved_word_can_be_a_quoted_name(word: str) -> None:
    assert parse(f'"{word}"') == Name(word)
    assert cql(Name(word)) == f'"{word}"'
    assert parse(f'"{word}" and true') == parse(cql(parse(f'"{word}" and true')))


def test_the_canonical_text_of_the_tables_is_stable() -> None:
    for row in rows():
        text = cql(parse(row.text))
        assert cql(parse(text)) == text
