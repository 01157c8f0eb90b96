"""The cells of one column as the values of its fact: each distinct text read once, by ``facts``.

Numbers, dates and truths that the file types already take a short way, which gives the same values.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as arrow

from myorx.facts.case import Given
from myorx.facts.faults import Faults, Place
from myorx.facts.given import read_given
from myorx.facts.names import index
from myorx.facts.source import read_source
from myorx.facts.units import spelled
from myorx.facts.values import value_of
from myorx.guideline.check.context import fact_type
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.texts import Text
from myorx.language.columns import encode
from myorx.language.types import StringType
from myorx.language.values import Value

KNOWN, EMPTY, REFUSED = "known", "not_asked", "refused"
"""How cells come out, beside the other reasons for which a value is unknown."""

_REMEMBERED = 200_000
_DIGITS = 8
_EXACT = 10**15
_NUMERIC = ("quantity", "integer", "decimal")
_NO_UNIT = frozenset(("", "-", "/", "—", "无", "none"))


class Cell(NamedTuple):
    """What one text says of a fact."""

    value: Value
    outcome: str
    """``known``, or the reason why it is unknown."""
    fault: str | None = None
    """Code of what is wrong with it."""
    says: Text | None = None


class Cells(NamedTuple):
    """A column of values, and how its cells came out."""

    values: pa.Array
    outcomes: Counter[str]
    faults: Counter[str]
    samples: dict[str, tuple[str, Text]]
    """For each fault: a text that has it, and what is wrong in words."""
    refused: npt.NDArray[np.bool_]


def said(fact: Fact, text: str, unit: str | None) -> str | dict[str, str]:
    """What a cell says of a fact, as a case file would: its text, and the unit where it has one."""
    numeric = fact.type in _NUMERIC
    if numeric and unit is not None and unit.strip().casefold() not in _NO_UNIT:
        return {"value": text, "unit": unit}
    return text


class CellReader:
    """Reads the cells of one fact's column."""

    def __init__(self, fact: Fact, guideline: Guideline, column: str, unit: str | None) -> None:
        self._fact = fact
        self._type = fact_type(fact)
        self._unit = None if unit is None or unit.strip().casefold() in _NO_UNIT else unit
        self._column = column
        table = index(guideline)
        self._codes = table.codes.get(fact.id)
        self._accepted = table.units.get(fact.id)
        self._read: dict[tuple[str | None, str | None, int], Cell] = {}

    def cells(
        self, column: pa.Array, units: pa.Array | None, years: npt.NDArray[np.int64]
    ) -> Cells:
        """The values of a chunk. ``years``: of the rows' dates, since no living patient's date is
        far from them."""
        if units is None:
            fast = self._typed(column, years)
            if fast is not None:
                return fast
        texts, codes = _distinct(_as_text(column))
        keys: list[tuple[str | None, str | None, int]]
        if units is None and self._fact.type != "date":
            keys = [(text, self._unit, 0) for text in texts]
        else:
            words, unit_codes = ([self._unit], np.zeros(len(codes), np.int64))
            if units is not None:
                words, unit_codes = _distinct(_as_text(units))
            dated = years if self._fact.type == "date" else np.zeros(len(codes), np.int64)
            triples = np.stack([codes, unit_codes, dated])
            found, places = np.unique(triples, axis=1, return_inverse=True)
            keys = [
                (texts[one], (words[two] or "").strip() or self._unit, int(year))
                for one, two, year in found.T
            ]
            codes = places.reshape(-1)
        return self._gathered([self._cell(*each) for each in keys], keys, codes)

    def _gathered(
        self,
        cells: list[Cell],
        keys: list[tuple[str | None, str | None, int]],
        codes: npt.NDArray[np.int64],
    ) -> Cells:
        counts = np.bincount(codes, minlength=len(cells)).tolist()
        outcomes: Counter[str] = Counter()
        faults: Counter[str] = Counter()
        samples: dict[str, tuple[str, Text]] = {}
        for cell, (text, _, _), count in zip(cells, keys, counts, strict=True):
            if not count:  # a word that the file lists and no row has
                continue
            outcomes[cell.outcome] += count
            if cell.fault is not None and cell.says is not None:
                faults[cell.fault] += count
                samples.setdefault(cell.fault, (text or "", cell.says))
        refused = np.array([cell.outcome == REFUSED for cell in cells], bool)
        return Cells(
            self._taken(cells, codes),
            outcomes,
            faults,
            samples,
            refused[codes] if refused.any() else np.zeros(len(codes), bool),
        )

    def _taken(self, cells: list[Cell], codes: npt.NDArray[np.int64]) -> pa.Array:
        """The value of each row; words stay numbers of a dictionary."""
        values = encode([cell.value for cell in cells], self._type)
        if not isinstance(self._type, StringType):
            return values.take(pa.array(codes))
        coded = values.dictionary_encode()
        return pa.DictionaryArray.from_arrays(coded.indices.take(pa.array(codes)), coded.dictionary)

    # -- one text ----------------------------------------------------------------------------------

    def _cell(self, text: str | None, unit: str | None, year: int) -> Cell:
        key = (text, unit, year)
        found = self._read.get(key)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[key] = self._make(text, unit, year)
        return found

    def _make(self, text: str | None, unit: str | None, year: int) -> Cell:
        if text is None or not text.strip():
            return Cell(None, EMPTY)
        faults = Faults()
        given = self._given(said(self._fact, text, unit), faults)
        if given is not None and not len(faults):
            # Only the year of the day counts, and only for what cannot be a living patient's.
            day = date(year or 2000, 12, 31)
            place = Place(self._column, fact=self._fact.id)
            value = value_of(given, self._fact, self._accepted, day, place, faults)
            if not len(faults):
                return Cell(value, KNOWN if value is not None else given.reason or EMPTY)
        fault = faults.all[0]
        return Cell(None, REFUSED, fault.code, Text(fault.text("zh"), fault.text("en")))

    def _given(self, said: Any, faults: Faults) -> Given | None:
        tree = read_source({"value": said}, faults)
        node = None if tree is None else tree.get("value")
        if node is None:
            return None
        place = Place(self._column, fact=self._fact.id)
        return read_given(node, self._fact, self._codes, place, faults)

    # -- what is typed already ---------------------------------------------------------------------

    def _typed(self, column: pa.Array, years: npt.NDArray[np.int64]) -> Cells | None:
        """The short way; None where it does not lead all the way."""
        kind = column.type
        if arrow.is_boolean(kind) and self._fact.type == "boolean":
            return self._known(column, column)
        if arrow.is_date32(kind) and self._fact.type == "date":
            apart = years - pc.year(column).fill_null(0).to_numpy(zero_copy_only=False)
            near = (np.abs(apart) <= 130) | column.is_null().to_numpy(zero_copy_only=False)
            return self._known(column, column) if near.all() else None
        numeric = arrow.is_integer(kind) or arrow.is_float64(kind) or arrow.is_decimal128(kind)
        if not numeric or self._fact.type not in _NUMERIC:
            return None
        return self._numbers(column, years) if self._own_unit() else None

    def _own_unit(self) -> bool:
        fact = self._fact
        if fact.type != "quantity":
            return self._unit is None
        if self._unit is None:
            return not fact.unit_required
        return spelled(self._unit) == fact.unit

    def _numbers(self, column: pa.Array, years: npt.NDArray[np.int64]) -> Cells | None:
        """Numbers in the fact's unit as exact decimals; implausible ones are read as texts."""
        if self._fits(column):
            return self._known(column, column)
        known = column.is_valid().to_numpy(zero_copy_only=False)
        found = _scaled(column)
        if found is None:
            return None
        scaled, digits = found
        odd = np.zeros(len(column), bool)
        if self._fact.plausible is not None:
            low, high = (Decimal(end) * 10**digits for end in self._fact.plausible)
            odd = known & ((scaled < ceil(low)) | (scaled > floor(high)))
        if self._fact.type == "integer":
            odd |= known & (scaled % 10**digits != 0)
        if odd.any():
            rest = self.cells(_as_text(column.filter(pa.array(odd))), None, years[odd])
            if not rest.refused.all():
                return None
        values = pa.array(scaled, mask=~known | odd)
        if self._fact.type == "integer":
            values = pa.array(scaled // 10**digits, mask=~known | odd)
        elif digits:
            values = _as_decimal(values, pa.decimal128(18, digits))
        if not odd.any():
            return self._known(values, column)
        outcomes = Counter({KNOWN: int((known & ~odd).sum()), EMPTY: int(column.null_count)})
        return Cells(values, +(outcomes + rest.outcomes), rest.faults, rest.samples, odd)

    def _fits(self, column: pa.Array) -> bool:
        """Whether a column may go to the engine as it is: exact, and plausible throughout."""
        kind = column.type
        decimal = arrow.is_decimal128(kind)
        if not (_is_short(kind) if decimal else arrow.is_signed_integer(kind)):
            return False
        digits = kind.scale if decimal else 0
        if digits and self._fact.type == "integer":
            return False
        if self._fact.plausible is None:
            return True
        low, high = (Decimal(end) * 10**digits for end in self._fact.plausible)
        least, most = _ends(column)
        return least is None or most is None or (least >= low and most <= high)

    def _known(self, values: pa.Array, column: pa.Array) -> Cells:
        empty = int(column.null_count)
        outcomes = Counter({KNOWN: len(column) - empty, EMPTY: empty})
        return Cells(values, +outcomes, Counter(), {}, np.zeros(len(column), bool))


def _scaled(column: pa.Array) -> tuple[npt.NDArray[np.int64], int] | None:
    """Numbers as whole multiples of ``10 ** -digits``, exactly; None where that cannot be."""
    kind = column.type
    if arrow.is_decimal128(kind):
        if not _is_short(kind):
            return None
        valid = column.is_valid().to_numpy(zero_copy_only=False)
        return np.where(valid, _short(column), 0), kind.scale
    values = column.fill_null(0).to_numpy(zero_copy_only=False)
    if values.dtype.kind != "f":
        large = values.dtype == np.uint64 and values.max(initial=0) >= 2**63
        return None if large else (values.astype(np.int64), 0)
    for digits in range(_DIGITS + 1):
        # A decimal of at most 15 digits is what its nearest float is written as.
        scaled = np.rint(values * 10.0**digits)
        if not np.isfinite(scaled).all() or np.abs(scaled).max(initial=0) >= _EXACT:
            return None
        if np.array_equal(scaled / 10.0**digits, values):
            return scaled.astype(np.int64), digits
    return None


def _is_short(kind: pa.DataType) -> bool:
    """Whether decimals fit 64 bits, with no more digits after the point than are read."""
    return bool(kind.precision <= 18 and 0 <= kind.scale <= _DIGITS)


def _short(column: pa.Array) -> npt.NDArray[np.int64]:
    """The digits of short decimals; where nothing is known they may be any."""
    halves = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)
    return halves[column.offset : column.offset + len(column), 0]


