"""How the spec tables write values, and the tables themselves: one loader for every engine.

A fact or an expected value is ``true``, ``false``, ``null`` (unknown; as a fact a Boolean), a whole
number (Integer), or a text:

- ``'code'``: a String; ``1.5``: a Decimal; ``5 'mg/L'``: a Quantity
- ``>2``, ``>=2``, ``<2``, ``<=2``, ``[1, 2)``: an interval, with a unit behind it or without
- ``@2026-03-15``, ``@2026-03``, ``@2026``: a date; ``@2026-03-01..2026-03-05``, ``@..2026-03-05``
  and ``@2026-03-05..``: a range of days
- ``unknown Integer``, ``unknown 'mg/L'`` and so on: an unknown of a type
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

from myorx.language import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    STRING,
    Bounds,
    Days,
    QuantityType,
    Type,
    Value,
    parse,
)
from myorx.language.lexer import read_date
from myorx.language.syntax import StringLiteral

SPEC = Path(__file__).parent / "spec"

_TYPES: Mapping[str, Type] = {
    "Boolean": BOOLEAN,
    "Integer": INTEGER,
    "Decimal": DECIMAL,
    "String": STRING,
    "Date": DATE,
}
_NUMBER = r"-?\d+(?:\.\d+)?"
_UNIT = r"(?:\s*'(?P<unit>[^']+)')?\Z"
_POINT = re.compile(rf"(?P<number>{_NUMBER}){_UNIT}")
_CENSORED = re.compile(rf"(?P<sign>[<>]=?)(?P<number>{_NUMBER}){_UNIT}")
_SPAN = re.compile(
    rf"(?P<left>[\[(])(?P<low>{_NUMBER}), (?P<high>{_NUMBER})(?P<right>[\])]){_UNIT}"
)


class Row(NamedTuple):
    """One line of a table: evaluating ``text`` over ``facts`` gives ``value``."""

    table: str
    name: str
    text: str
    facts: Mapping[str, Value]
    types: Mapping[str, Type]
    value: Value


@cache
def rows() -> tuple[Row, ...]:
    """Every row of every table."""
    found = []
    for path in sorted(SPEC.glob("*.yaml")):
        for entry in YAML(typ="safe").load(path):
            facts = {name: read(value) for name, value in entry["facts"].items()}
            found.append(
                Row(
                    path.stem,
                    entry["name"],
                    entry["text"],
                    {name: value for name, (value, _) in facts.items()},
                    {name: type_ for name, (_, type_) in facts.items()},
                    read(entry["value"])[0],
                )
            )
    return tuple(found)


def read(value: bool | int | str | None) -> tuple[Value, Type]:
    """A value of the tables with its type. Raises ValueError for a text that is none of them."""
    if value is None or isinstance(value, bool):
        return value, BOOLEAN
    if isinstance(value, int):
        return Bounds(Decimal(value), Decimal(value)), INTEGER
    if value.startswith("unknown "):
        kind = value.removeprefix("unknown ")
        return None, QuantityType(kind.strip("'")) if kind.startswith("'") else _TYPES[kind]
    if value.startswith("'"):
        literal = parse(value)
        assert isinstance(literal, StringLiteral)
        return literal.value, STRING
    if value.startswith("@"):
        return _days(value), DATE
    bounds = _bounds(value)
    return bounds, DECIMAL if bounds.unit is None else QuantityType(bounds.unit)


def _bounds(text: str) -> Bounds:
    if match := _POINT.match(text):
        number = Decimal(match["number"])
        return Bounds(number, number, unit=match["unit"])
    if match := _CENSORED.match(text):
        number, is_open = Decimal(match["number"]), len(match["sign"]) == 1
        if match["sign"].startswith(">"):
            return Bounds(number, None, low_open=is_open, unit=match["unit"])
        return Bounds(None, number, high_open=is_open, unit=match["unit"])
    if match := _SPAN.match(text):
        low, high = Decimal(match["low"]), Decimal(match["high"])
        return Bounds(low, high, match["left"] == "(", match["right"] == ")", match["unit"])
    raise ValueError(text)


def _days(text: str) -> Days:
    first, separator, last = text.removeprefix("@").partition("..")
    start, end = read_date(f"@{first}"), read_date(f"@{last}")
    if not separator and start is not None:
        return Days(start.earliest, start.latest)
    if (start is None and first) or (end is None and last):
        raise ValueError(text)
    return Days(start.earliest if start else None, end.latest if end else None)
