"""How often something comes again: lengths that the guideline itself states, a day to a century."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from myorx.guideline.models import Guideline, Setting
from myorx.language.evaluate import Facts, evaluate
from myorx.language.syntax import Expression
from myorx.language.units import factor
from myorx.language.values import Bounds, Value

SHORTEST: Final = 1
"""Days: a calendar has no shorter step, and steps of none would never end."""
LONGEST: Final = 36_525
"""Days: a hundred years; no plan looks further, and the calendar of dates has an end."""
_DAY = "d"


def in_days(expression: Expression, settings: Iterable[Setting]) -> Fraction | None:
    """The days of an interval; None where it is no duration, or rests on what a patient has."""
    values: dict[str, Value] = {each.id: evaluate(each.value, Facts({})).value for each in settings}
    value = evaluate(expression, Facts(values)).value
    exact = value.exact if isinstance(value, Bounds) else None
    if exact is None or not isinstance(value, Bounds):
        return None
    ratio = factor(value.unit or "1", _DAY)
    return None if ratio is None else Fraction(exact) * ratio


def lasts(days: Fraction | None) -> bool:
    """Whether something can come again so often."""
    return days is not None and SHORTEST <= days <= LONGEST


def intervals(guideline: Guideline) -> Iterator[Expression]:
    """Every interval: of what is due again and again, and of the steps of a taper."""
    dues = [
        *(due for each in guideline.advice.values() for due in each.due),
        *(due for drug in guideline.drugs.values() for due in drug.due),
        *(
            due
            for decision in guideline.decisions.values()
            for candidate in decision.candidates
            for due in candidate.due
        ),
    ]
    yield from (due.every for due in dues if due.every is not None)
    for drug in guideline.drugs.values():
        yield from (each.taper.every for each in drug.regimens if each.taper is not None)
