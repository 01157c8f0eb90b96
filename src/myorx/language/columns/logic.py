"""Two-valued logic of planes. Operands stay as they are; results are new planes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from myorx.language.columns.planes import Plane


def all_of(parts: Sequence[Plane]) -> Plane:
    """Where all of two or more planes are set."""
    found = parts[0] & parts[1]
    for part in parts[2:]:
        found &= part
    return found


def any_of(parts: Sequence[Plane]) -> Plane:
    """Where at least one of two or more planes is set."""
    found = parts[0] | parts[1]
    for part in parts[2:]:
        found |= part
    return found


def at_least(count: int, parts: Sequence[Plane]) -> Plane:
    """Where ``count`` of the planes are set, of ``1 < count < len(parts)``."""
    # reached[i]: where more than i of the planes so far are set.
    reached = [parts[0]]
    for part in parts[1:]:
        further = reached[-1] & part
        reached = [
            reached[0] | part,
            *(more | (less & part) for less, more in pairwise(reached)),
        ]
        if len(reached) < count:
            reached.append(further)
    return reached[count - 1]
