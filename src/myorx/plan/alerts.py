"""What must be seen first: the guideline's alerts, and those that drugs raise by themselves."""

from __future__ import annotations

from collections.abc import Iterable

from myorx.guideline.models import Alert
from myorx.plan.drugs import because
from myorx.plan.model import AlertResult, DecisionResult, DrugResult, PartResult
from myorx.plan.situation import Situation
from myorx.plan.texts import say

_GRAVITY = {"critical": 0, "warning": 1, "info": 2}


def raise_alerts(
    situation: Situation, decisions: Iterable[DecisionResult], drugs: Iterable[DrugResult]
) -> tuple[AlertResult, ...]:
    """All alerts, the gravest first, established before possible."""
    stated = (_stated(situation, alert) for alert in situation.guideline.alerts.values())
    contested = _contested(decisions)
    own = (_of_drug(drug) for drug in drugs if drug.taken or drug.ordered or drug.id in contested)
    raised = [alert for alert in (*stated, *own) if alert is not None]
    return tuple(sorted(raised, key=lambda alert: (_GRAVITY[alert.level], alert.possible)))


def _stated(situation: Situation, alert: Alert) -> AlertResult | None:
    holds = situation.holds(alert.when)
    possible = (
        holds is None and alert.possible is not None and situation.holds(alert.possible) is True
    )
    if holds is not True and not possible:
        return None
    says = alert.says_possible if possible and alert.says_possible is not None else alert.says
    return AlertResult(
        id=alert.id,
        level=alert.level,
        possible=possible,
        says=says,
        basis=alert.basis,
        needs=situation.needs(alert.when),
        cites=alert.cites,
        disputes=alert.disputes,
    )


def _contested(decisions: Iterable[DecisionResult]) -> frozenset[str]:
    """Drugs that a live candidate cannot do without, and that make it contested."""
    return frozenset(
        drug
        for decision in decisions
        if decision.status == "live"
        for candidate in decision.candidates
        if candidate.indication == "contested" and candidate.safety != "excluded"
        if not candidate.reserved
        for part in candidate.parts
        for drug in _standing_against(part)
    )


def _standing_against(part: PartResult) -> tuple[str, ...]:
    """The drug of a part that something speaks against; of a class, when every member is such."""
    members = part.members if part.is_class else (part,)
    against = tuple(
        member.id
        for member in members
        if any(h.kind == "against" and h.value == "true" for h in member.hazards)
    )
    return against if len(against) == len(members) else ()


def _of_drug(drug: DrugResult) -> AlertResult | None:
    """A contraindicated drug in use, or a critical conflict with one in use or offered."""
    if drug.severity != "critical":
        return None
    kind = "exclude" if drug.verdict == "contraindicated" else "against"
    use = "taken" if drug.taken else "ordered" if drug.ordered else "offered"
    met = [reason for reason in drug.hazards if reason.kind == kind and reason.value == "true"]
    return AlertResult(
        id=f"drug:{drug.id}",
        level="critical",
        possible=False,
        says=say(f"alert_{kind}_{use}", drug=drug.names, reason=because(met, kind)),
        basis="inferred" if all(reason.basis == "inferred" for reason in met) else "quoted",
        cites=tuple(dict.fromkeys(cite for reason in met for cite in reason.cites)),
        disputes=tuple(dict.fromkeys(item for reason in met for item in reason.disputes)),
    )
