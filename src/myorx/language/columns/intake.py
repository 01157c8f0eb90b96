"""Columns of Arrow data, and their rows as vectors and planes.

A whole column is prepared once, without copying its values; ``numbers`` and ``texts`` then take the
rows of one chunk. Chunks begin at a multiple of 64 rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as arrow

from myorx.language.columns.planes import Plane, from_bits, unpack, words
from myorx.language.columns.schema import DAY, NUMBER
from myorx.language.columns.vectors import Ints, Numbers, Texts
from myorx.language.types import BooleanType, DateType, StringType, Type

LONG = 18
"""Digits that always fit 64 bit; the other half of such a number tells nothing."""


class TruthColumn(NamedTuple):
    """A Boolean fact: where it is known true and known false."""

    true: Plane
    false: Plane


class TextColumn(NamedTuple):
    """A coded fact."""

    codes: Ints
    words: tuple[str, ...]
    known: Plane


class End(NamedTuple):
    """One end of a column's intervals: whole numbers, or the halves of 128-bit ones (low half
    first; shape (rows, 2)), and where there is one."""

    values: npt.NDArray[Any]
    known: Plane


class NumberColumn(NamedTuple):
    """A number or date; ``high`` is ``low`` where all are exact."""

    low: End
    high: End
    low_open: Plane | None
    high_open: Plane | None
    scale: int


Column: TypeAlias = TruthColumn | TextColumn | NumberColumn


def prepare(array: pa.Array | None, type_: Type, rows: int, name: str) -> Column:
    """A column ready for use. Without an array, or one of nulls, all is unknown.

    The array's type must have passed ``check_columns``. Raises ValueError for an interval without
    members (its low end above its high end).
    """
    if array is None or arrow.is_null(array.type):
        return _nothing(type_, rows)
    if isinstance(type_, BooleanType):
        return _truths(array)
    if isinstance(type_, StringType):
        return _texts(array)
    if not arrow.is_struct(array.type):
        end = _end(array)
        return NumberColumn(end, end, None, None, _scale(array))
    column = _intervals(array, isinstance(type_, DateType))
    _refuse_empty(column, rows, name)
    return column


def truth(column: TruthColumn, chunk: slice) -> tuple[Plane, Plane]:
    """The planes of a chunk, given in words."""
    return column.true[chunk], column.false[chunk]


def texts(column: TextColumn, chunk: slice) -> Texts:
    """The codes of a chunk."""
    return Texts(_filled(column.codes, chunk), column.words, column.known[chunk])


def numbers(column: NumberColumn, chunk: slice) -> Numbers:
    """The numbers of a chunk, in the narrowest integers that hold them."""
    has_low = column.low.known[chunk]
    low, least, most = _narrow(column.low.values, has_low, chunk)
    if column.high is column.low:
        return Numbers(low, low, has_low, has_low, None, None, column.scale, least, most)
    has_high = column.high.known[chunk]
    high, high_least, high_most = _narrow(column.high.values, has_high, chunk)
    low_open, high_open = _open(column.low_open, chunk), _open(column.high_open, chunk)
    closed = low_open is None and high_open is None and np.array_equal(has_low, has_high)
    if closed and not np.any(unpack(has_low) & (low != high)):
        # A chunk without a proper interval takes the short way.
        has_high, high, high_least, high_most = has_low, low, least, most
    return Numbers(
        low,
        high,
        has_low,
        has_high,
        low_open,
        high_open,
        column.scale,
        min(least, high_least),
        max(most, high_most),
    )


# -- whole columns ---------------------------------------------------------------------------------


def _nothing(type_: Type, rows: int) -> Column:
    none = np.zeros(words(rows), np.uint64)
    if isinstance(type_, BooleanType):
        return TruthColumn(none, none)
    nothing = np.zeros(rows, np.int8)
    if isinstance(type_, StringType):
        return TextColumn(nothing, (), none)
    end = End(nothing, none)
    return NumberColumn(end, end, None, None, 0)


def _truths(array: pa.Array) -> TruthColumn:
    known = _known(array)
    values = from_bits(array.buffers()[1], array.offset, len(array))
    return TruthColumn(values & known, known & ~values)


def _known(array: pa.Array) -> Plane:
    buffer = array.buffers()[0] if array.null_count else None
    return from_bits(buffer, array.offset, len(array))


def _texts(array: pa.Array) -> TextColumn:
    if not arrow.is_dictionary(array.type):
        array = array.dictionary_encode()
    listed = array.dictionary.to_pylist()
    if None in listed or len(set(listed)) < len(listed):
        array = array.cast(array.type.value_type).dictionary_encode()
        listed = array.dictionary.to_pylist()
    return TextColumn(_values(array.indices), tuple(listed), _known(array.indices))


def _intervals(array: pa.Array, days: bool) -> NumberColumn:
    # Flattening gives each part the nulls of the whole.
    names = [part.name for part in array.type]
    parts = dict(zip(names, array.flatten(), strict=True))
    low, high = (parts[name] for name in (DAY if days else NUMBER[:2]))
    if arrow.is_decimal(low.type) or arrow.is_decimal(high.type):
        scale = max(_scale(low), _scale(high))
        low, high = (end.cast(pa.decimal128(38, scale)) for end in (low, high))
    one, other = _end(low), _end(high)
    low_open, high_open = (parts.get(name) for name in NUMBER[2:])
    return NumberColumn(one, other, _opened(low_open, one), _opened(high_open, other), _scale(low))


def _opened(flags: pa.Array | None, end: End) -> Plane | None:
    """Where an end that there is is open; None where none is."""
    if flags is None or arrow.is_null(flags.type):
        return None
    found = _truths(flags).true & end.known
    return found if found.any() else None


def _refuse_empty(column: NumberColumn, rows: int, name: str) -> None:
    for start in range(0, words(rows), 1024):
        chunk = slice(start, min(start + 1024, words(rows)))
        low, *_ = _narrow(column.low.values, column.low.known[chunk], chunk)
        high, *_ = _narrow(column.high.values, column.high.known[chunk], chunk)
        wrong = (low > high) & unpack(column.low.known[chunk] & column.high.known[chunk])
        if wrong.any():
            row = start * 64 + int(np.argmax(wrong))
            raise ValueError(
                f"column {name}, row {row}: an interval whose low end is above its high end; "
                "allowed: the low end first; correct the row"
            )


def _end(array: pa.Array) -> End:
    return End(_values(array), _known(array))


def _scale(array: pa.Array) -> int:
    return int(array.type.scale) if arrow.is_decimal(array.type) else 0


def _values(array: pa.Array) -> npt.NDArray[Any]:
    """The whole numbers of an array as they lie in memory."""
    kind = array.type
    if arrow.is_decimal(kind):
        if kind.bit_width == 128:
            halves = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
            halves = halves[array.offset : array.offset + len(array)]
            return halves[:, 0] if kind.precision <= LONG else halves
        width = np.int32 if kind.bit_width == 32 else np.int64
    else:
        width = np.int32 if arrow.is_date32(kind) else kind.to_pandas_dtype()
    values = np.frombuffer(array.buffers()[1], width)
    return values[array.offset : array.offset + len(array)]


# -- the rows of a chunk ---------------------------------------------------------------------------


def _open(flags: Plane | None, chunk: slice) -> Plane | None:
    if flags is None:
        return None
    found = flags[chunk]
    return found if found.any() else None


def _filled(values: npt.NDArray[Any], chunk: slice) -> npt.NDArray[Any]:
    """The rows of a chunk; zeros behind the last row fill its last word."""
    rows = (chunk.stop - chunk.start) * 64
    found = values[chunk.start * 64 : chunk.stop * 64]
    if len(found) == rows:
        return found
    filled = np.zeros((rows, *values.shape[1:]), values.dtype)
    filled[: len(found)] = found
    return filled


def _narrow(values: npt.NDArray[Any], known: Plane, chunk: slice) -> tuple[Ints, int, int]:
    """The rows of a chunk in the narrowest integers, and their bounds."""
    found = _filled(values, chunk)
    found = _joined(found, known) if found.ndim == 2 else np.ascontiguousarray(found)
    least, most = int(found.min()), int(found.max())
    if max(-least, most) > 2**31 - 1:
        # What lies in unknown rows may be anything; it must not make the known ones wide.
        found = np.where(unpack(known), found, 0)
        least, most = int(found.min()), int(found.max())
    for kind in (np.int8, np.int16, np.int32, np.int64):
        if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max:
            return found.astype(kind, copy=False), least, most
    return found, least, most


def _joined(halves: npt.NDArray[Any], known: Plane) -> Ints:
    """128-bit numbers as 64-bit ones, or as Python's where they do not fit."""
    low, high = halves[:, 0], halves[:, 1]
    if np.array_equal(low >> 63, high):
        return np.ascontiguousarray(low)
    flags = unpack(known)
    if np.array_equal((low >> 63)[flags], high[flags]):
        return np.where(flags, low, 0)
    wide = np.where(flags, high, 0).astype(object) * 2**64
    joined: Ints = wide + np.where(flags, low, 0).view(np.uint64).astype(object)
    return joined
