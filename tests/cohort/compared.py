"""Very many random cases: every status of the engine beside what the planner says."""

from __future__ import annotations

from functools import cache
from random import Random

from myorx.cohort.engine import Engine
from myorx.cohort.rows import batch_of_cases
from myorx.facts import CaseError, Patient, resolve
from myorx.facts.case import Case
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.plan import Planner
from tests.case_pool import CasePool
from tests.cohort.reference import as_lists, differences, said_of


@cache
def _made() -> tuple[Guideline, Engine, Planner]:
    """Made once in each process."""
    guideline = load()
    return guideline, Engine(guideline, threads=1), Planner(guideline)


def compared(seed: int, count: int) -> list[str]:
    """What differs in ``count`` cases of one seed: each case as written, and its columns."""
    guideline, engine, planner = _made()
    pool = CasePool(guideline, seed=seed)
    random = Random(seed)  # noqa: S311 - cases for tests
    written: list[object] = []
    cases: list[Case] = []
    patients: list[Patient] = []
    while len(cases) < count:
        source, case = pool.case(random)
        try:
            patients.append(resolve(case, guideline, mode="import"))
        except CaseError:
            continue
        written.append(source)
        cases.append(case)
    found = as_lists(engine, engine.run(batch_of_cases(cases, guideline)))
    wrong: list[str] = []
    for row, patient in enumerate(patients):
        lines = differences(engine, found, row, said_of(planner, patient))
        if lines:
            wrong.append("\n".join([str(written[row]), *lines]))
    return wrong
