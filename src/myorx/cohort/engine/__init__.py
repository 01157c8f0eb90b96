"""The whole guideline over an Arrow batch of facts: one row a patient and date.

>>> engine = Engine(guideline)                                  # doctest: +SKIP
>>> engine.run(batch).batch()["d_some_decision"]                # doctest: +SKIP
"""

from __future__ import annotations

from myorx.cohort.engine.columns import (
    AS_OF,
    day_column,
    derived_column,
    ordered_column,
    said_column,
    sure_column,
    taken_column,
)
from myorx.cohort.engine.run import Engine, Found
from myorx.cohort.engine.statuses import Coded, Flag, Output, output_columns

__all__ = [
    "AS_OF",
    "Coded",
    "Engine",
    "Flag",
    "Found",
    "Output",
    "day_column",
    "derived_column",
    "ordered_column",
    "output_columns",
    "said_column",
    "sure_column",
    "taken_column",
]
