"""What to ask next: unknown facts that can still change the plan, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache

import msgspec

from myorx.facts import THERAPIES, FactState
from myorx.guideline.texts import Text
from myorx.plan.candidates import part_needs
from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    CandidateResult,
    DecisionResult,
    DoseLine,
    DrugResult,
    Need,
    PartResult,
    Reason,
    UnknownReason,
)
from myorx.plan.situation import Situation
from myorx.plan.texts import join_first, say
from myorx.plan.values import shown

_INDICATED = frozenset({"indicated", "contested"})
_NAMED = 3
"""So many of the things that a fact decides are named, the most urgent ones."""


class Tier(IntEnum):
    """How near the bedside the thing is that a fact decides."""

    NOW = 0
    """A candidate of a live decision, a drug in use, a raised alert."""
    DOSE = 1
    OPEN = 2
    """A decision that may apply, or the scope of the guideline."""
    LATER = 3
    """An alert that is not raised; advice that may apply."""


class Question(msgspec.Struct, frozen=True, gc=False):
    """One thing that one fact decides."""

    fact: str
    decides: str
    """``decision/candidate``, ``drug:id``, ``advice:id``, ``alert:id`` …"""
    names: Text
    tier: Tier
    order: int
    """Rank of the decision or advice on the page."""
    urgent: bool = False


def rank_needs(
    situation: Situation,
    decisions: Iterable[DecisionResult],
    drugs: Iterable[DrugResult],
    advice: Iterable[AdviceResult],
    alerts: Iterable[AlertResult],
) -> tuple[Need, ...]:
    """The needs of a plan, best first."""
    by_fact: dict[str, list[Question]] = {}
    for question in _questions(situation, decisions, drugs, advice, alerts):
        known = by_fact.get(question.fact)
        if known is None:
            by_fact[question.fact] = [question]
        else:
            known.append(question)
    tallies = [(fact, _Tally(questions)) for fact, questions in by_fact.items()]
    tallies.sort(key=lambda item: item[1].weight)
    return tuple([_need(situation, fact, tally) for fact, tally in tallies])


class _Tally:
    """Everything that one fact decides, and how much it weighs."""

    __slots__ = ("questions", "urgent", "weight")

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = sorted(questions, key=lambda each: (not each.urgent, each.tier))
        """The weightiest first: by how urgent it is, then by how near the bedside."""
        self.urgent = self.questions[0].urgent
        """Whether anything urgent depends on it."""
        nearest = min([each.tier for each in self.questions])
        near = [each for each in self.questions if each.tier == nearest]
        self.weight = (
            not self.urgent,
            nearest,
            -len({each.decides for each in near}),
            min([each.order for each in near]),
        )
        """Urgent first; then what is nearest; then what decides most; then the page's order."""


def need(situation: Situation, fact: str, questions: Iterable[Question]) -> Need:
    """A need, with everything that one fact decides."""
    return _need(situation, fact, _Tally(questions))


def _need(situation: Situation, fact: str, tally: _Tally) -> Need:
    ordered, urgent = tally.questions, tally.urgent
    named = [question.names for question in ordered if question.urgent or not urgent]
    why = _decides(tuple(dict.fromkeys(named)))
    reason, given = _reason(situation, fact)
    if reason == "stale" and given is not None:
        why = say("need_stale", given=given, why=why)
    return Need(
        fact=fact,
        label=situation.wording.name(fact),
        question=situation.wording.question(fact),
        reason=reason,
        why=why,
        decides=tuple(dict.fromkeys([question.decides for question in ordered])),
        urgent=urgent,
    )


@lru_cache(maxsize=1024)
def _decides(names: tuple[Text, ...]) -> Text:
    return say("need_decides", names=join_first(names, _NAMED))


def _reason(situation: Situation, fact: str) -> tuple[UnknownReason, str | None]:
    """Why a fact is unknown, and what was given for it if anything."""
    if fact == THERAPIES:
        case = situation.patient.case
        return ("not_asked" if case.therapies is None else "uncertain"), None
    state = situation.patient.facts[fact]
    if state.value is not None:
        return "uncertain", None
    return state.reason or "not_asked", _given(state)


def _given(state: FactState) -> str | None:
    """What was given, with its date: ``620 ng/mL (2024-10-20)``."""
    if state.given is None:
        return None
    return state.given if state.on is None else f"{state.given} ({shown(state.on)})"


# -- where questions come from -----------------------------------------------------------------


def _questions(
    situation: Situation,
    decisions: Iterable[DecisionResult],
    drugs: Iterable[DrugResult],
    advice: Iterable[AdviceResult],
    alerts: Iterable[AlertResult],
) -> Iterator[Question]:
    yield from _of_scope(situation)
    raised = set()
    for alert in alerts:
        raised.add(alert.id)
        yield from _of_alert(alert)
    for decision in decisions:
        yield from _of_decision(situation, decision)
    for drug in drugs:
        yield from _of_drug(drug)
    for item in advice:
        yield from _of_advice(situation, item)
    yield from _of_silent_alerts(situation, raised)


