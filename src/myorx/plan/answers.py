"""How a question is answered: its form and an example, taken from the dictionary of facts."""

from __future__ import annotations

from decimal import Decimal

from myorx.facts import THERAPIES
from myorx.guideline.models import Fact, Guideline
from myorx.plan.question import AnswerForm, Choice
from myorx.plan.texts import say
from myorx.plan.values import number


def answer_form(guideline: Guideline, fact: str) -> AnswerForm:
    """The form of an answer, for a fact of the dictionary or the treatment history."""
    if fact == THERAPIES:
        return AnswerForm(type="history", example=_history(guideline), note=say("answer_history"))
    known = guideline.facts[fact]
    return AnswerForm(
        type=known.type,
        example=_example(known),
        unit=known.unit,
        accepted=tuple(each.unit for each in known.units if each.unit != known.unit),
        unit_required=known.unit_required,
        choices=tuple(Choice(value.id, value.label) for value in known.values),
        note=known.note,
    )


def _example(fact: Fact) -> str:
    match fact.type:
        case "boolean":
            return "yes"
        case "code":
            return fact.values[0].id
        case "date":
            return "2026-03"
        case "integer":
            return number(_ordinary(fact).to_integral_value())
        case "decimal" | "quantity":
            return f"{number(_ordinary(fact).quantize(Decimal(1)))} {fact.unit or ''}".strip()


def _ordinary(fact: Fact) -> Decimal:
    """A number inside the plausible range, as an example of form and of nothing else."""
    low, high = (Decimal(end) for end in fact.plausible or ("0", "100"))
    return low + (high - low) / 5


def _history(guideline: Guideline) -> str:
    """One line of a history, with the drug that the guideline doses in most ways."""
    drugs = guideline.drugs.values()
    drug = max(drugs, key=lambda drug: (drug.steroid is not None, len(drug.regimens)))
    return f"[{{drug: {drug.id}, dose: 20 mg/d, start: 2026-03}}]"
