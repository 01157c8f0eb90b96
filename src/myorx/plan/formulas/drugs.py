"""The verdict on every drug as formulas; the reference is ``plan.drugs`` and ``plan.alerts``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from myorx.guideline.models import ArgumentKind, Drug, Guideline, Severity
from myorx.plan.formulas.formula import NEVER, Formula, any_of, both, either, known, negate
from myorx.plan.formulas.model import (
    AdviceStanding,
    Choice,
    DecisionStanding,
    DrugStanding,
    Nothing,
    Weighed,
    ordered,
    taken,
)
from myorx.plan.formulas.parts import Parts, holding, weighed
from myorx.plan.formulas.truth import Truth
from myorx.plan.model import Indication, Verdict

_CONSIDERED: tuple[Indication, ...] = ("indicated", "contested", "possible")
_WORST_FIRST: tuple[Severity, ...] = ("critical", "warning", "info")


def drug_standings(
    guideline: Guideline,
    parts: Parts,
    decisions: Mapping[str, DecisionStanding],
    advice: Mapping[str, AdviceStanding],
) -> Mapping[str, DrugStanding]:
    """Every drug of the guideline."""
    offered = _offered(decisions.values(), advice.values())
    contested = _contested(decisions.values())
    return {
        drug.id: _standing(drug, parts, offered.get(drug.id, ()), contested.get(drug.id, ()))
        for drug in guideline.drugs.values()
    }


def _offered(
    decisions: Iterable[DecisionStanding], advice: Iterable[AdviceStanding]
) -> Mapping[str, list[Formula]]:
    """For each drug: when each place that could offer it does."""
    found: dict[str, list[Formula]] = {}
    for decision in decisions:
        for candidate in decision.candidates.values():
            considered = any_of(candidate.indication[value] for value in _CONSIDERED)
            offers = both(decision.status["live"], considered)
            for drug in dict.fromkeys(each for part in candidate.parts for each in part.drugs):
                found.setdefault(drug, []).append(offers)
    for item in advice:
        for drug in dict.fromkeys(each for part in item.parts for each in part.drugs):
            found.setdefault(drug, []).append(negate(item.status["absent"]))
    return found


def _contested(decisions: Iterable[DecisionStanding]) -> Mapping[str, list[Formula]]:
    """For each drug: when a live candidate that cannot do without it is contested because of it."""
    found: dict[str, list[Formula]] = {}
    for decision in decisions:
        for candidate in decision.candidates.values():
            contested = both(
                decision.status["live"],
                candidate.indication["contested"],
                candidate.exclude.not_true,
                negate(candidate.reserved),
            )
            for part in candidate.parts:
                for drug in part.drugs:
                    found.setdefault(drug, []).append(both(contested, part.opposed))
    return found


def _standing(
    drug: Drug, parts: Parts, offered: Iterable[Formula], contested: Iterable[Formula]
) -> DrugStanding:
    hazards = weighed(drug.hazards, drug.id)
    exclude, against = holding(hazards, "exclude"), holding(hazards, "against")
    caution, uncovered = holding(hazards, "caution"), parts.uncovered(drug)
    verdict = _verdict(exclude, against, caution, uncovered)
    real = either(known(taken(drug.id)), known(ordered(drug.id)))
    severity = _severity(verdict, hazards, real)
    stuck = either(verdict["contraindicated"], verdict["blocked"])
    asked = either(both(against.unknown, negate(verdict["conflict"])), uncovered.unknown)
    return DrugStanding(
        id=drug.id,
        verdict=verdict,
        severity=severity,
        provisional=both(negate(stuck), asked),
        exclude=exclude,
        against=against,
        caution=caution,
        uncovered=uncovered,
        hazards=hazards,
        real=real,
        offered=any_of(offered),
        alert=both(severity["critical"], either(real, *contested)),
    )


def _verdict(exclude: Truth, against: Truth, caution: Truth, uncovered: Truth) -> Choice[Verdict]:
    """The gravest thing known comes first; only an exclusion that is unknown blocks."""
    free = both(exclude.false, against.not_true)
    calm = both(free, caution.not_true)
    return {
        "contraindicated": exclude.true,
        "conflict": both(exclude.not_true, against.true),
        "blocked": both(exclude.unknown, against.not_true),
        "caution": both(free, caution.true),
        "not_covered": both(calm, uncovered.true),
        "clear": both(calm, uncovered.not_true),
    }


def _severity(
    verdict: Choice[Verdict], hazards: tuple[Weighed, ...], real: Formula
) -> Choice[Severity | Nothing]:
    excluded, blocked = verdict["contraindicated"], verdict["blocked"]
    conflict = _worst(hazards, "against", "warning")
    caution = _worst(hazards, "caution", "info")
    graded = {
        "critical": both(excluded, real),
        "warning": either(both(excluded, negate(real)), both(blocked, real)),
        "info": both(blocked, negate(real)),
    }
    found: dict[Severity | Nothing, Formula] = {
        level: either(
            graded[level],
            both(verdict["conflict"], conflict[level]),
            both(verdict["caution"], caution[level]),
        )
        for level in _WORST_FIRST
    }
    found["none"] = either(verdict["not_covered"], verdict["clear"])
    return found


def _worst(
    hazards: tuple[Weighed, ...], kind: ArgumentKind, unstated: Severity
) -> Mapping[Severity, Formula]:
    """The gravest severity stated among the true hazards of a kind; ``unstated`` without one."""
    found: dict[Severity, Formula] = {}
    graver: Formula = NEVER
    for level in _WORST_FIRST:
        here = any_of(
            each.holds.true
            for each in hazards
            if each.argument.kind == kind and each.argument.severity == level
        )
        found[level] = both(here, negate(graver))
        graver = either(graver, here)
    found[unstated] = either(found[unstated], negate(graver))
    return found
