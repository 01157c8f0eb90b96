"""Every vignette as YAML, as a Bundle and as the row of a table: the same patient, the same plan.

What a format cannot carry is left out of all of them alike: what was answered to, and whether the
history is complete (none of them says so); the row has no dates and no therapies.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from myorx.exchange.codes import VALUES, Codes
from myorx.exchange.foreign import read_foreign
from myorx.facts import Case, CaseError, Patient, read_case
from myorx.facts.case import Given, Therapy
from myorx.facts.document import written
from myorx.guideline.load import GUIDELINES
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.language.values import Days
from myorx.plan import make_plan
from myorx.plan.encode import encode
from tests.exchange.bundles import OURS, SUBJECT, UCUM, bundle, concept

PLANNED = 24
"""Of every so many vignettes the whole plan is made, three times; of the others, the patient."""
REASONS = {"not_asked": "asked-unknown", "pending": "temp-unknown", "not_done": "not-performed"}
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
DRUGS = OURS.replace("facts", "drugs")
PERSON = ("sex", "birth_date")


@pytest.fixture(scope="module")
def cases(guideline: Guideline) -> list[Case]:
    """The cases of all vignettes that may be read."""

    def read() -> Iterator[Case]:
        for vignette in load_vignettes(GUIDELINES / guideline.manifest.id)[0]:
            try:
                yield read_case(vignette.case, guideline, as_of=vignette.as_of).case
            except CaseError:  # a vignette of a case that has to be refused
                continue

    return list(read())


def exact(days: Days | None) -> str | None:
    return None if days is None or days.exact is None else days.exact.isoformat()


def carried(name: str, given: Given) -> bool:
    """Whether each of the formats can say this."""
    if name in PERSON:
        return given.value is not None and given.comparator is None
    return given.reason is None or given.reason in REASONS


def therapy(line: Therapy) -> dict[str, str] | None:
    """A line of the history as both can say it; None where its beginning or end is not a day."""
    start, stop = exact(line.start), exact(line.stop)
    if start is None or (line.stop is not None and stop is None):
        return None
    return {"drug": line.drug, "start": start} | ({} if stop is None else {"stop": stop})


class Told(NamedTuple):
    """One case, in the words of each format."""

    yaml: str
    bundle: dict[str, Any]
    flat: str
    row: bytes


def told(case: Case, guideline: Guideline, codes: Codes) -> Told:
    day = case.as_of.isoformat()
    facts = {name: case.facts[name] for name in guideline.facts if name in case.facts}
    facts = {name: given for name, given in facts.items() if carried(name, given)}
    lines = [each for each in map(therapy, case.therapies or ()) if each is not None]
    document: dict[str, Any] = {"as_of": day}
    for name, given in facts.items():
        said = {
            "value": given.value,
            "unknown": given.reason and given.reason.replace("_", " "),
            "comparator": given.comparator,
            "unit": given.unit,
            "on": None if name in PERSON else exact(given.on) or day,
        }
        document[name] = {key: each for key, each in said.items() if each is not None}
        if name in PERSON:
            document[name] = given.value
    more: dict[str, Any] = {"therapies": lines} if lines else {}
    if case.orders:
        more["orders"] = [order.drug for order in case.orders]
    texts = {
        name: given.reason
        or " ".join(filter(None, (given.comparator, given.value, given.unit))).strip()
        for name, given in facts.items()
    }
    table = io.StringIO()
    csv.writer(table).writerows([list(texts), list(texts.values())])
    return Told(
        written({**document, **more}),
        bundle(*resources(facts, lines, case, guideline, codes)),
        written({"as_of": day, **texts}),
        table.getvalue().encode(),
    )


def resources(
    facts: dict[str, Given],
    lines: list[dict[str, str]],
    case: Case,
    guideline: Guideline,
    codes: Codes,
) -> Iterator[dict[str, Any]]:
    person = {"gender": facts.get("sex"), "birthDate": facts.get("birth_date")}
    said = {name: given.value for name, given in person.items() if given is not None}
    yield {"resourceType": "Patient", "id": "p1", **said}
    for name, given in facts.items():
        if name not in PERSON:
            yield {
                "resourceType": "Observation",
                "status": "final",
                "subject": SUBJECT,
                "code": concept(name, OURS),
                "effectiveDateTime": exact(given.on) or case.as_of.isoformat(),
                **value(name, given, guideline, codes),
            }
    for line in lines:
        period = {"start": line["start"]} | ({"end": line["stop"]} if "stop" in line else {})
        yield {
            "resourceType": "MedicationStatement",
            "status": "completed" if "stop" in line else "active",
            "subject": SUBJECT,
            "medicationCodeableConcept": concept(line["drug"], DRUGS),
            "effectivePeriod": period,
        }
    for order in case.orders:
        yield {
            "resourceType": "MedicationRequest",
            "status": "draft",
            "intent": "order",
            "subject": SUBJECT,
            "medicationCodeableConcept": concept(order.drug, DRUGS),
        }


def value(name: str, given: Given, guideline: Guideline, codes: Codes) -> dict[str, Any]:
    if given.reason is not None:
        return {"dataAbsentReason": concept(REASONS[given.reason], ABSENT)}
    match guideline.facts[name].type:
        case "boolean":
            return {"valueBoolean": given.value == "true"}
        case "code":
            system = codes.own(f"CodeSystem:{VALUES}{name}")
            return {"valueCodeableConcept": concept(given.value or "", system)}
        case "date" if given.comparator is None:
            return {"valueDateTime": given.value}
        case "date":
            return {"valueString": f"{given.comparator}{given.value}"}
    amount: dict[str, Any] = {"value": json.loads(given.value or "")}
    if given.comparator is not None:
        amount["comparator"] = given.comparator
    if given.unit is not None:
        amount |= {"unit": given.unit, "system": UCUM, "code": given.unit}
    return {"valueQuantity": amount}


def differing(one: Patient, other: Patient) -> list[str]:
    """The facts that the two do not share, and whatever else of the case."""
    names = [name for name in one.facts if one.facts[name] != other.facts[name]]
    parts = ("as_of", "orders", "therapies_complete")
    names += [each for each in parts if getattr(one.case, each) != getattr(other.case, each)]
    if (one.case.therapies or ()) != (other.case.therapies or ()):
        names.append("therapies")
    return names


def test_every_vignette_is_the_same_in_every_format(
    cases: list[Case], guideline: Guideline, codes: Codes
) -> None:
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for number, case in enumerate(cases):
        say = told(case, guideline, codes)
        pairs = {
            "bundle": (say.yaml, json.dumps(say.bundle).encode(), "fhir"),
            "row": (say.flat, say.row, "csv"),
        }
        for name, (text, data, form) in pairs.items():
            if name == "row" and text.count("\n") < 3:  # a table of one column is none
                continue
            ours = read_case(text, guideline, mode="import")
            found = read_foreign(data, guideline, case.as_of, codes, form=form)  # type: ignore[arg-type]
            wrong += [f"{name} {number}: {each}" for each in differing(ours, found.patient)]
            seen[name] += 1
            seen[f"facts of the {name}"] += len(ours.case.facts)
            seen[f"therapies of the {name}"] += len(ours.case.therapies or ())
            if number % PLANNED == 0:
                plans = [encode(make_plan(guideline, each)) for each in (ours, found.patient)]
                seen[f"plans of the {name}"] += 1
                if plans[0] != plans[1]:
                    wrong.append(f"{name} {number}: the plan")
    assert wrong == []
    least = {
        "bundle": 500,
        "row": 300,
        "facts of the bundle": 2000,
        "therapies of the bundle": 100,
        "plans of the bundle": 20,
        "plans of the row": 10,
    }
    assert [name for name, count in least.items() if seen[name] < count] == []
