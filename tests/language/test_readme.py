"""The node table is true: one full row for each node of the language."""

from __future__ import annotations

from typing import Any

import pytest

from myorx.language import parse
from myorx.language.parser import _Builder
from tests.language import readme
from tests.language.generate import NODES


def test_the_table_has_one_row_for_each_node() -> None:
    assert tuple(readme.EXAMPLES) == NODES
    rows = readme.current().splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [n.__name__ for n in NODES]


def test_the_table_is_up_to_date() -> None:
    assert readme.current() == readme.table(), "stale: run python -m tests.language.readme"


def test_the_example_runs() -> None:
    text = readme.README.read_text(encoding="utf-8")
    exec(text.partition("```python\n")[2].partition("```")[0], {})  # noqa: S102


def test_every_cell_is_full() -> None:
    head, _, *rows = readme.current().splitlines()
    for row in (head, *rows):
        cells = row.strip("| ").split(" | ")
        assert len(cells) == 11
        assert all(cell.strip() for cell in cells)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_the_example_is_an_example_of_its_node(node: type[Any]) -> None:
    rule, text = readme.EXAMPLES[node]
    assert type(parse(text)) is node
    assert hasattr(_Builder, rule)
    assert readme.specs(node)
