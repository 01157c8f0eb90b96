"""Random expressions over random patients: for every row, what the reference says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.language import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    Expression,
    Facts,
    Value,
    cql,
    evaluate,
    names,
)
from myorx.language.columns import compile_all, decode, record_batch
from myorx.language.syntax import Name
from tests.language.columns.answering import answers
from tests.language.columns.batches import patients
from tests.language.generate import CRP, DOSE, TYPES, expressions

SEEDS = st.integers(0, 2**32)
SIZES = st.sampled_from((1, 63, 64, 65, 130))
CONDITIONS = expressions(null_tests=True)
NUMBERS = st.sampled_from((INTEGER, DECIMAL, CRP, DOSE)).flatmap(
    lambda wanted: expressions(wanted, null_tests=True)
)


def reference(expression: Expression, values: Mapping[str, Value]) -> Value:
    return evaluate(expression, Facts(values, types=TYPES)).value


def agree(expression: Expression, seed: int, size: int) -> None:
    rows = patients(seed, size, TYPES)
    # A chunk of one word, so that there are several, and a last one that is not full.
    found = answers(expression, rows, TYPES, chunk=64)
    for values, value in zip(rows, found, strict=True):
        facts = {name: values[name] for name in names(expression)}
        assert value == reference(expression, values), (cql(expression), facts)


@given(CONDITIONS, SEEDS, SIZES)
@settings(max_examples=200)
def test_conditions(expression: Expression, seed: int, size: int) -> None:
    agree(expression, seed, size)


@given(NUMBERS, SEEDS, SIZES)
@settings(max_examples=200)
def test_numbers(expression: Expression, seed: int, size: int) -> None:
    agree(expression, seed, size)


@given(st.lists(CONDITIONS, min_size=2, max_size=6), SEEDS)
@settings(max_examples=30)
def test_many_in_one_program_with_definitions(trees: list[Expression], seed: int) -> None:
    """Sharing parts changes no answer, nor does a setting that is the same for all."""
    rows = patients(seed, 65, TYPES)
    settings_ = {"limit": rows[0]["limit"]}
    rows = [{**row, **settings_} for row in rows]
    definitions = {f"d{index}": tree for index, tree in enumerate(trees[: len(trees) // 2])}
    trees = [*trees, *map(Name, definitions)]
    program = compile_all(
        {str(index): tree for index, tree in enumerate(trees)},
        TYPES,
        definitions=definitions,
        settings=settings_,
    )
    found = program.run(record_batch(rows, TYPES), chunk=64, threads=2)
    facts = [Facts(row, definitions, TYPES) for row in rows]
    masks = found.masks(map(str, range(len(trees))))
    for index, tree in enumerate(trees):
        values = decode(found.column(str(index)), BOOLEAN)
        for row, value in enumerate(values):
            assert value == evaluate(tree, facts[row]).value, cql(tree)
            fired = int(masks[row, index // 64]) >> index % 64 & 1
            assert fired == (value is True)
