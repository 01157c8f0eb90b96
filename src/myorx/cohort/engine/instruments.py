"""Instruments over columns: each set of inputs computed once, by the bedside's own code."""

from __future__ import annotations

from itertools import compress

import numpy as np
import pyarrow as pa

from myorx.cohort.engine.facts import Use
from myorx.facts.instrument import computed
from myorx.guideline.check.context import fact_type
from myorx.language.columns import Answers, decode, encode
from myorx.language.values import Value


def instrument_values(
    use: Use, answers: Answers, cache: dict[tuple[Value, ...], Value]
) -> pa.Array:
    """What the instrument of a fact gives in each row; null where it cannot be computed.

    ``cache`` keeps what was computed before.
    """
    fact, inputs = use.fact, use.inputs
    instrument = fact.instrument
    assert instrument is not None
    type_ = fact_type(fact)
    able = np.ones(answers.rows, bool)
    columns: dict[str, pa.Array] = {}
    # What is needed first: for most patients there is nothing to compute.
    for each in sorted(inputs, key=lambda each: each.name not in instrument.needs):
        if not able.any():
            return pa.nulls(answers.rows, pa.null())
        columns[each.name] = column = answers.column(each.output)
        if each.name in instrument.needs:
            able &= column.is_valid().to_numpy(zero_copy_only=False)
    places = pa.array(np.flatnonzero(able))
    rows = zip(
        *(decode(columns[each.name].take(places), each.type) for each in inputs),
        strict=True,
    )
    found: list[Value] = [None] * answers.rows
    for place, values in zip(compress(range(answers.rows), able), rows, strict=True):
        if values not in cache:
            by_name = dict(zip((each.name for each in inputs), values, strict=True))
            by_input = {asked: by_name[name] for name, asked in instrument.inputs.items()}
            result = computed(fact, instrument, by_input.__getitem__)
            cache[values] = None if result is None else result.value
        found[place] = cache[values]
    return encode(found, type_)
