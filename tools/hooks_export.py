"""Write what other people's model of CDS Hooks is asked about our answers.

    python tools/hooks_export.py FILE

One line of JSON for each answer: discovery in both languages; for every vignette the record opened,
a drug selected (all drugs in turn, each for other vignettes) and methotrexate or what the vignette
orders signed; Chinese and English in turn. Each has to fit the shapes of the tests first
(tests/exchange/service/test_specification.py). Lines that are wrong on purpose come last.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from copy_tree import ROOT
from jsonschema import Draft202012Validator

from myorx.facts import Case, CaseError, read_case
from myorx.guideline.load import GUIDELINES
from myorx.guideline.vignettes import load_vignettes

sys.path.insert(0, str(ROOT))  # how the tests ask the service
from tests.exchange.bundles import concept
from tests.exchange.service.asking import ask, bundle, codes, guideline, hook, order, service
from tests.exchange.service.test_specification import ANSWER, DISCOVERY, faults
from tests.exchange.test_every_vignette import DRUGS, told

UNKNOWN_TO_HAPI = ("usageRequirements", "resourceId")
"""CDS Hooks 2.0 has the first of a service, the second of an action that deletes; HAPI's model has
neither, so they are left out; the shapes of the tests have them."""


class Answer(NamedTuple):
    """One line."""

    name: str
    kind: str
    answer: dict[str, Any]
    wrong: bool = False


def cases() -> Iterator[Case]:
    """The cases of the vignettes that may be read."""
    for vignette in load_vignettes(GUIDELINES / guideline().manifest.id)[0]:
        try:
            yield read_case(vignette.case, guideline(), as_of=vignette.as_of).case
        except CaseError:  # a vignette of a case that has to be refused
            continue


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is asked about each vignette: how it is called, and the request."""
    drugs = cycle(drug.id for drug in guideline().drugs.values() if drug.kind == "drug")
    for number, case in enumerate(cases()):
        say = told(case, guideline(), codes()).bundle
        patient, *others = (entry["resource"] for entry in say["entry"])
        sent = {"patient": patient, "conditions": bundle(), "observations": bundle(*others)}
        signed = [ordered(f"m{n}", each.drug) for n, each in enumerate(case.orders)]
        selected = ordered("m1", next(drugs))
        for asked in (
            hook("patient-view", sent),
            hook("order-select", sent, selected, selections=["MedicationRequest/m1"]),
            hook("order-sign", sent, *(signed or [order("m1")])),
        ):
            yield f"vignette {number}, {asked['hook']}", asked


def ordered(id_: str, drug: str) -> dict[str, Any]:
    """An order in draft of one of the guideline's drugs."""
    return order(id_, medicationCodeableConcept=concept(drug, DRUGS))


def answers() -> Iterator[Answer]:
    """Every answer of the service."""
    app = service()
    for lang in ("zh", "en"):
        found = ask(app, "GET", "/cds-services", headers={"Accept-Language": lang})
        name = f"discovery, {lang}"
        yield Answer(name, "discovery", checked(name, found, DISCOVERY))
    for (name, asked), lang in zip(questions(), cycle(("zh", "en")), strict=False):
        path = f"/cds-services/myorx-{asked['hook']}"
        answer = ask(app, "POST", path, json=asked, headers={"Accept-Language": lang})
        yield Answer(name, "cards", checked(name, answer, ANSWER))


def checked(name: str, answer: httpx.Response, shape: Draft202012Validator) -> dict[str, Any]:
    """An answer that fits our shape, without what the other model does not know."""
    wrong = [answer.text] if answer.status_code != 200 else faults(shape, answer.json())
    if wrong:
        raise SystemExit(f"{name}: {answer.status_code}: {'; '.join(wrong)}")

    def known(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: value for name, value in pairs if name not in UNKNOWN_TO_HAPI}

    found: dict[str, Any] = json.loads(answer.text, object_pairs_hook=known)
    return found


def spoilt(card: dict[str, Any]) -> Iterator[Answer]:
    """Answers that have to be refused, each wrong in one way."""
    (suggestion, *_) = card["suggestions"]
    (action, *_) = suggestion["actions"]
    resource = {**action["resource"], "status": "perhaps"}
    faults: dict[str, dict[str, Any]] = {
        "a word outside the list": {"indicator": "hard-stop"},
        "a property that is not there": {"urgency": "high"},
        "no source": {"source": None},
        "a source without a label": {"source": {"url": "http://127.0.0.1/"}},
        "a number for a text": {"summary": 1},
        "no list": {"suggestions": suggestion},
        "a resource that is not R4": {
            "suggestions": [{**suggestion, "actions": [{**action, "resource": resource}]}]
        },
    }
    for name, fault in faults.items():
        yield Answer(name, "cards", {"cards": [{**card, **fault}]}, wrong=True)
    yield Answer("no list of services", "discovery", {"services": {}}, wrong=True)


def main(file: Path) -> None:
    """Write the file, and say what is in it."""
    found = list(answers())
    given = [card for each in found for card in each.answer.get("cards", ())]
    suggesting = next(card for card in given if "suggestions" in card)
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = (
        json.dumps(each._asdict(), ensure_ascii=False) for each in (*found, *spoilt(suggesting))
    )
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    kinds = Counter(card["indicator"] for card in given)
    told_of = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"exported: {len(found)} answers to CDS Hooks, {len(given)} cards ({told_of})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