def _ends(column: pa.Array) -> tuple[int | None, int | None]:
    """The least and the greatest digits of a column of whole numbers or short decimals."""
    if arrow.is_integer(column.type):
        ends = pc.min_max(column)
        return ends["min"].as_py(), ends["max"].as_py()
    if column.null_count == len(column):
        return None, None
    found = np.ascontiguousarray(_short(column))
    if column.null_count:
        found = found[column.is_valid().to_numpy(zero_copy_only=False)]
    return int(found.min()), int(found.max())


def _as_decimal(whole: pa.Array, kind: pa.DataType) -> pa.Array:
    """Whole numbers as decimals of a scale: ``137`` with one digit is 13.7."""
    low = whole.fill_null(0).to_numpy(zero_copy_only=False)
    halves = np.empty((len(low), 2), np.int64)
    halves[:, 0] = low
    halves[:, 1] = low >> 63
    valid = whole.is_valid().to_numpy(zero_copy_only=False)
    buffers = [pa.py_buffer(np.packbits(valid, bitorder="little")), pa.py_buffer(halves)]
    return pa.Array.from_buffers(kind, len(low), buffers)


def _as_text(column: pa.Array) -> pa.Array:
    """Every cell as someone would have typed it; what is missing stays missing."""
    kind = column.type
    if arrow.is_string(kind) or (arrow.is_dictionary(kind) and arrow.is_string(kind.value_type)):
        return column
    if arrow.is_dictionary(kind) or arrow.is_large_string(kind) or arrow.is_string_view(kind):
        return column.cast(pa.string())
    if arrow.is_floating(kind):
        width = np.float64 if arrow.is_float64(kind) else np.float32
        texts = [None if x is None or x != x else str(width(x)) for x in column.to_pylist()]
        return pa.array([t.removesuffix(".0") if t else t for t in texts], pa.string())
    if arrow.is_timestamp(kind):
        return column.cast(pa.date32(), safe=False).cast(pa.string())
    if arrow.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if arrow.is_nested(kind):
        return pa.array([None if x is None else str(x) for x in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _distinct(column: pa.Array) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """The texts of a column, each but once (but for what a file lists twice), and for each row
    which it is."""
    if arrow.is_dictionary(column.type):
        words = column.dictionary.to_pylist()
        codes = column.indices.fill_null(len(words)) if column.null_count else column.indices
        if column.null_count:
            words.append(None)
        return words, codes.to_numpy(zero_copy_only=False).astype(np.int64)
    encoded = column.dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return encoded.dictionary.to_pylist(), codes


def texts_of(column: pa.Array) -> list[str | None]:
    """Every cell as text."""
    found: list[str | None] = _as_text(column).to_pylist()
    return found


def trimmed(column: pa.Array) -> pa.Array:
    """Every cell as text without space around it; what is missing is empty."""
    return pc.utf8_trim_whitespace(as_text(column).fill_null(""))


def as_text(column: pa.Array) -> pa.Array:
    """Every cell as text, as a plain column of texts."""
    texts = _as_text(column)
    return texts.cast(pa.string()) if arrow.is_dictionary(texts.type) else texts


def each_once(column: pa.Array) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """The distinct cells as text, and for each row which it is."""
    return _distinct(_as_text(column))


__all__ = [
    "EMPTY",
    "KNOWN",
    "REFUSED",
    "Cell",
    "CellReader",
    "Cells",
    "as_text",
    "each_once",
    "texts_of",
    "trimmed",
]
