"""Days of values: a column that says when each value of another one was found."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as arrow

from myorx.cohort.engine.columns import day_column
from myorx.cohort.input.cells import KNOWN, REFUSED, Cells, each_once
from myorx.cohort.texts import say
from myorx.facts.scalars import day_or_period, is_far
from myorx.facts.spelling import shown

EPOCH = date(1970, 1, 1).toordinal()
NO_DAY = int(np.iinfo(np.int32).min)
_FIRST, _LAST = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
_FAR = 129 * 365
"""Days; nothing nearer is refused as no living patient's."""


def with_days(
    fact: str, cells: Cells, column: pa.Array, days: npt.NDArray[np.int32]
) -> tuple[dict[str, pa.Array], Cells]:
    """The values with the day that each is of; a value of a day that cannot be is refused."""
    if _all_before(column, days):
        return {fact: cells.values, day_column(fact): column}, cells
    texts, places = each_once(column)
    read = [None if text is None or not text.strip() else day_or_period(text) for text in texts]
    empty = np.array([text is None or not text.strip() for text in texts], bool)[places]
    first = np.array(
        [
            NO_DAY if d is None or d.earliest is None else d.earliest.toordinal() - EPOCH
            for d in read
        ],
        np.int32,
    )[places]
    bad = ~empty & (first == NO_DAY)
    future = ~empty & ~bad & (first > days)
    far = np.zeros(len(days), bool)
    apart = ~empty & ~bad & ~future & (days - first > _FAR)
    for row in np.flatnonzero(apart):
        period = read[places[row]]
        far[row] = period is not None and is_far(period, date.fromordinal(int(days[row]) + EPOCH))
    wrong = (bad | future | far) & ~cells.refused
    known = cells.values.is_valid().to_numpy(zero_copy_only=False)
    outcomes = Counter(cells.outcomes)
    faults = Counter(cells.faults)
    samples = dict(cells.samples)
    for code, where in (("bad-date", bad), ("date-in-future", future), ("date-far", far)):
        rows = np.flatnonzero(where & wrong)
        if len(rows):
            faults[code] += len(rows)
            text = texts[places[rows[0]]] or ""
            samples.setdefault(code, (text, say("reject_day", found=shown(text))))
    lost = int((wrong & known).sum())
    outcomes[KNOWN] -= lost
    outcomes[REFUSED] += lost
    values = cells.values
    if wrong.any():
        values = pc.if_else(pa.array(wrong), pa.scalar(None, values.type), values)
    dated = pa.array(np.where(empty | bad, 0, first), pa.int32(), mask=empty | bad)
    found = {fact: values, day_column(fact): dated.cast(pa.date32())}
    return found, Cells(values, +outcomes, faults, samples, cells.refused | wrong)


def _all_before(column: pa.Array, days: npt.NDArray[np.int32]) -> bool:
    """Whether the file types the column as days, all of which may be a living patient's."""
    if not arrow.is_date32(column.type):
        return False
    known = column.is_valid().to_numpy(zero_copy_only=False)
    ago = days - column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    return bool(((ago >= 0) & (ago <= _FAR) | ~known).all())


def days_of(column: pa.Array) -> npt.NDArray[np.int32]:
    """The day that each cell names, counted from 1970; ``NO_DAY`` where it names none."""
    if arrow.is_date32(column.type):
        # What the file types as a day is one, if it is of a year that can be written.
        days = column.cast(pa.int32()).fill_null(NO_DAY).to_numpy(zero_copy_only=False)
        named: npt.NDArray[np.int32] = np.where((days >= _FIRST) & (days <= _LAST), days, NO_DAY)
        return named
    texts, places = each_once(column)
    return np.array([_day_of(text) for text in texts], np.int32)[places]


@lru_cache(2**14)
def _day_of(text: str | None) -> int:
    found = None if text is None else day_or_period(text)
    if found is None or found.exact is None:
        return NO_DAY
    return found.exact.toordinal() - EPOCH
