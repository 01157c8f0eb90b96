"""Monotone in safety: knowing more never turns a refuted exclusion into an open one."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.language.syntax import Expression
from myorx.proof.claim import Monotone
from myorx.proof.kinds.subject import Subject, is_constant
from myorx.proof.texts import say


def claims(subject: Subject) -> Iterator[Monotone]:
    """One claim for each exclusion, equal ones once."""
    seen: set[Expression] = set()
    guideline = subject.guideline
    owners = [
        *((f"drug:{drug.id}", drug.hazards) for drug in guideline.drugs.values()),
        *(
            (f"{decision.id}/{candidate.id}", candidate.arguments)
            for decision in guideline.decisions.values()
            for candidate in decision.candidates
        ),
    ]
    for owner, arguments in owners:
        for index, argument in enumerate(arguments):
            expression = argument.when.expression
            if argument.kind != "exclude" or is_constant(argument.when) or expression in seen:
                continue
            seen.add(expression)
            says = say("monotone", condition=subject.condition(argument.when))
            yield Monotone(f"monotone:{owner}/{index}", says, expression, subjects=(owner,))
