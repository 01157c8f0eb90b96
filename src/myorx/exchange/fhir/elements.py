"""Parts of a FHIR resource, read without trust: whatever stands there, nothing here raises."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from myorx.exchange.codes import Codes, Coding

Json: TypeAlias = dict[str, Any]
"""A JSON object. Numbers are text where we parse it ourselves; others may hand us numbers."""

UCUM = "http://unitsofmeasure.org"


class Concept(NamedTuple):
    """A CodeableConcept: its codes, and its text (or else the first display)."""

    codings: tuple[Coding, ...]
    text: str

    @property
    def told(self) -> str:
        """What to call it in a report: the text, with its first code."""
        code = self.codings[0].told if self.codings else ""
        return " ".join(part for part in (self.text, f"[{code}]" if code else "") if part) or "?"


def part(parent: Any, name: str) -> Json:
    """The object under ``name``; empty where there is none."""
    if isinstance(parent, dict):
        found = parent.get(name)
        if isinstance(found, dict):
            return found
    return {}


def parts(parent: Any, name: str) -> list[Json]:
    """The objects of the list under ``name``."""
    if isinstance(parent, dict):
        found = parent.get(name)
        if isinstance(found, list):
            return [each for each in found if isinstance(each, dict)]
    return []


def text(parent: Any, name: str) -> str:
    """The string under ``name``; empty where there is none."""
    if isinstance(parent, dict):
        found = parent.get(name)
        if isinstance(found, str):
            return found.strip()
    return ""


def number(parent: Any, name: str) -> str:
    """The number under ``name`` as text, exactly as far as it was handed over."""
    found = parent.get(name) if isinstance(parent, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int | float | Decimal):
        return ""
    return found.strip() if isinstance(found, str) else str(found)


def concept(parent: Any, name: str, codes: Codes) -> Concept:
    """The CodeableConcept under ``name``."""
    found = part(parent, name)
    return as_concept(found, codes) if found else _NOTHING


def as_concept(found: Json, codes: Codes) -> Concept:
    """A CodeableConcept."""
    codings: list[Coding] = []
    for each in parts(found, "coding"):
        code = text(each, "code")
        if code:
            codings.append(codes.coding(text(each, "system"), code, text(each, "display")))
    said = text(found, "text") or next((each.display for each in codings if each.display), "")
    return Concept(tuple(codings), said)


_NOTHING: Final = Concept((), "")


def code_of(parent: Any, name: str) -> str:
    """The first code of the CodeableConcept under ``name``, whatever its system: for elements whose
    codes FHIR itself fixes."""
    return next((text(each, "code") for each in parts(part(parent, name), "coding")), "")


def moment(parent: Any, name: str) -> str:
    """When: ``nameDateTime``, ``nameInstant``, or the end (else start) of ``namePeriod``."""
    period = part(parent, f"{name}Period")
    return (
        text(parent, f"{name}DateTime")
        or text(parent, f"{name}Instant")
        or text(period, "end")
        or text(period, "start")
    )


def unit(quantity: Json) -> str:
    """The unit of a Quantity: its UCUM code, else what is printed."""
    code = text(quantity, "code")
    return code if code and text(quantity, "system") == UCUM else text(quantity, "unit") or code
