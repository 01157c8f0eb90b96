"""The type check: every fault, with a place and a remedy."""

from __future__ import annotations

import pytest

from myorx.language import DECIMAL, INTEGER, LanguageError, check, parse_with_spans
from tests.language.generate import TYPES


def faults(text: str, *, derived: bool = False) -> list[tuple[str, str]]:
    """``(code, text at fault)`` of every fault."""
    expression, spans = parse_with_spans(text)
    try:
        check(expression, TYPES, allow_is_null=derived, allow_products=derived, spans=spans)
    except LanguageError as error:
        return [
            (fault.code, text[fault.offset or 0 : (fault.offset or 0) + fault.length])
            for fault in error.faults
        ]
    return []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a and ferritn > 5", [("unknown-name", "ferritn")]),
        ("a and n", [("type-mismatch", "n")]),
        (
            "not ferritin > 500 'ng/mL'",
            [("not-ordered", "not ferritin"), ("type-mismatch", "ferritin")],
        ),
        ("ferritin > 500", [("missing-unit", "500")]),
        ("ferritin > 5 'mg'", [("wrong-dimension", "5 'mg'")]),
        ("ferritin > 5 'mg/DL'", [("unknown-unit", "5 'mg/DL'")]),
        ("n > 3 'mo'", [("unknown-unit", "3 'mo'")]),
        ("sex = 'mal'", [("unknown-code", "'mal'")]),
        ("'mal' = sex", [("unknown-code", "'mal'")]),
        ("sex in {'male', 'woman'}", [("unknown-code", "'woman'")]),
        ("sex = phase", [("unknown-code", "phase")]),
        ("sex < 'male'", [("not-ordered", "sex")]),
        ("a < b", [("not-ordered", "a")]),
        ("a = n", [("type-mismatch", "n")]),
        ("onset > 5", [("type-mismatch", "5")]),
        ("onset + 5 > 3", [("type-mismatch", "onset")]),
        ("days between onset and n > 3", [("type-mismatch", "n")]),
        ("a is null", [("is-null-in-rule", "a is null")]),
        ("n * m > 3", [("product-in-rule", "n * m")]),
        ("n / (m + 1) > 3", [("product-in-rule", "n / (m + 1)")]),
        ("n in {1, null}", [("item-not-literal", "null")]),
        ("n in {1, m}", [("item-not-literal", "m")]),
        ("n in {1, 'x'}", [("type-mismatch", "'x'")]),
        ("AtLeast(1 + 1, {a, b})", [("count-not-literal", "1 + 1")]),
        ("AtLeast(x, {a, b})", [("count-not-literal", "x")]),
        ("AtLeast(2, {a, n})", [("type-mismatch", "n")]),
        (
            "crp * dose > 3 'mg/L'",
            [("product-in-rule", "crp * dose"), ("product-of-quantities", "crp * dose")],
        ),
        ("1 / crp > 3", [("number-by-quantity", "1 / crp")]),
        ("crp + dose > 3 'mg/L'", [("wrong-dimension", "dose")]),
        ("q1 and q2", [("unknown-name", "q1"), ("unknown-name", "q2")]),
        ("dose between 1 'mg/d' and 5 'mg'", [("wrong-dimension", "5 'mg'")]),
    ],
)
def test_fault(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "AtLeast(limit, {a, b})",
        "n > 2.5",
        "2 * n > 5",
        "crp / 2 > 1 'mg/dL'",
        "crp / 5 'mg/L' > 1",
        "n * (2 + 3) > 5",
        "null and a",
        "crp > null",
        "a = true",
        "phase in {'new', 'relapse'}",
        "months between onset and seen between 1 and 3",
        "sex != 'male' and onset = @2026",
    ],
)
def test_good(text: str) -> None:
    assert faults(text) == []


def test_derived_facts_may_do_more() -> None:
    assert faults("n * m > 3 and a is null", derived=True) == []


def test_near_misses_are_suggested() -> None:
    for text, hint in (("feritin > 1 'mg/L'", "ferritin"), ("sex = 'femal'", "female")):
        expression, _ = parse_with_spans(text)
        with pytest.raises(LanguageError, match=f"did you mean '?{hint}"):
            check(expression, TYPES, allow_is_null=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n + 1", "Integer"),
        ("n + 1.0", "Decimal"),
        ("n / 2", "Decimal"),
        ("crp + 1 'mg/dL'", "Quantity in 'mg/L'"),
        ("2 * crp", "Quantity in 'mg/L'"),
        ("crp / 1 'mg/dL'", "Decimal"),
        ("days between onset and seen", "Integer"),
        ("onset", "Date"),
        ("sex", "String of male, female"),
        ("null", "null"),
        ("a", "Boolean"),
    ],
)
def test_type(text: str, expected: str) -> None:
    expression, _ = parse_with_spans(text)
    assert str(check(expression, TYPES, allow_is_null=False)) == expected


def test_types_compare_by_value() -> None:
    assert check(parse_with_spans("n")[0], TYPES, allow_is_null=False) == INTEGER
    assert check(parse_with_spans("x")[0], TYPES, allow_is_null=False) == DECIMAL
