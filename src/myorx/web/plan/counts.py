"""How many of several signs a patient has: each with its values, and which missing one matters.

The guideline says where it counts (``AtLeast``); nothing here knows what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from myorx.facts import Patient
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.syntax import And, AtLeast, Expression, Name, Not, Or
from myorx.language.values import Bounds
from myorx.plan.assemble import Planner, planner
from myorx.plan.effects import effects
from myorx.plan.model import FactUsed, Plan, Truth
from myorx.plan.question import Effect
from myorx.plan.situation import Situation
from myorx.plan.standing import differences
from myorx.plan.trials import World, trials
from myorx.plan.truth import truth
from myorx.plan.weigh import Outcome, Scales

Bearing: TypeAlias = OneOf["settled", "flips", "minor", "together"]
"""Of a sign that is unknown. ``settled``: the count stands whatever it is; ``flips``: its answer
alone can change what is decided; ``minor``: alone it changes other measures only; ``together``: it
changes nothing unless others are known as well."""


class Sign(NamedTuple):
    """One of the things that are counted."""

    names: Text
    value: Truth
    tests: tuple[FactUsed, ...]
    """The facts it rests on, as they stand."""
    bearing: Bearing | None
    """Of one that is unknown."""
    effects: tuple[Effect, ...]
    """What its answers would do to the plan."""


class Count(NamedTuple):
    """Several signs, of which so many are asked for."""

    id: str
    names: Text
    value: Truth
    asked: str
    """How many."""
    signs: tuple[Sign, ...]

    def number(self, value: Truth) -> int:
        """How many signs stand so."""
        return sum(sign.value == value for sign in self.signs)


def counts(guideline: Guideline, patient: Patient, plan: Plan) -> tuple[Count, ...]:
    """Every count that can turn a decision that applies here, in the order of the findings."""
    return tuple(_counts(planner(guideline), patient, plan))


def _counts(plans: Planner, patient: Patient, plan: Plan) -> Iterator[Count]:
    guideline = plans.guideline
    situation = plans.situation(patient)
    used = {fact.id: fact for fact in plan.receipt.facts}
    for finding in plan.findings:
        definition = guideline.definitions[finding.id]
        tree = definition.expression.expression
        if not isinstance(tree, AtLeast) or not _matters(plans, situation, plan, finding.id):
            continue
        value = _truth(situation, definition.expression.expression)
        trial = _Trial(plans, situation) if value == "unknown" else None
        signs = tuple(_sign(plans, situation, used, item, trial) for item in tree.items)
        least = situation.trace(tree.count).value
        exact = least.exact if isinstance(least, Bounds) else None
        yield Count(definition.id, definition.label, value, str(exact or ""), signs)


def _matters(plans: Planner, situation: Situation, plan: Plan, count: str) -> bool:
    """Whether a decision that applies here could be answered otherwise if the count came out so."""
    return any(
        _turns(plans, situation, argument.when.expression, count)
        for decision in plan.decisions
        if decision.status == "live"
        for candidate in plans.guideline.decisions[decision.id].candidates
        for argument in candidate.arguments
        if count in plans.wording.words(argument.when.expression).definitions
    )


def _turns(plans: Planner, situation: Situation, expression: Expression, count: str) -> bool:
    """Whether the count can still turn an expression, everything else being as it is."""
    match expression:
        case Name(name=name) if name == count:
            return True
        case Name(name=name):
            definition = plans.guideline.definitions.get(name)
            return definition is not None and _turns(
                plans, situation, definition.expression.expression, count
            )
        case And(operands=operands) | Or(operands=operands):
            # One false operand makes a conjunction false, whatever the others are.
            settles = isinstance(expression, Or)
            turning = [each for each in operands if _turns(plans, situation, each, count)]
            fixed = (each for each in operands if not any(each is one for one in turning))
            return bool(turning) and all(
                situation.trace(each).value is not settles for each in fixed
            )
        case Not(operand=operand):
            return _turns(plans, situation, operand, count)
        case _:
            return False


def _truth(situation: Situation, expression: Expression) -> Truth:
    value = situation.trace(expression).value
    return truth(value if isinstance(value, bool) else None)


def _sign(
    plans: Planner,
    situation: Situation,
    used: Mapping[str, FactUsed],
    item: Expression,
    trial: _Trial | None,
) -> Sign:
    words = plans.wording.words(item)
    value = _truth(situation, item)
    tests = tuple(used[fact] for fact in words.facts if fact in used)
    names = plans.wording.name(item.name) if isinstance(item, Name) else words.says
    if value != "unknown":
        return Sign(names, value, tests, None, ())
    if trial is None:
        return Sign(names, value, tests, "settled", ())
    return Sign(names, value, tests, *trial.bearing(_open(plans, situation, item)))


def _open(plans: Planner, situation: Situation, item: Expression) -> tuple[str, ...]:
    """The facts to ask for that keep a sign unknown."""
    definition = plans.guideline.definitions.get(item.name) if isinstance(item, Name) else None
    if definition is not None:
        return situation.needs(definition.expression)
    return tuple(
        fact
        for fact in plans.wording.words(item).facts
        if situation.patient.facts[fact].value is None
    )


class _Trial:
    """The patient as known, and what the plan would say if one more fact were."""

    def __init__(self, plans: Planner, situation: Situation) -> None:
        self._plans = plans
        self._situation = situation
        self._scales = _scales(plans)
        self._world: World = self._scales.trials.world(situation.patient)

    def bearing(self, facts: tuple[str, ...]) -> tuple[Bearing, tuple[Effect, ...]]:
        """What the plausible answers of each fact alone would change, the gravest first."""
        plans, before = self._plans, self._world.standings
        found: list[Effect] = []
        grave = False
        for fact in facts:
            outcomes = []
            for answer in self._scales.answers(self._situation, fact):
                world = self._scales.trials.suppose(self._world, answer)
                if world is not None:
                    moved = tuple(differences(before, world.standings))
                    grave = grave or any(_decides(key, weight) for key, weight in moved)
                    weight = sum(weight for _, weight in moved)
                    outcomes.append(Outcome(answer, world, weight))
            found += effects(plans.guideline, plans.wording, before, fact, outcomes)
        if not found:
            return "together", ()
        return "flips" if grave else "minor", tuple(found)


def _decides(key: str, weight: int) -> bool:
    """Whether a change is one of a decision, a candidate, a drug or an alert, not of a detail."""
    return weight > 1 and not key.startswith(("advice:", "dose:"))


@lru_cache(maxsize=8)
def _scales(plans: Planner) -> Scales:
    return Scales(trials(plans.guideline))
