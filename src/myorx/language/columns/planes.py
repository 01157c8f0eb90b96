"""Bit planes: one bit a row, in 64-bit words; row ``i`` is bit ``i % 64`` of word ``i // 64``.

Rows past the end of a batch fill the last word; their bits are 0 in everything that leaves this
package.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Plane: TypeAlias = npt.NDArray[np.uint64]
Flags: TypeAlias = npt.NDArray[np.bool_]

WORD = 64
_BLOCK = 128
"""Words that are turned at once in ``masks``: so many that they stay in the fastest cache."""


def words(rows: int) -> int:
    """The number of words that hold ``rows`` bits."""
    return -(-rows // WORD)


def pack(flags: Flags) -> Plane:
    """One byte a row to one bit a row. The number of rows must be a multiple of 64."""
    return np.packbits(flags, bitorder="little").view(np.uint64)


def unpack(plane: Plane, rows: int | None = None) -> Flags:
    """One bit a row to one byte a row; only the first ``rows`` where that is given."""
    return np.unpackbits(plane.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def full(rows: int) -> Plane:
    """A plane with a 1 for each of ``rows`` and 0 behind them."""
    found = np.full(words(rows), ~np.uint64(0))
    if rows % WORD:
        found[-1] = np.uint64((1 << rows % WORD) - 1)
    return found


def count(planes: npt.NDArray[np.uint64]) -> Any:
    """How many bits are 1 in a plane, or in each of several."""
    return np.bitwise_count(planes).sum(axis=-1, dtype=np.int64)


def from_bits(buffer: pa.Buffer | None, offset: int, rows: int) -> Plane:
    """The plane of an Arrow bitmap, from bit ``offset`` on; without a buffer, every bit is 1."""
    if buffer is None:
        return full(rows)
    found = np.zeros(words(rows), np.uint64)
    bits = np.frombuffer(buffer, np.uint8)[offset // 8 : (offset + rows + 7) // 8]
    if offset % 8:
        bits = np.packbits(
            np.unpackbits(bits, bitorder="little")[offset % 8 :][:rows], bitorder="little"
        )
    found.view(np.uint8)[: len(bits)] = bits
    found &= full(rows)
    return found


def to_arrow(true: Plane, false: Plane, rows: int) -> pa.BooleanArray:
    """The Arrow column of two planes: null where neither is set."""
    known = true | false
    unknown = rows - int(count(known))
    return _bits(np.ascontiguousarray(true), rows, known if unknown else None, unknown)


def flags_to_arrow(plane: Plane, rows: int) -> pa.BooleanArray:
    """The Arrow column of one plane: never null."""
    return _bits(np.ascontiguousarray(plane), rows, None, 0)


def _bits(values: Plane, rows: int, known: Plane | None, unknown: int) -> pa.BooleanArray:
    buffers = [None if known is None else pa.py_buffer(known), pa.py_buffer(values)]
    return pa.BooleanArray.from_buffers(pa.bool_(), rows, buffers, unknown)


def masks(
    planes: npt.NDArray[np.uint64], rows: int, chosen: Sequence[int]
) -> npt.NDArray[np.uint64]:
    """For each row, its bits in the chosen planes: the ``j``-th is bit ``j % 64`` of word
    ``j // 64``. ``planes`` has the shape (planes, words), the result (rows, words of all chosen).
    """
    length, groups = planes.shape[1], words(len(chosen))
    picked = np.asarray(chosen, np.intp)
    found = np.empty((length, WORD, groups), np.uint64)
    block = np.zeros((groups * WORD, _BLOCK), np.uint64)
    for start in range(0, length, _BLOCK):
        size = min(_BLOCK, length - start)
        block[: len(chosen), :size] = planes[picked, start : start + size]
        block[len(chosen) :] = 0
        turned = block.reshape(groups, WORD, _BLOCK)
        _turn(turned)
        found[start : start + size] = turned.transpose(2, 1, 0)[:size]
    return found.reshape(length * WORD, groups)[:rows]


def _turn(squares: npt.NDArray[np.uint64]) -> None:
    """Turns squares of 64 x 64 bits, in place: bit ``i`` of word ``j`` becomes bit ``j`` of word
    ``i``. Shape (any, 64, any): the squares' words stand in the middle."""
    groups, _, size = squares.shape
    half = WORD // 2
    mask = (1 << half) - 1
    while half:
        # Two words change the halves that lie across the diagonal: then quarters, eighths …
        pairs = squares.reshape(groups, WORD // (2 * half), 2, half, size)
        upper, lower = pairs[:, :, 0], pairs[:, :, 1]
        swapped = upper >> np.uint64(half)
        swapped ^= lower
        swapped &= np.uint64(mask)
        lower ^= swapped
        swapped <<= np.uint64(half)
        upper ^= swapped
        half //= 2
        mask ^= mask << half if half else 0
