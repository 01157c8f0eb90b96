"""Decisions as PlanDefinitions: an action for each candidate, with the condition to offer it."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.exchange.fhir.out.activities import activity_name
from myorx.exchange.fhir.out.frame import Frame, Resource, both, cited
from myorx.exchange.fhir.out.logic import NAME, live, offer, safe
from myorx.exchange.words import note
from myorx.guideline.hazards import members
from myorx.guideline.models import Candidate, Decision, Part
from myorx.guideline.texts import Text


def plan_definitions(frame: Frame) -> Iterator[Resource]:
    """One for each decision, in the order of the page."""
    for decision in sorted(frame.guideline.decisions.values(), key=lambda each: each.order):
        yield _plan_definition(frame, decision)


def _plan_definition(frame: Frame, decision: Decision) -> Resource:
    about = note("out_decision").says
    head = frame.head("PlanDefinition", decision.id, decision.question, about)
    related = cited(frame, decision.cites)
    if related:
        head["relatedArtifact"] = related
    return {
        **head,
        "type": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/plan-definition-type",
                    "code": "clinical-protocol",
                }
            ]
        },
        "library": [frame.versioned("Library", NAME)],
        "action": [
            {
                "id": "candidates",
                **both("title", decision.question),
                "condition": [_condition(live(decision.id))],
                "groupingBehavior": "logical-group",
                "selectionBehavior": "at-most-one",
                "action": [_action(frame, decision, each) for each in decision.candidates],
            }
        ],
    }


def _condition(name: str) -> Resource:
    return {
        "kind": "applicability",
        "expression": {"description": name, "language": "text/cql", "expression": f'"{name}"'},
    }


def _action(frame: Frame, decision: Decision, candidate: Candidate) -> Resource:
    cites = tuple(name for each in candidate.arguments for name in each.cites)
    action: Resource = {
        "id": candidate.id.replace("_", "-"),
        **both("title", candidate.names),
        # Said twice, so that no editing of one can open what the other keeps shut.
        "condition": [
            _condition(safe(decision.id, candidate.id)),
            _condition(offer(decision.id, candidate.id)),
        ],
    }
    documentation = cited(frame, cites)
    if documentation:
        action["documentation"] = documentation
    parts = [_part(frame, part) for part in candidate.parts]
    if parts:
        action |= {"selectionBehavior": "all", "action": parts}
    return action


def _part(frame: Frame, part: Part) -> Resource:
    """A part: its drug (with its only regimen, or the choice among several), or a class."""
    guideline = frame.guideline
    if part.drug is not None:
        drug = guideline.drugs[part.drug]
        if len(part.regimens) > 1:
            choices = [
                _activity(frame, part.drug, regimen, _label(frame, part.drug, regimen))
                for regimen in part.regimens
            ]
            return {
                **both("title", drug.names),
                "selectionBehavior": "exactly-one",
                "action": choices,
            }
        return _activity(frame, part.drug, next(iter(part.regimens), None), drug.names)
    drug_class = guideline.classes[part.drug_class or ""]
    chosen = [
        _activity(frame, drug.id, None, drug.names)
        for drug in sorted(members(guideline)[drug_class.id], key=lambda drug: drug.id)
    ]
    return {
        **both("title", drug_class.names),
        "selectionBehavior": "exactly-one",
        "action": chosen,
    }


def _label(frame: Frame, drug: str, regimen: str) -> Text:
    found = (each for each in frame.guideline.drugs[drug].regimens if each.id == regimen)
    return next(found).label


def _activity(frame: Frame, drug: str, regimen: str | None, title: Text) -> Resource:
    name = activity_name(drug, regimen)
    return {
        **both("title", title),
        "definitionCanonical": frame.versioned("ActivityDefinition", name),
    }
