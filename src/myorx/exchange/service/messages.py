"""What a CDS Hooks client sends (version 2.0), as far as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

import msgspec

from myorx.exchange.fhir.source import read_json
from myorx.exchange.report import UnreadableError
from myorx.exchange.service.cases import unreadable
from myorx.exchange.service.problems import Fault, RefusedError
from myorx.exchange.service.speech import Language

VIEW: Final = "patient-view"
SERVICES: Final[Mapping[str, str]] = {
    "myorx-patient-view": VIEW,
    "myorx-order-select": "order-select",
    "myorx-order-sign": "order-sign",
}
"""Id of each service -> the hook that it answers."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

T = TypeVar("T")


class HookRequest(msgspec.Struct, frozen=True, rename="camel"):
    """A question of the hospital's system. Access to its own server is neither needed nor read."""

    hook: Name
    hook_instance: Name
    context: dict[str, Any]
    prefetch: dict[str, Any] | None = None
    extension: dict[str, Any] | None = None


class OverrideReason(msgspec.Struct, frozen=True):
    """Why a card was overridden."""

    code: str
    system: str
    display: str | None = None


class Overridden(msgspec.Struct, frozen=True, rename="camel"):
    """A reason as the user gave it."""

    reason: OverrideReason | None = None
    user_comment: str | None = None


class Accepted(msgspec.Struct, frozen=True):
    """A suggestion that was taken."""

    id: str


class Outcome(msgspec.Struct, frozen=True, rename="camel"):
    """What became of one card."""

    card: Name
    outcome: Annotated[str, msgspec.Meta(pattern="^(accepted|overridden)$")]
    outcome_timestamp: str
    accepted_suggestions: list[Accepted] | None = None
    override_reason: Overridden | None = None


class Feedback(msgspec.Struct, frozen=True):
    """What became of cards. It is checked, and kept nowhere."""

    feedback: Annotated[list[Outcome], msgspec.Meta(min_length=1)]


def read(body: bytes, model: type[T], lang: Language) -> T:
    """A message. Numbers stay the text they were. Raises RefusedError where it is none."""
    try:
        return msgspec.convert(read_json(body), model)
    except UnreadableError as error:
        refused = unreadable(error, lang)
        raise RefusedError(400, "no_message", refused.faults) from None
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        fault = Fault("shape", message, where.strip("`") or "$")
        raise RefusedError(400, "no_message", [fault]) from None
