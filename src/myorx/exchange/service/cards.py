"""Cards, discovery and their parts as CDS Hooks 2.0 has them, written as it writes them."""

from __future__ import annotations

from typing import Any, Final
from typing import Literal as OneOf
from uuid import UUID, uuid5

import msgspec

from myorx.exchange.service.speech import Language
from myorx.exchange.service.words import keys, plain

SUMMARY_MOST: Final = 139
"""Characters: a summary has to be shorter than 140."""
REASONS_SYSTEM: Final = "urn:myorx:CodeSystem:override-reasons"
_SPACE: Final = UUID("6f1f1f0a-0d5c-5d6e-9f3c-7a1f6b0f7c11")
"""Name space of our identifiers: the same question gets the same ones."""


class _Model(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Common base: frozen; a key whose value is the default is left out."""


class Coding(_Model, frozen=True):
    """A code of some system."""

    code: str
    system: str
    display: str = ""


class Source(_Model, frozen=True):
    """Where the information of a card comes from."""

    label: str
    url: str = ""


class Action(_Model, frozen=True):
    """One change that a suggestion would make."""

    type: OneOf["create", "update", "delete"]
    description: str
    resource: dict[str, Any] | None = None
    resource_id: str | None = None


class Suggestion(_Model, frozen=True):
    """Something that the user may take over with one click."""

    label: str
    uuid: str
    actions: tuple[Action, ...]


class Card(_Model, frozen=True):
    """One card."""

    uuid: str
    summary: str
    indicator: OneOf["info", "warning", "critical"]
    source: Source
    detail: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    selection_behavior: OneOf["at-most-one", "any"] | None = None
    override_reasons: tuple[Coding, ...] = ()


class Cards(msgspec.Struct, frozen=True):
    """The answer to a hook."""

    cards: tuple[Card, ...]


class Hook(_Model, frozen=True):
    """One service as it is discovered."""

    hook: str
    id: str
    title: str
    description: str
    prefetch: dict[str, str]
    usage_requirements: str = ""


class Discovery(msgspec.Struct, frozen=True):
    """All services."""

    services: tuple[Hook, ...]


def short(text: str) -> str:
    """``text`` as a summary: cut between words where it is too long, and then it says so."""
    line = " ".join(text.split())
    if len(line) <= SUMMARY_MOST:
        return line
    cut = line[: SUMMARY_MOST - 1]
    word = cut.rpartition(" ")[0]
    return (word if len(word) > SUMMARY_MOST // 2 else cut).rstrip(" ,;:（(") + "…"


def identity(*parts: str) -> str:
    """An identifier made of what it identifies; no chance is in it."""
    return str(uuid5(_SPACE, "\n".join(parts)))


def reasons(lang: Language) -> tuple[Coding, ...]:
    """Why a user may override a card, by our own code system."""
    return tuple(
        Coding(key.removeprefix("override_").replace("_", "-"), REASONS_SYSTEM, plain(key, lang))
        for key in keys("override_")
    )


def code_system() -> dict[str, Any]:
    """The code system of these reasons as FHIR has it, in both languages."""
    return {
        "resourceType": "CodeSystem",
        "url": REASONS_SYSTEM,
        "name": "OverrideReasons",
        "status": "active",
        "content": "complete",
        "concept": [
            {
                "code": en.code,
                "display": en.display,
                "designation": [{"language": "zh", "value": zh.display}],
            }
            for en, zh in zip(reasons("en"), reasons("zh"), strict=True)
        ],
    }
