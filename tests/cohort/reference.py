"""What the planner says of a patient, under the names of the engine's columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

from myorx.cohort.engine import Coded, Engine, Found
from myorx.cohort.engine.statuses import (
    advice_column,
    alert_column,
    candidate_column,
    decision_column,
    part_column,
    provisional_column,
    real_column,
    verdict_column,
)
from myorx.facts import CaseError, Patient, resolve
from myorx.facts.case import Case
from myorx.facts.read import Written, read_written
from myorx.guideline.models import Guideline
from myorx.plan import Planner
from myorx.plan.advice import judge_advice
from myorx.plan.alerts import raise_alerts
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import Use, judge_one
from myorx.plan.safety import judge_parts
from tests.parts import every_part
from tests.random_cases import AS_OF, random_case

Said = dict[str, object]

MEASURES = ("k_", "m_", "x_")
"""Columns that a plan does not have; ``test_measures.py`` looks at them."""


def written_cases(
    guideline: Guideline, count: int, *, seed: int, as_of: date = AS_OF
) -> Iterator[tuple[Mapping[str, Any], Case, Patient]]:
    """Random cases as written, and the patients that an import makes of them."""
    random = Random(seed)  # noqa: S311 - cases for tests
    made = 0
    while made < count:
        source = random_case(guideline, random, as_of=as_of)
        written: Written = read_written(source, guideline, as_of=as_of)
        try:
            patient = resolve(
                written.case,
                guideline,
                mode="import",
                places=written.places,
                faults=written.faults,
            )
        except CaseError:
            continue
        made += 1
        yield source, written.case, patient


def said_of(planner: Planner, patient: Patient) -> Said:
    """Every column, by the planner: no ranking, no words, no calendar."""
    situation = planner.situation(patient)
    guideline = situation.guideline
    decisions = judge_decisions(situation)
    advice = judge_advice(situation)
    # Which drugs are offered, and their own alerts, change no column: half the time is saved.
    alerts = {alert.id: alert for alert in raise_alerts(situation, (), ())}
    words = {True: "true", False: "false", None: "unknown"}
    said: Said = {"scope": words[situation.holds(guideline.manifest.scope.when)]}
    shown = {decision.id: decision for decision in decisions}
    for id_, decision in guideline.decisions.items():
        result = shown.get(id_)
        said[decision_column(id_)] = "absent" if result is None else result.status
        judged = {} if result is None else {each.id: each for each in result.candidates}
        for candidate in decision.candidates:
            found = judged.get(candidate.id)
            said[candidate_column(id_, candidate.id)] = found.status if found else "not_judged"
            provisional = found is not None and found.provisional
            said[provisional_column(id_, candidate.id)] = provisional
    parts = every_part(guideline)
    for part, answers in zip(parts, judge_parts(situation, parts), strict=True):
        said[part_column(part.drug_class or part.drug or "")] = answers.result.safety
    for id_, drug in guideline.drugs.items():
        use = Use(id_ in situation.taken, id_ in situation.ordered, ())
        said[verdict_column(id_)] = judge_one(situation, drug, use).verdict
        said[real_column(id_)] = use.real
    results = {item.id: item for item in advice}
    for id_ in guideline.advice:
        said[advice_column(id_)] = results[id_].status if id_ in results else "absent"
    for id_ in guideline.alerts:
        alert = alerts.get(id_)
        said[alert_column(id_)] = (
            "absent" if alert is None else "possible" if alert.possible else "raised"
        )
    return said


def as_lists(engine: Engine, found: Found) -> Mapping[str, list[object]]:
    """Every column of statuses as words and truths, by name."""
    lists: dict[str, list[object]] = {}
    for output in engine.outputs:
        if isinstance(output, Coded):
            codes = found.codes(output.column).tolist()
            lists[output.column] = [output.values[code] for code in codes]
        else:
            lists[output.column] = found.flags(output.column).tolist()
    return lists


def differences(
    engine: Engine, found: Mapping[str, list[object]], row: int, said: Said
) -> list[str]:
    """The columns in which a row differs from what the planner says. A part that no candidate of
    the patient's has was not judged by the planner, and is not compared."""
    wrong: list[str] = []
    for output in engine.outputs:
        expected = said.get(output.column)
        if output.column[:2] in MEASURES or (expected is None and output.column[:2] == "p_"):
            continue
        got = found[output.column][row]
        if got != expected:
            kind = "status" if isinstance(output, Coded) else "flag"
            wrong.append(f"{output.column}: {kind} {got!r}, the plan says {expected!r}")
    return wrong
