"""Mappings: what the codes of other systems mean in the facts and drugs of a guideline.

``mappings/*.yaml`` of a guideline's folder; the formats (FHIR, Phenopackets, HL7 v2) read them all.
What the guideline itself states (``terminology`` of a fact, ``codes`` of a drug) counts by itself;
a mapping adds what these cannot say. Here the files are only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from myorx.guideline.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from myorx.guideline.positions import Positions


class FactCodes(msgspec.Struct, frozen=True):
    """Codes that speak of one fact."""

    fact: str
    codes: dict[str, tuple[str, ...]]
    """Name of a system -> codes in it."""
    value: str | None = None
    """What the fact is where the code itself stands as a finding; a Boolean is then true."""
    answers: dict[str, str] = {}
    """``system|code`` of a coded answer -> the value of the fact."""
    above: str | None = None
    """A number above this one makes the (Boolean) fact true, any other one false."""
    onset: str | None = None
    """The fact that takes the day of onset of a finding."""
    only: str | None = None
    """The one value that such a result can give; any other one leaves the fact open."""
    past: bool = False
    """Something that is over counts too: a history."""
    why: str | None = None
    """Where the codes come from, or how far they are verified."""


class DrugCodes(msgspec.Struct, frozen=True):
    """Further codes of one drug."""

    drug: str
    codes: dict[str, tuple[str, ...]]
    why: str | None = None


class AllergyCodes(msgspec.Struct, frozen=True):
    """Substances whose allergy is a fact. ``none_known``: a statement that no allergy (to any drug)
    is known makes it false."""

    fact: str
    codes: dict[str, tuple[str, ...]]
    none_known: dict[str, tuple[str, ...]] = {}
    why: str | None = None


class AnswerCodes(msgspec.Struct, frozen=True):
    """Codes for a result: what a case would say in their place (``positive``)."""

    says: str
    codes: dict[str, tuple[str, ...]]


class RouteCodes(msgspec.Struct, frozen=True):
    """Codes for a way of giving a drug."""

    route: str
    codes: dict[str, tuple[str, ...]]


class Mapping(msgspec.Struct, frozen=True):
    """One file of ``mappings/``."""

    id: str
    about: Text
    systems: dict[str, tuple[str, ...]] = {}
    """Name of a code system -> the addresses that stand for it."""
    prefixes: dict[str, tuple[str, ...]] = {}
    """Name of a code system -> its prefixes in ``PREFIX:code`` and its names in HL7 v2."""
    base: str | None = None
    """Where our own code systems and definitions are named from."""
    facts: tuple[FactCodes, ...] = ()
    drugs: tuple[DrugCodes, ...] = ()
    allergies: tuple[AllergyCodes, ...] = ()
    answers: tuple[AnswerCodes, ...] = ()
    routes: tuple[RouteCodes, ...] = ()
    optional: bool = False
    """Read only where it is asked for: its codes need a licence that not everybody has."""


def load_mappings(folder: Path | str) -> tuple[tuple[Mapping, ...], Positions]:
    """The mappings of a guideline folder, and where they stand. Raises GuidelineError."""
    from pathlib import Path

    from myorx.guideline.sources import read_mappings

    return read_mappings(Path(folder))
