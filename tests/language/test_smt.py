"""The solver's terms say what the reference says: every row of the spec tables, random trees."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

z3 = pytest.importorskip("z3", reason="the extra proof is not installed")

from myorx.language import (  # noqa: E402
    BOOLEAN,
    DECIMAL,
    INTEGER,
    Bounds,
    Days,
    Expression,
    Facts,
    Type,
    Value,
    evaluate,
    parse,
)
from myorx.language.calendar import whole_periods  # noqa: E402
from myorx.language.smt import Lowering, choice, constant, encloses, equals, read, variable  # noqa: E402
from myorx.language.smt.bits import lifted  # noqa: E402
from myorx.language.smt.calendar import periods  # noqa: E402
from tests.language.generate import (  # noqa: E402
    CRP,
    TYPES,
    expressions,
    interval_values,
    patients,
    vague_patients,
)
from tests.language.notation import Row, rows  # noqa: E402
from tests.language.smt_answer import answer, answer_constant  # noqa: E402

FULL = expressions(null_tests=True)
ANY_TYPE = st.sampled_from((BOOLEAN, INTEGER, DECIMAL, CRP)).flatmap(expressions)


def reference(expression: Expression, values: dict[str, Value]) -> Value:
    return evaluate(expression, Facts(values, types=TYPES)).value


def alike(value: Value, other: Value) -> bool:
    """The same value; the solver writes numbers without zeros at their end."""
    if isinstance(value, Bounds) and isinstance(other, Bounds):
        return _plain(value) == _plain(other)
    return value == other


def _plain(value: Bounds) -> tuple[object, ...]:
    return (value.low, value.high, value.low_open, value.high_open, value.unit)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.table}-{row.name}")
def test_every_row_of_the_spec(row: Row) -> None:
    expression = parse(row.text)
    assert alike(answer(expression, row.facts, row.types), row.value)
    assert alike(answer_constant(expression, row.facts, row.types), row.value)


@settings(max_examples=80)
@given(FULL, patients())
def test_random_conditions_of_exact_patients(
    expression: Expression, values: dict[str, Value]
) -> None:
    assert answer(expression, values, TYPES) == reference(expression, values)


@settings(max_examples=80)
@given(ANY_TYPE, vague_patients())
def test_random_expressions_of_vague_patients(
    expression: Expression, pair: tuple[dict[str, Value], dict[str, Value]]
) -> None:
    expected = reference(expression, pair[1])
    assert alike(answer(expression, pair[1], TYPES), expected)
    assert alike(answer_constant(expression, pair[1], TYPES), expected)


@given(expressions(depth=2), patients())
def test_a_definition_is_worth_its_expression(
    expression: Expression, values: dict[str, Value]
) -> None:
    found = answer(parse("defined"), values, TYPES, {"defined": expression})
    assert found == reference(expression, values)


@given(
    st.dates(date(1, 3, 1), date(9999, 12, 31)),
    st.dates(date(1, 3, 1), date(9999, 12, 31)),
    st.sampled_from(("years", "months", "weeks", "days")),
)
@settings(max_examples=200)
def test_whole_periods(start: date, end: date, unit: str) -> None:
    first, last = z3.Int("first"), z3.Int("last")
    term = periods(unit, first, last)
    bound = [(first, lifted(start.toordinal())), (last, lifted(end.toordinal()))]
    found = z3.simplify(z3.substitute(term, *bound)).as_long()
    assert found == whole_periods(unit, start, end)


@pytest.mark.parametrize("days", range(-400, 400, 7))
def test_whole_periods_from_a_leap_day(days: int) -> None:
    end = date(2024, 2, 29) + timedelta(days=days)
    last = z3.Int("last")
    for unit in ("years", "months"):
        term = periods(unit, date(2024, 2, 29).toordinal(), last)
        found = z3.simplify(z3.substitute(term, (last, lifted(end.toordinal()))))
        assert found.as_long() == whole_periods(unit, date(2024, 2, 29), end)


TYPE = st.sampled_from(sorted(TYPES)).map(TYPES.__getitem__)
pairs = TYPE.flatmap(lambda kind: st.tuples(st.just(kind), interval_values(kind)))


@given(pairs)
def test_every_value_is_a_value_of_its_variable(case: tuple[Type, tuple[Value, Value]]) -> None:
    """The conditions on a variable let every value pass, and the model gives it back."""
    kind, (exact, vague) = case
    for value in (exact, vague):
        lowered, conditions = variable("v", kind)
        solver = z3.Solver()
        solver.add(*map(lifted, conditions), lifted(equals(lowered, constant(value))))
        assert solver.check() == z3.sat
        known = value
        if isinstance(value, Bounds) and value.low is None and value.high is None:
            known = None
        if isinstance(value, Days) and value.earliest is None and value.latest is None:
            known = None
        assert read(lowered, solver.model()) == known


@given(pairs)
def test_knowing_less_encloses(case: tuple[Type, tuple[Value, Value]]) -> None:
    _, (exact, vague) = case
    assert encloses(constant(vague), constant(exact)) is True
    if vague is None:
        assert encloses(constant(exact), constant(None)) is False


@given(pairs, pairs)
def test_a_choice_is_one_of_the_two(
    one: tuple[Type, tuple[Value, Value]], other: tuple[Type, tuple[Value, Value]]
) -> None:
    if one[0] != other[0]:
        return
    bit = z3.Bool("bit")
    made = choice(bit, constant(one[1][1]), constant(other[1][1]))
    for truth, value in ((True, one[1][1]), (False, other[1][1])):
        solver = z3.Solver()
        solver.add(bit == truth)
        assert solver.check() == z3.sat
        expected = read(constant(value))
        assert read(made, solver.model()) == expected


def test_a_solver_finds_the_patient() -> None:
    """What the terms are for: a patient for whom a condition holds, or that there is none."""
    types: dict[str, Type] = {"crp": CRP, "age": INTEGER}
    made = {name: variable(name, kind) for name, kind in types.items()}
    lowering = Lowering(lambda name: made[name][0], {}, {"age"})
    solver = z3.Solver()
    solver.add(*(condition for _, conditions in made.values() for condition in conditions))
    truth = lowering.truth(parse("crp > 1 'mg/dL' and age > 60 and age < 62"))
    solver.push()
    solver.add(truth.true)
    assert solver.check() == z3.sat
    model = solver.model()
    crp, age = read(made["crp"][0], model), read(made["age"][0], model)
    assert isinstance(crp, Bounds)
    assert crp.low is not None
    assert crp.low >= 10
    assert isinstance(age, Bounds)
    assert age.exact == Decimal(61) or (age.low, age.high) in ((60, 62), (60, 61), (61, 62))
    solver.pop()
    solver.add(truth.true, truth.false)
    assert solver.check() == z3.unsat


def test_exact_values_stay_exact() -> None:
    values = {
        "x": Bounds(Decimal("0.1"), Decimal("0.1")),
        "y": Bounds(Decimal("0.2"), Decimal("0.2")),
    }
    types: dict[str, Type] = {"x": DECIMAL, "y": DECIMAL}
    assert answer(parse("x + y = 0.3"), values, types) is True
    assert alike(
        answer(parse("x / 3"), values, types), Bounds(Decimal("0.03333333"), Decimal("0.03333333"))
    )
