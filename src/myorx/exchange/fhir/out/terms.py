"""Our own code systems, and a value set for each: facts, drugs, and the values of coded facts."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.exchange.codes import DRUGS, FACTS, VALUES
from myorx.exchange.fhir.out.frame import Frame, Resource
from myorx.exchange.words import note
from myorx.guideline.texts import Text

_LANGUAGE = "zh"


def terms(frame: Frame) -> Iterator[Resource]:
    """All code systems and value sets."""
    guideline = frame.guideline
    facts = {name: fact.label for name, fact in guideline.facts.items() if not fact.derived}
    drugs = {name: drug.names for name, drug in guideline.drugs.items()}
    yield from _pair(frame, FACTS, note("out_facts").says, facts)
    yield from _pair(frame, DRUGS, note("out_drugs").says, drugs)
    for fact in guideline.facts.values():
        if fact.values:
            title = note("out_values", label=fact.label).says
            yield from _pair(
                frame, VALUES + fact.id, title, {each.id: each.label for each in fact.values}
            )


def _pair(frame: Frame, name: str, title: Text, concepts: dict[str, Text]) -> Iterator[Resource]:
    about = note("out_terms", title=title).says
    system = frame.codes.addresses[name]
    yield {
        **frame.head("CodeSystem", name, title, about),
        "url": system,
        "caseSensitive": True,
        "valueSet": frame.address("ValueSet", name),
        "content": "complete",
        "count": len(concepts),
        "concept": [
            {
                "code": code,
                "display": label.en,
                "designation": [{"language": _LANGUAGE, "value": label.zh}],
            }
            for code, label in concepts.items()
        ],
    }
    yield {
        **frame.head("ValueSet", name, title, about),
        "compose": {"include": [{"system": system}]},
    }
