"""What differs between two guidelines, ``myorx.diff/1``: the answer of ``myorx diff A B``."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.guideline.texts import Text
from myorx.plan.comparison import Change

SCHEMA = "myorx.diff/1"

Turn: TypeAlias = OneOf["added", "removed", "changed"]
CaseOf: TypeAlias = OneOf["both", "a", "b"]


class _Model(msgspec.Struct, frozen=True, omit_defaults=True):
    """Common base: frozen; a key whose value is the default is left out of the JSON."""


class Edit(_Model, frozen=True):
    """One value inside an object that differs."""

    path: str
    """As problems show it, with ids for list items that have one:
    ``candidates[triple].for[0].when``."""
    before: str | None = None
    """None: it was not there."""
    after: str | None = None
    """None: it is no longer there."""
    same_meaning: bool = False
    """Two expressions that are written otherwise, and equal once both are put into normal form."""


class ItemChange(_Model, frozen=True):
    """One object of the guideline that was added, removed or changed."""

    kind: str
    """As the files have it: ``statement``, ``drug``, ``decision`` …, ``manifest``."""
    id: str
    turn: Turn
    names: Text | None = None
    """Its label or name, where it has one; of a changed one the new."""
    edits: tuple[Edit, ...] = ()
    """Of a changed one."""


class VignetteChange(_Model, frozen=True):
    """One vignette whose case comes out otherwise under B than under A."""

    id: str
    title: Text
    case_of: CaseOf
    """Whose case was run: ``both`` where A and B have the same, else that of the one named."""
    changes: tuple[Change, ...] = ()
    """What stands otherwise in the plan under B."""
    refused_before: tuple[str, ...] = ()
    """The fault codes with which the case is refused under A, where it is."""
    refused_after: tuple[str, ...] = ()


class Version(_Model, frozen=True):
    """One of the two guidelines."""

    guideline: str
    version: str
    date: str
    source_hash: str
    vignettes: int | None = None
    """None: they are not at hand (a compiled file holds none)."""


class GuidelineDiff(_Model, frozen=True):
    """Everything that differs between A (before) and B (after)."""

    schema: str
    a: Version
    b: Version
    items: tuple[ItemChange, ...]
    """In the order in which the files are read."""
    cases: int
    """So many cases were run under both."""
    vignettes: tuple[VignetteChange, ...]

    @property
    def same(self) -> bool:
        """Neither the knowledge nor any result differs."""
        return not self.items and not self.vignettes
