"""What changed between two plans, ``myorx.comparison/1``: the answer of ``myorx plan --since``."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.guideline.texts import Text

SCHEMA = "myorx.comparison/1"

CauseKind: TypeAlias = OneOf[
    "guideline", "version", "engine", "setting", "date", "taken", "ordered", "fact"
]
Turn: TypeAlias = OneOf["known", "changed", "stale", "withdrawn", "reason", "repeated"]
"""What became of a fact: newly known, another value, too old to count, no longer known, unknown for
another reason, the same value again with another date."""
ChangeKind: TypeAlias = OneOf[
    "outside", "alert", "decision", "candidate", "gap", "drug", "advice", "dose", "need"
]


class _Model(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Common base: frozen; a key whose value is the default is left out of the JSON."""


class Cause(_Model, frozen=True):
    """Something that differs between what the two plans were made from."""

    id: str
    """``version``, ``date``, ``setting:several_means``, ``fact:ferritin``, ``taken:drug``."""
    kind: CauseKind
    names: Text
    says: Text
    """The whole of it: "ferritin: unknown (not asked) → 620 ng/mL of 2026-11-20"."""
    before: str | None = None
    after: str | None = None
    turn: Turn | None = None
    """Of a fact."""
    matters: bool | None = None
    """Whether it moved anything in the plan; None: this could not be tried."""


class Stand(_Model, frozen=True):
    """How one thing stands in one plan."""

    status: str
    says: Text
    qualifiers: tuple[str, ...] = ()
    """``provisional``, ``reserved``; of a drug ``taken``, ``ordered``."""


class Change(_Model, frozen=True):
    """One thing that stands otherwise in the later plan than in the earlier one."""

    kind: ChangeKind
    id: str
    """``decision/candidate`` for a candidate; for a dose ``drug/regimen``."""
    names: Text
    before: Stand | None = None
    """None: the earlier plan had nothing to say of it."""
    after: Stand | None = None
    """None: the later plan has nothing to say of it."""
    within: Text | None = None
    """The question of the decision it belongs to."""
    because: tuple[str, ...] = ()
    """Ids of causes: each moves it alone, or is missed when taken away, or completes those."""
    together: bool = False
    """None of the causes moves it by itself, nor is missed; they do together."""


class Side(_Model, frozen=True):
    """What one of the two plans was made from."""

    as_of: str
    guideline: str
    version: str
    guideline_hash: str
    engine: str
    case_hash: str


class Comparison(_Model, frozen=True):
    """An earlier and a later plan side by side: what changed, and because of what."""

    schema: str
    title: Text
    earlier: Side
    later: Side
    review: Text
    notice: Text
    causes: tuple[Cause, ...]
    """Everything that differs; the guideline's own changes first."""
    changes: tuple[Change, ...]
    attributed: bool
    """Whether the causes were tried one by one."""
    remarks: tuple[Text, ...] = ()
    """What the reader must know: above all that both plans must be of one patient."""
