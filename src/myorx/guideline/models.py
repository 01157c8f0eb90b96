"""What a guideline is: frozen data, one class per kind of knowledge.

The classes mirror the YAML files key for key (``docs/authors.md`` describes the files); the loader
fills them, the checks walk them, and JSON Schemas are generated from them.
"""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.guideline.texts import Basis, Condition, Text
from myorx.language.syntax import Expression

StatementKind: TypeAlias = OneOf[
    "definition",
    "epidemiology",
    "classification",
    "recommendation",
    "dose",
    "duration",
    "monitoring",
    "evidence",
    "adverse_effect",
    "caution",
    "contraindication",
    "mechanism",
    "prognosis",
    "background",
    "scope",
]
StatementStatus: TypeAlias = OneOf["encoded", "background", "untranslatable", "disputed", "pending"]
Population: TypeAlias = OneOf["adult", "child", "any", "women", "men", "unstated"]
Weight: TypeAlias = OneOf["critical", "major", "minor"]
Severity: TypeAlias = OneOf["critical", "warning", "info"]
Role: TypeAlias = OneOf[
    "first_line", "alternative", "add_on", "rescue", "not_established", "no_drug"
]
ArgumentKind: TypeAlias = OneOf["for", "against", "exclude", "caution"]
FactType: TypeAlias = OneOf["boolean", "integer", "decimal", "quantity", "code", "date"]
AdviceKind: TypeAlias = OneOf[
    "monitor", "prevent", "assess", "supplement", "counsel", "rehabilitate"
]
Level: TypeAlias = OneOf["recommended", "option"]
DerivationOperator: TypeAlias = OneOf[
    "current",
    "ever",
    "first_date",
    "last_date",
    "count_distinct",
    "sum_days_at_least",
    "equivalent_dose",
    "response",
]


class Statement(msgspec.Struct, frozen=True):
    """One atomic statement of the source. ``quote`` anchors it; ``says`` is our paraphrase."""

    id: str
    quote: str
    says: Text
    kind: StatementKind
    status: StatementStatus
    refs: tuple[int, ...] = ()
    after: str | None = None
    strength: str | None = None
    population: Population | None = None
    indirect: bool = False
    why: Text | None = None
    disputes: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """One way to read a disputed place."""

    id: str
    says: Text


class Dispute(msgspec.Struct, frozen=True):
    """A fault, gap or contradiction in the source: its readings, the one taken, and why."""

    id: str
    weight: Weight
    problem: Text
    readings: tuple[Reading, ...]
    taken: str
    why: Text
    shows: Text
    where: tuple[str, ...] = ()


class Setting(msgspec.Struct, frozen=True):
    """A number we had to choose; ``value`` is a literal, settable per run, named in the receipt."""

    id: str
    value: Expression
    label: Text
    why: Text
    basis: Basis = "inferred"
    cites: tuple[str, ...] = ()


class Verb(msgspec.Struct, frozen=True):
    """The source's own verb, its English rendering, and what it makes of an indicated candidate."""

    zh: str
    en: str
    level: Level


class Topic(msgspec.Struct, frozen=True):
    """Something a drug file may not cover (pregnancy, lactation …) and when that matters."""

    id: str
    label: Text
    when: Condition


class Elsewhere(msgspec.Struct, frozen=True):
    """A topic outside the source that a prescriber must check elsewhere; named, never answered."""

    id: str
    says: Text
    when: Condition | None = None


class Scope(msgspec.Struct, frozen=True):
    """For whom the guideline speaks: known false means outside it; unknown means ask."""

    when: Condition
    outside: Text
    cites: tuple[str, ...] = ()


class Review(msgspec.Struct, frozen=True):
    """The state of clinical review, printed on every output."""

    state: str
    says: Text


class Scales(msgspec.Struct, frozen=True):
    """Which facts doses scale with, and which tell the population."""

    weight: str
    body_surface_area: str
    age: str
    adult_from: str
    """Name of the setting that holds the age (years) from which a dose for adults applies."""


class Section(msgspec.Struct, frozen=True):
    """One section of the source, as statements are numbered: ``number`` 5 holds S5.1, S5.F1 …"""

    number: str
    title: Text


class Manifest(msgspec.Struct, frozen=True):
    """``guideline.yaml``: identity, scope, settings and vocabulary of one guideline."""

    id: str
    version: str
    date: str
    title: Text
    source: str
    """Key of the source in references.json."""
    review: Review
    notice: Text
    """"Decision support for professionals …", printed on every output."""
    scope: Scope
    scales: Scales
    settings: tuple[Setting, ...]
    verbs: tuple[Verb, ...]
    topics: tuple[Topic, ...]
    elsewhere: tuple[Elsewhere, ...]
    sections: tuple[Section, ...] = ()
    """What the sections of the source are called, for documents made of the guideline."""


