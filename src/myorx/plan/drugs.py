"""The verdict on every drug taken, ordered, offered or advised, inside any decision or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from myorx.guideline.models import Drug, Severity
from myorx.guideline.texts import Text
from myorx.plan.candidates import remarks
from myorx.plan.model import (
    AdviceResult,
    DecisionResult,
    DrugResult,
    PartResult,
    Reason,
    Verdict,
)
from myorx.plan.safety import holding
from myorx.plan.situation import Situation
from myorx.plan.texts import join, say, sentence
from myorx.plan.truth import Kleene, any_of
from myorx.plan.wording import Wording

_CONSIDERED = frozenset({"indicated", "contested", "possible"})
_SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")


class Use(NamedTuple):
    """How a drug comes into the plan."""

    taken: bool
    ordered: bool
    offered: tuple[str, ...]

    @property
    def real(self) -> bool:
        """Whether the patient takes it or is about to."""
        return self.taken or self.ordered


def judge_drugs(
    situation: Situation,
    decisions: tuple[DecisionResult, ...],
    advice: tuple[AdviceResult, ...],
) -> tuple[DrugResult, ...]:
    """One verdict per drug: first what is taken, then what is ordered, then what is offered."""
    taken, ordered = situation.taken, situation.ordered
    offered = _offered(decisions, advice)
    known = situation.guideline.drugs
    return tuple(
        [
            judge_one(
                situation, known[drug], Use(drug in taken, drug in ordered, offered.get(drug, ()))
            )
            for drug in dict.fromkeys((*taken, *ordered, *offered))
            if drug in known
        ]
    )


def _offered(
    decisions: Iterable[DecisionResult], advice: Iterable[AdviceResult]
) -> dict[str, tuple[str, ...]]:
    """Drug id -> where the plan offers it: live candidates with anything for them, and advice."""
    found: dict[str, dict[str, None]] = {}
    for where, parts in offers(decisions, advice):
        for part in parts:
            for drug in drugs_of(part):
                found.setdefault(drug, {})[where] = None
    return {drug: tuple(places) for drug, places in found.items()}


def offers(
    decisions: Iterable[DecisionResult], advice: Iterable[AdviceResult]
) -> Iterator[tuple[str, tuple[PartResult, ...]]]:
    """Each place where the plan offers drugs, with the parts it offers."""
    for decision in decisions:
        if decision.status == "live":
            for candidate in decision.candidates:
                if candidate.indication in _CONSIDERED:
                    yield f"{decision.id}/{candidate.id}", candidate.parts
    for item in advice:
        yield f"advice:{item.id}", item.parts


def drugs_of(part: PartResult) -> tuple[str, ...]:
    """The drugs a part stands for: itself, or the members of its class."""
    return tuple([member.id for member in part.members]) if part.is_class else (part.id,)


# -- one drug ----------------------------------------------------------------------------------


def use_of(
    situation: Situation,
    drug: str,
    decisions: Iterable[DecisionResult],
    advice: Iterable[AdviceResult],
) -> Use:
    """How one drug comes into the plan, if it does."""
    offered = _offered(decisions, advice).get(drug, ())
    return Use(drug in situation.taken, drug in situation.ordered, offered)


def judge_one(situation: Situation, drug: Drug, use: Use) -> DrugResult:
    """The verdict on one drug."""
    ground = situation.grounds.drug(drug)
    return situation.once(ground, use, lambda: _judge(situation, drug, use))


def _judge(situation: Situation, drug: Drug, use: Use) -> DrugResult:
    hazards = situation.hazards(drug)
    exclude, against = holding(hazards, "exclude"), holding(hazards, "against")
    topics = situation.uncovered(drug)
    uncovered = any_of([value for _, value in topics])
    verdict = _verdict(exclude, against, holding(hazards, "caution"), uncovered)
    missing = _needs(situation, drug, verdict)
    return DrugResult(
        id=drug.id,
        names=drug.names,
        verdict=verdict,
        taken=use.taken,
        ordered=use.ordered,
        offered=use.offered,
        provisional=verdict not in ("contraindicated", "blocked")
        and ((against is None and verdict != "conflict") or uncovered is None),
        severity=_severity(verdict, hazards, use),
        says=_says(situation.wording, verdict, hazards, topics, missing),
        hazards=tuple(
            [
                situation.traced(argument, drug.id)
                for argument, reason in zip(drug.hazards, hazards, strict=True)
                if reason.value != "false"
            ]
        ),
        not_covered=tuple([topic for topic, value in topics if value]),
        notes=remarks(situation, drug.notes),
        needs=missing,
    )


def _verdict(exclude: Kleene, against: Kleene, caution: Kleene, uncovered: Kleene) -> Verdict:
    if exclude is True:
        return "contraindicated"
    if against is True:
        return "conflict"
    if exclude is None:
        return "blocked"
    if caution is True:
        return "caution"
    return "not_covered" if uncovered is True else "clear"


def _severity(verdict: Verdict, hazards: tuple[Reason, ...], use: Use) -> Severity | None:
    match verdict:
        case "contraindicated":
            return "critical" if use.real else "warning"
        case "conflict":
            return _worst(hazards, "against") or "warning"
        case "blocked":
            return "warning" if use.real else "info"
        case "caution":
            return _worst(hazards, "caution") or "info"
        case _:
            return None


def _worst(hazards: tuple[Reason, ...], kind: str) -> Severity | None:
    """The gravest severity stated among the true hazards of a kind."""
    stated = [h.severity for h in hazards if h.kind == kind and h.value == "true" and h.severity]
    return max(stated, key=_SEVERITIES.index, default=None)


def _needs(situation: Situation, drug: Drug, verdict: Verdict) -> tuple[str, ...]:
    """The facts that can still change the verdict, or make a conflict worse."""
    if verdict == "contraindicated":
        return ()
    kinds = ("exclude",) if verdict == "conflict" else ("exclude", "against")
    asked: list[str] = []
    for hazard in situation.hazards(drug):
        if hazard.value == "unknown" and hazard.kind in kinds:
            asked += hazard.needs
    for topic, value in situation.uncovered(drug):
        if value is None:
            asked += situation.topic_needs(topic)
    return tuple(dict.fromkeys(asked))


# -- words -------------------------------------------------------------------------------------


def _says(
    wording: Wording,
    verdict: Verdict,
    hazards: tuple[Reason, ...],
    topics: tuple[tuple[str, Kleene], ...],
    missing: tuple[str, ...],
) -> Text:
    match verdict:
        case "contraindicated":
            return because(hazards, "exclude")
        case "conflict":
            return because(hazards, "against")
        case "caution":
            return because(hazards, "caution")
        case "blocked":
            return say("verdict_blocked", facts=join(wording.name(name) for name in missing))
        case "not_covered":
            named = join(wording.topic(topic) for topic, value in topics if value)
            return say("verdict_not_covered", topics=named)
        case "clear":
            if missing:
                return say("verdict_clear_ask", facts=join(wording.name(name) for name in missing))
            return say("verdict_clear")


def because(hazards: Iterable[Reason], kind: str) -> Text:
    """The true hazards of one kind: the condition, and what the source says of it."""
    return join(
        (
            reason.condition
            if reason.says is None
            else say("because", condition=reason.condition, says=sentence(reason.says))
            for reason in hazards
            if reason.kind == kind and reason.value == "true"
        ),
        "clause",
    )
