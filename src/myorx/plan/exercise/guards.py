"""Rules without a guard: those that could be deleted, and every vignette would still pass.

Each hazard, argument, gap, advice and alert is taken out of the guideline in turn, and vignettes
in which it could be seen are run again, until one of them fails. A rule that none misses is not
tested by the vignettes, however often it was true in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Expectation, Vignette
from myorx.plan.assemble import Planner
from myorx.plan.exercise.rules import Rule, rules
from myorx.plan.situation import Situation
from myorx.plan.vignettes import differences


class Guard(NamedTuple):
    """A rule by its name (as in marks), and a vignette that fails without it; None: none does."""

    kind: str
    id: str
    vignette: str | None


class _Planned(NamedTuple):
    """A vignette that is planned, with its expectations met."""

    vignette: str
    patient: Patient
    expect: Expectation
    situation: Situation


def guards(guideline: Guideline, vignettes: Iterable[Vignette]) -> Iterator[Guard]:
    """Each rule that can be taken out by itself, one by one, with what guards it."""
    planned = tuple(_planned(Planner(guideline), vignettes))
    for rule in rules(guideline):
        yield Guard(rule.kind, rule.id, _guard(rule, planned))


def _planned(planner: Planner, vignettes: Iterable[Vignette]) -> Iterator[_Planned]:
    for vignette in vignettes:
        try:
            patient = read_case(vignette.case, planner.guideline, as_of=vignette.as_of)
        except CaseError:
            continue
        situation, plan = planner.situation(patient), planner.plan(patient)
        if not any(differences(situation, plan, vignette.expect)):
            yield _Planned(vignette.id, patient, vignette.expect, situation)


def _guard(rule: Rule, planned: tuple[_Planned, ...]) -> str | None:
    """A vignette that fails without the rule; those that expect something of it are tried first."""
    planner = Planner(rule.without)
    seen = (one for one in planned if any(_may_hold(one, rule)))
    for one in sorted(seen, key=lambda one: -rule.named_in(one.expect)):
        plan = planner.plan(one.patient)
        if any(differences(planner.situation(one.patient), plan, one.expect)):
            return one.vignette
    return None


def _may_hold(planned: _Planned, rule: Rule) -> Iterator[bool]:
    """Where all its conditions are known false a rule does nothing that could be missed."""
    return (planned.situation.holds(condition) is not False for condition in rule.conditions)
