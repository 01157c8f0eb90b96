"""The rules of a guideline that can be taken out by themselves, and the guideline without each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import msgspec

from myorx.guideline.models import Advice, Decision, Guideline
from myorx.guideline.texts import Condition
from myorx.guideline.vignettes import Expectation
from myorx.plan.exercise.marks import Kind, rule_id

Thing = TypeVar("Thing")


class Rule(NamedTuple):
    """One rule: its name, the guideline that lacks it, the conditions under which it speaks."""

    kind: Kind
    id: str
    owner: str
    """The drug, ``decision/candidate``, advice or alert it belongs to."""
    without: Guideline
    conditions: tuple[Condition, ...]

    def named_in(self, expect: Expectation) -> int:
        """How nearly an expectation is about the owner: 2, 1, or 0 for not at all."""
        owner, _, candidate = self.owner.partition("/")
        decision = expect.decisions.get(owner)
        if decision is not None:
            return 1 + (candidate in decision.candidates or candidate in decision.gaps)
        places = (expect.hazards, expect.drugs, expect.advice, expect.alerts)
        return 2 * any(owner in place for place in places)


def rules(guideline: Guideline) -> Iterator[Rule]:
    """Every hazard, argument, gap, advice and alert, in the order of the files."""
    for drug in guideline.drugs.values():
        for hazard in drug.hazards:
            less = msgspec.structs.replace(drug, hazards=_less(drug.hazards, hazard))
            drugs = {**guideline.drugs, drug.id: less}
            without = msgspec.structs.replace(guideline, drugs=drugs)
            yield Rule("hazard", rule_id(drug.id, hazard), drug.id, without, (hazard.when,))
    for decision in guideline.decisions.values():
        yield from _of_decision(guideline, decision)
    for advice in guideline.advice.values():
        yield from _of_advice(guideline, advice)
    for id_, alert in guideline.alerts.items():
        rest = {other: one for other, one in guideline.alerts.items() if other != id_}
        without = msgspec.structs.replace(guideline, alerts=rest)
        conditions = (alert.when,) if alert.possible is None else (alert.when, alert.possible)
        yield Rule("alert", id_, id_, without, conditions)


def _of_decision(guideline: Guideline, decision: Decision) -> Iterator[Rule]:
    def without(less: Decision) -> Guideline:
        decisions = {**guideline.decisions, decision.id: less}
        return msgspec.structs.replace(guideline, decisions=decisions)

    for candidate in decision.candidates:
        owner = f"{decision.id}/{candidate.id}"
        for argument in candidate.arguments:
            arguments = _less(candidate.arguments, argument)
            poorer = msgspec.structs.replace(candidate, arguments=arguments)
            others = tuple(poorer if one is candidate else one for one in decision.candidates)
            less = msgspec.structs.replace(decision, candidates=others)
            name = rule_id(owner, argument)
            yield Rule("argument", name, owner, without(less), (argument.when,))
    for gap in decision.gaps:
        less = msgspec.structs.replace(decision, gaps=_less(decision.gaps, gap))
        owner = f"{decision.id}/{gap.id}"
        yield Rule("gap", owner, owner, without(less), (gap.when,))


def _of_advice(guideline: Guideline, advice: Advice) -> Iterator[Rule]:
    for argument in advice.arguments:
        less = msgspec.structs.replace(advice, arguments=_less(advice.arguments, argument))
        every = {**guideline.advice, advice.id: less}
        without = msgspec.structs.replace(guideline, advice=every)
        name = rule_id(advice.id, argument)
        yield Rule("argument", name, advice.id, without, (argument.when,))
    rest = {other: one for other, one in guideline.advice.items() if other != advice.id}
    without = msgspec.structs.replace(guideline, advice=rest)
    yield Rule("advice", advice.id, advice.id, without, (advice.when,))


def _less(items: tuple[Thing, ...], item: Thing) -> tuple[Thing, ...]:
    """All but this very one."""
    return tuple(other for other in items if other is not item)
