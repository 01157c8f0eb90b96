"""The expression language: a declared subset of HL7 CQL over named facts.

``parse`` reads, ``check`` types, ``evaluate`` answers with a trace, ``needs`` says what is missing,
``cql`` and ``prose`` write. README.md, beside this file, lists every node with all of these.

The parser is imported when it is first used: a compiled guideline starts without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .check import check
from .cql import cql, library, lower
from .evaluate import Environment, Facts, Trace, evaluate, facts_used
from .faults import Fault, LanguageError
from .needs import is_settled, needs
from .prose import Lexicon, prose
from .syntax import Expression
from .types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    NULL,
    STRING,
    BooleanType,
    DateType,
    DecimalType,
    IntegerType,
    NullType,
    QuantityType,
    StringType,
    Type,
)
from .units import UnitError
from .values import Bounds, Days, Value
from .walk import Spans, children, names, rewrite, walk

if TYPE_CHECKING:
    from .parser import parse, parse_with_spans

__all__ = [
    "BOOLEAN",
    "DATE",
    "DECIMAL",
    "INTEGER",
    "NULL",
    "STRING",
    "BooleanType",
    "Bounds",
    "DateType",
    "Days",
    "DecimalType",
    "Environment",
    "Expression",
    "Facts",
    "Fault",
    "IntegerType",
    "LanguageError",
    "Lexicon",
    "NullType",
    "QuantityType",
    "Spans",
    "StringType",
    "Trace",
    "Type",
    "UnitError",
    "Value",
    "check",
    "children",
    "cql",
    "evaluate",
    "facts_used",
    "is_settled",
    "library",
    "lower",
    "names",
    "needs",
    "parse",
    "parse_with_spans",
    "prose",
    "rewrite",
    "walk",
]


def __getattr__(name: str) -> object:
    if name in ("parse", "parse_with_spans"):
        from . import parser

        return getattr(parser, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
