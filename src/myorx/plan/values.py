"""Values as a reader sees them: numbers without noise, intervals with their comparator."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from myorx.guideline.models import Fact
from myorx.language.prose import unit_text
from myorx.language.values import Bounds, Days, Value


def number(value: Decimal) -> str:
    """``60``, ``0.8``: no exponent, no trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


@lru_cache(maxsize=256)
def unit(code: str | None) -> str:
    """A UCUM code as people write it: ``[iU]/d`` is ``IU/d``."""
    return "" if code is None else unit_text(code)


def quantity(value: Decimal, code: str | None) -> str:
    """``60 mg/d``; the bare number where there is no unit."""
    shown = unit(code)
    return f"{number(value)} {shown}" if shown else number(value)


def shown(value: Value) -> str:
    """Any value: ``true``, ``unknown``, a code, ``620 ng/mL``, ``>2000 ng/mL``, ``2026-03-15``."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "unknown"
    if isinstance(value, str):
        return value
    return _bounds(value) if isinstance(value, Bounds) else _days(value)


def is_exact(value: Value) -> bool:
    """Whether this is one known value and not unknown or a proper interval."""
    if isinstance(value, Bounds | Days):
        return value.exact is not None
    return value is not None


def _bounds(value: Bounds) -> str:
    exact = value.exact
    if exact is not None:
        return quantity(exact, value.unit)
    if value.low is None and value.high is None:
        return "unknown"
    if value.high is None and value.low is not None:
        return ("> " if value.low_open else "≥ ") + quantity(value.low, value.unit)
    if value.low is None and value.high is not None:
        return ("< " if value.high_open else "≤ ") + quantity(value.high, value.unit)
    return f"{_end(value.low)}–{_end(value.high)} {unit(value.unit)}".rstrip()


def _end(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def _days(value: Days) -> str:
    exact = value.exact
    if exact is not None:
        return exact.isoformat()
    if value.earliest is None and value.latest is None:
        return "unknown"
    early = value.earliest.isoformat() if value.earliest else ""
    late = value.latest.isoformat() if value.latest else ""
    return f"{early}–{late}"


# -- back --------------------------------------------------------------------------------------

_DASH = "–"
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
# Compiled when first used (re keeps it): a plan that is only shown never reads back.
_BOUNDS = rf"(?:(?P<sign>[<>≤≥]) )?(?P<low>{_NUMBER})(?:{_DASH}(?P<high>{_NUMBER}))?( .*)?"


def read_back(text: str, fact: Fact) -> Value:
    """The value of ``fact`` that ``shown`` printed; None for ``unknown`` and for anything else.

    Whether an end of a range belongs to it is not printed: it then does.
    """
    match fact.type:
        case "boolean":
            return {"true": True, "false": False}.get(text)
        case "code":
            return text if any(value.id == text for value in fact.values) else None
        case "date":
            return _read_days(text)
        case _:
            return _read_bounds(text, fact)


def _read_bounds(text: str, fact: Fact) -> Bounds | None:
    found = re.fullmatch(_BOUNDS, text)
    if found is None or (found[4] or "").strip() != unit(fact.unit):
        return None
    low = Decimal(found["low"])
    match found["sign"]:
        case None:
            return Bounds(low, Decimal(found["high"] or found["low"]), unit=fact.unit)
        case ">" | "≥" as sign:
            return Bounds(low, None, low_open=sign == ">", unit=fact.unit)
        case sign:
            return Bounds(None, low, high_open=sign == "<", unit=fact.unit)


def _read_days(text: str) -> Days | None:
    early, dash, late = text.partition(_DASH)
    try:
        first = date.fromisoformat(early) if early else None
        last = (date.fromisoformat(late) if late else None) if dash else first
    except ValueError:
        return None
    return Days(first, last) if first or last else None
