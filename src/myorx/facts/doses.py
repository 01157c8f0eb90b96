"""Doses: read from text, and as the equivalent of the reference steroid per day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from myorx.facts.scalars import measure, number
from myorx.facts.spelling import key
from myorx.facts.units import convert, spelled, usual
from myorx.facts.values import interval
from myorx.facts.words import RHYTHMS
from myorx.instruments import ratio, steroids
from myorx.language.values import Bounds

PER_DAY: Final = "mg/d"
PER_KILOGRAM: Final = "mg/kg/d"

_PIECES = re.compile(
    r"(?:tablets?|tabs?|capsules?|caps?|vials?|片|粒|支|瓶|袋)(?=/|\Z)", re.IGNORECASE
)
_COUNTED = re.compile(r"\{piece\}(?:/(?:d|wk))?\Z")


def read_dose(text: str) -> Bounds | None:
    """A dose with its unit, in UCUM or with one of the usual rhythms: ``30 mg bid`` is ``60 mg/d``.

    None for what is no dose in a unit that the shipped table knows.
    """
    found = measure(text)
    if found is None:
        return None
    exact = number(found.number)
    if exact is None or exact <= 0:
        return None
    unit, times = _rhythm(found.unit)
    if not _COUNTED.match(unit) and not usual(unit):
        return None
    return msgspec.structs.replace(interval(exact * times, found.comparator), unit=unit)


def is_nothing(text: str) -> bool:
    """Whether a text is a dose of zero, or less."""
    found = measure(text)
    exact = None if found is None else number(found.number)
    return exact is not None and exact <= 0


def in_pieces(dose: Bounds) -> bool:
    """Whether a dose counts tablets or vials."""
    return dose.unit is not None and bool(_COUNTED.match(dose.unit))


def is_daily(dose: Bounds) -> bool:
    """Whether a dose is an amount of substance a day, as such or per kilogram."""
    return _in(dose, PER_DAY) is not None or _in(dose, PER_KILOGRAM) is not None


def _rhythm(text: str) -> tuple[str, Decimal]:
    """``mg bid`` -> (``mg/d``, 2); a unit alone stays as it is."""
    for start in _breaks(text):
        found = RHYTHMS.get(key(text[start:]))
        if found is not None:
            times, unit = found
            return f"{_unit(text[:start])}/{unit}", Decimal(times)
    return _unit(text), Decimal(1)


def _breaks(text: str) -> Iterable[int]:
    """Where a rhythm may begin: after a space or comma, at 每, or where the script changes."""
    for index in range(1, len(text)):
        before = text[index - 1]
        here = text[index]
        if before in " ,，" or here == "每" or (before.isascii() and not here.isascii()):
            yield index


def _unit(text: str) -> str:
    return spelled(_PIECES.sub("{piece}", text.strip(" ,，")))


# -- as equivalents -------------------------------------------------------------------------


class Span(NamedTuple):
    """From ``low`` to ``high`` (None: no bound), both included; zero or more."""

    low: Fraction
    high: Fraction | None

    def plus(self, other: Span) -> Span:
        """The sum of one number of each."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high)


NOTHING: Final = Span(Fraction(0), Fraction(0))
ANYTHING: Final = Span(Fraction(0), None)


def span(value: Bounds | None) -> Span:
    """A number of zero or more as a span; unknown is anything."""
    if value is None:
        return ANYTHING
    low = Fraction(0) if value.low is None else max(Fraction(value.low), Fraction(0))
    return Span(low, None if value.high is None else Fraction(value.high))


@lru_cache(2**12)
def equivalent_a_day(steroid: str, dose: Bounds | None, weight: Span) -> Span:
    """What a dose of ``steroid`` is in mg/d of the table's reference, ``weight`` being in kg.

    A dose that is not known or is not per day, and one of a steroid outside the table of
    equivalents, may be anything.
    """
    if dose is None or steroid not in steroids():
        return ANYTHING
    milligrams = _in(dose, PER_DAY)
    if milligrams is None:
        milligrams = _in(dose, PER_KILOGRAM)
        if milligrams is None:
            return ANYTHING
        low, high = milligrams.low * weight.low, None
        if milligrams.high is not None and weight.high is not None:
            high = milligrams.high * weight.high
        milligrams = Span(low, high)
    least, most = ratio(steroid)
    return Span(milligrams.low * least, None if milligrams.high is None else milligrams.high * most)


def _in(dose: Bounds, unit: str) -> Span | None:
    if dose.unit is None or "{" in dose.unit:
        return None
    found = convert(dose, unit)
    return None if found is None else span(found)
