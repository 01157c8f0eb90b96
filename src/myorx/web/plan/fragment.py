"""The plan of one patient as a fragment of a page."""

from __future__ import annotations

from myorx.facts import Patient
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.plan.model import Plan
from myorx.web.plan.render import render
from myorx.web.plan.voice import Place, Voice


def plan_fragment(
    guideline: Guideline, patient: Patient, plan: Plan, lang: Language, place: Place | None = None
) -> str:
    """The plan as HTML: the headline, and everything under it, folded where it is long.

    ``patient`` is whom ``plan`` is for. Raises MissingExtraError without the extra ``web``.
    """
    where = place or Place(guideline=f"/guideline/{lang}/")
    voice = Voice(guideline, lang, where)
    return render("plan.html", voice, plan=plan, patient=patient)
