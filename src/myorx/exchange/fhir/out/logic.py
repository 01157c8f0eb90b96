"""The rules as one CQL library: conditions in three values, what may be offered in two.

Whatever a foreign engine makes of "unknown", it cannot read it as safe: a candidate is offered only
where every exclusion is known to be false, written ``(…) is false``, which is false of null.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from myorx.exchange.fhir.out.frame import Frame, Resource
from myorx.exchange.words import note
from myorx.guideline.check.context import AS_OF, fact_type
from myorx.guideline.models import Guideline
from myorx.language import BOOLEAN, Expression, Type, cql, library, lower, names
from myorx.language.types import DATE
from myorx.plan.formulas import (
    ALWAYS,
    All,
    Any,
    Constant,
    Formula,
    Known,
    Not,
    Refuted,
    either,
    expressions,
    standing,
)

NAME = "rules"


def offer(decision: str, candidate: str) -> str:
    """The name under which the library tells whether a candidate may be offered."""
    return f"{decision}/{candidate} may be offered"


def safe(decision: str, candidate: str) -> str:
    """Likewise whether every exclusion of it is known to be false."""
    return f"{decision}/{candidate} is known to be safe"


def live(decision: str) -> str:
    """Likewise whether a decision is to be taken."""
    return f"{decision} is to be decided"


def logic(frame: Frame) -> Resource:
    """The Library resource, its CQL inside."""
    title, about = note("out_rules").says, note("out_rules_about").says
    text = rules(frame.guideline)
    return {
        **frame.head("Library", NAME, title, about),
        "type": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/library-type",
                    "code": "logic-library",
                }
            ]
        },
        "content": [
            {
                "contentType": "text/cql",
                "data": base64.b64encode(text.encode()).decode(),
            }
        ],
    }


class Rules(NamedTuple):
    """What the library holds, before it is text. Names of drugs taken or ordered are parameters."""

    parameters: Mapping[str, Type]
    conditions: Mapping[str, Expression]
    """The named conditions, in standard CQL; three-valued."""
    questions: Mapping[str, Formula]
    """What may be offered, and what is known to be safe; two-valued."""
    lowered: Mapping[Expression, Expression]
    """Each expression that a question asks about, in standard CQL."""


def content(guideline: Guideline) -> Rules:
    """The conditions and questions of a guideline, and the parameters that they need."""
    settings = {each.id: each.value for each in guideline.manifest.settings}
    questions = dict(_questions(guideline))
    conditions = {
        name: lower(each.expression.expression, settings)
        for name, each in guideline.definitions.items()
    }
    lowered = {each: lower(each, settings) for each in expressions(questions.values())}
    used = {
        name
        for each in (*conditions.values(), *lowered.values())
        for name in names(each)
        if name not in conditions
    }
    parameters: dict[str, Type] = {
        name: _type(name, guideline) for name in (*guideline.facts, AS_OF) if name in used
    }
    parameters |= dict.fromkeys(sorted(used - parameters.keys()), BOOLEAN)
    return Rules(parameters, conditions, questions, lowered)


def rules(guideline: Guideline) -> str:
    """The CQL text: parameters for the facts, a definition for each named condition, and for each
    candidate whether it is known to be safe and whether it may be offered."""
    found, manifest = content(guideline), guideline.manifest
    name = f"{manifest.id}_{NAME}"
    lines = [library(name, manifest.version, found.parameters, found.conditions)]
    for question, formula in found.questions.items():
        lines.append(f'define "{question}":\n  {_written(formula, found.lowered)}\n')
    return "\n".join(lines)


def _questions(guideline: Guideline) -> Iterator[tuple[str, Formula]]:
    for decision in standing(guideline).decisions.values():
        yield live(decision.id), decision.status.get("live", ALWAYS)
        for candidate in decision.candidates.values():
            yield safe(decision.id, candidate.id), candidate.exclude.false
            offered = either(candidate.status["recommended"], candidate.status["option"])
            yield offer(decision.id, candidate.id), offered


def _type(name: str, guideline: Guideline) -> Type:
    return DATE if name == AS_OF else fact_type(guideline.facts[name])


def _written(formula: Formula, lowered: Mapping[Expression, Expression]) -> str:
    """A two-valued formula as CQL; never null."""
    match formula:
        case Constant(value=value):
            return "true" if value else "false"
        case Known(expression=expression):
            return f"({cql(lowered[expression], quote_names=True)}) is true"
        case Refuted(expression=expression):
            return f"({cql(lowered[expression], quote_names=True)}) is false"
        case Not(part=part):
            return f"not ({_written(part, lowered)})"
        case All(parts=parts):
            return " and ".join(f"({_written(part, lowered)})" for part in parts)
        case Any(parts=parts):
            return " or ".join(f"({_written(part, lowered)})" for part in parts)
