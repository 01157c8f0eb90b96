"""Units of measure (UCUM): which are comparable, and the exact factor between them.

The usual codes of the field come from ``units.json``, written by ``tools/units_table.py``. Any
other code is read by ``ucum.py``, which is slow to import and is imported only then.
"""

from __future__ import annotations

import difflib
import json
import pkgutil
import re
from fractions import Fraction
from functools import cache, lru_cache

import msgspec

_BANNED = {
    "mo": "months between",
    "mo_s": "months between",
    "mo_j": "months between",
    "mo_g": "months between",
    "a": "years between",
    "a_t": "years between",
    "a_j": "years between",
    "a_g": "years between",
}
_SLIPS = {
    "IU": "[iU]",
    "IE": "[iU]",
    "mmHg": "mm[Hg]",
    "mcg": "ug",
    "cc": "mL",
    "weeks": "wk",
    "week": "wk",
    "w": "wk",
    "days": "d",
    "day": "d",
    "hours": "h",
    "hour": "h",
    "hr": "h",
    "sec": "s",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "in": "[in_i]",
    "ft": "[ft_i]",
    "°C": "Cel",
    "C": "Cel",
    "percent": "%",
    "units": "U",
}


class UnitError(ValueError):
    """A text is no unit that the language can use; the message says what to write instead."""

    def __init__(self, unit: str, message: str, allowed: str, remedy: str) -> None:
        self.unit = unit
        self.message = message
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(f"{message}; allowed: {allowed}; {remedy}")


class Reading(msgspec.Struct, frozen=True):
    """What a unit is: its dimension over the base units, and how many base units one of it is."""

    dimension: str
    factor: Fraction


def factor(source: str, target: str) -> Fraction | None:
    """The number of ``target`` in one ``source``, exactly; None when their dimensions differ.

    Raises UnitError for a code that is no unit or is banned (``mo`` and ``a``, whose length is
    not defined).
    """
    if source == target:
        _read(source)
        return Fraction(1)
    return _factor(source, target)


def dimension(unit: str) -> str:
    """A printable key, equal for two units exactly when one converts to the other.

    ``mg/dL`` gives ``g.m-3``; a unit without dimension gives ``1``. Raises UnitError.
    """
    return _read(unit).dimension


def is_unit(unit: str) -> bool:
    """Whether the language can use this UCUM code."""
    try:
        _read(unit)
    except UnitError:
        return False
    return True


@lru_cache(maxsize=4096)
def _factor(source: str, target: str) -> Fraction | None:
    here, there = _read(source), _read(target)
    return here.factor / there.factor if here.dimension == there.dimension else None


@lru_cache(maxsize=4096)
def _read(unit: str) -> Reading:
    known = _table().get(unit)
    if known is not None:
        return known
    banned = next((part for part in _atoms(unit) if part in _BANNED), None)
    if banned is not None:
        raise UnitError(
            unit,
            f"the unit '{unit}' counts in calendar months or years, which have no fixed length",
            "days 'd', weeks 'wk', hours 'h', minutes 'min'",
            f"compare dates with `{_BANNED[banned]}`, or write a number of days",
        )
    try:
        from . import ucum
    except ImportError:
        found, where = None, "not in the shipped table of units (myorx[author] reads all of UCUM)"
    else:
        found, where = ucum.read(unit), "not a UCUM unit"
    if found is None:
        near = near_units(unit)
        raise UnitError(
            unit,
            f"'{unit}' is {where}",
            "a case-sensitive UCUM code such as 'mg/dL', '[iU]/mL' or '10*9/L'",
            f"did you mean {' or '.join(map(repr, near))}?" if near else "look the code up in UCUM",
        )
    return Reading(*found)


def near_units(unit: str) -> tuple[str, ...]:
    """At most three codes of the table that someone may have meant by ``unit``."""
    slipped = "/".join(_SLIPS.get(part, part) for part in unit.split("/"))
    slipped = slipped.replace("µ", "u").replace("μ", "u").replace("10^", "10*")
    table = _table()
    if slipped != unit and slipped in table:
        return (slipped,)
    same = [code for code in table if code.lower() == unit.lower()]
    near = difflib.get_close_matches(unit, table, n=3, cutoff=0.6)
    return tuple(dict.fromkeys((*same, *near)))[:3]


def _atoms(unit: str) -> list[str]:
    """The parts of a code between ``/`` and ``.``, without annotations, brackets and exponents."""
    parts = re.split(r"[./()]", re.sub(r"\{[^{}]*\}", "", unit))
    return [part.rstrip("0123456789-+") for part in parts]


@cache
def _table() -> dict[str, Reading]:
    """The shipped table: UCUM code to reading."""
    # pkgutil, because importlib.resources alone would be a fifth of the start-up time.
    rows: dict[str, list[str]] = json.loads(pkgutil.get_data(__package__, "units.json") or b"")
    return {code: Reading(key, Fraction(number)) for code, (key, number) in rows.items()}
