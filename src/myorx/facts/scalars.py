"""Reading numbers, comparison signs, units and dates out of text. Nothing here raises."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from myorx.facts.case import Comparison
from myorx.facts.spelling import plain
from myorx.language.values import Days

DIGITS = 8
"""Places that a number keeps after the point, rounded half-up."""

MAX_WHOLE_DIGITS = 20
"""Digits before the point that a number may have: what every engine holds exactly."""

COMPARATORS: Final[Mapping[str, Comparison]] = {
    "<": "<",
    "<=": "<=",
    "=<": "<=",
    "≤": "<=",
    "≦": "<=",
    "⩽": "<=",
    ">": ">",
    ">=": ">=",
    "=>": ">=",
    "≥": ">=",
    "≧": ">=",
    "⩾": ">=",
}

_NUMBER = re.compile(
    r"(?P<sign>[<>≤≥≦≧⩽⩾=]{0,2})\s*"
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)"
    r"(?![0-9.,])(?P<rest>.*)",
    re.DOTALL,
)
_FIRST_NUMBER = re.compile(r"[<>≤≥]?\s*[0-9]+(?:\.[0-9]+)?(?P<rest>.*)", re.DOTALL)
# Any other digit after a number, alone or after a sign, is a second number; so is one apart from
# the unit. 10*9/L is a unit, and in "30 mg 2次/日" the second number is a rhythm's.
_SECOND_NUMBER = re.compile(
    r"(?!\s*10[*^])(?:\s*[eE]?[-+±/⁄:_']?\s*[0-9]|\s*[^\s0-9]*[\s,;、]+(?!10[*^]|[0-9]+次)[0-9])"
)
# What follows the first number of a range; kg-1 is a unit.
_TO_ANOTHER = re.compile(
    r"\.*[^0-9]{0,12}?(?:~|–|—|至|到|\bto\b|\.\.|…|(?<![A-Za-z])[-−]|[-−](?=\s*[0-9]+\.?[0-9]))"
    r"\s*[<>≤≥]?\s*[0-9]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?|年)?"
    r"(?:[T ]00:00(?::00)?(?:\.0+)?Z?)?\Z"
)
_SIGNED_DATE = re.compile(r"(?P<sign>[<>≤≥≦≧⩽⩾=]{0,2})\s*(?P<date>.*)", re.DOTALL)


class Measure(NamedTuple):
    """The parts of a text such as ``>2000 ng/mL``; ``unit`` is empty where there is none."""

    comparator: Comparison | None
    number: str
    unit: str


def measure(text: str) -> Measure | None:
    """The comparison sign, number and unit of a text; None when it is not that."""
    found = _NUMBER.fullmatch(plain(text))
    if found is None:
        return None
    sign = found["sign"]
    if sign and sign not in COMPARATORS:
        return None
    if _SECOND_NUMBER.match(found["rest"]) or _TO_ANOTHER.match(found["rest"]):
        return None
    return Measure(COMPARATORS.get(sign), found["number"], found["rest"].strip())


def is_range(text: str) -> bool:
    """Whether a text is two numbers with "to" between them: ``5-10 mg/L``, ``60 kg 至 65 kg``."""
    found = _FIRST_NUMBER.match(plain(text))
    return found is not None and _TO_ANOTHER.match(found["rest"]) is not None


def number(text: str) -> Decimal | None:
    """The exact number a text is, rounded half-up to 8 places; None when it is too long.

    ``text`` must be a number as ``measure`` gives it.
    """
    if len(text) > 400:
        return None
    exact = _WIDE.create_decimal(text)
    if exact.is_zero():
        return Decimal(0)
    if exact.adjusted() >= MAX_WHOLE_DIGITS:
        return None
    return tidy(exact if exact.adjusted() > -20 else Decimal(0))


def tidy(exact: Decimal | Fraction) -> Decimal:
    """A number rounded half-up (away from zero) to 8 places, written without needless zeros."""
    if isinstance(exact, Fraction):
        units, rest = divmod(abs(exact.numerator) * 10**DIGITS, exact.denominator)
        units += 2 * rest >= exact.denominator
        exact = _WIDE.scaleb(Decimal(units if exact >= 0 else -units), -DIGITS)
    exponent = exact.as_tuple().exponent
    if not isinstance(exponent, int):
        raise TypeError(f"{exact} is no number")
    if exponent == 0:
        return exact
    if exponent < -DIGITS:
        exact = _WIDE.quantize(exact, _PLACE)
    exact = exact.normalize(_WIDE)
    return exact if int(exact.as_tuple().exponent) <= 0 else _WIDE.quantize(exact, _ONE)


_WIDE = Context(prec=450, rounding=ROUND_HALF_UP, traps=[])
_PLACE = Decimal(1).scaleb(-DIGITS)
_ONE = Decimal(1)


# -- dates -----------------------------------------------------------------------------------------

FAR: Final = 130
"""Years from the date of the case within which all dates of a living patient lie."""


def day_or_period(text: str) -> Days | None:
    """All days that a date of any precision may be: ``2026-03`` is a month. None: no date.

    Year first, with ``-``, ``/``, ``.`` or 年月日 between the parts.
    """
    if len(text) == len("2026-11-22") and text[4] == text[7] == "-":
        try:  # nearly every date of another system is written so
            exact = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            return Days(exact, exact)
    found = _DATE.fullmatch(plain(text))
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if not year:
        return None
    if month is None:
        return Days(date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return Days(date(year, month, 1), date(year, month, last))
    return Days(date(year, month, day), date(year, month, day)) if 1 <= day <= last else None


def is_no_day(text: str) -> bool:
    """Whether a text has the form of a date, but of one that no calendar has: ``2026-02-31``."""
    found = _SIGNED_DATE.fullmatch(plain(text))
    if found is None or (found["sign"] and found["sign"] not in COMPARATORS):
        return False
    return _DATE.fullmatch(found["date"]) is not None and days(text) is None


def is_far(period: Days, as_of: date) -> bool:
    """Whether all of a period lies more than ``FAR`` years from ``as_of``: no living patient's.

    ``as_of`` is date.max where the date of the case is not known; then nothing is far from it.
    """
    if as_of == date.max:
        return False
    first, last = period.earliest, period.latest
    too_early = last is not None and as_of.year - last.year > FAR
    return too_early or (first is not None and first.year - as_of.year > FAR)


def days(text: str) -> Days | None:
    """Like ``day_or_period``, and also open on one side: ``<2026-03`` is any day before March."""
    found = _SIGNED_DATE.fullmatch(plain(text))
    if found is None:  # pragma: no cover - the pattern matches every text
        return None
    period = day_or_period(found["date"])
    if period is None or not found["sign"]:
        return period
    return bounded(COMPARATORS.get(found["sign"]), period)


def bounded(comparator: Comparison | None, period: Days) -> Days | None:
    """The days that compare so with ``period``; None without comparator, or where no day does."""
    first, last = period.earliest, period.latest
    if first is None or last is None:
        return None
    match comparator:
        case "<":
            return Days(None, first - timedelta(1)) if first > date.min else None
        case "<=":
            return Days(None, last)
        case ">":
            return Days(last + timedelta(1), None) if last < date.max else None
        case ">=":
            return Days(first, None)
        case None:
            return None


def written(period: Days) -> str:
    """``period`` as short as it can be written: a year, a month, a day, or from-to."""
    first, last = period.earliest, period.latest
    if first is None or last is None:
        return "" if first is last else f"<={last}" if first is None else f">={first}"
    if first == last:
        return first.isoformat()
    for short in (f"{first.year:04}", f"{first.year:04}-{first.month:02}"):
        if day_or_period(short) == period:
            return short
    return f"{first}..{last}"
