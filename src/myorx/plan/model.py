"""The plan, ``myorx.plan/1``: what comes out for one case. Every text stands in both languages.

The same object feeds the terminal, JSON, records, cards and pages. Same case, same guideline, same
settings: same bytes. ``plan.schema.json`` is generated from these classes.
"""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.guideline.models import (
    AdviceKind,
    ArgumentKind,
    Level,
    Population,
    Role,
    Severity,
    StatementStatus,
    Weight,
)
from myorx.guideline.texts import Basis, Text

SCHEMA = "myorx.plan/1"

Truth: TypeAlias = OneOf["true", "false", "unknown"]
Indication: TypeAlias = OneOf["indicated", "contested", "possible", "advised_against", "none"]
Safety: TypeAlias = OneOf["clear", "blocked", "excluded"]
Status: TypeAlias = OneOf[
    "recommended",
    "option",
    "contested",
    "undetermined",
    "blocked",
    "excluded",
    "advised_against",
    "not_indicated",
]
DecisionStatus: TypeAlias = OneOf["live", "open", "yielded", "outside_guideline"]
Verdict: TypeAlias = OneOf[
    "contraindicated", "conflict", "blocked", "caution", "not_covered", "clear"
]
AdviceStatus: TypeAlias = OneOf["do", "may_apply", "withheld"]
UnknownReason: TypeAlias = OneOf[
    "not_asked", "pending", "not_done", "indeterminate", "stale", "refused", "uncertain"
]


class _Model(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Common base: frozen; a key whose value is the default is left out of the JSON.

    Plans hold no cycles, so the garbage collector need not follow them.
    """


class Step(_Model, frozen=True):
    """One node of a trace: the expression in words and as text, its value, and its parts."""

    text: str
    """The expression in our language (CQL subset)."""
    says: Text
    value: str
    """``true``, ``false``, ``unknown``, or the value with its unit as printed."""
    facts: tuple[str, ...] = ()
    """At the root of a trace: every fact used under it, through definitions."""
    steps: tuple[Step, ...] = ()


class Reason(_Model, frozen=True):
    """One argument or hazard as it stands for this patient."""

    kind: ArgumentKind
    value: Truth
    condition: Text
    """Generated from the tree."""
    text: str
    """The condition in our language."""
    says: Text | None = None
    strength: Text | None = None
    """The source's own verb with its English rendering."""
    basis: Basis = "quoted"
    severity: Severity | None = None
    indirect: bool = False
    drug: str | None = None
    """The drug a hazard belongs to; None for the candidate's own arguments."""
    needs: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    trace: Step | None = None


class Remark(_Model, frozen=True):
    """A figure or note shown beside what it belongs to."""

    says: Text
    basis: Basis = "quoted"
    indirect: bool = False
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class DoseLine(_Model, frozen=True):
    """A dose for this patient, or the reason why none is given."""

    drug: str
    regimen: str
    label: Text
    says: Text
    """The whole line: "60 mg/d = 12 × 5 mg (1 mg/kg/d × 60 kg); once daily"."""
    brief: Text
    """The dose alone, for the headline: "60 mg/d = 12 × 5 mg (1 mg/kg/d × 60 kg)"."""
    population: Population
    basis: Basis
    amount: str | None = None
    """Rounded to whole tablets, with unit: ``60 mg/d``."""
    unrounded: str | None = None
    high: str | None = None
    """Upper end where the source gives a range."""
    scaled_by: str | None = None
    """The fact the dose scales with and the value used: ``weight 60 kg``."""
    cap: str | None = None
    capped: bool = False
    tablets: str | None = None
    """``12 x 5 mg``."""
    withheld: Text | None = None
    needs: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class PartResult(_Model, frozen=True):
    """One part of a candidate with its own safety: what must wait and what need not."""

    id: str
    """Drug or class id."""
    names: Text
    safety: Safety
    is_class: bool = False
    members: tuple[PartResult, ...] = ()
    """For a class: every member with its own safety."""
    hazards: tuple[Reason, ...] = ()
    """Hazards that are true or unknown."""
    cleared: tuple[Reason, ...] = ()
    """Hazards that are known false."""
    doses: tuple[DoseLine, ...] = ()
    dose_not_stated: bool = False
    not_covered: tuple[str, ...] = ()
    """Topics that matter now and that the source does not cover for this drug."""


class CandidateResult(_Model, frozen=True):
    """One candidate on its two axes."""

    id: str
    names: Text
    role: Role
    status: Status
    indication: Indication
    safety: Safety
    provisional: bool = False
    reserved: bool = False
    """Its own condition holds, but what it is a rescue for has not (known) happened."""
    requires: Reason | None = None
    capped_by: tuple[str, ...] = ()
    """Topics the source does not cover that hold the status at undetermined."""
    level: Level | None = None
    """What the verb makes of it once nothing blocks it."""
    verb: Text | None = None
    """The verb of the strongest true reason for it."""
    because: Text | None = None
    """The condition of that reason, where it says more than "always"."""
    basis: Basis = "quoted"
    """``inferred`` when every true (or, if none is, every unknown) reason for it is inferred."""
    parts: tuple[PartResult, ...] = ()
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Remark, ...] = ()
    needs: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class GapResult(_Model, frozen=True):
    """A situation the source does not answer, and that holds (or may hold) here."""

    id: str
    value: Truth
    says: Text
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class DecisionResult(_Model, frozen=True):
    """One clinical question with its candidates, best first."""

    id: str
    section: str
    question: Text
    status: DecisionStatus
    applies: Reason | None = None
    yields_to: str | None = None
    keeps: Remark | None = None
    candidates: tuple[CandidateResult, ...] = ()
    none_left: Text | None = None
    """Said when no candidate is left that could be offered, with the reason."""
    gaps: tuple[GapResult, ...] = ()
    notes: tuple[Remark, ...] = ()


