"""The reference engine answers every row of the spec tables; so must every later engine."""

from __future__ import annotations

import pytest

from myorx.language import Facts, Value, check, cql, evaluate, parse, walk
from tests.language.generate import NODES
from tests.language.notation import Row, rows


def answer(row: Row) -> Value:
    expression = parse(row.text)
    check(expression, row.types, allow_is_null=True, allow_products=True)
    return evaluate(expression, Facts(row.facts, types=row.types)).value


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.table}-{row.name}")
def test_evaluate(row: Row) -> None:
    assert answer(row) == row.value


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.table}-{row.name}")
def test_text_comes_back(row: Row) -> None:
    expression = parse(row.text)
    assert parse(cql(expression)) == expression


def test_names_are_unique_and_the_tables_are_large_enough() -> None:
    names = [(row.table, row.name) for row in rows()]
    assert len(names) == len(set(names))
    assert len(names) >= 250


def test_every_node_has_a_row() -> None:
    used = {type(node) for row in rows() for node in walk(parse(row.text))}
    assert used == set(NODES)
