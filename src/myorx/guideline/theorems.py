"""Theorems: what an author claims of every patient. The proofs run them; here they are read.

A theorem takes one of three forms:

- ``then``, ``never``: of every patient for whom ``when`` is known true, ``possible`` is not known
  false and ``unless`` is not known true, the plan says one of the words (``then``), or none of them
  (``never``), of each subject
- ``apart``: of these candidates no two are ever recommended or an option together
- ``classes``: of every patient for whom ``within`` is known true exactly one of these definitions
  holds, but for the gap that ``gap`` describes and ``disputes`` name
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from myorx.guideline.texts import Condition, Text

if TYPE_CHECKING:
    from pathlib import Path

    from myorx.guideline.positions import Positions


class Theorem(msgspec.Struct, frozen=True):
    """One claim. Subjects: ``decision/candidate``, ``decision:x``, ``drug:x``, ``advice:x``,
    ``alert:x``, and ``offer:x``, every candidate that offers the drug x."""

    id: str
    says: Text
    """In words a clinician would choose."""
    when: Condition | None = None
    possible: Condition | None = None
    unless: Condition | None = None
    then: dict[str, tuple[str, ...]] = {}
    never: dict[str, tuple[str, ...]] = {}
    apart: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    within: Condition | None = None
    gap: Condition | None = None
    disputes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


def load_theorems(folder: Path | str) -> tuple[tuple[Theorem, ...], Positions]:
    """The theorems of a guideline folder, and where they stand. Raises GuidelineError."""
    from pathlib import Path

    from myorx.guideline.sources import read_theorems

    return read_theorems(Path(folder))
