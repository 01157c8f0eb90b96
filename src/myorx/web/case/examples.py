"""Published cases to open with one click: ``<guideline>.examples.json``, beside its folder.

They are vignettes of the guideline (a test holds them equal), set apart because reading all of
those takes seconds.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from myorx.guideline.load import GUIDELINES
from myorx.guideline.models import Guideline, Reference
from myorx.guideline.texts import Text
from myorx.plan.record.sources import work


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One published case: only what the text that was read states."""

    id: str
    """Of the vignette."""
    title: Text
    source: str
    """Key in the guideline's references."""
    case: dict[str, Any]
    """With its ``as_of``."""


@cache
def examples(guideline: str) -> tuple[Example, ...]:
    """The examples of the guideline of this name; none for one that is not the package's own."""
    path = GUIDELINES / f"{guideline}.examples.json"
    if not path.is_file():
        return ()
    return msgspec.json.decode(path.read_bytes(), type=tuple[Example, ...])


def cited(example: Example, guideline: Guideline) -> str:
    """Where it was published, in one line."""
    found: Reference | None = guideline.references.get(example.source)
    return "" if found is None else work(found).en
