"""Any patient at once is every patient: each real one fits the axioms, and is worked out alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

z3 = pytest.importorskip("z3", reason="the extra proof is not installed")

from myorx.facts import Patient, environment  # noqa: E402
from myorx.facts.instrument import computed  # noqa: E402
from myorx.guideline.load import load, load_folder  # noqa: E402
from myorx.guideline.models import Fact, Guideline  # noqa: E402
from myorx.language.evaluate import evaluate  # noqa: E402
from myorx.language.smt import Loose, constant, equals, read  # noqa: E402
from myorx.language.smt.bits import Bit, lifted, same  # noqa: E402
from myorx.language.values import Bounds, Value  # noqa: E402
from myorx.plan import Planner  # noqa: E402
from myorx.plan.formulas import Formula, holds, standing  # noqa: E402
from myorx.proof.replay import value_in  # noqa: E402
from myorx.proof.world import World  # noqa: E402
from tests.conftest import PROFILE, SOAK  # noqa: E402
from tests.random_cases import random_patients  # noqa: E402

TIMES = SOAK if PROFILE == "soak" else 1
FOLDER = Path(__file__).parent.parent / "plan" / "guideline"


@cache
def guideline_of(name: str) -> Guideline:
    return load_folder(FOLDER) if name == "invented" else load(name)


def pinned(world: World, patient: Patient, guideline: Guideline) -> Iterator[Bit]:
    """That the patient of the world is this one."""
    yield same(world.as_of, patient.as_of.toordinal())
    for name, value in world.given.items():
        state = patient.facts[name]
        known = state.value if state.origin == "given" else None
        yield equals(value, constant(known))
    for name, mentioned in world.mentioned.items():
        yield mentioned if name in patient.case.facts else z3.Not(mentioned)
    for name, value in world.derived.items():
        yield equals(value, constant(_derived(guideline.facts[name], patient, guideline)))
    situation = Planner(guideline).situation(patient)
    for name, bit in world.taken.items():
        kind, _, drug = name.partition(":")
        used = situation.taken if kind == "taken" else situation.ordered
        yield bit if drug in used else z3.Not(bit)


def _derived(fact: Fact, patient: Patient, guideline: Guideline) -> Value:
    state = patient.facts[fact.id]
    if fact.instrument is not None:
        view = environment(patient, guideline)
        found = computed(fact, fact.instrument, lambda each: evaluate(each, view).value)
        return None if found is None else found.value
    return state.value if state.origin == "derived" else None


@pytest.mark.parametrize("loose", [False, True])
@pytest.mark.parametrize(("name", "count"), [("invented", 30), ("aim", 40)])
def test_every_patient_is_among_any_patients(name: str, count: int, loose: bool) -> None:
    guideline = guideline_of(name)
    calendar = Loose()
    world = World(guideline, loose=calendar if loose else None)
    formulas = _formulas(guideline)
    terms = [lifted(world.holds(formula)) for formula in formulas]
    axioms = [lifted(axiom) for axiom in (*world.axioms, *calendar.axioms())]
    used = 0
    for case, patient in random_patients(guideline, count * TIMES, seed=29):
        if patient.refused:
            continue  # what contradicts the rest is beside the axioms, on purpose
        used += 1
        solver = z3.Solver()
        solver.add(*axioms, *map(lifted, pinned(world, patient, guideline)))
        assert solver.check() == z3.sat, case
        model = solver.model()
        if loose:
            continue  # its years may be others; that the patient fits is all that matters
        for fact, state in patient.facts.items():
            assert _alike(read(world.facts[fact], model), state.value), (fact, case)
        value = value_in(Planner(guideline).situation(patient))
        for formula, term in zip(formulas, terms, strict=True):
            found = z3.is_true(model.eval(term, model_completion=True))
            assert found is holds(formula, value), case
    assert used >= count * TIMES // 10


def _alike(found: Value, expected: Value) -> bool:
    if isinstance(found, Bounds) and isinstance(expected, Bounds):
        ends = ("low", "high", "low_open", "high_open", "unit")
        return all(getattr(found, end) == getattr(expected, end) for end in ends)
    return found == expected


def _formulas(guideline: Guideline) -> list[Formula]:
    """The status of every candidate, drug, advice and alert."""
    found = standing(guideline)
    choices = [
        *(
            candidate.status
            for decision in found.decisions.values()
            for candidate in decision.candidates.values()
        ),
        *(drug.verdict for drug in found.drugs.values()),
        *(drug.severity for drug in found.drugs.values()),
        *(advice.status for advice in found.advice.values()),
        *(alert.status for alert in found.alerts.values()),
    ]
    return [formula for choice in choices for formula in choice.values()]
