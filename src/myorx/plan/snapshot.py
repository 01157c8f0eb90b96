"""A plan as a table: how each thing in it stands, under a key that two plans share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from myorx.guideline.texts import Text
from myorx.plan.comparison import ChangeKind, Stand
from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    CandidateResult,
    DecisionResult,
    DoseLine,
    DrugResult,
    PartResult,
    Plan,
)
from myorx.plan.texts import join, say

Key: TypeAlias = tuple[ChangeKind, str]


class Standing(NamedTuple):
    """One thing in a plan: what it is called, where it belongs, how it stands."""

    names: Text
    stand: Stand
    within: Text | None = None


def snapshot(plan: Plan) -> dict[Key, Standing]:
    """Everything in a plan that a change is worth telling of, in the order of the page."""
    return dict(_all(plan))


def doses(plan: Plan) -> Iterator[DoseLine]:
    """The doses of whatever the plan offers; none of a part that is excluded."""
    for decision in plan.decisions:
        if decision.status == "live":
            for candidate in decision.candidates:
                yield from _doses(candidate.parts)
    for item in plan.advice:
        if item.status != "withheld":
            yield from _doses(item.parts)


def _doses(parts: Iterable[PartResult]) -> Iterator[DoseLine]:
    for part in parts:
        if part.safety != "excluded":
            yield from part.doses
            yield from _doses(part.members)


def _all(plan: Plan) -> Iterator[tuple[Key, Standing]]:
    if plan.outside_guideline is not None:
        yield ("outside", "scope"), _named(say("scope"), "outside", plan.outside_guideline)
    for alert in plan.alerts:
        yield ("alert", alert.id), _alert(alert)
    for decision in plan.decisions:
        yield from _decision(decision)
    for drug in plan.drugs:
        yield ("drug", drug.id), _drug(drug)
    for item in plan.advice:
        yield ("advice", item.id), _advice(item)
    for dose in doses(plan):
        yield ("dose", f"{dose.drug}/{dose.regimen}"), _dose(dose)
    for need in plan.needs:
        urgent = ("urgent",) if need.urgent else ()
        stand = Stand("asked", say("since_urgent" if urgent else "since_asked"), urgent)
        yield ("need", need.fact), Standing(need.label, stand)


def _named(names: Text, status: str, says: Text) -> Standing:
    return Standing(names, Stand(status, says))


def _alert(alert: AlertResult) -> Standing:
    possible = ("possible",) if alert.possible else ()
    level = say(f"since_{alert.level}_possible" if possible else f"since_{alert.level}")
    return Standing(alert.says, Stand(alert.level, level, possible))


def _decision(decision: DecisionResult) -> Iterator[tuple[Key, Standing]]:
    stand = Stand(decision.status, say(f"since_{decision.status}"))
    yield ("decision", decision.id), Standing(decision.question, stand)
    for candidate in decision.candidates:
        if told(candidate):
            key: Key = ("candidate", f"{decision.id}/{candidate.id}")
            yield key, Standing(candidate.names, stand_of(candidate), decision.question)
    for gap in decision.gaps:
        stand = Stand(gap.value, say(f"since_gap_{gap.value}"))
        yield ("gap", f"{decision.id}/{gap.id}"), Standing(gap.says, stand, decision.question)


def told(candidate: CandidateResult) -> bool:
    """Whether anything is to be told of it: nothing is of a candidate without an indication."""
    return candidate.status != "not_indicated" or candidate.reserved


def stand_of(candidate: CandidateResult) -> Stand:
    """How a candidate stands, in words: "indicated, on hold until …; provisional"."""
    status = candidate.status
    if candidate.reserved and status == "not_indicated":
        status_key = "reserved"
    elif status == "blocked" and candidate.indication == "possible":
        status_key = "blocked_possible"
    else:
        status_key = status
    words = [say(f"status_{status_key}")]
    qualifiers = []
    if candidate.reserved:
        qualifiers.append("reserved")
        if status_key != "reserved":
            words.append(say("status_reserved"))
    if candidate.provisional:
        qualifiers.append("provisional")
        words.append(say("since_provisional"))
    return Stand(status, join(words, "clause"), tuple(qualifiers))


def verdict_of(drug: DrugResult) -> Text:
    """A verdict in words; it says nothing of an indication."""
    return say("since_verdict_blocked" if drug.verdict == "blocked" else f"status_{drug.verdict}")


def _drug(drug: DrugResult) -> Standing:
    flags = [flag for flag in ("taken", "ordered") if getattr(drug, flag)]
    words = [verdict_of(drug), *(say(f"since_{flag}") for flag in flags)]
    if drug.provisional:
        flags.append("provisional")
        words.append(say("since_provisional"))
    return Standing(drug.names, Stand(drug.verdict, join(words, "clause"), tuple(flags)))


def _advice(item: AdviceResult) -> Standing:
    return Standing(item.label, Stand(item.status, say(f"status_{item.status}")))


def _dose(dose: DoseLine) -> Standing:
    if dose.withheld is not None:
        return Standing(dose.label, Stand("withheld", dose.withheld))
    return Standing(dose.label, Stand(dose.amount or "stated", dose.brief))
