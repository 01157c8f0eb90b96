"""The pathway of a decision with one patient's way lit: what holds, what is open, what was found.

The pathway itself is that of the guideline's pages; here each situation learns whether it holds.
"""

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

from myorx.facts import Patient
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.plan.assemble import planner
from myorx.plan.model import DecisionResult, Truth
from myorx.plan.snapshot import stand_of
from myorx.plan.truth import truth
from myorx.web.document.address import address
from myorx.web.document.pathway import Answer, Pathway, Situation, pathway
from myorx.web.document.picture import NARROW, Layout, Sheet, sheets

BESIDE: Final = Layout(760, 18, 40, 280, 346, 370, 384, False, inf, inf)
"""Beside the case: narrower than on a page of its own, so that its type stays legible."""
_OFFERS: Final = ("recommended", "option")
_OPEN: Final = 4
"""So many situations that may hold are drawn in short."""


class Way(NamedTuple):
    """The pictures of one pathway, and how many of its situations they leave out."""

    decision: str
    names: Text
    pictures: tuple[tuple[str, Sheet], ...]
    """By the name of the layout: ``wide``, ``narrow``."""
    hidden: int


def way(
    guideline: Guideline,
    patient: Patient,
    decision: DecisionResult,
    lang: Language,
    *,
    whole: bool = False,
) -> Way:
    """The pathway of a decision for a patient.

    Unless ``whole``, only what holds is drawn, and the first of what may hold.
    """
    lit = _lit(guideline, patient, decision)
    shown = lit.situations if whole else _in_short(lit.situations)
    drawn = lit._replace(situations=shown)
    wording = planner(guideline).wording
    # In short it is drawn once: a page with a plan has little weight to spare.
    layouts = (("wide", BESIDE), ("narrow", NARROW)) if whole else (("wide", BESIDE),)
    pictures = tuple(
        (name, sheet) for name, layout in layouts for sheet in sheets(drawn, wording, lang, layout)
    )
    return Way(decision.id, decision.question, pictures, len(lit.situations) - len(shown))


def _in_short(situations: tuple[Situation, ...]) -> tuple[Situation, ...]:
    """What holds, and of what may hold the first situations in which something is offered."""
    open_ = [each for each in situations if each.state == "unknown" and _offers(each)]
    kept = [*(each for each in situations if each.state == "true"), *open_[:_OPEN]]
    return tuple(each for each in situations if any(each is one for one in kept))


def _offers(situation: Situation) -> bool:
    return any(answer.mark in _OFFERS for answer in situation.answers)


def _lit(guideline: Guideline, patient: Patient, decision: DecisionResult) -> Pathway:
    plans = planner(guideline)
    situation = plans.situation(patient)
    path = pathway(guideline, plans.wording, guideline.decisions[decision.id])
    standings = {
        address("candidate", f"{decision.id}/{each.id}", {}): stand_of(each).says
        for each in decision.candidates
    }

    def state(place: Situation) -> Truth:
        value = situation.trace(place.expression).value
        return truth(value if isinstance(value, bool) else None)

    def here(answer: Answer, of: Truth) -> Answer:
        # Only what is offered where it holds has a standing to tell; a reason against is told so.
        tells = of == "true" and answer.mark in _OFFERS
        return answer._replace(here=standings.get(answer.target)) if tells else answer

    made = []
    for place in path.situations:
        of = state(place)
        answers = tuple(here(answer, of) for answer in place.answers)
        made.append(place._replace(state=of, answers=answers))
    return path._replace(situations=tuple(made))
