"""The plan of one patient as a fragment of a page."""

from __future__ import annotations

from myorx.facts import Patient
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.plan.model import DecisionResult, Plan
from myorx.plan.standing import standing_of
from myorx.web.plan.ahead import ahead, towards
from myorx.web.plan.counts import counts
from myorx.web.plan.criteria import criteria
from myorx.web.plan.shelf import against, shelf, waiting
from myorx.web.plan.stairs import stairs
from myorx.web.plan.voice import Place, Voice, usual
from myorx.web.plan.way import way


def plan_fragment(
    guideline: Guideline, patient: Patient, plan: Plan, lang: Language, place: Place | None = None
) -> str:
    """The plan as HTML: the headline, and everything under it, folded where it is long.

    ``patient`` is whom ``plan`` is for. Raises MissingExtraError without the extra ``web``.
    """
    voice = Voice(guideline, plan, lang, place or usual(lang))
    live = [decision for decision in plan.decisions if decision.status == "live"]
    goals = towards(guideline, patient, plan)
    counted = [entry for goal in goals for entry in goal.entries]
    entries = plan.calendar.entries if plan.calendar is not None else ()
    return voice.render(
        "plan.html",
        patient=patient,
        shelves=[shelf(decision) for decision in live],
        others=[decision for decision in plan.decisions if decision.status != "live"],
        waiting=waiting,
        standing_of=standing_of,
        against=against,
        ways=[way(guideline, patient, decision, lang) for decision in _drawn(live)],
        counts=counts(guideline, patient, plan),
        criteria=criteria(guideline, patient, plan),
        stairs=stairs,
        towards=goals,
        ahead=ahead(plan, counted),
        due=[entry for entry in entries if not any(entry is each for each in counted)],
    )


def _drawn(live: list[DecisionResult]) -> list[DecisionResult]:
    """The decision whose pathway is drawn at once: the first; the others are one click deeper."""
    return live[:1]
