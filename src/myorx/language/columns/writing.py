"""Values of the language to Arrow columns and back: for tests, small tables and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from myorx.language.columns.schema import DAY, NUMBER, arrow_type
from myorx.language.types import DateType, IntegerType, QuantityType, Type
from myorx.language.values import Bounds, Days, Value


def encode(values: Sequence[Value], type_: Type) -> pa.Array:
    """The column of a fact: intervals only where a value is one.

    Raises ValueError for a number in another unit than the type's.
    """
    known = [_known(value) for value in values]
    intervals = any(isinstance(each, (Bounds, Days)) and each.exact is None for each in known)
    if isinstance(type_, DateType):
        days = [_days(each, intervals) for each in known]
        return pa.array(days, arrow_type(type_, intervals=intervals))
    numbers = [each for each in known if isinstance(each, Bounds)]
    if not numbers:
        return pa.array(known, arrow_type(type_))
    ends = [end for each in numbers for end in (each.low, each.high) if end is not None]
    digits = max(_digits(end) for end in ends)
    unit = type_.unit if isinstance(type_, QuantityType) else None
    _refuse(numbers, unit)
    small = isinstance(type_, IntegerType) and digits == 0 and all(abs(e) < 2**63 for e in ends)
    number = pa.int64() if small else pa.decimal128(38, digits)
    kind = number
    if intervals:
        kind = pa.struct([(name, number if name in NUMBER[:2] else pa.bool_()) for name in NUMBER])
    return pa.array([_bounds(each, intervals, small) for each in known], kind)


def decode(column: pa.Array, type_: Type) -> list[Value]:
    """The values of a column, in the unit of the type."""
    unit = type_.unit if isinstance(type_, QuantityType) else None
    return [_value(found, type_, unit) for found in column.to_pylist()]


def record_batch(rows: Iterable[Mapping[str, Value]], types: Mapping[str, Type]) -> pa.RecordBatch:
    """Patients, one a row, as a batch with a column for each fact; facts left out are unknown."""
    listed = list(rows)
    columns = [encode([row.get(name) for row in listed], type_) for name, type_ in types.items()]
    return pa.RecordBatch.from_arrays(columns, names=list(types))


def _known(value: Value) -> Value:
    if isinstance(value, Bounds) and value.low is None and value.high is None:
        return None
    if isinstance(value, Days) and value.earliest is None and value.latest is None:
        return None
    return value


def _refuse(numbers: list[Bounds], unit: str | None) -> None:
    wrong = next((each for each in numbers if each.unit != unit), None)
    if wrong is not None:
        raise ValueError(f"{wrong}: its unit is not the column's, {unit}; convert it before")


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _bounds(value: Value, intervals: bool, small: bool) -> Any:
    if not isinstance(value, Bounds):
        return None
    low, high = (int(end) if small and end is not None else end for end in (value.low, value.high))
    if not intervals:
        return low
    flags = (value.low_open and low is not None, value.high_open and high is not None)
    return dict(zip(NUMBER, (low, high, *flags), strict=True))


def _days(value: Value, intervals: bool) -> Any:
    if not isinstance(value, Days):
        return None
    if not intervals:
        return value.earliest
    return dict(zip(DAY, (value.earliest, value.latest), strict=True))


def _plain(number: int | Decimal) -> Decimal:
    """Without the zeros at its end that the column's scale gives it."""
    text = format(Decimal(number), "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _value(found: Any, type_: Type, unit: str | None) -> Value:
    if found is None or isinstance(found, (bool, str)):
        return found
    if isinstance(type_, DateType):
        ends = (found[name] for name in DAY) if isinstance(found, dict) else (found, found)
        return _known(Days(*ends))
    if not isinstance(found, dict):
        return Bounds(_plain(found), _plain(found), unit=unit)
    low, high = (None if found[end] is None else _plain(found[end]) for end in NUMBER[:2])
    low_open, high_open = (bool(found.get(name)) for name in NUMBER[2:])
    return _known(Bounds(low, high, low_open, high_open, unit))
