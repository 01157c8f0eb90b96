"""The reference engine beyond the spec tables: definitions, traces, needs, speed of thought."""

from __future__ import annotations

from decimal import Decimal

import pytest

from myorx.language import (
    Bounds,
    Days,
    Expression,
    Facts,
    LanguageError,
    Trace,
    Value,
    evaluate,
    facts_used,
    needs,
    parse,
)
from tests.language.notation import read


def facts(**values: bool | int | str | None) -> dict[str, Value]:
    return {name: read(value)[0] for name, value in values.items()}


def needed(text: str, **values: bool | int | str | None) -> tuple[str, ...]:
    return needs(evaluate(parse(text), Facts(facts(**values))))


def test_the_trace_holds_every_part_even_when_the_first_decides() -> None:
    trace = evaluate(parse("a and b > 5"), Facts(facts(a=False, b=3)))
    assert trace.value is False
    assert [part.value for part in trace.children] == [False, False]
    assert [part.value for part in trace.children[1].children] == [read(3)[0], read(5)[0]]


def test_a_definition_is_evaluated_once_and_shared() -> None:
    environment = Facts(facts(a=True), {"d": parse("a and a")})
    trace = evaluate(parse("d or d"), environment)
    first, second = (part.children[0] for part in trace.children)
    assert first is second is environment.trace("d")
    assert facts_used(trace) == ("a",)


def test_a_name_that_nobody_knows_is_unknown() -> None:
    assert evaluate(parse("somewhere"), Facts({})).value is None


def test_a_long_chain_of_definitions_needs_no_deep_stack() -> None:
    definitions: dict[str, Expression] = {"d0": parse("a")}
    for index in range(1, 5_000):
        definitions[f"d{index}"] = parse(f"d{index - 1} and true")
    environment = Facts({"a": None}, definitions)
    trace = evaluate(parse("d4999"), environment)
    assert trace.value is None
    assert needs(trace) == facts_used(trace) == ("a",)


@pytest.mark.parametrize(
    ("definitions", "circle"),
    [
        ({"d": "not d"}, "d → d"),
        ({"d": "a and e", "e": "b or f", "f": "d"}, "d → e → f → d"),
        ({"d": "e", "e": "f", "f": "e"}, "e → f → e"),
    ],
)
def test_definitions_in_a_circle_are_refused(definitions: dict[str, str], circle: str) -> None:
    environment = Facts({}, {name: parse(text) for name, text in definitions.items()})
    with pytest.raises(LanguageError, match=f"in a circle: {circle}"):
        evaluate(parse("d"), environment)


def test_definitions_that_share_one_below_are_no_circle() -> None:
    texts = {"top": "left and right", "left": "below", "right": "below and left", "below": "a"}
    environment = Facts({"a": True}, {name: parse(text) for name, text in texts.items()})
    assert environment.value("top") is True


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a and b", {"a": True, "b": 3}),
        ("not a", {"a": "'x'"}),
        ("a > 3", {"a": "'x'"}),
        ("a > 3", {"a": "@2026"}),
        ("a < b", {"a": True, "b": False}),
        ("a + 1", {"a": True}),
        ("days between a and b", {"a": 1, "b": 2}),
        ("AtLeast(a, {b})", {"a": "'x'", "b": True}),
    ],
)
def test_a_value_of_another_type_is_an_error(text: str, values: dict[str, bool]) -> None:
    with pytest.raises(TypeError):
        evaluate(parse(text), Facts(facts(**values)))


def test_a_quantity_of_another_dimension_is_unknown() -> None:
    environment = Facts(facts(q="5 'mg'"))
    for text in ("q > 5 'mL'", "q = 5", "q + 5 'mL'", "q / 5 'mL'", "q * q", "1 / q"):
        assert evaluate(parse(text), environment).value is None


def test_an_interval_without_ends_is_unknown() -> None:
    environment = Facts({"x": Bounds(None, None), "onset": Days(None, None)})
    for name in ("x", "onset"):
        assert evaluate(parse(f"{name} is null"), environment).value is True


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a and b", {"a": None, "b": True}, ("a",)),
        ("a and b", {"a": None, "b": None}, ("a", "b")),
        ("a and b", {"a": None, "b": False}, ()),
        ("b or a", {"a": None, "b": None}, ("b", "a")),
        ("a or b", {"a": None, "b": True}, ()),
        ("not a", {"a": None}, ("a",)),
        ("a implies b", {"a": None, "b": None}, ("a", "b")),
        ("a implies b", {"a": None, "b": False}, ("a",)),
        ("a implies b", {"a": True, "b": None}, ("b",)),
        ("a implies b", {"a": None, "b": True}, ()),
        ("AtLeast(2, {a, b, c})", {"a": True, "b": None, "c": None}, ("b", "c")),
        ("AtLeast(2, {a, b, c})", {"a": True, "b": True, "c": None}, ()),
        ("AtLeast(n, {a, b})", {"n": "unknown Integer", "a": True, "b": None}, ("n", "b")),
        ("x > 5", {"x": ">2"}, ("x",)),
        ("x > 1", {"x": ">2"}, ()),
        ("x + y > 5", {"x": ">2", "y": 1}, ("x",)),
        ("x", {"x": ">2"}, ("x",)),
        (
            "days between onset and seen > 30",
            {"onset": "@2026-03", "seen": "@2026-04-10"},
            ("onset",),
        ),
        ("days between onset and seen > 60", {"onset": "@2026-03", "seen": "@2026-04-10"}, ()),
        ("x between y and z", {"x": 5, "y": "[1, 3]", "z": "unknown Decimal"}, ("z",)),
        ("s in {'a', 'b'}", {"s": "unknown String"}, ("s",)),
        ("(a and b) or (c and d)", {"a": None, "b": False, "c": None, "d": True}, ("c",)),
        ("a is null", {"a": None}, ()),
        ("null and a", {"a": True}, ()),
        ("x / 0 > 1", {"x": 1}, ()),
        ("a and a", {"a": None}, ("a",)),
    ],
)
def test_needs(text: str, values: dict[str, bool], expected: tuple[str, ...]) -> None:
    assert needed(text, **values) == expected


def test_needs_go_through_definitions() -> None:
    definitions = {"rapid": parse("days between onset and as_of < 30"), "ild": parse("ct or hrct")}
    values = facts(onset="unknown Date", as_of="@2026-03-15", ct=None, hrct=False)
    trace = evaluate(parse("ild and rapid"), Facts(values, definitions))
    assert needs(trace) == ("ct", "onset")
    assert facts_used(trace) == ("as_of", "ct", "hrct", "onset")


def test_a_trace_is_a_plain_value() -> None:
    number = Bounds(Decimal(5), Decimal(5))
    assert evaluate(parse("5"), Facts({})) == Trace(parse("5"), number)
