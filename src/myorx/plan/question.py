"""A question, ``myorx.questions/1``: what to find out next, why, how to ask, how to answer."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.guideline.models import FactType
from myorx.guideline.texts import Text
from myorx.plan.model import Need, UnknownReason

SCHEMA = "myorx.questions/1"

AnswerType: TypeAlias = FactType | OneOf["history"]
"""``history``: the treatments of a case, as its ``therapies``."""


class _Model(msgspec.Struct, frozen=True, omit_defaults=True):
    """Common base: frozen; a key whose value is the default is left out of the JSON."""


class Choice(_Model, frozen=True):
    """One value a coded answer may take."""

    id: str
    label: Text


class AnswerForm(_Model, frozen=True):
    """What an answer looks like: everything here may be typed in a case file as it stands."""

    type: AnswerType
    example: str
    """An answer that is accepted."""
    unit: str | None = None
    accepted: tuple[str, ...] = ()
    """Further units it may come in."""
    unit_required: bool = False
    choices: tuple[Choice, ...] = ()
    note: Text | None = None


class Effect(_Model, frozen=True):
    """What one answer would do to the plan."""

    value: str
    """The value supposed: ``true``, a code, ``> 500 ng/mL``."""
    says: Text
    """The answer in words, and the gravest changes."""
    changes: int
    """So many standings of the plan would change."""


class Question(_Model, frozen=True):
    """The next fact to find out; one answer may settle several facts."""

    fact: str
    """Key under which the answer stands in a case."""
    label: Text
    question: Text
    reason: UnknownReason
    """Why it is unknown so far."""
    why: Text
    """"decides a drug; flips a regimen"."""
    answer: AnswerForm
    worth: int
    """How much the plan changes with it: mean weight over its plausible values."""
    urgent: bool = False
    """Unblocks an indicated candidate or settles a critical alert."""
    facts: tuple[str, ...] = ()
    """The facts that one answer settles, where they are several."""
    decides: tuple[str, ...] = ()
    """``decision/candidate``, ``drug:id``, ``advice:id``, ``alert:id`` …"""
    together: tuple[str, ...] = ()
    """Other facts without which this one alone changes nothing."""
    effects: tuple[Effect, ...] = ()
    """What its plausible values would do, the gravest first."""


class Questions(_Model, frozen=True):
    """The questions of one case, best first."""

    schema: str
    guideline: str
    version: str
    as_of: str
    review: Text
    notice: Text
    questions: tuple[Question, ...]
    awaited: tuple[Need, ...] = ()
    """What somebody has looked for (pending, not done, indeterminate) and what still matters."""
