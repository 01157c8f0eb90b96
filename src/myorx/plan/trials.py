"""Trial plans: what a plan would say if some facts had other values, hundreds of times a second.

The judging functions are those of the plan. What makes a trial cheap: it carries no words and no
traces; only conditions over facts that changed are evaluated again; and a decision, drug or advice
whose conditions all have values met before is not judged again but remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

from myorx.facts import Patient, assume, environment
from myorx.guideline.hazards import drugs_of as drugs_of_part
from myorx.guideline.models import Argument, Drug, Guideline, Part
from myorx.guideline.texts import Condition, Text
from myorx.language import evaluate
from myorx.language.syntax import Expression
from myorx.language.values import Value
from myorx.language.walk import names
from myorx.plan.advice import judge_advice
from myorx.plan.alerts import raise_alerts
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import Use, drugs_of, judge_one, offers
from myorx.plan.grounds import Ground, Grounds
from myorx.plan.model import AdviceResult, DecisionResult, DrugResult, Reason, Step
from myorx.plan.situation import Situation
from myorx.plan.standing import OUTSIDE, Standing, Standings, of_advice, of_alerts, of_decision
from myorx.plan.standing import of_drug as standing_of_drug
from myorx.plan.truth import Kleene, truth
from myorx.plan.wording import Wording

Places: TypeAlias = tuple[int, ...]
"""Conditions, by their place in ``Trials.expressions``."""

Key: TypeAlias = tuple[object, ...]
"""All that a judgement rests on."""

_T = TypeVar("_T")

_LARGEST = 50_000
"""So many results of a kind are remembered; past it the memory starts afresh."""

_SILENT = Step(text="", says=Text(zh="", en=""), value="")


Decided: TypeAlias = tuple[tuple[DecisionResult, ...], Standings]
Advised: TypeAlias = tuple[tuple[AdviceResult, ...], Standings]
Judged: TypeAlias = tuple[DrugResult, Standings]


class World(NamedTuple):
    """A patient as known or supposed, with what the plan would say."""

    patient: Patient
    values: tuple[Value, ...]
    """Of every condition of the guideline, in the order of ``Trials.expressions``."""
    standings: Standings
    decided: Mapping[str, Decided]
    advised: Mapping[str, Advised]
    judged: Mapping[str, Judged]


class Trials:
    """Trial plans for the patients of one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.grounds = Grounds(guideline)
        self.wording = Wording(guideline)
        self.reasons: dict[tuple[int, Kleene], Reason] = {}
        """Arguments by identity and by whether they hold."""
        self.places: dict[int, int] = {}
        """Identity of an expression -> its place among ``expressions``."""
        self.expressions: list[Expression] = []
        """Every condition that anything in a plan rests on."""
        scales = guideline.manifest.scales
        self._scales = (scales.weight, scales.body_surface_area, scales.age)
        (self._scope,) = self._placed([guideline.manifest.scope.when])
        self._decisions = {id_: self._placed(self._of_decision(id_)) for id_ in guideline.decisions}
        self._advice = {id_: self._placed(self._of_advice(id_)) for id_ in guideline.advice}
        self._drugs = {
            drug.id: self._placed(self._of_drug(drug)) for drug in guideline.drugs.values()
        }
        for alert in guideline.alerts.values():
            self._placed([alert.when, *([] if alert.possible is None else [alert.possible])])
        self._impossible = self._placed(each.when for each in guideline.contradictions.values())
        self.facts = tuple(tuple(leaves(guideline, each)) for each in self.expressions)
        """The facts under each expression, through definitions."""
        self._over: dict[str, list[int]] = {}
        for place, under in enumerate(self.facts):
            for fact in under:
                self._over.setdefault(fact, []).append(place)
        self.resting = _resting(guideline)
        """For each fact: itself, and every fact that is inferred or derived from it."""
        self.reach = tuple(
            frozenset(fact for fact, whole in self.resting.items() if not whole.isdisjoint(under))
            for under in self.facts
        )
        """The facts that may change each expression, also through inferences."""
        self._evaluated: dict[Key, Value] = {}
        self._decided: dict[Key, Decided] = {}
        self._advised: dict[Key, Advised] = {}
        self._verdicts: dict[Key, Judged] = {}

    # -- trials --------------------------------------------------------------------------------

    def world(self, patient: Patient) -> World:
        """The patient as known."""
        values = self._values(patient, range(len(self.expressions)))
        return self._judge(patient, tuple(values.values()), None)

    def suppose(self, world: World, changes: Mapping[str, Value]) -> World | None:
        """The patient if some facts had these values; None where that cannot be."""
        resting = {fact for name in changes for fact in self.resting[name]}
        patient = assume(world.patient, self.guideline, changes, resting)
        before, after = world.patient.facts, patient.facts
        changed = [name for name in resting if after[name].value != before[name].value]
        moved = {place for name in changed for place in self._over.get(name, ())}
        values = list(world.values)
        for place, value in self._values(patient, moved).items():
            values[place] = value
        if any(values[place] is True for place in self._impossible):
            return None
        return self._judge(patient, tuple(values), world)

    def _values(self, patient: Patient, places: Iterable[int]) -> dict[int, Value]:
        """The values of some conditions; one over facts with the same values is remembered."""
        states, day = patient.facts, patient.as_of
        view = environment(patient, self.guideline)
        found: dict[int, Value] = {}
        for place in places:
            key = (place, day, *[states[fact].value for fact in self.facts[place]])
            if key not in self._evaluated:
                _make_room(self._evaluated)
                self._evaluated[key] = evaluate(self.expressions[place], view).value
            found[place] = self._evaluated[key]
        return found

    # -- judging -------------------------------------------------------------------------------

    def _judge(self, patient: Patient, values: tuple[Value, ...], near: World | None) -> World:
        """Everything judged; what rests on nothing that differs from ``near`` is taken from it."""
        quick = _Quick(self, patient, values)
        scales = tuple(patient.facts[name].value for name in self._scales)
        moved: frozenset[int] | None = None
        if near is not None and scales == tuple(
            near.patient.facts[name].value for name in self._scales
        ):
            pairs = enumerate(zip(values, near.values, strict=True))
            moved = frozenset(place for place, (now, then) in pairs if now is not then)

        def same(places: Places) -> bool:
            return moved is not None and moved.isdisjoint(places)

        decided = {
            id_: near.decided[id_]
            if near is not None and same(places)
            else self._decide(quick, id_, (id_, scales, *[values[place] for place in places]))
            for id_, places in self._decisions.items()
        }
        advised = {
            id_: near.advised[id_]
            if near is not None and same(places)
            else self._advise(quick, id_, (id_, scales, *[values[place] for place in places]))
            for id_, places in self._advice.items()
        }
        decisions = [result for results, _ in decided.values() for result in results]
        advice = [result for results, _ in advised.values() for result in results]
        judged = {
            id_: near.judged[id_]
            if near is not None and id_ in near.judged and same(self._drugs[id_])
            else self._verdict(quick, id_, [values[place] for place in self._drugs[id_]])
            for id_ in _in_use(quick, decisions, advice)
        }
        standings: dict[str, Standing] = {}
        if values[self._scope] is False:
            standings["outside"] = OUTSIDE
        for _, told in (*decided.values(), *advised.values(), *judged.values()):
            standings.update(told)
        drugs = [drug for drug, _ in judged.values()]
        standings.update(of_alerts(raise_alerts(quick, decisions, drugs)))
        return World(patient, values, standings, decided, advised, judged)

    def _decide(self, quick: Situation, id_: str, key: Key) -> Decided:
        found = self._decided.get(key)
        if found is None:
            results = judge_decisions(quick, only=(id_,))
            told = {name: one for result in results for name, one in of_decision(result).items()}
            _make_room(self._decided)
            found = self._decided[key] = results, told
        return found

    def _advise(self, quick: Situation, id_: str, key: Key) -> Advised:
        found = self._advised.get(key)
        if found is None:
            results = judge_advice(quick, only=(id_,))
            told = {name: one for result in results for name, one in of_advice(result).items()}
            _make_room(self._advised)
            found = self._advised[key] = results, told
        return found

    def _verdict(self, quick: Situation, id_: str, values: list[Value]) -> Judged:
        use = Use(id_ in quick.taken, id_ in quick.ordered, ())
        key = (id_, use, *values)
        found = self._verdicts.get(key)
        if found is None:
            result = judge_one(quick, self.guideline.drugs[id_], use)
            _make_room(self._verdicts)
            found = self._verdicts[key] = result, standing_of_drug(result)
        return found

    # -- what a judgement rests on -------------------------------------------------------------

    def _placed(self, conditions: Iterable[Condition]) -> Places:
        found: dict[int, None] = {}
        for condition in conditions:
            expression = condition.expression
            place = self.places.setdefault(id(expression), len(self.expressions))
            if place == len(self.expressions):
                self.expressions.append(expression)
            found[place] = None
        return tuple(found)

    def _of_decision(self, id_: str) -> Iterator[Condition]:
        """Every condition that may change how a decision or one of its candidates stands."""
        decision = self.guideline.decisions[id_]
        yield self.guideline.manifest.scope.when
        yield decision.applies
        for other in decision.yield_to:
            yield self.guideline.decisions[other.decision].applies
            if other.when is not None:
                yield other.when
        for candidate in decision.candidates:
            yield from self._argued(candidate.arguments, candidate.parts)
            if candidate.requires is not None:
                yield candidate.requires

    def _of_advice(self, id_: str) -> Iterator[Condition]:
        advice = self.guideline.advice[id_]
        yield self.guideline.manifest.scope.when
        yield advice.when
        yield from self._argued(advice.arguments, advice.parts)

    def _argued(self, arguments: Iterable[Argument], parts: Iterable[Part]) -> Iterator[Condition]:
        yield from (argument.when for argument in arguments)
        for part in parts:
            for drug in drugs_of_part(part, self.guideline, self.grounds.members):
                yield from self._of_drug(drug)

    def _of_drug(self, drug: Drug) -> Iterator[Condition]:
        yield from (hazard.when for hazard in drug.hazards)
        for topic in self.guideline.manifest.topics:
            if topic.id in drug.not_covered:
                yield topic.when