class AcceptedUnit(msgspec.Struct, frozen=True):
    """A further unit a value may come in. ``factor`` (``"1/2.496"``): where UCUM cannot tell."""

    unit: str
    factor: str | None = None
    source: str | None = None


class RefusedUnit(msgspec.Struct, frozen=True):
    """A unit that is refused although it might convert, and the reason to print."""

    unit: str
    says: Text


class Code(msgspec.Struct, frozen=True):
    """One value of a coded fact."""

    id: str
    label: Text
    also: tuple[str, ...] = ()


class Phrase(msgspec.Struct, frozen=True):
    """A Boolean's own words when true and when false: "vaccinated" / "not vaccinated"."""

    true: Text
    false: Text


class Inference(msgspec.Struct, frozen=True):
    """Where no value was given: the first inference whose ``when`` is known true sets the fact."""

    value: Expression
    says: Text
    when: Condition | None = None
    basis: Basis = "inferred"
    cites: tuple[str, ...] = ()


class FullDose(msgspec.Struct, frozen=True):
    """A threshold for ``sum_days_at_least``: min(per_kg x weight, cap) - tolerance, in mg/d."""

    per_kg: Expression
    cap: Expression
    tolerance: Expression


class Derivation(msgspec.Struct, frozen=True):
    """A fact computed from the therapy history by one operator of a closed menu."""

    op: DerivationOperator
    drug: str | None = None
    drug_class: str | None = None
    at_least: FullDose | None = None
    effective: bool | None = None
    min_days: Expression | None = None
    is_response: str | None = None
    routes: tuple[str, ...] = ()

    @property
    def weighs(self) -> bool:
        """Whether it computes doses, some of which are per kilogram: then the weight matters."""
        return self.op in ("equivalent_dose", "sum_days_at_least")


class InstrumentUse(msgspec.Struct, frozen=True):
    """A fact computed by an instrument (``myorx.instruments``) from other facts, where it was not
    given: one of the instrument's values. What is unknown is left out; the instrument then gives
    bounds, or nothing."""

    name: str
    value: str
    """Id of the value of its result."""
    inputs: dict[str, Expression]
    """Input of the instrument -> an expression over facts and settings, or a literal."""
    needs: tuple[str, ...] = ()
    """Inputs without which nothing is computed."""
    cites: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True):
    """One named, typed, unit-bearing thing about a patient."""

    id: str
    group: str
    label: Text
    type: FactType
    question: Text | None = None
    """How to ask for it, or which test decides it; required unless ``derived``."""
    phrase: Phrase | None = None
    unit: str | None = None
    units: tuple[AcceptedUnit, ...] = ()
    refuse: tuple[RefusedUnit, ...] = ()
    unit_required: bool = False
    plausible: tuple[str, str] | None = None
    max_age: str | None = None
    """Name of a setting (days); past it the value is stale."""
    absent: OneOf["unknown", "no"] = "unknown"
    values: tuple[Code, ...] = ()
    also: tuple[str, ...] = ()
    derived: bool = False
    """True: never accepted as input, only inferred or derived."""
    infer: tuple[Inference, ...] = ()
    derive: Derivation | None = None
    instrument: InstrumentUse | None = None
    terminology: dict[str, str] = {}
    """Verified codes: loinc, hpo, ..."""
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    note: Text | None = None


class Group(msgspec.Struct, frozen=True):
    """A clinical group of facts; a case may nest its facts under ``id`` or give them flat."""

    id: str
    label: Text


class Contradiction(msgspec.Struct, frozen=True):
    """Facts that cannot hold together (``facts/contradictions.yaml``): where ``when`` is known true
    the case is refused, with ``id`` as the code of the fault; in an import the facts named in
    ``when`` become unknown instead."""

    id: str
    when: Condition
    says: Text
    """What is contradictory, to the person who typed it."""


class Definition(msgspec.Struct, frozen=True):
    """A named expression over facts."""

    id: str
    label: Text
    expression: Condition
    phrase: Phrase | None = None
    basis: Basis = "quoted"
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    note: Text | None = None


