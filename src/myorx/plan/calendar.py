"""The calendar of a plan: what may be brought down and when, and what is due."""

from __future__ import annotations

from myorx.plan.due import entries
from myorx.plan.model import AdviceResult, Calendar, DecisionResult, DrugResult
from myorx.plan.outlook import outlooks
from myorx.plan.situation import Situation
from myorx.plan.statements import Citations


def make_calendar(
    situation: Situation,
    decisions: tuple[DecisionResult, ...],
    drugs: tuple[DrugResult, ...],
    advice: tuple[AdviceResult, ...],
) -> Calendar | None:
    """The calendar of one patient; None where nothing lies ahead that the guideline speaks of."""
    tapers = outlooks(situation, decisions)
    due = entries(situation, decisions, drugs, advice)
    return Calendar(tapers, due) if tapers or due else None


def cite_calendar(cited: Citations, calendar: Calendar | None) -> None:
    """The citations of everything that a calendar shows."""
    if calendar is None:
        return
    for outlook in calendar.tapers:
        cited.remarks((*outlook.why, *outlook.cautions))
        if outlook.plan is not None:
            cited.add(outlook.plan.cites, outlook.plan.disputes)
    for entry in calendar.entries:
        cited.add(entry.cites, entry.disputes)
