"""Vectors as columns of Arrow data, in the layout of ``schema.py``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from myorx.language.columns.meanings import UNKNOWN, Constant, Day, Number, Text
from myorx.language.columns.planes import Flags, Plane, unpack
from myorx.language.columns.schema import DAY, NUMBER
from myorx.language.columns.vectors import Ints, Numbers, Texts
from myorx.language.columns.writing import encode
from myorx.language.types import DATE, DECIMAL, INTEGER, NULL, STRING, QuantityType, Type
from myorx.language.values import Bounds, Days


def column_of(
    parts: Sequence[Numbers | Texts], output: Number | Day | Text | Constant, rows: int
) -> pa.Array:
    """One column of the vectors of all chunks; of a constant, the same value in every row."""
    if isinstance(output, Constant):
        return encode([output.value] * rows, _type_of(output))
    if not parts:
        return encode([], _type_of(output))
    texts = [part for part in parts if isinstance(part, Texts)]
    if texts:
        return pa.concat_arrays([_texts(part) for part in texts])[:rows]
    vectors = [part for part in parts if isinstance(part, Numbers)]
    exact = all(part.exact for part in vectors)
    wide = any(each.dtype == object for part in vectors for each in (part.low, part.high))
    kind: pa.DataType = pa.decimal128(38, vectors[0].scale)
    if isinstance(output, Day):
        kind = pa.date32()
    elif isinstance(output, Number) and output.integer and not wide and not vectors[0].scale:
        kind = pa.int64()
    days = isinstance(output, Day)
    return pa.concat_arrays([_numbers(part, kind, exact, days) for part in vectors])[:rows]


def _type_of(output: Number | Day | Text | Constant) -> Type:
    match output:
        case Number(unit=str(unit)) | Constant(value=Bounds(unit=str(unit))):
            return QuantityType(unit)
        case Number(integer=True) | Constant(value=Bounds(), integer=True):
            return INTEGER
        case Number() | Constant(value=Bounds()):
            return DECIMAL
        case Day() | Constant(value=Days()):
            return DATE
        case _:
            return NULL if output == UNKNOWN else STRING


def _texts(part: Texts) -> pa.Array:
    known = unpack(part.known)
    codes = np.where(known, part.codes, 0).astype(np.int32)
    indices = pa.array(codes, mask=~known)
    return pa.DictionaryArray.from_arrays(indices, pa.array(part.words, pa.string())).cast(
        pa.string()
    )


def _numbers(part: Numbers, kind: pa.DataType, exact: bool, days: bool) -> pa.Array:
    low = _end(part.low, unpack(part.has_low), kind)
    if exact:
        return low
    high = _end(part.high, unpack(part.has_high), kind)
    unknown = pa.array(~unpack(part.known))
    if days:
        return pa.StructArray.from_arrays([low, high], list(DAY), mask=unknown)
    flags = [pa.array(_flags(each, part)) for each in (part.low_open, part.high_open)]
    return pa.StructArray.from_arrays([low, high, *flags], list(NUMBER), mask=unknown)


def _flags(is_open: Plane | None, part: Numbers) -> Flags:
    return unpack(np.zeros_like(part.has_low) if is_open is None else is_open)


def _end(values: Ints, known: Flags, kind: pa.DataType) -> pa.Array:
    values = np.where(known, values, 0)
    if kind == pa.date32():
        return pa.array(values.astype(np.int32), pa.int32(), mask=~known).cast(kind)
    if kind == pa.int64():
        return pa.array(values.astype(np.int64), mask=~known)
    halves = np.empty((len(values), 2), np.uint64)
    halves[:, 0] = (values & (2**64 - 1) if values.dtype == object else values).astype(np.uint64)
    halves[:, 1] = (values >> 64 & (2**64 - 1) if values.dtype == object else values >> 63).astype(
        np.uint64
    )
    validity = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(halves)])
