"""What the planner itself says, in the shape of the formulas: value by value, for comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from myorx.facts import Patient
from myorx.language.syntax import Expression, Name
from myorx.plan import Planner
from myorx.plan.advice import judge_advice
from myorx.plan.alerts import raise_alerts
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import judge_drugs, judge_one, use_of
from myorx.plan.formulas import ORDERED, TAKEN, Formula, PartStanding, Standing, Truth, holds
from myorx.plan.judged import Judged
from myorx.plan.safety import judge_parts
from myorx.plan.situation import Situation
from tests.parts import every_part

Said: TypeAlias = dict[str, object]
"""Everything by a path such as ``decision/x/candidate/y/status``."""


def by_plan(planner: Planner, patient: Patient) -> Said:
    """What the planner says."""
    situation = planner.situation(patient)
    decisions = judge_decisions(situation)
    advice = judge_advice(situation)
    drugs = judge_drugs(situation, decisions, advice)
    alerts = {alert.id: alert for alert in raise_alerts(situation, decisions, drugs)}
    guideline = planner.guideline
    said: Said = {"scope": situation.holds(guideline.manifest.scope.when)}
    shown = {decision.id: decision for decision in decisions}
    for id_, decision in guideline.decisions.items():
        here = f"decision/{id_}"
        result = shown.get(id_)
        said[f"{here}/status"] = "absent" if result is None else result.status
        said[f"{here}/yields"] = None if result is None else result.yields_to
        said[f"{here}/none_left"] = result is not None and result.none_left is not None
        judged = {} if result is None else {each.id: each for each in result.candidates}
        for candidate in decision.candidates:
            found = judged.get(candidate.id)
            there = f"{here}/{candidate.id}"
            said[f"{there}/status"] = found.status if found else "not_judged"
            said[f"{there}/indication"] = found.indication if found else "not_judged"
            said[f"{there}/safety"] = found.safety if found else "not_judged"
            said[f"{there}/level"] = (found.level if found else None) or "none"
            said[f"{there}/provisional"] = found is not None and found.provisional
            said[f"{there}/reserved"] = found is not None and found.reserved
        gaps = () if result is None else result.gaps
        for gap in decision.gaps:
            values = [each.value for each in gaps if each.id == gap.id]
            said[f"{here}/gap/{gap.id}"] = values[0] if values else "absent"
    parts = every_part(guideline)
    for part, answers in zip(parts, judge_parts(situation, parts), strict=True):
        said.update(_part(f"part/{part.drug_class or part.drug}", answers))
    judged_drugs = {drug.id: drug for drug in drugs}
    for id_, drug in guideline.drugs.items():
        one = judge_one(situation, drug, use_of(situation, id_, decisions, advice))
        here = f"drug/{id_}"
        said[f"{here}/verdict"] = one.verdict
        said[f"{here}/severity"] = one.severity or "none"
        said[f"{here}/provisional"] = one.provisional
        said[f"{here}/shown"] = id_ in judged_drugs
        said[f"{here}/offered"] = bool(one.offered)
        said[f"{here}/alert"] = f"drug:{id_}" in alerts
        said[f"{here}/hazards"] = tuple(reason.value for reason in situation.hazards(drug))
    results = {item.id: item for item in advice}
    for id_ in guideline.advice:
        said[f"advice/{id_}"] = results[id_].status if id_ in results else "absent"
    for id_ in guideline.alerts:
        alert = alerts.get(id_)
        said[f"alert/{id_}"] = (
            "absent" if alert is None else "possible" if alert.possible else "raised"
        )
    return said


def _part(here: str, judged: Judged) -> Said:
    return {
        f"{here}/exclude": judged.exclude,
        f"{here}/against": judged.against,
        f"{here}/uncovered": judged.uncovered,
        f"{here}/safety": judged.result.safety,
    }


def by_formulas(standing: Standing, planner: Planner, patient: Patient) -> Said:
    """What the formulas say, over the values that the reference gives their expressions."""
    return Run(standing, value_in(planner.situation(patient))).said()


def value_in(situation: Situation) -> Callable[[Expression], bool | None]:
    """The Kleene value of every expression of a formula, by the reference engine."""

    def value(expression: Expression) -> bool | None:
        if isinstance(expression, Name) and ":" in expression.name:
            kind, _, drug = expression.name.partition(":")
            return drug in {TAKEN: situation.taken, ORDERED: situation.ordered}[f"{kind}:"]
        found = situation.trace(expression).value
        assert found is None or isinstance(found, bool)
        return found

    return value


class Run:
    """All formulas of a standing for one patient."""

    def __init__(self, standing: Standing, value: Callable[[Expression], bool | None]) -> None:
        self._standing = standing
        self._value = value
        self._known: dict[Formula, bool] = {}

    def said(self) -> Said:
        standing = self._standing
        said: Said = {"scope": self.kleene(standing.scope)}
        for id_, decision in standing.decisions.items():
            here = f"decision/{id_}"
            status = said[f"{here}/status"] = self.one(decision.status)
            taken_over = [each.decision for each in decision.yields if self.holds(each.holds)]
            assert len(taken_over) <= 1
            said[f"{here}/yields"] = taken_over[0] if taken_over else None
            said[f"{here}/none_left"] = self.holds(decision.none_left)
            for candidate in decision.candidates.values():
                there = f"{here}/{candidate.id}"
                said[f"{there}/status"] = self.one(candidate.status)
                said[f"{there}/indication"] = self.one(candidate.indication)
                said[f"{there}/safety"] = self.one(candidate.safety)
                said[f"{there}/level"] = self.one(candidate.level)
                said[f"{there}/provisional"] = self.holds(candidate.provisional)
                said[f"{there}/reserved"] = self.holds(candidate.reserved)
                said.update(self._parts(candidate.parts))
            for gap, truth in decision.gaps.items():
                value = self.kleene(truth) if status in ("live", "open") else False
                name = {True: "true", None: "unknown", False: "absent"}[value]
                said[f"{here}/gap/{gap}"] = name
        for id_, drug in standing.drugs.items():
            here = f"drug/{id_}"
            said[f"{here}/verdict"] = self.one(drug.verdict)
            said[f"{here}/severity"] = self.one(drug.severity)
            said[f"{here}/provisional"] = self.holds(drug.provisional)
            said[f"{here}/shown"] = self.holds(drug.shown)
            said[f"{here}/offered"] = self.holds(drug.offered)
            said[f"{here}/alert"] = self.holds(drug.alert)
            names = {True: "true", False: "false", None: "unknown"}
            hazards = (names[self.kleene(each.holds)] for each in drug.hazards)
            said[f"{here}/hazards"] = tuple(hazards)
        for id_, advice in standing.advice.items():
            said[f"advice/{id_}"] = self.one(advice.status)
            said.update(self._parts(advice.parts))
        for id_, alert in standing.alerts.items():
            said[f"alert/{id_}"] = self.one(alert.status)
        return said

    def _parts(self, parts: tuple[PartStanding, ...]) -> Iterator[tuple[str, object]]:
        for part in parts:
            here = f"part/{part.id}"
            yield f"{here}/exclude", self.kleene(part.exclude)
            yield f"{here}/against", self.kleene(part.against)
            yield f"{here}/uncovered", self.kleene(part.uncovered)
            yield f"{here}/safety", self.one(part.safety)
            yield from self._parts(part.members)

    def holds(self, formula: Formula) -> bool:
        found = self._known.get(formula)
        if found is None:
            found = self._known[formula] = holds(formula, self._value)
        return found

    def kleene(self, truth: Truth) -> bool | None:
        true, false = self.holds(truth.true), self.holds(truth.false)
        assert not (true and false)
        return True if true else False if false else None

    def one(self, choice: Mapping[Any, Formula]) -> object:
        """The one value whose formula holds."""
        found = [value for value, formula in choice.items() if self.holds(formula)]
        assert len(found) == 1, (found, tuple(choice))
        return found[0]
