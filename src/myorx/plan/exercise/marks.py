"""What the vignettes of a guideline must do between them: one mark for each thing to be seen once.

===============  =============================================================================
kind             marks
===============  =============================================================================
``drug``         ``in_plan``: a verdict is given on it; ``named``: an expectation names it
``decision``     ``live``; ``named``
``candidate``    ``indicated`` (or contested) in a live decision; ``named`` there
``argument``     ``true``, ``not_true``: of a candidate of a decision that is open or live, or of an
                 advice that is in the plan
``hazard``       ``true``, ``not_true``: of a drug on which the plan gives a verdict
``gap``          ``true``: in a decision that is open or live
``advice``       ``do``; ``absent``; ``named``
``alert``        ``raised``; ``absent``; ``named``; ``possible``, where it can be
``threshold``    ``true``, ``false``: a comparison with a number, wherever it stands
``max_age``      ``fresh``, ``stale``: a fact that this setting lets grow old
``contradiction``  ``refused``: a case is refused because of it
``dispute``      ``surfaced``: the plan shows it; ``named``
===============  =============================================================================

What a guideline cannot do is not asked of it: a condition that is literally true is never not true,
a candidate that nothing speaks for is never indicated, no accepted case is on a side of a threshold
that a contradiction or the plausible range refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from myorx.guideline.models import Argument, Guideline
from myorx.language import cql
from myorx.language.syntax import BooleanLiteral
from myorx.plan.exercise.thresholds import impossible_sides, thresholds

Kind: TypeAlias = OneOf[
    "drug",
    "decision",
    "candidate",
    "argument",
    "hazard",
    "gap",
    "advice",
    "alert",
    "threshold",
    "max_age",
    "contradiction",
    "dispute",
]


class Mark(NamedTuple):
    """One thing to be seen at least once: what, of which rule."""

    kind: Kind
    id: str
    """``drug``, ``decision/candidate``, ``drug exclude: condition``, ``age > 60`` …"""
    what: str


def required(guideline: Guideline) -> Iterator[Mark]:
    """Every mark of a guideline, in the order of its files."""
    for id_, drug in guideline.drugs.items():
        yield from _marks("drug", id_, "in_plan", "named")
        for hazard in drug.hazards:
            yield from _both("hazard", id_, hazard)
    for id_, decision in guideline.decisions.items():
        yield from _marks("decision", id_, "live", "named")
        for candidate in decision.candidates:
            path = f"{id_}/{candidate.id}"
            if any(_may_hold(a) for a in candidate.arguments if a.kind == "for"):
                yield from _marks("candidate", path, "indicated", "named")
            for argument in candidate.arguments:
                yield from _both("argument", path, argument)
        for gap in decision.gaps:
            yield Mark("gap", f"{id_}/{gap.id}", "true")
    for id_, advice in guideline.advice.items():
        yield from _marks("advice", id_, "do", "named")
        if advice.when.expression != BooleanLiteral(True):
            yield Mark("advice", id_, "absent")
        for argument in advice.arguments:
            yield from _both("argument", id_, argument)
    for id_, alert in guideline.alerts.items():
        yield from _marks("alert", id_, "raised", "absent", "named")
        if alert.possible is not None:
            yield Mark("alert", id_, "possible")
    for text, threshold in thresholds(guideline).items():
        impossible = impossible_sides(guideline, threshold)
        for side, what in ((True, "true"), (False, "false")):
            if side not in impossible:
                yield Mark("threshold", text, what)
    for setting in dict.fromkeys(fact.max_age for fact in guideline.facts.values()):
        if setting is not None:
            yield from _marks("max_age", setting, "fresh", "stale")
    for id_ in guideline.contradictions:
        yield Mark("contradiction", id_, "refused")
    for id_ in guideline.disputes:
        yield from _marks("dispute", id_, "surfaced", "named")


def _marks(kind: Kind, id_: str, *what: str) -> Iterator[Mark]:
    yield from (Mark(kind, id_, word) for word in what)


def _both(kind: Kind, owner: str, argument: Argument) -> Iterator[Mark]:
    """True once, and once not true, as far as the condition is not written out as one of them."""
    name = rule_id(owner, argument)
    if _may_hold(argument):
        yield Mark(kind, name, "true")
    if argument.when.expression != BooleanLiteral(True):
        yield Mark(kind, name, "not_true")


def _may_hold(argument: Argument) -> bool:
    return argument.when.expression != BooleanLiteral(False)


def rule_id(owner: str, argument: Argument) -> str:
    """The name of an argument or hazard: its owner, kind and condition."""
    return f"{owner} {argument.kind}: {cql(argument.when.expression)}"
