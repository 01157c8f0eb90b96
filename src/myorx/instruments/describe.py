"""What an instrument takes and gives, as data: commands, services and pages are made from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

InputType: TypeAlias = OneOf["number", "boolean", "choice"]


class Words(msgspec.Struct, frozen=True):
    """One text in both languages."""

    zh: str
    en: str


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the words that an input or a result may be."""

    id: str
    label: Words
    also: tuple[str, ...] = ()
    """Other ways to write it."""


class Input(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to give. ``low`` and ``high`` (both allowed) bound a number, in ``unit`` (UCUM)."""

    id: str
    label: Words
    type: InputType
    required: bool = False
    """True: refused without it. Else it may be unknown: bounds, or "not computable"."""
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    default: str | None = None
    """The choice that is taken where none is given."""
    help: Words | None = None


class Output(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value of the result."""

    id: str
    label: Words
    type: InputType
    unit: str | None = None
    choices: tuple[Choice, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """Where constants are from, and whether they were read there."""

    id: str
    says: str
    verified: bool


class About(msgspec.Struct, frozen=True):
    """An instrument: its names, what it is for, what it takes and gives, where it ends."""

    id: str
    names: Words
    purpose: Words
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    limits: tuple[Words, ...]
    """Where it is valid, and where not."""
    sources: tuple[Source, ...]

    def input(self, id_: str) -> Input:
        """The input with this id; KeyError where there is none."""
        return {each.id: each for each in self.inputs}[id_]

    def output(self, id_: str) -> Output:
        """The value with this id; KeyError where there is none."""
        return {each.id: each for each in self.outputs}[id_]
