"""The taper of a dose from a day on, as the guideline gives it: whoever takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from myorx.facts import read_case
from myorx.facts.doses import PER_DAY, read_dose
from myorx.facts.scalars import day_or_period
from myorx.facts.units import convert
from myorx.guideline.models import Drug, Guideline, Regimen
from myorx.language.prose import Language
from myorx.plan.assemble import planner
from myorx.plan.model import TaperPlan
from myorx.plan.taper import taper, taper_rules
from myorx.web.frame.words import side
from myorx.web.instruments.pages import Sent, Tool, is_figure, tool_page, words

ID: Final = "taper"
_SHOWN: Final = 40


def taper_tool() -> Tool:
    """Its entry in the list."""
    return Tool(ID, words()["taper_name"], words()["taper_purpose"])


def taper_page(guideline: Guideline, lang: Language, sent: Sent) -> bytes:
    """The form and, once it was sent, the steps or what is wrong with it."""
    known = dict(tapers(guideline))
    chosen = sent.said.get("drug", "")
    drug = chosen if chosen in known else next(iter(known))
    faults: dict[str, str] = {}
    found: TaperPlan | None = None
    if sent.answered:
        dose = _milligrams(sent.said.get("dose", ""))
        start = _day(sent.said.get("start", ""))
        faults = dict(_faults(sent.said, dose, start, lang))
        if dose is not None and start is not None:
            found = _taper(guideline, *known[drug], dose, start)
    return tool_page(
        "taper",
        guideline,
        lang,
        taper_tool(),
        sent,
        faults,
        drugs=tuple(each for each, _ in known.values()),
        drug=drug,
        taper=found,
    )


def tapers(guideline: Guideline) -> Iterator[tuple[str, tuple[Drug, Regimen]]]:
    """The drugs for which the guideline gives a taper, each with that regimen, by id."""
    for drug in guideline.drugs.values():
        for regimen in drug.regimens:
            if regimen.taper is not None:
                yield drug.id, (drug, regimen)


def _taper(
    guideline: Guideline, drug: Drug, regimen: Regimen, dose: Fraction, start: date
) -> TaperPlan:
    situation = planner(guideline).situation(read_case({}, guideline, as_of=start))
    return taper(dose, start, taper_rules(situation, drug, regimen))


def _milligrams(text: str) -> Fraction | None:
    """A dose of so many mg a day; a bare number counts as that."""
    bare = text.strip()
    found = read_dose(f"{bare} {PER_DAY}" if is_figure(bare) else bare)
    daily = convert(found, PER_DAY) if found is not None else None
    return Fraction(daily.exact) if daily is not None and daily.exact is not None else None


def _day(text: str) -> date | None:
    found = day_or_period(text.strip())
    return found.exact if found is not None else None


def _faults(
    said: Mapping[str, str], dose: Fraction | None, start: date | None, lang: Language
) -> Iterator[tuple[str, str]]:
    for field, value, word in (("dose", dose, "dose"), ("start", start, "day")):
        if value is None:
            text = said.get(field, "").strip()
            key = f"bad_{word}" if text else f"no_{word}"
            yield field, side(words()[key], lang).format(found=text[:_SHOWN])
