"""Numbers that a file types are read as the same numbers typed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

import numpy as np
import pyarrow as pa

from myorx.cohort.input.cells import CellReader, Cells
from myorx.guideline.check.context import fact_type
from myorx.guideline.load import load
from myorx.language.columns import decode

TYPES = [
    *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64(), pa.float64()),
    *(pa.decimal128(5, 0), pa.decimal128(18, 1), pa.decimal128(18, 8), pa.decimal128(38, 0)),
    *(pa.decimal128(38, 2), pa.decimal128(12, 9)),
]
COLUMNS = {
    "plausible": [70, None, 52, 99],
    "one is not": [70, None, 1, 99],
    "the first is not": [1, 70],
    "nothing is known": [None, None],
    "no row": [],
}
WIDE = 2**64 + 70
"""Its lower half alone would be plausible."""


def read(fact: str, column: pa.Array) -> Cells:
    guideline = load()
    here = guideline.facts[fact]
    cells = CellReader(here, guideline, fact, here.unit)
    return cells.cells(column, None, np.full(len(column), 2026, np.int64))


def same(fact: str, column: pa.Array, typed: Sequence[str | None]) -> None:
    kind = fact_type(load().facts[fact])
    found, wanted = read(fact, column), read(fact, pa.array(typed, pa.string()))
    assert decode(found.values, kind) == decode(wanted.values, kind)
    assert found.refused.tolist() == wanted.refused.tolist()
    assert found.outcomes == wanted.outcomes
    assert found.faults == wanted.faults


@pytest.mark.parametrize("numbers", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("fact", ["weight", "age"])
def test_a_typed_column_is_read_as_its_texts(
    fact: str, kind: pa.DataType, numbers: list[int | None]
) -> None:
    column = pa.array(
        [n if n is None or not pa.types.is_decimal(kind) else Decimal(n) for n in numbers], kind
    )
    same(fact, column, [None if n is None else str(n) for n in numbers])


@pytest.mark.parametrize("kind", [pa.int64(), pa.decimal128(18, 0)], ids=str)
def test_what_lies_under_a_missing_value_is_never_read(kind: pa.DataType) -> None:
    make = Decimal if pa.types.is_decimal(kind) else int
    whole = pa.array([make(70), make(10**9), make(80)], kind)
    hidden = pa.Array.from_buffers(kind, 3, [pa.py_buffer(b"\x05"), whole.buffers()[1]])
    same("weight", hidden, ["70", None, "80"])


def test_half_of_a_wide_number_is_never_read() -> None:
    column = pa.array([Decimal(70), Decimal(WIDE)], pa.decimal128(38, 0))
    same("weight", column, ["70", str(WIDE)])


def test_an_age_with_a_fraction_is_refused_as_its_text() -> None:
    column = pa.array([Decimal("52.0"), Decimal("52.5")], pa.decimal128(18, 1))
    found = read("age", column)
    assert decode(found.values, fact_type(load().facts["age"]))[1] is None
    assert found.refused.tolist() == [False, True]
