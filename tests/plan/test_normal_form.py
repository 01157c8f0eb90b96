"""Normal forms: what is only written otherwise becomes equal, and nothing changes its meaning."""

from __future__ import annotations

import pytest
from hypothesis import given

from myorx.language import BOOLEAN, Expression, Facts, Value, check, evaluate, parse
from myorx.plan.diff.normal import normal_form
from tests.language.generate import TYPES, expressions, vague_patients


@given(expressions(BOOLEAN), vague_patients())
def test_the_normal_form_says_the_same_of_every_patient(
    expression: Expression, patients: tuple[dict[str, Value], dict[str, Value]]
) -> None:
    form = normal_form(expression)
    check(form, TYPES, allow_is_null=False, allow_products=True)
    for values in patients:
        facts = Facts(values, types=TYPES)
        assert evaluate(form, facts).value == evaluate(expression, facts).value


@given(expressions(BOOLEAN))
def test_the_normal_form_of_a_normal_form_is_itself(expression: Expression) -> None:
    form = normal_form(expression)
    assert normal_form(form) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and b", "b and a"),
        ("(a and b) and c", "a and (c and b)"),
        ("a or b or a", "b or a"),
        ("a implies b", "b or not a"),
        ("not not a", "a"),
        ("x > 3.0", "3.00 < x"),
        ("x >= 2.50", "2.5 <= x"),
        ("phase in {'new', 'relapse'}", "phase = 'relapse' or phase = 'new'"),
        ("n between 1 and 3", "n <= 3 and n >= 1"),
        ("AtLeast(2, {a, b, c})", "AtLeast(2, {c, a, b})"),
    ],
)
def test_written_otherwise(one: str, other: str) -> None:
    assert normal_form(parse(one)) == normal_form(parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and b", "a or b"),
        ("x > 3", "x >= 3"),
        ("ferritin > 500 'ng/mL'", "ferritin > 501 'ng/mL'"),
        ("ferritin > 500 'ng/mL'", "ferritin > 500 'mg/dL'"),
        ("AtLeast(2, {a, b, c})", "AtLeast(1, {a, b, c})"),
        ("AtLeast(2, {a, a, b})", "AtLeast(2, {a, b})"),
        ("a implies b", "b implies a"),
    ],
)
def test_what_means_something_else_stays_apart(one: str, other: str) -> None:
    assert normal_form(parse(one)) != normal_form(parse(other))