def trials(guideline: Guideline) -> Trials:
    """The trials of a guideline; made once for each of the guidelines in use."""
    return _trials(_Same(guideline))


def leaves(guideline: Guideline, expression: Expression) -> frozenset[str]:
    """The facts under an expression, through definitions; not through inferences."""
    found: set[str] = set()
    waiting = list(names(expression))
    while waiting:
        name = waiting.pop()
        if name in guideline.facts:
            found.add(name)
        elif name in guideline.definitions:
            waiting.extend(names(guideline.definitions[name].expression.expression))
    return frozenset(found)


def _resting(guideline: Guideline) -> Mapping[str, frozenset[str]]:
    """For each fact: itself, and every fact that is inferred or derived from it."""
    scale = guideline.manifest.scales.weight
    direct: dict[str, set[str]] = {name: {name} for name in guideline.facts}
    for fact in guideline.facts.values():
        for inference in fact.infer:
            under = [inference.value]
            if inference.when is not None:
                under.append(inference.when.expression)
            for expression in under:
                for name in leaves(guideline, expression):
                    direct[name].add(fact.id)
        for expression in fact.instrument.inputs.values() if fact.instrument is not None else ():
            for name in leaves(guideline, expression):
                direct[name].add(fact.id)
        if fact.derive is not None and scale in direct:
            direct[scale].add(fact.id)
    return {name: _closure(name, direct) for name in direct}


