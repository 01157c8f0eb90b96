"""Vectors put together row by row, and planes counted into numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np

from myorx.language.columns.planes import Plane, unpack
from myorx.language.columns.vectors import (
    Ints,
    Numbers,
    Texts,
    Vector,
    multiplied,
    numbers,
    tight,
)


def tally(parts: Sequence[Plane], rows: int) -> Numbers:
    """In each row how many of the planes are set."""
    found = np.zeros(rows, np.int16)
    for part in parts:
        found += unpack(part).view(np.uint8)
    known = np.full(rows // 64, ~np.uint64(0))
    return Numbers(found, found, known, known, None, None, 0, 0, len(parts))


def choice(cases: Sequence[tuple[Plane, Vector]]) -> Numbers:
    """In each row the numbers of the plane that is set; unknown where none is."""
    every = [(plane, numbers(vector)) for plane, vector in cases]
    scale = max(each.scale for _, each in every)
    every = [(plane, _at_scale(each, scale)) for plane, each in every]
    exact = all(each.exact for _, each in every)
    low = _picked([(plane, each.low) for plane, each in every])
    has_low = _met((plane, each.has_low) for plane, each in every)
    least = min(0, *(each.least for _, each in every))
    most = max(0, *(each.most for _, each in every))
    if exact:
        return Numbers(low, low, has_low, has_low, None, None, scale, least, most)
    high = _picked([(plane, each.high) for plane, each in every])
    has_high = _met((plane, each.has_high) for plane, each in every)
    low_open = [(p, each.low_open) for p, each in every if each.low_open is not None]
    high_open = [(p, each.high_open) for p, each in every if each.high_open is not None]
    return Numbers(
        low,
        high,
        has_low,
        has_high,
        _met(low_open) if low_open else None,
        _met(high_open) if high_open else None,
        scale,
        least,
        most,
    )


def text_choice(cases: Sequence[tuple[Plane, Texts]]) -> Texts:
    """The same for texts."""
    words = tuple(dict.fromkeys(word for _, each in cases for word in each.words))
    places = {word: code for code, word in enumerate(words)}
    parts = []
    for plane, each in cases:
        table = np.array([places[word] for word in each.words] or [0], np.int32)
        parts.append((plane, np.take(table, each.codes, mode="clip")))
    return Texts(_picked(parts), words, _met((plane, each.known) for plane, each in cases))


def _at_scale(vector: Numbers, scale: int) -> Numbers:
    factor = 10 ** (scale - vector.scale)
    if factor == 1:
        return vector
    vector = tight(vector)
    low = multiplied(vector.low, factor, vector.reach)
    high = low if vector.high is vector.low else multiplied(vector.high, factor, vector.reach)
    least, most = vector.least * factor, vector.most * factor
    return vector._replace(low=low, high=high, scale=scale, least=least, most=most)


def _picked(cases: list[tuple[Plane, Ints]]) -> Ints:
    """Each row's value; 0 where no plane is set."""
    found = np.zeros(len(cases[0][0]) * 64, np.result_type(*(values for _, values in cases)))
    for plane, values in cases:
        np.copyto(found, values, where=unpack(plane))
    return found


def _met(cases: Iterable[tuple[Plane, Plane]]) -> Plane:
    """Where a plane is set together with its own part; there is at least one."""
    return reduce(np.bitwise_or, (plane & part for plane, part in cases))
