"""The language for a solver: what holds of every patient at once. Needs the extra ``proof`` (Z3).

A value is the ends of an interval with bits that say what is known; the rules are those of the
reference, node by node. The language itself never imports this package.
"""

from __future__ import annotations

from .calendar import Loose
from .lower import Lowering
from .values import (
    NOTHING,
    UNKNOWN,
    Code,
    Day,
    Logic,
    Lowered,
    Nothing,
    Number,
    choice,
    constant,
    empty_like,
    encloses,
    equals,
    read,
    unknown,
    variable,
)

__all__ = [
    "NOTHING",
    "UNKNOWN",
    "Code",
    "Day",
    "Logic",
    "Loose",
    "Lowered",
    "Lowering",
    "Nothing",
    "Number",
    "choice",
    "constant",
    "empty_like",
    "encloses",
    "equals",
    "read",
    "unknown",
    "variable",
]
