"""Decisions: a place on the page each, candidates to judge, yields that can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.check.graph import cycles
from myorx.guideline.faults import Problem
from myorx.guideline.models import Candidate, Decision
from myorx.guideline.positions import Place
from myorx.language.syntax import BooleanLiteral


def check(context: Context) -> Iterator[Problem]:
    """Orders, candidates and yields of all decisions."""
    yield from _orders(context)
    yield from _candidates(context)
    yield from _yields(context)


def _orders(context: Context) -> Iterator[Problem]:
    first: dict[int, str] = {}
    for place, decision in context.all(Decision):
        other = first.setdefault(decision.order, decision.id)
        if other != decision.id:
            yield context.problem(
                "order-clash",
                place.key("order"),
                f"{decision.id} and {other} both stand at {decision.order}",
                allowed="a different order for each decision",
                remedy="give one of them another number",
            )


def _candidates(context: Context) -> Iterator[Problem]:
    for place, candidate in context.all(Candidate):
        if not candidate.arguments:
            yield context.problem(
                "no-argument",
                place,
                f"nothing speaks for or against {candidate.id}",
                allowed="at least one of: for, against, exclude, caution",
                remedy="write the argument, or remove the candidate",
            )
        if candidate.role == "rescue" and candidate.requires is None:
            yield context.problem(
                "rescue-without-requires",
                place.key("role"),
                f"{candidate.id} is rescue, but from what?",
                allowed="requires: the failure that must have happened first",
                remedy="add requires",
            )


def _yields(context: Context) -> Iterator[Problem]:
    """A decision yields once to another that can apply, and that does not yield back."""
    decisions = context.guideline.decisions
    for place, decision in context.all(Decision):
        seen: set[str] = set()
        for index, yields in enumerate(decision.yield_to):
            target = decisions.get(yields.decision)
            never = target is not None and target.applies.expression == BooleanLiteral(False)
            if yields.decision in seen or never:
                why = "never applies" if never else "is yielded to already"
                yield context.problem(
                    "unreachable-yield",
                    place.key("yield_to").item(index),
                    f"{decision.id} yields to {yields.decision}, which {why}",
                    allowed="each decision that can apply, once",
                    remedy="remove it",
                )
            seen.add(yields.decision)
    graph = {id_: tuple(y.decision for y in found.yield_to) for id_, found in decisions.items()}
    for loop in cycles(graph):
        yield context.problem(
            "unreachable-yield",
            Place("decision", loop[-1], "yield_to"),
            f"{' yields to '.join((loop[-1], *loop))}: nobody would answer",
            allowed="decisions that do not yield in a circle",
            remedy="decide which one answers, and remove its yield_to",
        )
