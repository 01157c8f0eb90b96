"""The candidates of a decision by how they are told: to be weighed, not to be given, no matter."""

from __future__ import annotations

from typing import NamedTuple

from myorx.guideline.texts import Text
from myorx.plan.model import CandidateResult, DecisionResult, PartResult, Reason


class Shelf(NamedTuple):
    """One decision, its candidates in their order within each group."""

    decision: DecisionResult
    open: tuple[CandidateResult, ...]
    """Recommended, optional, contested, on hold, undetermined, in reserve."""
    unwanted: tuple[CandidateResult, ...]
    """Excluded or advised against."""
    idle: tuple[CandidateResult, ...]
    """Without an indication here."""


def shelf(decision: DecisionResult) -> Shelf:
    """The groups of one decision; every candidate stands in exactly one of them."""
    open_, unwanted, idle = [], [], []
    for candidate in decision.candidates:
        if candidate.status in ("excluded", "advised_against"):
            unwanted.append(candidate)
        elif candidate.status == "not_indicated" and not candidate.reserved:
            idle.append(candidate)
        else:
            open_.append(candidate)
    return Shelf(decision, tuple(open_), tuple(unwanted), tuple(idle))


class Held(NamedTuple):
    """A part that must wait, and the facts that decide it."""

    part: PartResult
    needs: tuple[str, ...]


class Waiting(NamedTuple):
    """What of a candidate must wait, and what need not."""

    held: tuple[Held, ...]
    free: tuple[PartResult, ...]
    excluded: tuple[PartResult, ...]


def waiting(candidate: CandidateResult) -> Waiting:
    """The parts of a candidate by their safety."""
    held = tuple(Held(p, _deciding(p)) for p in candidate.parts if p.safety == "blocked")
    free = tuple(part for part in candidate.parts if part.safety == "clear")
    excluded = tuple(part for part in candidate.parts if part.safety == "excluded")
    return Waiting(held, free, excluded)


def _deciding(part: PartResult) -> tuple[str, ...]:
    """The facts whose being unknown blocks a part."""
    found: dict[str, None] = {}
    for each in (part, *part.members):
        for hazard in each.hazards:
            if hazard.kind == "exclude" and hazard.value == "unknown":
                found.update(dict.fromkeys(hazard.needs))
    return tuple(found)


def against(candidate: CandidateResult) -> tuple[Reason, ...]:
    """The true reasons why it is not to be given, its own and those of its parts; each once."""
    reasons = list(candidate.reasons)
    for part in candidate.parts:
        reasons += part.hazards
    met = (r for r in reasons if r.value == "true" and r.kind in ("exclude", "against"))
    # A candidate and its drug may say the same: then the first of them speaks.
    told: dict[tuple[Text, Text | None], Reason] = {}
    for reason in met:
        told.setdefault((reason.condition, reason.says), reason)
    return tuple(told.values())
