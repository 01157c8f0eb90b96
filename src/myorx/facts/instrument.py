"""Facts computed by an instrument of the field from other facts.

Only exact values enter; an interval counts as unknown there. Whatever the instrument refuses (a
height beyond its formula, a grade that its scale lacks) leaves the fact unknown: unknown is safe.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from myorx.facts.units import convert
from myorx.guideline.models import Fact, InstrumentUse
from myorx.guideline.texts import Text
from myorx.language.syntax import Expression
from myorx.language.values import Bounds, Value

if TYPE_CHECKING:
    from myorx.instruments.describe import Input
    from myorx.instruments.result import Value as Found

Evaluate = Callable[[Expression], Value]

_Plain: TypeAlias = bool | str | Bounds


class Computed(NamedTuple):
    """A value with the words that say how it was computed, and on what constants."""

    value: Value
    says: Text


def computed(fact: Fact, use: InstrumentUse, evaluate: Evaluate) -> Computed | None:
    """The value of ``fact`` by its instrument; None where it cannot be computed.

    ``evaluate`` gives the value of an expression over the patient's other facts.
    """
    known: dict[str, _Plain] = {}
    # What is needed first: for most patients there is nothing to compute.
    for name in (*use.needs, *use.inputs):
        if name in known:
            continue
        value = evaluate(use.inputs[name])
        if isinstance(value, bool | str) or (isinstance(value, Bounds) and value.exact is not None):
            known[name] = value
        elif name in use.needs:
            return None
    return _run(fact.unit, use.name, use.value, tuple(known.items()))


@lru_cache(maxsize=512)
def _run(
    unit: str | None, name: str, wanted: str, inputs: tuple[tuple[str, _Plain], ...]
) -> Computed | None:
    from myorx.instruments.catalogue import say
    from myorx.instruments.errors import InstrumentError
    from myorx.instruments.registry import INSTRUMENTS

    instrument = INSTRUMENTS[name]
    described = {each.id: each for each in instrument.inputs}
    plain = {id_: _in_unit(described[id_], value) for id_, value in inputs}
    try:
        result = instrument.run(plain)
    except InstrumentError:
        return None
    found = result.value(wanted)
    value = _value(found, unit)
    if value is None:
        return None
    key = "computed" if found.verified else "computed_unverified"
    says = [say(key, name=instrument.names), *result.interpretation[:1]]
    text = Text("；".join(each.zh for each in says), "; ".join(each.en for each in says))
    return Computed(value, text)


def _in_unit(described: Input, value: _Plain) -> bool | str | Decimal | None:
    """A value as the instrument takes it, in the unit of its input."""
    if not isinstance(value, Bounds):
        return value
    if described.unit is not None and value.unit is not None:
        found = convert(value, described.unit)
        return None if found is None else found.exact
    return value.exact


def _value(found: Found, unit: str | None) -> Value:
    """A value of the instrument in the unit of the fact; bounds where it gives bounds."""
    if isinstance(found.value, bool | str):
        return found.value
    low = found.low if found.value is None else found.value
    high = found.high if found.value is None else found.value
    if low is None or high is None:
        return None
    value = Bounds(low, high, unit=found.unit)
    return value if unit is None or found.unit is None else convert(value, unit)