class DrugResult(_Model, frozen=True):
    """The verdict on one drug taken, ordered, offered, or advised."""

    id: str
    names: Text
    verdict: Verdict
    taken: bool = False
    ordered: bool = False
    offered: tuple[str, ...] = ()
    """Decisions or advice that offer it."""
    provisional: bool = False
    """Something against it, or whether an uncovered topic matters, is still unknown."""
    severity: Severity | None = None
    says: Text | None = None
    hazards: tuple[Reason, ...] = ()
    """True or unknown hazards."""
    not_covered: tuple[str, ...] = ()
    notes: tuple[Remark, ...] = ()
    needs: tuple[str, ...] = ()


class AdviceResult(_Model, frozen=True):
    """Something to do."""

    id: str
    kind: AdviceKind
    status: AdviceStatus
    label: Text
    says: Text
    verb: Text | None = None
    basis: Basis = "quoted"
    condition: Reason | None = None
    parts: tuple[PartResult, ...] = ()
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Remark, ...] = ()
    needs: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class AlertResult(_Model, frozen=True):
    """Something that must be seen first."""

    id: str
    level: Severity
    possible: bool
    """True: not established, one half is still unknown."""
    says: Text
    basis: Basis = "quoted"
    needs: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Finding(_Model, frozen=True):
    """A definition that touches a live decision."""

    id: str
    label: Text
    says: Text
    """"several risk factors: yes" in words."""
    value: str
    basis: Basis
    trace: Step
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Need(_Model, frozen=True):
    """An unknown fact that can still change the plan; best first."""

    fact: str
    label: Text
    question: Text
    reason: UnknownReason
    why: Text
    """"decides this drug"; "stale: 620 ng/mL of 2024-10-20"."""
    decides: tuple[str, ...] = ()
    """What depends on it: ``decision/candidate``, ``drug:id``, ``advice:id``, ``alert:id``."""
    urgent: bool = False
    """Unblocks an indicated candidate or settles a critical alert."""


class StatementShown(_Model, frozen=True):
    """A statement the plan cites: our paraphrase, the anchoring words, the source's references."""

    id: str
    quote: str
    says: Text
    status: StatementStatus
    refs: tuple[int, ...] = ()
    strength: str | None = None


class DisputeShown(_Model, frozen=True):
    """A fault of the source that touches this plan, and the reading taken."""

    id: str
    weight: Weight
    problem: Text
    taken: Text
    why: Text


class FactUsed(_Model, frozen=True):
    """A fact as it entered the plan: as given, as used, or why it is unknown."""

    id: str
    label: Text
    value: str
    """As used, with unit, or ``unknown``."""
    origin: OneOf["given", "inferred", "derived", "absent_no", "not_given"]
    words: Text | None = None
    """A code's label; of a Boolean yes or no, or its own phrase ("anti-X positive")."""
    given: str | None = None
    on: str | None = None
    reason: UnknownReason | None = None
    says: Text | None = None
    """The inference in words, where inferred."""
    basis: Basis | None = None
    """Of the inference."""
    cites: tuple[str, ...] = ()


class TaperStep(_Model, frozen=True):
    """One dose of a taper, from its first day to its last."""

    number: int
    on: str
    """First day."""
    until: str | None
    """Last day; None: the last dose, whose end is not stated."""
    dose: str
    """``47.5 mg/d``."""
    tablets: str
    """``9½ × 5 mg``."""
    fall: str
    """What the step takes away of the dose before: ``20.8 %``."""
    remark: Text | None = None
    """Why the fall is not what the source asks."""
    caution: Text | None = None
    """What speaks against a smaller dose at this early day."""


