"""What must hold of every expression and every patient."""

from __future__ import annotations

import json
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.language import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    Bounds,
    Days,
    Expression,
    Facts,
    Value,
    check,
    children,
    cql,
    evaluate,
    facts_used,
    is_settled,
    lower,
    needs,
    parse,
    parse_with_spans,
    walk,
)
from myorx.language import names as names_in
from myorx.language.syntax import AtLeast, Between, In, Name, StringLiteral
from tests.language.generate import (
    CRP,
    TYPES,
    exact_values,
    expressions,
    patients,
    vague_patients,
)

FULL = expressions(null_tests=True)
MONOTONE = expressions()
ANY_TYPE = st.sampled_from((BOOLEAN, INTEGER, DECIMAL, CRP)).flatmap(expressions)


def value_of(expression: Expression, values: dict[str, Value]) -> Value:
    return evaluate(expression, Facts(values, types=TYPES)).value


def encloses(wide: Value, narrow: Value) -> bool:
    """Whether ``wide`` says nothing that ``narrow`` does not say."""
    if wide is None:
        return True
    if isinstance(wide, Bounds) and isinstance(narrow, Bounds):
        low = wide.low is None or (
            narrow.low is not None
            and (wide.low < narrow.low or (wide.low == narrow.low and not wide.low_open))
        )
        high = wide.high is None or (
            narrow.high is not None
            and (wide.high > narrow.high or (wide.high == narrow.high and not wide.high_open))
        )
        return low and high
    return wide == narrow


@given(FULL)
def test_every_generated_expression_is_well_typed(expression: Expression) -> None:
    found = check(expression, TYPES, allow_is_null=True, allow_products=True)
    assert str(found) in ("Boolean", "null")


@given(FULL)
def test_text_comes_back_as_the_same_tree(expression: Expression) -> None:
    assert parse(cql(expression)) == expression
    assert parse(cql(expression, quote_names=True)) == expression


@given(st.text(min_size=1).filter(lambda text: text.isprintable()), st.text())
def test_any_name_and_any_string_come_back(name: str, text: str) -> None:
    for leaf in (Name(name), StringLiteral(text.encode("utf-8", "replace").decode())):
        assert parse(cql(leaf)) == leaf


@given(FULL)
def test_brackets_are_needed(expression: Expression) -> None:
    """Leaving out any one pair of brackets gives another tree, or no tree at all."""
    text = cql(expression)
    for start, end in _brackets(text):
        shorter = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
        try:
            assert parse(shorter) != expression
        except ValueError:
            continue


def _brackets(text: str) -> list[tuple[int, int]]:
    """Offsets of the pairs of round brackets that group, not those of AtLeast."""
    opened: list[int] = []
    found = []
    for offset, character in enumerate(text):
        if character == "(":
            opened.append(offset)
        elif character == ")":
            start = opened.pop()
            if not text[:start].endswith("AtLeast"):
                found.append((start, offset))
    return found


@given(FULL)
def test_every_node_has_its_place_in_the_text(expression: Expression) -> None:
    text = cql(expression)
    found, spans = parse_with_spans(text)
    assert len(spans) == len(list(walk(found)))
    for offset, length in spans.values():
        assert 0 <= offset < offset + length <= len(text)
    for path, (offset, length) in spans.items():
        part = found
        for index in path:
            part = children(part)[index]
        assert parse(text[offset : offset + length]) == part


@given(ANY_TYPE)
def test_json_comes_back_as_the_same_tree(expression: Expression) -> None:
    text = msgspec.json.encode(expression)
    assert json.loads(text)["node"]
    assert msgspec.json.decode(text, type=Expression) == expression


@given(FULL, patients())
def test_lowered_expressions_evaluate_the_same(
    expression: Expression, values: dict[str, Value]
) -> None:
    limit = values["limit"] or Bounds(Decimal(2), Decimal(2))
    values["limit"] = limit
    lowered = lower(expression, {"limit": limit})
    assert not any(isinstance(node, (In, Between, AtLeast)) for node in walk(lowered))
    assert "limit" not in names_in(lowered)
    assert value_of(lowered, values) == value_of(expression, values)


@given(expressions(), vague_patients())
def test_lowered_expressions_evaluate_the_same_on_intervals(
    expression: Expression, pair: tuple[dict[str, Value], dict[str, Value]]
) -> None:
    exact, vague = pair
    vague["limit"] = exact["limit"]
    lowered = lower(expression, {"limit": exact["limit"]})
    assert value_of(lowered, vague) == value_of(expression, vague)


@given(ANY_TYPE, patients(), st.sets(st.sampled_from(sorted(TYPES))))
def test_forgetting_a_fact_never_turns_an_answer_round(
    expression: Expression, values: dict[str, Value], forgotten: set[str]
) -> None:
    less = {name: None if name in forgotten else value for name, value in values.items()}
    assert encloses(value_of(expression, less), value_of(expression, values))


@given(ANY_TYPE, vague_patients())
@settings(max_examples=300)
def test_an_answer_over_intervals_holds_for_every_member(
    expression: Expression, pair: tuple[dict[str, Value], dict[str, Value]]
) -> None:
    exact, vague = pair
    assert encloses(value_of(expression, vague), value_of(expression, exact))


@given(ANY_TYPE, vague_patients())
def test_needs_are_empty_when_the_value_is_known(
    expression: Expression, pair: tuple[dict[str, Value], dict[str, Value]]
) -> None:
    _, vague = pair
    trace = evaluate(expression, Facts(vague, types=TYPES))
    needed = needs(trace)
    if is_settled(trace.value):
        assert needed == ()
    assert set(needed) <= set(facts_used(trace))
    assert not any(is_settled(_as_known(vague[name])) for name in needed)


@given(expressions(nulls=False), vague_patients(), st.data())
def test_facts_that_are_not_needed_change_nothing(
    expression: Expression,
    pair: tuple[dict[str, Value], dict[str, Value]],
    data: st.DataObject,
) -> None:
    exact, vague = pair
    trace = evaluate(expression, Facts(vague, types=TYPES))
    needed = set(needs(trace))
    learned = {name: vague[name] if name in needed else exact[name] for name in vague}
    if trace.value is None:
        assert value_of(expression, learned) is None
    unknown = [name for name in vague if vague[name] is None and name not in needed]
    for name in unknown:
        learned[name] = data.draw(exact_values(TYPES[name]))
    if trace.value is None:
        assert value_of(expression, learned) is None


@given(expressions(), patients())
def test_a_definition_is_worth_its_expression(
    expression: Expression, values: dict[str, Value]
) -> None:
    inside = Facts(values, {"defined": expression}, TYPES)
    named, plain = evaluate(Name("defined"), inside), evaluate(expression, inside)
    assert named.value == plain.value
    assert needs(named) == needs(plain)
    assert facts_used(named) == facts_used(plain)


@given(expressions(), patients())
def test_used_facts_are_the_names_of_the_expression(
    expression: Expression, values: dict[str, Value]
) -> None:
    trace = evaluate(expression, Facts(values, types=TYPES))
    assert facts_used(trace) == tuple(sorted(names_in(expression)))


def _as_known(value: Value) -> Value:
    if isinstance(value, Days) and value.earliest is None and value.latest is None:
        return None
    if isinstance(value, Bounds) and value.low is None and value.high is None:
        return None
    return value
