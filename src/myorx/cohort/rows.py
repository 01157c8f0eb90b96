"""Cases of single patients as a batch for the engine: for tests, examples and small tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pyarrow as pa

from myorx.cohort.engine.columns import (
    AS_OF,
    COMPLETE,
    day_column,
    derived_column,
    ordered_column,
    said_column,
    sure_column,
    taken_column,
)
from myorx.cohort.histories import Course, Deriver
from myorx.facts.case import Case
from myorx.facts.faults import Faults, Place
from myorx.facts.names import index
from myorx.facts.values import value_of
from myorx.guideline.check.context import fact_type
from myorx.guideline.models import Guideline
from myorx.language.columns import encode
from myorx.language.values import Value


def batch_of_cases(
    cases: Iterable[Case], guideline: Guideline, deriver: Deriver | None = None
) -> pa.RecordBatch:
    """One row a case, with all that an import takes from it; faulty values are unknown."""
    deriver = deriver or Deriver(guideline)
    rows = [_row(case, guideline, deriver) for case in cases]
    columns: dict[str, pa.Array] = {AS_OF: pa.array([row.case.as_of for row in rows], pa.date32())}
    for fact in guideline.facts.values():
        type_ = fact_type(fact)
        if not fact.derived:
            columns[fact.id] = encode([row.values.get(fact.id) for row in rows], type_)
        if fact.max_age is not None:
            columns[day_column(fact.id)] = pa.array(
                [row.days.get(fact.id) for row in rows], pa.date32()
            )
        if fact.absent == "no":
            columns[said_column(fact.id)] = pa.array([fact.id in row.case.facts for row in rows])
        if fact.derive is not None:
            values = [row.course.derived.get(fact.id) for row in rows]
            columns[derived_column(fact.id)] = encode(values, type_)
    columns.update(drug_columns([row.course for row in rows], guideline))
    return pa.RecordBatch.from_pydict(columns)


def drug_columns(courses: list[Course], guideline: Guideline) -> dict[str, pa.Array]:
    """What is taken and ordered, one Boolean column a drug, and whether that is all."""
    found: dict[str, pa.Array] = {
        COMPLETE: pa.array([each.complete for each in courses], pa.bool_())
    }
    for drug in guideline.drugs:
        found[taken_column(drug)] = pa.array([drug in each.taken for each in courses], pa.bool_())
        found[sure_column(drug)] = pa.array(
            [each.taken.get(drug, False) for each in courses], pa.bool_()
        )
        found[ordered_column(drug)] = pa.array(
            [drug in each.ordered for each in courses], pa.bool_()
        )
    return found


class _Row:
    def __init__(self, case: Case, values: Mapping[str, Value], course: Course) -> None:
        self.case = case
        self.values = values
        self.course = course
        self.days: dict[str, date] = {
            name: given.on.earliest
            for name, given in case.facts.items()
            if given.on is not None and given.on.earliest is not None
        }


def _row(case: Case, guideline: Guideline, deriver: Deriver) -> _Row:
    table = index(guideline)
    values: dict[str, Value] = {}
    for name, given in case.facts.items():
        faults = Faults()
        fact = guideline.facts[name]
        value = value_of(given, fact, table.units.get(name), case.as_of, Place(name), faults)
        if not len(faults) and value is not None:
            values[name] = value
    weight = None if deriver.weight is None else values.get(deriver.weight)
    if deriver.weight is not None and is_stale(case, guideline, deriver.weight):
        weight = None
    return _Row(case, values, deriver.course(case, weight))


def is_stale(case: Case, guideline: Guideline, name: str) -> bool:
    """Whether a value given is older than its fact allows."""
    given = case.facts.get(name)
    limit = index(guideline).settings.get(guideline.facts[name].max_age or "")
    exact = getattr(limit, "exact", None)
    if given is None or given.on is None or given.on.earliest is None or exact is None:
        return False
    return bool((case.as_of - given.on.earliest).days > exact)
