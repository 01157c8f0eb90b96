"""No dead rule: every condition that is not written as a constant can be true, and can be false."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from myorx.guideline.texts import Condition, Text
from myorx.language.syntax import Expression, Name
from myorx.plan.formulas import known, refuted
from myorx.proof.claim import Claim
from myorx.proof.kinds.subject import Subject, is_constant, status_in
from myorx.proof.texts import say

_SHOWN = ("recommended", "option", "contested")
"""What a candidate must be able to be; one of no established effect never rises so high."""


class _Rule(NamedTuple):
    id: str
    where: Text
    condition: Condition


def claims(subject: Subject) -> Iterator[Claim]:
    """Two claims for each condition, each expression once; one for each candidate."""
    seen: set[Expression] = set()
    for rule in _rules(subject):
        expression = rule.condition.expression
        if is_constant(rule.condition) or expression in seen:
            continue
        seen.add(expression)
        words = subject.condition(rule.condition)
        what = say("what_argument", where=rule.where, condition=words)
        for key, formula in (("true", known(expression)), ("false", refuted(expression))):
            id_ = f"alive:{rule.id}/{key}"
            yield Claim(id_, "alive", say(f"alive_{key}", what=what), formula, "sometimes")
    roles = {
        f"{decision.id}/{candidate.id}": candidate.role
        for decision in subject.guideline.decisions.values()
        for candidate in decision.candidates
    }
    for name, candidate in subject.candidates:
        if any(each.argument.kind == "for" for each in candidate.arguments):
            says = say("alive_offered", what=subject.name(name))
            role = roles[name]
            shown = (*_SHOWN, "undetermined") if role == "not_established" else _SHOWN
            formula = status_in(candidate, shown)
            yield Claim(f"alive:{name}/offered", "alive", says, formula, "sometimes")


def _rules(subject: Subject) -> Iterator[_Rule]:
    guideline = subject.guideline
    for definition in guideline.definitions.values():
        condition = Condition(definition.id, Name(definition.id))
        yield _Rule(f"definition:{definition.id}", definition.label, condition)
    for drug in guideline.drugs.values():
        for index, hazard in enumerate(drug.hazards):
            yield _Rule(f"drug:{drug.id}/{index}", drug.names, hazard.when)
    for decision in guideline.decisions.values():
        yield _Rule(f"decision:{decision.id}", decision.question, decision.applies)
        for candidate in decision.candidates:
            for index, argument in enumerate(candidate.arguments):
                id_ = f"{decision.id}/{candidate.id}/{argument.kind}/{index}"
                yield _Rule(id_, candidate.names, argument.when)
        for gap in decision.gaps:
            yield _Rule(f"gap:{decision.id}/{gap.id}", decision.question, gap.when)
    for advice in guideline.advice.values():
        yield _Rule(f"advice:{advice.id}", advice.label, advice.when)
        for index, argument in enumerate(advice.arguments):
            yield _Rule(f"advice:{advice.id}/{index}", advice.label, argument.when)
    for alert in guideline.alerts.values():
        yield _Rule(f"alert:{alert.id}", alert.says, alert.when)