class Argument(msgspec.Struct, frozen=True):
    """A reason for, against, to exclude, or for caution: of a candidate, an advice, or a drug
    (there it is a hazard)."""

    kind: ArgumentKind
    when: Condition
    says: Text | None = None
    """The reason itself, never the condition: that is generated from the tree."""
    strength: str | None = None
    basis: Basis = "quoted"
    severity: Severity | None = None
    indirect: bool = False
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """A figure or remark shown beside what it belongs to; changes no status."""

    says: Text
    when: Condition | None = None
    basis: Basis = "quoted"
    indirect: bool = False
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Dose(msgspec.Struct, frozen=True):
    """An amount, or a range, per day or as the unit says. ``amount`` in mg/kg/d scales with weight,
    in mg/m2 with body surface area; ``cap`` bounds the scaled result."""

    amount: Expression | None = None
    low: Expression | None = None
    high: Expression | None = None
    cap: Expression | None = None
    or_above: bool = False


class Tablet(msgspec.Struct, frozen=True):
    """The tablet a dose is counted in, e.g. 5 mg."""

    strength: Expression
    source: str
    verified: bool


class Due(msgspec.Struct, frozen=True):
    """When something is due: in a window counted from a day, again and again from then on, or only
    in the source's own words (``rhythm``) where it gives no interval."""

    id: str
    label: Text
    """A few words: what is due."""
    anchor: Expression | None = None
    """The day it is counted from: a date fact, or ``as_of``. Unknown: "when known"."""
    weeks: Expression | None = None
    """Whole weeks since that day, where a fact counts them; it decides where the two differ."""
    anchor_label: Text | None = None
    """The day in words: "the start of the course"."""
    start: Expression | None = None
    """First day of the window, as a duration after the anchor (key ``from``); below zero, with
    neither ``to`` nor ``every``, the day that lies so long before it."""
    to: Expression | None = None
    """Last day of the window."""
    every: Expression | None = None
    """The interval at which it comes again from ``start`` on."""
    rhythm: Text | None = None
    """How often, in words, where no interval is stated."""
    when: Condition | None = None
    basis: Basis = "quoted"
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Wait(msgspec.Struct, frozen=True):
    """Something that must have passed, or (``caution``) had better have passed, before a step."""

    anchor: Expression
    """The day it is counted from: a date fact."""
    length: Expression
    """A duration."""
    says: Text
    weeks: Expression | None = None
    """Whole weeks since that day, where a fact counts them; it decides where the two differ."""
    when: Condition | None = None
    caution: bool = False
    """True: earlier steps are warned about, not ruled out."""
    basis: Basis = "quoted"
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Taper(msgspec.Struct, frozen=True):
    """How a dose is brought down step by step, counted in the tablets of its regimen."""

    dose: Expression
    """The dose now, as the reference steroid a day."""
    least: Expression
    """Share of the current dose that a step takes away, at least and at most (in %)."""
    most: Expression
    every: Expression
    """How long a step lasts."""
    low: Expression
    """The target: from ``low`` to ``high``."""
    high: Expression
    up_to: Expression
    """The largest dose that it describes."""
    at_least: Expression
    """How long the whole must last, from the first smaller dose to the last."""
    smallest: Expression
    """The smallest part of a tablet that can be taken, as an amount."""
    after: Text
    """What the source says, or does not say, of the time after the target is reached."""
    at_target: Text
    """What is said of a dose that is at or under the target already."""
    above: Text
    """What is said of a dose above ``up_to``."""
    waits: tuple[Wait, ...] = ()


