"""Which facts a thing in the plan can rest on at all, whatever their values."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.models import Guideline
from myorx.language.syntax import Expression
from myorx.language.walk import names
from myorx.plan.snapshot import Key
from myorx.plan.subjects import AdviceSubject, CandidateSubject, DrugSubject
from myorx.plan.suppose import reachable


def reach(guideline: Guideline, key: Key) -> frozenset[str] | None:
    """Every name under its conditions, through definitions and inferences; None: not told."""
    expressions = tuple(_conditions(guideline, key))
    if not expressions:
        return None
    return frozenset(
        name for expression in reachable(guideline, expressions) for name in names(expression)
    )


def _conditions(guideline: Guideline, key: Key) -> Iterator[Expression]:
    kind, id_ = key
    decision, _, candidate = id_.partition("/")
    match kind:
        case "candidate" if decision in guideline.decisions:
            yield from CandidateSubject(decision, candidate).conditions(guideline)
        case "decision" if id_ in guideline.decisions:
            yield guideline.decisions[id_].applies.expression
        case "drug" if id_ in guideline.drugs:
            yield from DrugSubject(id_).conditions(guideline)
        case "advice" if id_ in guideline.advice:
            yield from AdviceSubject(id_).conditions(guideline)
        case "alert" if id_ in guideline.alerts:
            yield guideline.alerts[id_].when.expression
        case _:
            return