class TaperPlan(_Model, frozen=True):
    """A dose brought down in real tablets, step by step; or why no steps can be given."""

    drug: str
    names: Text
    dose: str
    """The dose before the first step."""
    start: str
    """Day of the first smaller dose."""
    target: str
    """``5–10 mg/d``."""
    says: Text
    steps: tuple[TaperStep, ...] = ()
    reached: str | None = None
    """Day of the last dose."""
    days: int | None = None
    """From the first smaller dose to the last one."""
    undefined: Text | None = None
    """Why there are no steps."""
    remarks: tuple[Remark, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


TaperState: TypeAlias = OneOf[
    "may_start", "with_caution", "not_yet", "cause_first", "at_target", "undetermined"
]


class TaperOutlook(_Model, frozen=True):
    """Whether a taper may begin now, why not yet and from when, and its steps where it may."""

    decision: str
    candidate: str
    names: Text
    state: TaperState
    says: Text
    why: tuple[Remark, ...] = ()
    earliest: str | None = None
    """The first day that what must have passed leaves open; improvement is asked for besides."""
    cautions: tuple[Remark, ...] = ()
    """What advises against a start now, with the day from which it no longer does."""
    plan: TaperPlan | None = None
    needs: tuple[str, ...] = ()


class CalendarEntry(_Model, frozen=True):
    """Something that is due: in a window, again and again, or as often as the source's words say.

    Exactly one of ``first`` (its day is known), ``when_known`` and ``rhythm`` leads the entry.
    """

    source: str
    """What it belongs to: ``advice:id``, ``decision/candidate``, ``drug:id``."""
    id: str
    label: Text
    says: Text
    """When, in words, with the days where they are known."""
    first: str | None = None
    last: str | None = None
    every: int | None = None
    """Days from one time to the next."""
    dates: tuple[str, ...] = ()
    """The next days, where it comes again and again."""
    passed: bool = False
    """The window lies wholly before the day of the plan."""
    when_known: Text | None = None
    """The day it is counted from, which is not known."""
    rhythm: Text | None = None
    basis: Basis = "quoted"
    needs: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Calendar(_Model, frozen=True):
    """What lies ahead: tapers, monitoring and re-assessment."""

    tapers: tuple[TaperOutlook, ...] = ()
    entries: tuple[CalendarEntry, ...] = ()


LineKind: TypeAlias = OneOf[
    "outside",
    "alert",
    "plan",
    "check",
    "option",
    "rescue",
    "not_advised",
    "advice",
    "gap",
    "elsewhere",
]


class Line(_Model, frozen=True):
    """One line of the headline."""

    kind: OneOf[
        "outside",
        "alert",
        "plan",
        "check",
        "option",
        "rescue",
        "not_advised",
        "advice",
        "gap",
        "elsewhere",
    ]
    says: Text
    level: Severity = "info"
    cites: tuple[str, ...] = ()


class Receipt(_Model, frozen=True):
    """What was run on what."""

    guideline: str
    version: str
    guideline_hash: str
    engine: str
    as_of: str
    case_hash: str
    review: Text
    notice: Text
    settings: dict[str, str]
    inferences: tuple[FactUsed, ...] = ()
    facts: tuple[FactUsed, ...] = ()


class Plan(_Model, frozen=True):
    """The result for one case."""

    schema: str
    title: Text
    as_of: str
    headline: tuple[Line, ...]
    alerts: tuple[AlertResult, ...]
    decisions: tuple[DecisionResult, ...]
    drugs: tuple[DrugResult, ...]
    advice: tuple[AdviceResult, ...]
    findings: tuple[Finding, ...]
    needs: tuple[Need, ...]
    not_covered: tuple[Remark, ...]
    statements: tuple[StatementShown, ...]
    disputes: tuple[DisputeShown, ...]
    receipt: Receipt
    outside_guideline: Text | None = None
    calendar: Calendar | None = None


class Supposition(_Model, frozen=True):
    """What the subject would become if one unknown fact were known."""

    fact: str
    label: Text
    value: str
    """The value supposed: ``true``, a code, ``> 500 ng/mL``."""
    says: Text
    status: str
    """The status, or verdict, it would then have."""
    changed: bool


class Explanation(_Model, frozen=True):
    """Why one candidate, drug or advice stands where it stands, and what would change that."""

    schema: str
    kind: OneOf["candidate", "drug", "advice"]
    id: str
    names: Text
    status: str
    """Its status or verdict; ``not_live`` for a candidate whose decision does not apply here."""
    says: Text
    """The status in one sentence."""
    decision: str | None = None
    question: Text | None = None
    applies: Reason | None = None
    why: tuple[Text, ...] = ()
    why_not: tuple[Text, ...] = ()
    unknown: tuple[Text, ...] = ()
    """Conditions that are still open, in words."""
    needs: tuple[Need, ...] = ()
    suppositions: tuple[Supposition, ...] = ()
    candidate: CandidateResult | None = None
    drug: DrugResult | None = None
    advice: AdviceResult | None = None
    statements: tuple[StatementShown, ...] = ()
    disputes: tuple[DisputeShown, ...] = ()
    receipt: Receipt | None = None
