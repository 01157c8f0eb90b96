"""Units as typed, and values in the unit of their fact.

A unit is taken where the fact declares it, or where it is a usual UCUM code of the same dimension;
a refused one never is. Conversion is exact and rounded half-up to 8 places at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from myorx.facts.scalars import tidy
from myorx.facts.spelling import plain
from myorx.guideline.models import Fact, RefusedUnit
from myorx.guideline.texts import Text
from myorx.language import units
from myorx.language.values import Bounds

_SPELLINGS: Final[Mapping[str, str]] = {
    "iu": "[iU]",
    "国际单位": "[iU]",
    "单位": "U",
    "units": "U",
    "mcg": "ug",
    "微克": "ug",
    "纳克": "ng",
    "毫克": "mg",
    "克": "g",
    "公斤": "kg",
    "千克": "kg",
    "l": "L",
    "ml": "mL",
    "dl": "dL",
    "ul": "uL",
    "升": "L",
    "分升": "dL",
    "毫升": "mL",
    "微升": "uL",
    "厘米": "cm",
    "米": "m",
    "平方米": "m2",
    "mmhg": "mm[Hg]",
    "天": "d",
    "日": "d",
    "day": "d",
    "days": "d",
    "周": "wk",
    "week": "wk",
    "weeks": "wk",
    "小时": "h",
    "hr": "h",
    "hour": "h",
    "hours": "h",
    "分钟": "min",
    "分": "{score}",
    "score": "{score}",
    "points": "{score}",
    "percent": "%",
}
"""Parts of units as written by hand, in lower case -> UCUM. Metric letters are never re-cased."""

_UNEVEN: Final = frozenset("mo month months mth mths 月 个月 個月 a y yr yrs year years 年".split())
"""Stretches of the calendar: how many days they have is not said."""
_NAMES: Final[Mapping[str, Text]] = {
    "d": Text("天", "days"),
    "wk": Text("周", "weeks"),
    "h": Text("小时", "hours"),
    "min": Text("分钟", "minutes"),
}
"""Units whose code is not what people call them."""

_SIGNS = {
    ord("μ"): "u",
    ord("·"): ".",
    ord("⋅"): ".",
    ord("−"): "-",
    ord("每"): "/",
    ord(" "): None,
}
_TEN_TO_THE = re.compile(r"^[x×*.]*10[\^*](?=[0-9])")
_IN_BRACKETS = re.compile(r"/\(([^()/]+)\)")
_INVERSE = re.compile(r"\.([A-Za-z]+)-1")


@lru_cache(maxsize=1024)
def spelled(text: str) -> str:
    """A unit as typed in UCUM spelling, as far as it can be told: ``μg/L`` is ``ug/L``.

    ``mg/(kg·d)`` and ``mg·kg⁻¹·d⁻¹`` are ``mg/kg/d``. The result need not be a unit.
    """
    unit = plain(text).translate(_SIGNS)
    unit = _TEN_TO_THE.sub("10*", unit)
    unit = _IN_BRACKETS.sub(lambda found: "/" + found[1].replace(".", "/"), unit)
    unit = _INVERSE.sub(r"/\1", unit)
    return "/".join(_SPELLINGS.get(part.casefold(), part) for part in unit.split("/"))


class Conversion(NamedTuple):
    """How a unit becomes a fact's own: by ``factor``, or not, for one of the other reasons."""

    factor: Fraction | None
    refused: RefusedUnit | None = None
    other_dimension: bool = False
    uneven: bool = False
    """A month or a year where days are counted."""


class Accepted:
    """The units that one quantity comes in."""

    def __init__(self, fact: Fact) -> None:
        self.own = fact.unit or "1"
        self._factors = {self.own: Fraction(1)}
        for row in fact.units:
            ratio = factor(row.unit, self.own) if row.factor is None else _ratio(row.factor)
            if ratio is not None:
                self._factors[row.unit] = ratio
        self._refused = {row.unit: row for row in fact.refuse}
        self.listed = tuple(self._factors)

    def conversion(self, unit: str) -> Conversion:
        """What to multiply a value in ``unit`` (spelled as UCUM) by; never raises."""
        for each in (unit, self._recased(unit)):
            if each in self._refused:
                return Conversion(None, self._refused[each])
            if each in self._factors:
                return Conversion(self._factors[each])
        if unit.casefold() in _UNEVEN and factor("d", self.own) is not None:
            return Conversion(None, uneven=True)
        if not usual(unit):
            return Conversion(None)
        ratio = factor(unit, self.own)
        return Conversion(ratio, other_dimension=ratio is None)

    def _recased(self, unit: str) -> str:
        """The one declared unit that differs from ``unit`` in upper and lower case only."""
        declared = (*self._factors, *self._refused)
        found = [each for each in declared if each.casefold() == unit.casefold()]
        return found[0] if len(found) == 1 else unit


def named(unit: str) -> Text | None:
    """What people call a unit of time; None where its code is what they call it."""
    return _NAMES.get(unit)


def listed(codes: Iterable[str]) -> Text:
    """Units for a message, each as it may be typed, with its name: ``d（天）, wk（周）``."""
    names = [(code, named(code)) for code in codes]
    return Text(
        ", ".join(code if name is None else f"{code}（{name.zh}）" for code, name in names),
        ", ".join(code if name is None else f"{code} ({name.en})" for code, name in names),
    )


def convert(value: Bounds, unit: str) -> Bounds | None:
    """``value`` in another unit, rounded to 8 places; None for another dimension or no unit."""
    if value.unit == unit:
        return value
    ratio = None if value.unit is None else factor(value.unit, unit)
    return None if ratio is None else scaled(value, ratio, unit)


def scaled(value: Bounds, ratio: Fraction, unit: str | None) -> Bounds:
    """``value`` times a positive ``ratio``, in ``unit``."""
    if ratio == 1:
        return Bounds(value.low, value.high, value.low_open, value.high_open, unit)
    low = None if value.low is None else tidy(Fraction(value.low) * ratio)
    high = low if value.exact is not None else None
    if high is None and value.high is not None:
        high = tidy(Fraction(value.high) * ratio)
    return Bounds(low, high, value.low_open, value.high_open, unit)


def factor(source: str, target: str) -> Fraction | None:
    """The number of ``target`` in one ``source``, exactly; None for what does not convert."""
    try:
        return units.factor(source, target)
    except units.UnitError:
        return None


def _ratio(text: str) -> Fraction:
    """``2.496`` or ``1/2.496``, exactly."""
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


@lru_cache(maxsize=1024)
def usual(unit: str) -> bool:
    """Whether the shipped table knows the code. What people type is looked up nowhere else: that
    would be slow, and would depend on what happens to be installed."""
    return unit in units.near_units(unit)
