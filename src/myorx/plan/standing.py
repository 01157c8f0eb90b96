"""What a plan says of each thing, as short words side by side: so that two plans can be compared.

One standing per decision, candidate, part, dose, drug, advice and alert. Candidates of a decision
that is not live have none: nothing stands there before it is known whether the decision applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    CandidateResult,
    DecisionResult,
    DrugResult,
    PartResult,
    Plan,
)
from myorx.plan.needs import doses


class Standing(NamedTuple):
    """How one thing stands."""

    status: str
    """A status as the catalogue names it (``status_…``), or the dose."""
    detail: tuple[object, ...] = ()
    """What else is said of it; a change of this alone weighs least."""
    weight: int = 1
    """How much it matters that this, and not something else, is said."""


Standings: TypeAlias = Mapping[str, Standing]
"""By ``decision:x``, ``x/candidate``, ``x/candidate/part``, ``dose:x…``, ``drug:x``, ``advice:x``,
``alert:x``, and ``outside``."""

_CANDIDATE = {"recommended": 8, "blocked": 8, "excluded": 8, "option": 6, "contested": 6}
_DECISION = {"live": 6, "outside_guideline": 6}
_ALERT = {"critical": 20, "warning": 8}
_VERDICT = {"contraindicated": 12, "conflict": 12, "blocked": 8}


def standings(plan: Plan) -> Standings:
    """Everything that a plan says of its subjects."""
    found: dict[str, Standing] = {}
    if plan.outside_guideline is not None:
        found["outside"] = OUTSIDE
    for decision in plan.decisions:
        found.update(of_decision(decision))
    for drug in plan.drugs:
        found.update(of_drug(drug))
    for advice in plan.advice:
        found.update(of_advice(advice))
    found.update(of_alerts(plan.alerts))
    return found


OUTSIDE = Standing("outside_guideline", weight=20)
"""Of ``outside``, where the patient is known to be outside the guideline."""


def change(before: Standings, after: Standings) -> int:
    """How much differs: the weight of the graver side of each difference, and 1 for a detail."""
    return sum(weight for _, weight in differences(before, after))


def differences(before: Standings, after: Standings) -> Iterator[tuple[str, int]]:
    """What differs between two plans, each with its weight."""
    for key, here in before.items():
        there = after.get(key)
        if there is None:
            yield key, here.weight
        elif there is not here and there != here:
            yield key, max(here.weight, there.weight) if here.status != there.status else 1
    for key, there in after.items():
        if key not in before:
            yield key, there.weight


# -- one thing each ----------------------------------------------------------------------------


def of_decision(decision: DecisionResult) -> Standings:
    """The decision itself; where it is live also its candidates, their parts and doses."""
    weight = _DECISION.get(decision.status, 3)
    own = Standing(decision.status, (decision.yields_to,), weight)
    found = {f"decision:{decision.id}": own}
    if decision.status == "live":
        for candidate in decision.candidates:
            found.update(_of_candidate(f"{decision.id}/{candidate.id}", candidate))
    return found


def _of_candidate(key: str, candidate: CandidateResult) -> Iterator[tuple[str, Standing]]:
    status = standing_of(candidate)
    weight = 2 if status.endswith("_possible") else _CANDIDATE.get(candidate.status, 2)
    detail = (candidate.indication, candidate.provisional, candidate.level, candidate.capped_by)
    yield key, Standing(status, detail, weight)
    for part in candidate.parts:
        yield f"{key}/{part.id}", Standing(part.safety)
    yield from _of_doses(key, candidate.parts)


def standing_of(candidate: CandidateResult) -> str:
    """The status as it is told: in reserve, or on hold without an indication yet."""
    if candidate.reserved:
        return "reserved"
    if candidate.status == "blocked" and candidate.indication == "possible":
        return "blocked_possible"
    return candidate.status


def of_drug(drug: DrugResult) -> Standings:
    """The verdict on one drug; it weighs most on what the patient takes or is about to."""
    key = f"drug:{drug.id}"
    if not (drug.taken or drug.ordered):
        return {key: Standing(drug.verdict)}
    detail = (drug.severity, drug.provisional, drug.taken, drug.ordered)
    return {key: Standing(drug.verdict, detail, _VERDICT.get(drug.verdict, 2))}


def of_advice(advice: AdviceResult) -> Standings:
    """One advice, with its doses."""
    key = f"advice:{advice.id}"
    own = Standing(advice.status, weight=2 if advice.status == "do" else 1)
    return {key: own, **dict(_of_doses(key, advice.parts))}


def of_alerts(alerts: Iterable[AlertResult]) -> Standings:
    """The alerts that are raised."""
    found: dict[str, Standing] = {}
    for alert in alerts:
        said = "possible" if alert.possible else alert.level
        found[f"alert:{alert.id}"] = Standing(said, (alert.level,), _ALERT.get(alert.level, 2))
    return found


def _of_doses(key: str, parts: Iterable[PartResult]) -> Iterator[tuple[str, Standing]]:
    for dose in doses(parts):
        said = "withheld" if dose.withheld is not None else dose.amount or "formula"
        place = f"dose:{key}/{dose.drug}/{dose.regimen}"
        yield place, Standing(said, (dose.high, dose.capped), 2)