class Regimen(msgspec.Struct, frozen=True):
    """Dose, route, rhythm and duration, only as the source gives them."""

    id: str
    label: Text
    population: Population
    basis: Basis
    cites: tuple[str, ...]
    route: str | None = None
    dose: Dose | None = None
    rhythm: Text | None = None
    duration: Text | None = None
    tablet: Tablet | None = None
    taper: Taper | None = None
    disputes: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class Drug(msgspec.Struct, frozen=True):
    """A drug, procedure or measure, with what the whole source says against giving it."""

    id: str
    names: Text
    kind: OneOf["drug", "procedure", "measure"] = "drug"
    also: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    codes: dict[str, str] = {}
    routes: tuple[str, ...] = ()
    steroid: str | None = None
    """Name in the steroid equivalence table of ``instruments``, for a systemic glucocorticoid."""
    hazards: tuple[Argument, ...] = ()
    no_hazards_stated: bool = False
    """The author looked: the source states no hazard for this drug."""
    not_covered: tuple[str, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    due: tuple[Due, ...] = ()
    """What is due before and while it is given, whoever offers it."""
    notes: tuple[Note, ...] = ()
    disputes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


class DrugClass(msgspec.Struct, frozen=True):
    """A class of drugs; members are the drugs that name it."""

    id: str
    names: Text
    also: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


class Part(msgspec.Struct, frozen=True):
    """One part of a candidate: a drug with any of some regimens, or any one member of a class."""

    drug: str | None = None
    drug_class: str | None = None
    regimens: tuple[str, ...] = ()
    route: str | None = None


class Candidate(msgspec.Struct, frozen=True):
    """One answer to a decision: a regimen of parts with its role and arguments."""

    id: str
    names: Text
    role: Role
    arguments: tuple[Argument, ...]
    parts: tuple[Part, ...] = ()
    requires: Condition | None = None
    """What must have happened first (a named failure, for rescue); not so: held in reserve."""
    due: tuple[Due, ...] = ()
    notes: tuple[Note, ...] = ()
    disputes: tuple[str, ...] = ()


class Preference(msgspec.Struct, frozen=True):
    """``choose`` stands before ``over`` among candidates of equal status; never promotes."""

    choose: str
    over: tuple[str, ...]
    when: Condition
    cites: tuple[str, ...]
    basis: Basis = "quoted"


class Yield(msgspec.Struct, frozen=True):
    """This decision leaves the answer to another that applies; ``keeps`` is what it alone says."""

    decision: str
    keeps: Text
    cites: tuple[str, ...]
    when: Condition | None = None
    """Only then; always, where it is left out."""
    basis: Basis = "quoted"
    disputes: tuple[str, ...] = ()


class Gap(msgspec.Struct, frozen=True):
    """A situation the source leaves without an answer; said aloud where it applies."""

    id: str
    when: Condition
    says: Text
    cites: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """A clinical question with candidates. ``order`` is its rank on the page."""

    id: str
    section: str
    order: int
    question: Text
    applies: Condition
    candidates: tuple[Candidate, ...]
    cites: tuple[str, ...] = ()
    basis: Basis = "quoted"
    yield_to: tuple[Yield, ...] = ()
    prefer: tuple[Preference, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[Note, ...] = ()
    outside_scope: bool = False


class Advice(msgspec.Struct, frozen=True):
    """Something to do that is no choice between candidates."""

    id: str
    kind: AdviceKind
    order: int
    when: Condition
    label: Text
    """A few words for the headline."""
    says: Text
    cites: tuple[str, ...]
    strength: str | None = None
    basis: Basis = "quoted"
    parts: tuple[Part, ...] = ()
    arguments: tuple[Argument, ...] = ()
    due: tuple[Due, ...] = ()
    notes: tuple[Note, ...] = ()
    disputes: tuple[str, ...] = ()
    outside_scope: bool = False
    """True: holds also for patients outside the guideline's scope for drugs."""


class Alert(msgspec.Struct, frozen=True):
    """Raised when ``when`` is true; as *possible* when it is unknown and ``possible`` is true."""

    id: str
    level: Severity
    when: Condition
    says: Text
    cites: tuple[str, ...]
    possible: Condition | None = None
    says_possible: Text | None = None
    basis: Basis = "quoted"
    disputes: tuple[str, ...] = ()


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """An author as CSL-JSON names one."""

    family: str | None = None
    given: str | None = None
    literal: str | None = None


class Issued(msgspec.Struct, frozen=True, rename={"date_parts": "date-parts"}):
    """A CSL-JSON date."""

    date_parts: tuple[tuple[int, ...], ...]


class Reference(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={"container_title": "container-title"},
):
    """One bibliographic item of references.json (CSL-JSON)."""

    id: str
    type: str
    title: str
    author: tuple[Person, ...] = ()
    container_title: str | None = None
    publisher: str | None = None
    issued: Issued | None = None
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    edition: str | None = None
    language: str | None = None
    DOI: str | None = None
    ISSN: str | None = None
    PMID: str | None = None
    PMCID: str | None = None
    URL: str | None = None
    note: str | None = None


class Guideline(msgspec.Struct, frozen=True):
    """A whole guideline. Every collection is keyed by id, in the order of the files."""

    manifest: Manifest
    statements: dict[str, Statement]
    disputes: dict[str, Dispute]
    groups: dict[str, Group]
    facts: dict[str, Fact]
    definitions: dict[str, Definition]
    classes: dict[str, DrugClass]
    drugs: dict[str, Drug]
    decisions: dict[str, Decision]
    advice: dict[str, Advice]
    alerts: dict[str, Alert]
    references: dict[str, Reference]
    source_hash: str
    """SHA-256 (hex) over names and bytes of all source files."""
    contradictions: dict[str, Contradiction] = {}
