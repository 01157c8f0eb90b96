"""The guideline over columns: for random patients, every condition and every status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.facts import Patient
from myorx.facts.environment import AS_OF, environment
from myorx.facts.names import index
from myorx.guideline.check.context import Context
from myorx.guideline.load import load
from myorx.guideline.positions import Positions
from myorx.language import BOOLEAN, Days, Expression, Type, Value, evaluate, names
from myorx.language.columns import Builder, PlaneId, Truth, record_batch
from myorx.language.syntax import Name
from myorx.plan import Planner
from myorx.plan.formulas import (
    All,
    Constant,
    Formula,
    Known,
    Not,
    Refuted,
    expressions,
    holds,
    standing,
)
from myorx.plan.formulas import (
    Any as AnyOf,
)
from tests.conftest import PROFILE, SOAK
from tests.plan.formulas.reference import value_in
from tests.random_cases import random_patients

PATIENTS = 70 * (SOAK if PROFILE == "soak" else 1)
"""More than one word of a plane."""


@cache
def patients() -> tuple[Patient, ...]:
    return tuple(patient for _, patient in random_patients(load(), PATIENTS, seed=20))


def values(patient: Patient) -> Mapping[str, Value]:
    day = Days(patient.as_of, patient.as_of)
    return {name: state.value for name, state in patient.facts.items()} | {AS_OF: day}


def definitions() -> dict[str, Expression]:
    found = load().definitions
    return {name: each.expression.expression for name, each in found.items()}


def types() -> dict[str, Type]:
    """Of facts, settings and the date."""
    found = Context(load(), Positions(), None).types
    return {name: type_ for name, type_ in found.items() if name not in load().definitions}


def test_every_expression_of_the_guideline() -> None:
    guideline = load()
    context = Context(guideline, Positions(), None)
    conditions = definitions()
    for place, expression, is_condition in context.formulas:
        if is_condition and names(expression):
            conditions[str(place)] = expression
    facts = types()
    builder = Builder(facts, definitions=definitions(), settings=index(guideline).settings)
    wanted = {name: builder.truth(tree) for name, tree in conditions.items()}
    assert all(isinstance(truth, Truth) for truth in wanted.values())
    rows = [values(patient) for patient in patients()]
    found = builder.program(wanted).run(record_batch(rows, facts), chunk=64)
    views = [environment(patient, guideline) for patient in patients()]
    met = set()
    for name, tree in conditions.items():
        expected = [evaluate(tree, view).value for view in views]
        assert found.column(name).to_pylist() == expected, name
        met.update(expected)
    assert met == {True, False, None}


def test_every_status_of_a_plan() -> None:
    guideline = load()
    formulas = list(dict.fromkeys(formulas_in(standing(guideline))))
    assert len(formulas) > 1000
    asked = expressions(formulas)
    drugs = {name for tree in asked for name in names(tree) if ":" in name}
    facts = {**types(), **dict.fromkeys(drugs, BOOLEAN)}
    builder = Builder(facts, definitions=definitions(), settings=index(guideline).settings)
    planes = {str(place): plane_of(formula, builder) for place, formula in enumerate(formulas)}
    planner = Planner(guideline)
    readers = [value_in(planner.situation(patient)) for patient in patients()]
    rows = [
        {**values(patient), **{name: read(Name(name)) for name in drugs}}
        for patient, read in zip(patients(), readers, strict=True)
    ]
    found = builder.program(planes).run(record_batch(rows, facts), chunk=64)
    masks = found.masks(planes)
    kinds = set()
    for row, read in enumerate(readers):
        known = {tree: read(tree) for tree in asked}
        expected = [holds(formula, known.__getitem__) for formula in formulas]
        fired = [bool(int(masks[row, bit // 64]) >> bit % 64 & 1) for bit in range(len(formulas))]
        assert fired == expected
        kinds.update(expected)
    assert kinds == {True, False}


def plane_of(formula: Formula, builder: Builder) -> PlaneId:
    """A formula as a plane."""
    graph = builder.graph
    match formula:
        case Constant(value=value):
            return graph.everywhere if value else graph.nowhere
        case Known(expression=expression):
            return builder.truth(expression).true
        case Refuted(expression=expression):
            return builder.truth(expression).false
        case All(parts=parts):
            return graph.all_of(plane_of(part, builder) for part in parts)
        case AnyOf(parts=parts):
            return graph.any_of(plane_of(part, builder) for part in parts)
        case Not(part=part):
            return graph.negate(plane_of(part, builder))


def formulas_in(found: Any) -> Iterator[Formula]:
    """Every formula that stands somewhere in a structure."""
    if isinstance(found, Formula):
        yield found
    elif isinstance(found, Mapping):
        for part in found.values():
            yield from formulas_in(part)
    elif isinstance(found, tuple):
        for part in found:
            yield from formulas_in(part)
