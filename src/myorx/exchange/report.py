"""What became of everything that a source holds: used, or left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.exchange.words import Note
from myorx.facts.faults import Fault
from myorx.guideline.texts import Text

Format: TypeAlias = OneOf["fhir", "phenopacket", "hl7", "csv"]


class Used(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing of the source that went into the case."""

    where: str
    """Its place in the source: ``entry[3] Observation/a1``, ``message 1, OBX 4``, ``row 12``."""
    subject: str
    """``fact:id``, ``drug:id`` or ``order:id``."""
    label: Text
    value: str
    """As the case has it."""
    on: str | None = None
    by: str = ""
    """How it was recognised: ``loinc 2276-4``."""
    notes: tuple[Note, ...] = ()


class Ignored(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing of the source that did not go into the case, and why."""

    where: str
    what: str
    """What it is, as the source names it."""
    why: Note


class Report(msgspec.Struct, frozen=True):
    """All that an import has to say. Nothing of the source is missing here."""

    format: Format
    used: tuple[Used, ...]
    ignored: tuple[Ignored, ...]
    notes: tuple[Note, ...] = ()
    """About the source as a whole."""
    refused: tuple[Fault, ...] = ()
    """Values that the reader of cases would not take; their facts are unknown."""


class UnreadableError(ValueError):
    """A source of which no case can be made; ``notes`` say why, all of it."""

    def __init__(self, *notes: Note) -> None:
        self.notes = notes
        super().__init__("\n".join(self.lines("en")))

    def lines(self, lang: str) -> list[str]:
        """The reasons, one a line, ``lang`` being ``zh`` or ``en``."""
        return [f"{number}. {each}" for number, each in enumerate(self._told(lang), 1)]

    def _told(self, lang: str) -> Iterator[str]:
        for each in self.notes:
            yield each.says.zh if lang == "zh" else each.says.en
