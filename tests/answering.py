"""An interview without a person: the questions of a case, answered by somebody who knows it all."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from myorx.facts import THERAPIES, Case, Given, Patient, resolve
from myorx.language.values import Bounds, Days
from myorx.plan import Plan, Planner
from myorx.plan.ask import ask
from myorx.plan.collective import collectives
from myorx.plan.question import Question

_UNKNOWN = Given("unknown", reason="not_asked")


class Interview(NamedTuple):
    """What was asked, in order, and the plan in the end."""

    questions: tuple[str, ...]
    facts: tuple[str, ...]
    """Every fact asked for; a question that stands for several counts as all of them, unless one
    answer settled them."""
    plan: Plan


def interview(planner: Planner, full: Patient) -> Interview:
    """Begin with nothing but the date, and answer from ``full`` until nothing more is asked."""
    guideline = planner.guideline
    members = {each.fact: each.members for each in collectives(guideline)}
    case = Case(full.as_of)
    questions: list[str] = []
    facts: list[str] = []
    asked: set[str] = set()
    while True:
        patient = resolve(case, guideline)
        found = ask(guideline, patient, asked, limit=1)
        if not found:
            return Interview(tuple(questions), tuple(facts), planner.plan(patient))
        (question,) = found
        assert question.fact not in asked, f"{question.fact} is asked twice"
        asked |= {question.fact, *question.facts}
        questions.append(question.fact)
        case, settled = _answered(case, question, full, members.get(question.fact, ()))
        facts += settled


def _answered(
    case: Case, question: Question, full: Patient, members: tuple[str, ...]
) -> tuple[Case, tuple[str, ...]]:
    if question.fact == THERAPIES:
        history = msgspec.structs.replace(full.case, facts=case.facts)
        return history, (THERAPIES,)
    if not question.facts:
        return _with(case, question.fact, _answer(question.fact, full)), (question.fact,)
    whole = full.case.facts.get(question.fact)
    if whole is None and all(full.facts[fact].value is False for fact in members):
        whole = Given("none", "none")
    if whole is not None:
        return _with(case, question.fact, whole), (question.fact,)
    for fact in question.facts:
        case = _with(case, fact, _answer(fact, full))
    return case, question.facts


def _with(case: Case, fact: str, given: Given) -> Case:
    return msgspec.structs.replace(case, facts={**case.facts, fact: given})


def _answer(fact: str, full: Patient) -> Given:
    """As the case gives it; what follows from other facts of it is known to the person too."""
    given = full.case.facts.get(fact)
    if given is not None:
        return given
    match full.facts[fact].value:
        case bool() as truth:
            return Given(str(truth).lower(), str(truth).lower())
        case str() as code:
            return Given(code, code)
        case Bounds(unit=unit) as bounds if bounds.exact is not None:
            return Given(str(bounds.exact), f"{bounds.exact:f}", unit=unit)
        case Days() as days if days.exact is not None:
            return Given(days.exact.isoformat(), days.exact.isoformat())
        case _:
            return _UNKNOWN