def _of_scope(situation: Situation) -> Iterator[Question]:
    scope = situation.guideline.manifest.scope
    for fact in situation.needs(scope.when):
        yield Question(fact, "scope", say("scope"), Tier.OPEN, 0)


def _of_alert(alert: AlertResult) -> Iterator[Question]:
    for fact in alert.needs:
        urgent = alert.level == "critical"
        yield Question(fact, f"alert:{alert.id}", say("need_alert"), Tier.NOW, -1, urgent)


def _of_silent_alerts(situation: Situation, raised: set[str]) -> Iterator[Question]:
    names = say("need_alert")
    for order, alert in enumerate(situation.guideline.alerts.values()):
        if alert.id not in raised:
            for fact in situation.needs(alert.when):
                yield Question(fact, f"alert:{alert.id}", names, Tier.LATER, order)


def _of_decision(situation: Situation, result: DecisionResult) -> Iterator[Question]:
    decision = situation.guideline.decisions[result.id]
    if result.status == "open" and result.applies is not None:
        quoted = _quoted(result)
        for fact in result.applies.needs:
            yield Question(fact, result.id, quoted, Tier.OPEN, decision.order)
    if result.status != "live":
        return
    for candidate in result.candidates:
        yield from _of_candidate(situation, result, candidate, decision.order)
    for other in decision.yield_to if any(c.provisional for c in result.candidates) else ():
        for fact in situation.needs(situation.guideline.decisions[other.decision].applies):
            yield Question(fact, result.id, _quoted(result), Tier.OPEN, decision.order)
        for fact in situation.needs(other.when) if other.when is not None else ():
            yield Question(fact, result.id, _quoted(result), Tier.OPEN, decision.order)


def _quoted(result: DecisionResult) -> Text:
    return say("need_question", question=result.question)


def _of_candidate(
    situation: Situation, decision: DecisionResult, candidate: CandidateResult, order: int
) -> Iterator[Question]:
    where = f"{decision.id}/{candidate.id}"
    urgent = urgent_facts(situation, candidate)
    for fact, names in urgent.items():
        yield Question(fact, where, names, Tier.NOW, order, urgent=True)
    tier = Tier.OPEN if candidate.reserved else Tier.NOW
    for fact in candidate.needs:
        if fact not in urgent:
            yield Question(fact, where, candidate.names, tier, order)
    if candidate.status not in ("excluded", "advised_against", "not_indicated"):
        for dose in doses(candidate.parts):
            for fact in dose.needs:
                named = say("need_dose", drug=situation.wording.drug(dose.drug))
                yield Question(fact, where, named, Tier.DOSE, order)


def urgent_facts(situation: Situation, candidate: CandidateResult) -> dict[str, Text]:
    """Facts that unblock an indicated candidate, or may raise a critical conflict with it.

    Each with the name of what it decides: the drug whose hazard it is, else the candidate itself.
    """
    if candidate.indication not in _INDICATED or candidate.reserved:
        return {}
    if candidate.safety == "excluded":
        return {}
    found: dict[str, Text] = {}
    for reason in (*candidate.reasons, *_own_hazards(candidate.parts)):
        if reason.value == "unknown" and _presses(reason, candidate):
            named = candidate.names if reason.drug is None else situation.wording.drug(reason.drug)
            for fact in reason.needs:
                found.setdefault(fact, named)
    for part in candidate.parts:
        if part.is_class and part.safety == "blocked":
            for fact in part_needs(situation, part, against=False):
                found.setdefault(fact, part.names)
    return found


def _presses(reason: Reason, candidate: CandidateResult) -> bool:
    if reason.kind == "exclude":
        return candidate.safety == "blocked"
    return (
        reason.kind == "against"
        and reason.severity == "critical"
        and candidate.indication == "indicated"
    )


def _own_hazards(parts: Iterable[PartResult]) -> Iterator[Reason]:
    """The hazards of parts that are drugs; members of a class speak through their class."""
    for part in parts:
        if not part.is_class:
            yield from part.hazards


def doses(parts: Iterable[PartResult]) -> Iterator[DoseLine]:
    """Every dose line under the parts."""
    for part in parts:
        yield from part.doses
        yield from doses(part.members)


def _of_drug(drug: DrugResult) -> Iterator[Question]:
    if not (drug.taken or drug.ordered):
        return  # an offered drug asks through the candidate or the advice that offers it
    grave = {
        fact
        for hazard in drug.hazards
        if hazard.value == "unknown" and (hazard.kind == "exclude" or hazard.severity == "critical")
        for fact in hazard.needs
    }
    for fact in drug.needs:
        yield Question(fact, f"drug:{drug.id}", drug.names, Tier.NOW, 0, urgent=fact in grave)


def _of_advice(situation: Situation, item: AdviceResult) -> Iterator[Question]:
    order = situation.guideline.advice[item.id].order
    where = f"advice:{item.id}"
    for fact in item.needs:
        yield Question(fact, where, item.label, Tier.LATER, order)
    if item.status == "do":
        for dose in doses(item.parts):
            for fact in dose.needs:
                named = say("need_dose", drug=situation.wording.drug(dose.drug))
                yield Question(fact, where, named, Tier.LATER, order)
