"""The doses that the guideline gives for one drug, for a patient of this age and size."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.models import Fact, Guideline
from myorx.language.prose import Language
from myorx.plan.assemble import planner
from myorx.plan.doses import dose_line
from myorx.web.frame.words import side
from myorx.web.instruments.pages import Sent, Tool, is_figure, tool_page, words

ID: Final = "dose"
_ANY_DAY: Final = date(2000, 1, 1)
"""A case needs its day; age and size are given as of it, so that none matters."""


def dose_tool() -> Tool:
    """Its entry in the list."""
    return Tool(ID, words()["dose_name"], words()["dose_purpose"])


def dose_page(guideline: Guideline, lang: Language, sent: Sent) -> bytes:
    """The form and, once it was sent, every regimen of the drug or what is wrong with it."""
    drugs = {drug.id: drug for drug in guideline.drugs.values() if drug.regimens}
    drug = drugs.get(sent.said.get("drug", ""))
    asked = size_facts(guideline)
    said = {fact.id: sent.said[fact.id] for fact in asked if sent.said.get(fact.id)}
    faults: dict[str, str] = {}
    lines = None
    if sent.answered:
        try:
            patient = _patient(guideline, asked, said)
        except CaseError as error:
            faults = _faults(error, asked, lang)
        else:
            situation = planner(guideline).situation(patient)
            if drug is not None:
                lines = [dose_line(situation, drug, each) for each in drug.regimens]
        if drug is None:
            faults["drug"] = side(words()["no_drug"], lang)
    return tool_page(
        "dose",
        guideline,
        lang,
        dose_tool(),
        sent,
        faults,
        drugs=tuple(drugs.values()),
        drug=drug,
        asked=asked,
        lines=lines,
        named=planner(guideline).wording.name,
    )


def size_facts(guideline: Guideline) -> tuple[Fact, ...]:
    """What to ask of a patient so that every dose can be worked out, in the guideline's order."""
    nobody = planner(guideline).situation(read_case({}, guideline, as_of=_ANY_DAY))
    scales = guideline.manifest.scales
    names = {
        name
        for scale in (scales.age, scales.weight, scales.body_surface_area)
        for name in nobody.askable(scale)
    }
    return tuple(fact for fact in guideline.facts.values() if fact.id in names)


def _patient(guideline: Guideline, asked: tuple[Fact, ...], said: Mapping[str, str]) -> Patient:
    case = {fact.id: _with_unit(said[fact.id], fact) for fact in asked if fact.id in said}
    return read_case(case, guideline, as_of=_ANY_DAY)


def _with_unit(text: str, fact: Fact) -> str:
    """A bare figure is in the unit that stands beside its field."""
    bare = text.strip()
    return f"{bare} {fact.unit}" if fact.unit and is_figure(bare) else bare


def _faults(error: CaseError, asked: tuple[Fact, ...], lang: Language) -> dict[str, str]:
    first = asked[0].id
    return {
        # Without the path: it stands beside its field.
        fault.fact or first: fault.text(lang).removeprefix(f"{fault.path}: ")
        for fault in reversed(error.faults)
    }
