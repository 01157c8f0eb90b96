"""Vignettes: cases with what must come out of them. The plan runs them; here they are read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias
from typing import Literal as OneOf

import msgspec

from myorx.guideline.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from myorx.guideline.positions import Positions

CandidateStatus: TypeAlias = OneOf[
    "recommended",
    "option",
    "contested",
    "undetermined",
    "excluded",
    "blocked",
    "advised_against",
    "not_indicated",
]
Indication: TypeAlias = OneOf["indicated", "contested", "possible", "advised_against", "none"]
Safety: TypeAlias = OneOf["excluded", "blocked", "clear"]
DecisionStatus: TypeAlias = OneOf["live", "open", "yielded", "outside_guideline", "absent"]
AlertState: TypeAlias = OneOf["critical", "warning", "info", "possible", "absent"]
AdviceState: TypeAlias = OneOf["do", "may_apply", "withheld", "absent"]
Finding: TypeAlias = OneOf["true", "false", "unknown"]
TaperState: TypeAlias = OneOf[
    "may_start",
    "with_caution",
    "not_yet",
    "cause_first",
    "at_target",
    "undetermined",
    "absent",
]


class CandidateExpectation(msgspec.Struct, frozen=True):
    """What must be said of one candidate; a plain word stands for its status."""

    status: CandidateStatus | None = None
    indication: Indication | None = None
    provisional: bool | None = None
    reserved: bool | None = None
    parts: dict[str, Safety] = {}
    reasons: dict[str, Finding] = {}
    """Condition of one of its own arguments, as ``myorx show`` prints it -> how it stands."""


class DecisionExpectation(msgspec.Struct, frozen=True):
    """What must be said of one decision: ``_status``, ``_order``, ``_gaps`` and ``_gaps_are``, and
    candidates by their ids."""

    candidates: dict[str, CandidateExpectation] = {}
    status: DecisionStatus | None = None
    order: tuple[str, ...] = ()
    """Candidates that stand in this order; others may stand between them."""
    gaps: tuple[str, ...] = ()
    """Gaps that hold, or may hold."""
    gaps_are: dict[str, Finding] = {}
    """How each of these gaps stands; ``false``: it is not shown."""


class Words(msgspec.Struct, frozen=True):
    """Words that the headline must (or must not) hold, by language."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class TaperExpectation(msgspec.Struct, frozen=True):
    """What must be said of the taper; a plain word stands for its state."""

    state: TaperState | None = None
    earliest: str | None = None
    """The first day on which it may begin."""
    dose: str | None = None
    """The dose before the first step: ``60 mg/d``."""
    target: str | None = None
    """Where it is to end: ``5–10 mg/d``."""
    last: str | None = None
    """The last dose."""
    doses: tuple[str, ...] = ()
    """Every dose on the way, from the first smaller one to the last."""
    tablets: tuple[str, ...] = ()
    """The same doses in tablets: ``9½ × 5 mg``."""
    steps: int | None = None
    days: int | None = None
    """From the first smaller dose to the last one."""
    reached: str | None = None
    cautioned: int | None = None
    """How many of the steps stand under a caution."""


class Expectation(msgspec.Struct, frozen=True):
    """What must come out of a case; what is not named is not tested."""

    refused: tuple[str, ...] = ()
    """The case is refused with exactly these fault codes; then nothing else may stand here."""
    outside: bool | None = None
    decisions: dict[str, DecisionExpectation] = {}
    drugs: dict[str, str] = {}
    hazards: dict[str, dict[str, Finding]] = {}
    """Drug id -> condition of a hazard, as ``myorx show`` prints it -> how it stands."""
    notes: dict[str, dict[str, OneOf["shown", "absent"]]] = {}
    """Drug, decision or advice -> condition of one of its notes (a decision's candidates included)
    -> whether the note stands in the plan."""
    topics: dict[str, tuple[str, ...]] = {}
    """Drug id -> the topics, neither more nor fewer, that matter now and are not covered for it."""
    elsewhere: dict[str, OneOf["shown", "absent"]] = {}
    """Whether a topic to check elsewhere is named."""
    alerts: dict[str, AlertState] = {}
    advice: dict[str, AdviceState] = {}
    doses: dict[str, str] = {}
    """Drug id -> the amount as the English text gives it, or ``withheld``."""
    taper: TaperExpectation | None = None
    calendar: dict[str, str] = {}
    """What is due -> its day, its window ``2026-12-20–2027-01-17``, the next of its days,
    ``when_known`` (or what the English text then says, ``4 wk after …``), ``in_words``, ``passed``,
    or ``absent``."""
    needs: tuple[str, ...] = ()
    needs_not: tuple[str, ...] = ()
    facts: dict[str, str] = {}
    findings: dict[str, Finding] = {}
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    headline_has: Words = Words()
    headline_lacks: Words = Words()


class Vignette(msgspec.Struct, frozen=True):
    """A case with expected results; test, example and documentation at once."""

    id: str
    title: Text
    source: str
    """``boundary``, ``reading``, or the id of a published report in references.json."""
    as_of: date
    case: Any
    """The case as a user would type it: plain mappings, lists and values; numbers exact."""
    expect: Expectation
    facts_from: str | None = None
    """For a published case: what was read ("abstract", "full text")."""


def load_vignettes(folder: Path) -> tuple[tuple[Vignette, ...], Positions]:
    """All vignettes of a guideline folder, in the order of the files, with their positions.

    Raises GuidelineError with every problem of form; names are checked by ``check_vignettes``.
    """
    from myorx.guideline.sources import read_vignettes

    return read_vignettes(folder)
