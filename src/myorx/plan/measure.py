"""Expressions of a guideline as exact doses, shares and durations; the days of anchors."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from myorx.language.syntax import Expression
from myorx.language.units import factor
from myorx.language.values import Bounds, Days
from myorx.language.walk import names
from myorx.plan.situation import Situation
from myorx.plan.values import is_exact

DAY = "d"
_WEEK = 7


def amount(situation: Situation, expression: Expression, unit: str) -> Fraction | None:
    """The value of an expression in ``unit``; None where it is not known exactly."""
    value = situation.trace(expression).value
    exact = value.exact if isinstance(value, Bounds) else None
    if exact is None or not isinstance(value, Bounds):
        return None
    return _converted(exact, value.unit or "1", unit)


@lru_cache(maxsize=1024)
def _converted(number: Decimal, unit: str, target: str) -> Fraction | None:
    ratio = factor(unit, target)
    return None if ratio is None else Fraction(number) * ratio


def days(situation: Situation, expression: Expression) -> int | None:
    """A duration in whole days, part of a day counted as one."""
    exact = amount(situation, expression, DAY)
    return None if exact is None else -(-exact.numerator // exact.denominator)


def fixed(situation: Situation, expression: Expression, unit: str) -> Fraction:
    """The value of an expression over settings, which is always known."""
    exact = amount(situation, expression, unit)
    if exact is None:
        raise ValueError(f"{expression} gives no exact number in {unit}")
    return exact


def day_of(situation: Situation, anchor: Expression, weeks: Expression | None) -> date | None:
    """The day that something is counted from; None where it is not known to the day.

    Where a fact counts the ``weeks`` since then, it decides: the day is the latest that fits, so
    that nothing counted from it comes too early.
    """
    value = situation.trace(anchor).value
    known = value.exact if isinstance(value, Days) else None
    counted = situation.trace(weeks).value if weeks is not None else None
    exact = counted.exact if isinstance(counted, Bounds) else None
    if exact is None:
        return known
    today = situation.patient.as_of
    if known is not None and (today - known).days // _WEEK == int(exact):
        return known
    return today - timedelta(days=_WEEK * int(exact))


def asked_for(situation: Situation, expression: Expression) -> tuple[str, ...]:
    """What to ask so that the facts in an expression become known."""
    asked = (
        fact
        for name in names(expression)
        if not is_exact(situation.value(name))
        for fact in situation.askable(name)
    )
    return tuple(dict.fromkeys(asked))
