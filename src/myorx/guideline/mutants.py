"""Faults put into the guideline on purpose that no vignette need see, each with the reason.

``myorx.plan.mutation`` makes the faults; ``tools/mutate.py`` compares what survives with this list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from myorx.guideline.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from myorx.guideline.positions import Positions


class Excused(msgspec.Struct, frozen=True):
    """Mutants that may survive, because they are the same rule or change nothing that is shown."""

    id: str
    why: Text
    mutants: tuple[str, ...]
    """As ``tools/mutate.py`` prints them: the rule, ``|``, the fault."""


def load_excused(folder: Path | str) -> tuple[tuple[Excused, ...], Positions]:
    """The register of a guideline folder, and where its entries stand. Raises GuidelineError."""
    from pathlib import Path

    from myorx.guideline.sources import read_excused

    return read_excused(Path(folder))
