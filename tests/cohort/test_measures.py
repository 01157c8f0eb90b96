"""Concordance, missing advice and breaches, worked out again from the plan, patient by patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.cohort.engine import Engine
from myorx.cohort.engine.measures import breach_column, concordance_column, given_column
from myorx.cohort.rows import batch_of_cases
from myorx.facts import Patient, drugs_taken
from myorx.guideline.hazards import members
from myorx.guideline.load import load
from myorx.guideline.models import Advice, Decision, Guideline, Part
from myorx.plan import Planner
from myorx.plan.advice import judge_advice
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import judge_one, use_of
from myorx.plan.model import AdviceResult, DecisionResult
from tests.cohort.reference import written_cases


class Taken:
    """What one patient takes: for certain, perhaps, and whether that is all."""

    def __init__(self, guideline: Guideline, patient: Patient) -> None:
        self._members = members(guideline)
        self.drugs = drugs_taken(patient.case)
        case = patient.case
        self.complete = case.therapies is not None and case.therapies_complete is True

    def any_of(self, part: Part, *, certain: bool) -> bool:
        drugs = [part.drug] if part.drug else [d.id for d in self._members[part.drug_class or ""]]
        return any(drug in self.drugs and (self.drugs[drug] or not certain) for drug in drugs)

    def all_of(self, parts: Iterable[Part], *, certain: bool) -> bool:
        return all(self.any_of(part, certain=certain) for part in parts)


def concordance(decision: Decision, result: DecisionResult | None, taken: Taken) -> str:
    if result is None or result.status not in ("live", "open"):
        return "not_applicable"
    if result.status == "open":
        return "unknown"
    parts = {each.id: each.parts for each in decision.candidates if each.parts}
    status = {each.id: each.status for each in result.candidates if each.id in parts}
    advised = [id_ for id_, each in status.items() if each in ("recommended", "option")]
    unsettled = [i for i, s in status.items() if s in ("undetermined", "blocked", "contested")]
    if any(taken.all_of(parts[each], certain=True) for each in advised):
        return "concordant"
    if not advised:
        return "unknown" if unsettled else "not_applicable"
    maybe = any(taken.all_of(parts[each], certain=False) for each in (*advised, *unsettled))
    return "unknown" if maybe or not taken.complete else "discordant"


def given(advice: Advice, result: AdviceResult | None, taken: Taken) -> str:
    if result is None or result.status == "withheld":
        return "not_applicable"
    if result.status == "may_apply":
        return "unknown"
    if any(taken.any_of(part, certain=True) for part in advice.parts):
        return "given"
    maybe = any(taken.any_of(part, certain=False) for part in advice.parts)
    return "unknown" if maybe or not taken.complete else "missing"


def test_measures_of_random_patients() -> None:
    guideline = load()
    engine, planner = Engine(guideline), Planner(guideline)
    cases = list(written_cases(guideline, 300, seed=51))
    found = engine.run(batch_of_cases([case for _, case, _ in cases], guideline))
    columns = found.batch().to_pydict()
    met: Counter[str] = Counter()
    for row, (source, _, patient) in enumerate(cases):
        situation = planner.situation(patient)
        taken = Taken(guideline, patient)
        decisions = judge_decisions(situation)
        results = {each.id: each for each in decisions}
        for decision in guideline.decisions.values():
            expected = concordance(decision, results.get(decision.id), taken)
            assert columns[concordance_column(decision.id)][row] == expected, (decision.id, source)
            met[expected] += 1
        judged = judge_advice(situation)
        advised = {each.id: each for each in judged}
        for advice in guideline.advice.values():
            if advice.parts:
                expected = given(advice, advised.get(advice.id), taken)
                assert columns[given_column(advice.id)][row] == expected, (advice.id, source)
                met[expected] += 1
        for drug in guideline.drugs.values():
            expected = "none"
            if drug.id in taken.drugs:
                one = judge_one(situation, drug, use_of(situation, drug.id, decisions, judged))
                unknown = any(
                    each.kind == "exclude" and each.value == "unknown"
                    for each in situation.hazards(drug)
                )
                if one.verdict == "contraindicated":
                    expected = "breach" if taken.drugs[drug.id] else "possible"
                elif unknown:
                    expected = "possible"
            assert columns[breach_column(drug.id)][row] == expected, (drug.id, source)
            met[expected] += 1
    wanted = "concordant discordant unknown not_applicable given missing none breach possible"
    assert set(met) == set(wanted.split())
