"""The columnar engine: expressions over the columns of many patients at once.

``compile_all`` makes one program of any number of checked expressions; equal parts are computed
once. ``Program.run`` answers it for an Arrow batch, whose columns ``schema.py`` describes. Each
condition comes back as two bit planes, known true and known false; numbers and dates keep both
bounds. ``evaluate`` is the reference: for every row and every expression the answer is the same.

Needs numpy and pyarrow (the extra ``cohort``); the language itself does not import this package.
"""

from __future__ import annotations

from myorx.language.columns.answers import Answers, Counts
from myorx.language.columns.builder import Builder, compile_all
from myorx.language.columns.meanings import Constant, Day, Meaning, Number, Text, Truth
from myorx.language.columns.planes import (
    Flags,
    Plane,
    count,
    flags_to_arrow,
    pack,
    to_arrow,
    unpack,
)
from myorx.language.columns.program import Program
from myorx.language.columns.schema import ColumnError, arrow_type, check_columns, field
from myorx.language.columns.steps import PlaneId
from myorx.language.columns.writing import decode, encode, record_batch

__all__ = [
    "Answers",
    "Builder",
    "ColumnError",
    "Constant",
    "Counts",
    "Day",
    "Flags",
    "Meaning",
    "Number",
    "Plane",
    "PlaneId",
    "Program",
    "Text",
    "Truth",
    "arrow_type",
    "check_columns",
    "compile_all",
    "count",
    "decode",
    "encode",
    "field",
    "flags_to_arrow",
    "pack",
    "record_batch",
    "to_arrow",
    "unpack",
]
