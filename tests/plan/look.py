"""Finding things in a plan by id."""

from __future__ import annotations

from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    CandidateResult,
    DecisionResult,
    DrugResult,
    Need,
    PartResult,
    Plan,
)


def decision(plan: Plan, name: str) -> DecisionResult:
    return next(item for item in plan.decisions if item.id == name)


def candidate(plan: Plan, where: str, name: str) -> CandidateResult:
    return next(item for item in decision(plan, where).candidates if item.id == name)


def part(result: CandidateResult | AdviceResult, name: str) -> PartResult:
    return next(item for item in result.parts if item.id == name)


def drug(plan: Plan, name: str) -> DrugResult:
    return next(item for item in plan.drugs if item.id == name)


def advice(plan: Plan, name: str) -> AdviceResult:
    return next(item for item in plan.advice if item.id == name)


def alert(plan: Plan, name: str) -> AlertResult | None:
    return next((item for item in plan.alerts if item.id == name), None)


def need(plan: Plan, name: str) -> Need | None:
    return next((item for item in plan.needs if item.fact == name), None)


def headline(plan: Plan, lang: str = "en") -> str:
    return "\n".join(getattr(line.says, lang) for line in plan.headline)
