"""Which rules stand on which statement."""

from __future__ import annotations

from collections.abc import Mapping

from myorx.guideline.models import Guideline
from myorx.guideline.shapes import Record
from myorx.guideline.walk import walk


def usage(guideline: Guideline) -> Mapping[str, tuple[str, ...]]:
    """For each statement that is cited: the rules that cite it, in the order of the guideline.

    A rule is named by its place: ``decision x candidates[0].for[1]``.
    """
    found: dict[str, list[str]] = {}
    for place, shape, value in walk(guideline):
        if isinstance(shape, Record):
            for id_ in getattr(value, "cites", ()):
                found.setdefault(id_, []).append(str(place))
    return {id_: tuple(places) for id_, places in found.items()}
