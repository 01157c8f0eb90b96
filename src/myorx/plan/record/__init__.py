"""Plans for the patient's record: 病程记录 in Chinese, a consult note in English."""

from __future__ import annotations

from myorx.guideline.models import Guideline
from myorx.plan.model import Plan
from myorx.plan.record.markdown import markdown
from myorx.plan.record.note import note
from myorx.plan.record.plain import plain_text

__all__ = ["write"]


def write(plan: Plan, guideline: Guideline, form: str, lang: str) -> str:
    """The note of a plan in ``lang`` (``zh`` or ``en``).

    ``form`` is ``md`` for Markdown or ``record`` for plain text. Every word comes from the plan or
    the catalogue; ``guideline`` lends the bibliography. The same plan gives the same text.
    """
    made = note(plan, guideline)
    return markdown(made, lang) if form == "md" else plain_text(made, lang)
