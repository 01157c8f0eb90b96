"""The columnar engine answers every row of the spec tables as the reference does."""

from __future__ import annotations

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.language import parse
from tests.language.columns.answering import answer
from tests.language.notation import Row, rows


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.table}-{row.name}")
def test_columns(row: Row) -> None:
    assert answer(parse(row.text), row.facts, row.types) == row.value
