"""Unknown is never safe: absence of a fact that reaches a hazard may not mean "no"."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.check.graph import chains, dependencies
from myorx.guideline.faults import Problem
from myorx.guideline.models import Argument
from myorx.guideline.positions import Place
from myorx.language.walk import names as names_in


def check(context: Context) -> Iterator[Problem]:
    """Facts with ``absent: no`` below any hazard of a drug, or below what excludes or speaks
    against anything, through definitions, inferences and derivations."""
    starts: dict[str, Place] = {}
    for place, argument in context.all(Argument):
        if place.kind == "drug" or argument.kind in ("exclude", "against"):
            for name in names_in(argument.when.expression):
                starts.setdefault(name, place)
    reached = chains(starts, dependencies(context.guideline))
    for fact in context.guideline.facts.values():
        if fact.absent != "no" or fact.id not in reached:
            continue
        chain = reached[fact.id]
        yield context.problem(
            "absent-no-in-hazard",
            Place("fact", fact.id, "absent"),
            f"absence of {fact.id} means no, and it reaches a hazard: "
            f"{starts[chain[0]]}: {' → '.join(chain)}",
            allowed="absent: unknown for everything below a hazard",
            remedy="remove absent: no; then unknown blocks and is asked",
        )
