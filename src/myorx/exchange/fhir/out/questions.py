"""The facts as a Questionnaire: a group for each clinical group, an item for each fact."""

from __future__ import annotations

from typing import Final

from myorx.exchange.codes import FACTS, VALUES
from myorx.exchange.fhir.elements import UCUM
from myorx.exchange.fhir.out.frame import Frame, Resource, both
from myorx.exchange.words import note
from myorx.guideline.models import Fact

NAME: Final = "facts"
_UNIT: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
_TYPES: Final = {
    "boolean": "boolean",
    "integer": "integer",
    "decimal": "decimal",
    "quantity": "quantity",
    "code": "choice",
    "date": "date",
}


def questionnaire(frame: Frame) -> Resource:
    """All facts that can be given."""
    title, about = note("out_questions").says, note("out_questions_about").says
    groups = []
    for group in frame.guideline.groups.values():
        items = [
            _item(frame, fact)
            for fact in frame.guideline.facts.values()
            if fact.group == group.id and not fact.derived
        ]
        if items:
            head = {"linkId": f"group.{group.id}", **both("text", group.label), "type": "group"}
            groups.append({**head, "item": items})
    return {
        **frame.head("Questionnaire", NAME, title, about),
        "subjectType": ["Patient"],
        "item": groups,
    }


def _item(frame: Frame, fact: Fact) -> Resource:
    system = frame.codes.addresses[FACTS]
    item: Resource = {
        "linkId": fact.id,
        "code": [{"system": system, "code": fact.id, "display": fact.label.en}],
        **both("text", fact.question or fact.label),
        "type": _TYPES[fact.type],
    }
    units = dict.fromkeys([fact.unit or "1", *(each.unit for each in fact.units)])
    if fact.type == "quantity":
        item["extension"] = [
            {"url": _UNIT, "valueCoding": {"system": UCUM, "code": unit, "display": unit}}
            for unit in units
        ]
    if fact.values:
        values = frame.codes.addresses[VALUES + fact.id]
        item["answerOption"] = [
            {"valueCoding": {"system": values, "code": each.id, "display": each.label.en}}
            for each in fact.values
        ]
    return item
