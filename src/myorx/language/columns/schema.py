"""How the columns of facts look in Arrow; cohorts and Spark make them so, ``intake.py`` reads them.

| type | exact values | intervals |
|---|---|---|
| Boolean | ``bool`` | – |
| String | ``dictionary`` of strings, or ``string`` | – |
| Integer, Decimal, Quantity | an integer of at most 64 bit, or a ``decimal`` | a struct of four |
| Date | ``date32`` | a struct of two |

A missing value (or a column of the type ``null``) is unknown. A decimal has at most 38 digits;
floating-point numbers are not accepted, since they are not exact. The struct of numbers
has ``low`` and ``high`` (either type above; missing: unbounded) and may have ``low_open`` and
``high_open`` (``bool``; missing: closed), that of dates ``earliest`` and ``latest``. Numbers are in
the unit of the fact; where a field says its ``unit`` (metadata), it must be that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.types as arrow

from myorx.language.types import (
    BooleanType,
    DateType,
    IntegerType,
    NullType,
    QuantityType,
    StringType,
    Type,
)

NUMBER = ("low", "high", "low_open", "high_open")
DAY = ("earliest", "latest")
UNIT = b"unit"
DIGITS = 8
"""Digits after the point of a Decimal."""


class ColumnError(TypeError):
    """Columns do not fit the facts they are for; ``faults`` holds one sentence for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def field(name: str, type_: Type, *, intervals: bool = False) -> pa.Field:
    """The Arrow field for a fact, wide enough for every value of its type."""
    metadata = {UNIT: type_.unit.encode()} if isinstance(type_, QuantityType) else None
    return pa.field(name, arrow_type(type_, intervals=intervals), metadata=metadata)


def arrow_type(type_: Type, *, intervals: bool = False, digits: int = DIGITS) -> pa.DataType:
    """The Arrow type for a fact; ``digits``: how many stand after the point of a number."""
    match type_:
        case BooleanType():
            return pa.bool_()
        case StringType():
            return pa.dictionary(pa.int32(), pa.string())
        case NullType():
            return pa.null()
        case DateType():
            return pa.struct([(name, pa.date32()) for name in DAY]) if intervals else pa.date32()
    whole = isinstance(type_, IntegerType)
    number = pa.int64() if whole else pa.decimal128(38, digits)
    if not intervals:
        return number
    low, high, *flags = NUMBER
    return pa.struct([(low, number), (high, number), *((name, pa.bool_()) for name in flags)])


def check_columns(schema: pa.Schema, types: Mapping[str, Type]) -> None:
    """Raises ColumnError with everything that does not fit; columns that are no fact may be any."""
    faults = tuple(fault for name, type_ in types.items() for fault in _faults(schema, name, type_))
    if faults:
        raise ColumnError(faults)


def _faults(schema: pa.Schema, name: str, type_: Type) -> Iterator[str]:
    places = schema.get_all_field_indices(name)
    if len(places) > 1:
        yield f"column {name}: {len(places)} columns have this name; allowed: one; rename the rest"
    for place in places[:1]:
        found = schema.field(place)
        if not _fits(found.type, type_):
            yield (
                f"column {name}: the Arrow type {found.type} does not hold values of the type "
                f"{type_}; allowed: {_allowed(type_)}; convert the column"
            )
        unit = (found.metadata or {}).get(UNIT)
        if unit is not None and isinstance(type_, QuantityType) and unit.decode() != type_.unit:
            yield (
                f"column {name}: its unit is '{unit.decode()}'; allowed: '{type_.unit}'; "
                "convert the column"
            )


def _fits(found: pa.DataType, type_: Type) -> bool:
    if arrow.is_null(found):
        return True
    match type_:
        case BooleanType():
            return bool(arrow.is_boolean(found))
        case StringType():
            inner = found.value_type if arrow.is_dictionary(found) else found
            return bool(arrow.is_string(inner) or arrow.is_large_string(inner))
        case NullType():
            return False
        case DateType():
            if arrow.is_struct(found):
                parts = {part.name: part.type for part in found}
                return set(parts) == set(DAY) and all(map(arrow.is_date32, parts.values()))
            return bool(arrow.is_date32(found))
    if not arrow.is_struct(found):
        return _is_number(found)
    parts = {part.name: part.type for part in found}
    ends = [parts.pop(name, None) for name in NUMBER[:2]]
    flags = [parts.pop(name, pa.bool_()) for name in NUMBER[2:]]
    return (
        not parts
        and all(end is not None and _is_number(end) for end in ends)
        and all(map(arrow.is_boolean, flags))
    )


def _is_number(found: pa.DataType) -> bool:
    if arrow.is_decimal(found):
        return bool(found.scale >= 0 and found.precision <= 38)
    return bool(arrow.is_integer(found)) and found != pa.uint64()


def _allowed(type_: Type) -> str:
    match type_:
        case BooleanType():
            return "bool"
        case StringType():
            return "string, or a dictionary of strings"
        case NullType():
            return "null"
        case DateType():
            return "date32, or a struct of earliest and latest"
        case _:
            return (
                "an integer of at most 63 bit and a sign, a decimal of at most 38 digits, or a "
                "struct of low, high, low_open and high_open"
            )