def _closure(name: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    found = {name}
    waiting = [name]
    while waiting:
        new = direct[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


class _Quick(Situation):
    """A patient whose conditions are evaluated already, judged without words, traces and needs."""

    def __init__(self, of: Trials, patient: Patient, values: tuple[Value, ...]) -> None:
        super().__init__(patient, of.wording, of.grounds)
        self._of = of
        self._judged: dict[tuple[Ground, Hashable], Any] = {}
        self._places = of.places
        self._values = values

    def holds(self, condition: Condition | None) -> Kleene:
        if condition is None:
            return True
        place = self._places.get(id(condition.expression))
        if place is None:
            return super().holds(condition)
        value = self._values[place]
        return value if value is True or value is False else None

    def once(self, ground: Ground, given: Hashable, make: Callable[[], _T]) -> _T:
        # Nothing is met here: conditions come evaluated, and for one patient.
        found: _T | None = self._judged.get((ground, given))
        if found is None:
            found = self._judged[ground, given] = make()
        return found

    def step(self, condition: Condition) -> Step:  # noqa: ARG002
        return _SILENT

    def needs(self, condition: Condition | None) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def askable(self, name: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def reason(self, argument: Argument, drug: str | None = None) -> Reason:
        holds = self.holds(argument.when)
        key = (id(argument), holds)
        found = self._of.reasons.get(key)
        if found is None:
            found = self.wording.reason(argument, drug, truth(holds), ())
            self._of.reasons[key] = found
        return found

    def traced(self, argument: Argument, drug: str | None = None) -> Reason:
        return self.reason(argument, drug)


def _in_use(
    situation: Situation, decisions: Iterable[DecisionResult], advice: Iterable[AdviceResult]
) -> Iterator[str]:
    """The drugs taken, ordered or offered."""
    offered = (
        drug for _, parts in offers(decisions, advice) for part in parts for drug in drugs_of(part)
    )
    used = dict.fromkeys((*situation.taken, *situation.ordered, *offered))
    return (drug for drug in used if drug in situation.guideline.drugs)


def _make_room(memory: dict[Key, _T]) -> None:
    if len(memory) >= _LARGEST:
        memory.clear()


class _Same:
    """A guideline as a key that compares by identity: its content is far too large to compare."""

    __slots__ = ("guideline",)

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline

    def __hash__(self) -> int:
        return id(self.guideline)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.guideline is self.guideline


@lru_cache(maxsize=8)
def _trials(same: _Same) -> Trials:
    return Trials(same.guideline)
