"""What a program found: planes for conditions, Arrow columns for everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from myorx.language.columns import planes
from myorx.language.columns.meanings import UNKNOWN, Constant, Truth
from myorx.language.columns.outtake import column_of
from myorx.language.columns.planes import Flags, Plane
from myorx.language.columns.steps import NOWHERE


class Counts(NamedTuple):
    """In how many rows a condition is what; together all rows."""

    true: int
    false: int
    unknown: int


class Answers:
    """The answers to the outputs of a program, by name, for ``rows`` rows.

    Every method raises KeyError for a name that is no output of the right sort.
    """

    def __init__(
        self,
        rows: int,
        outputs: Mapping[str, Any],
        found: npt.NDArray[np.uint64],
        places: Mapping[int, int],
        vectors: list[dict[int, Any]],
    ) -> None:
        self.rows = rows
        self._outputs = outputs
        self._planes = found
        self._places = places
        self._vectors = vectors

    # -- conditions --------------------------------------------------------------------------------

    def true(self, name: str) -> Plane:
        """Where a condition is known to be true; where a plane asked for by itself is set."""
        plane: Plane = self._planes[self._place(name, 0)]
        return plane

    def false(self, name: str) -> Plane:
        """Where a condition is known to be false."""
        plane: Plane = self._planes[self._place(name, 1)]
        return plane

    def flags(self, name: str) -> tuple[Flags, Flags]:
        """Known true and known false, as one byte a row."""
        return (
            planes.unpack(self.true(name), self.rows),
            planes.unpack(self.false(name), self.rows),
        )

    def counts(self, name: str) -> Counts:
        """In how many rows it is true, false and unknown."""
        true, false = (int(planes.count(part)) for part in (self.true(name), self.false(name)))
        return Counts(true, false, self.rows - true - false)

    def masks(self, names: Iterable[str], *, false: bool = False) -> npt.NDArray[np.uint64]:
        """For each row, which of the conditions are known true (``false``: known false).

        The ``j``-th condition is bit ``j % 64`` of word ``j // 64``; shape (rows, words).
        """
        chosen = [self._place(name, int(false)) for name in names]
        return planes.masks(self._planes, self.rows, chosen)

    # -- anything ----------------------------------------------------------------------------------

    def column(self, name: str) -> pa.Array:
        """An output as a column of ``schema.py``: intervals only where some row has one."""
        output = self._outputs[name]
        if isinstance(output, Truth):
            return planes.to_arrow(self.true(name), self.false(name), self.rows)
        if isinstance(output, int):
            return planes.flags_to_arrow(self.true(name), self.rows)
        if isinstance(output, Constant):
            return column_of([], output, self.rows)
        parts = [each[output.vector] for each in self._vectors]
        return column_of(parts, output, self.rows)

    def _place(self, name: str, side: int) -> int:
        output = self._outputs[name]
        if output == UNKNOWN:
            return self._places[NOWHERE]
        if isinstance(output, Truth):
            return self._places[output[side]]
        if isinstance(output, int) and side == 0:
            return self._places[output]
        raise KeyError(f"{name} is no condition")
