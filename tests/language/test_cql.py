"""Writing CQL: canonical text, standard CQL, and whole libraries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from myorx.language import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    STRING,
    Bounds,
    Days,
    LanguageError,
    QuantityType,
    Value,
    cql,
    library,
    lower,
    parse,
)
from myorx.language.syntax import AtLeast, DateLiteral, DecimalLiteral, IntegerLiteral, Name


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("((a)) and (b)", "a and b"),
        ("(a and b) and c", "(a and b) and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("a or (b and c)", "a or b and c"),
        ("not (a)", "not a"),
        ("not (a = b)", "not (a = b)"),
        ("(not a) = b", "not a = b"),
        ("(a - b) - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a * b) + c", "a * b + c"),
        ("(a + b) * c", "(a + b) * c"),
        ("(days between a and b) > 3", "days between a and b > 3"),
        ("(days between a and b) + 3", "(days between a and b) + 3"),
        ("(a between 1 and 2) and b", "a between 1 and 2 and b"),
        ("a implies (b implies c)", "a implies (b implies c)"),
        ("(a implies b) implies c", "a implies b implies c"),
        ("(a > 1) is null", "(a > 1) is null"),
        ('"a"', "a"),
        ('"start"', '"start"'),
        ("+5", "5"),
        ("@2026-03", "@2026-03"),
        (r"'it\'s\u000a\\'", r"'it\'s\n\\'"),
        ("AtLeast( 2,{a,b} )", "AtLeast(2, {a, b})"),
    ],
)
def test_canonical(written: str, canonical: str) -> None:
    assert cql(parse(written)) == canonical


def test_decimals_are_written_as_decimals() -> None:
    assert cql(DecimalLiteral(Decimal(1))) == "1.0"
    assert cql(DecimalLiteral(Decimal("1E+3"))) == "1000.0"
    assert cql(DecimalLiteral(Decimal("1E-8"))) == "0.00000001"


def test_a_range_of_days_is_no_date_of_cql() -> None:
    with pytest.raises(ValueError, match="no CQL date"):
        cql(DateLiteral(date(2026, 3, 1), date(2026, 3, 5)))


@pytest.mark.parametrize(
    ("text", "lowered"),
    [
        ("x in {'a', 'b'}", "x = 'a' or x = 'b'"),
        ("not (x in {'a'})", "not (x = 'a')"),
        ("x between 1 and 3", "x >= 1 and x <= 3"),
        ("AtLeast(1, {a, b, c})", "a or b or c"),
        ("AtLeast(3, {a, b, c})", "a and b and c"),
        ("AtLeast(2, {a, b, c})", "a and b or a and c or b and c"),
        ("AtLeast(2, {a, b and c})", "a and (b and c)"),
        ("AtLeast(0, {a})", "true"),
        ("AtLeast(2, {a})", "false"),
        ("AtLeast(limit, {a, b})", "a and b"),
        ("n > limit", "n > 2"),
    ],
)
def test_lower(text: str, lowered: str) -> None:
    assert cql(lower(parse(text), {"limit": Bounds(Decimal(2), Decimal(2))})) == lowered


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("a", "'a'"),
        (Bounds(Decimal("2.5"), Decimal("2.5")), "2.5"),
        (Bounds(Decimal(30), Decimal(30), unit="d"), "30 'd'"),
        (Days(date(2026, 3, 1), date(2026, 3, 31)), "@2026-03"),
        (IntegerLiteral(4), "4"),
    ],
)
def test_constants(value: Value | IntegerLiteral, text: str) -> None:
    assert cql(lower(Name("setting"), {"setting": value})) == text


def test_what_cannot_be_lowered_is_said() -> None:
    many = tuple(Name(f"a{index}") for index in range(30))
    for expression, code in (
        (AtLeast(Name("n"), many), "open-count"),
        (AtLeast(IntegerLiteral(15), many), "too-large"),
    ):
        with pytest.raises(LanguageError) as caught:
            lower(expression)
        assert caught.value.faults[0].code == code
    for interval in (Bounds(Decimal(1), None), Days(None, date(2026, 1, 1))):
        with pytest.raises(LanguageError, match="is an interval"):
            lower(Name("n"), {"n": interval})


def test_library() -> None:
    text = library(
        "aim",
        "1.0.0",
        {
            "ild": BOOLEAN,
            "age": INTEGER,
            "index": DECIMAL,
            "sex": STRING,
            "ferritin": QuantityType("ng/mL"),
            "onset": DATE,
        },
        {
            "high risk": parse("ild and ferritin > 500 'ng/mL'"),
            "either": parse("sex in {'male', 'female'} or \"high risk\""),
        },
    )
    assert text == (
        "library aim version '1.0.0'\n"
        "\n"
        'parameter "ild" Boolean\n'
        'parameter "age" Integer\n'
        'parameter "index" Decimal\n'
        'parameter "sex" String\n'
        'parameter "ferritin" Quantity\n'
        'parameter "onset" Date\n'
        "\n"
        'define "high risk":\n'
        '  "ild" and "ferritin" > 500 \'ng/mL\'\n'
        "\n"
        'define "either":\n'
        '  ("sex" = \'male\' or "sex" = \'female\') or "high risk"\n'
    )
