"""A model of the solver as a case: values as someone would type them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import z3

from myorx.facts.scalars import written
from myorx.language.smt import read
from myorx.language.smt.values import Day
from myorx.language.values import Bounds, Days, Value
from myorx.plan.formulas import ORDERED, TAKEN
from myorx.proof.world import World

_DIGITS = Decimal("1e-8")


class Drawn(NamedTuple):
    """A patient out of a model."""

    as_of: date
    case: Mapping[str, Any]
    """Facts, orders and drugs taken, as typed."""
    derived: Mapping[str, Value]
    """What no case gives: from the therapy history, or by an instrument."""


def drawn(world: World, model: z3.ModelRef) -> Drawn:
    """The patient of ``world`` that ``model`` describes."""
    case: dict[str, Any] = {}
    derived: dict[str, Value] = {}
    for name, value in world.given.items():
        found = read(value, model)
        if found is None:
            if name in world.mentioned and z3.is_true(
                model.eval(world.mentioned[name], model_completion=True)
            ):
                case[name] = "unknown"
            continue
        said = typed(found)
        if said is None:
            derived[name] = found
        else:
            case[name] = said
    for name, value in world.derived.items():
        derived[name] = read(value, model)
    for prefix, key in ((TAKEN, "therapies"), (ORDERED, "orders")):
        drugs = [
            name.removeprefix(prefix)
            for name, bit in world.taken.items()
            if name.startswith(prefix) and z3.is_true(model.eval(bit, model_completion=True))
        ]
        if drugs:
            case[key] = drugs
    day = read(Day(world.as_of, world.as_of, True, True), model)
    assert isinstance(day, Days)
    assert day.exact is not None
    return Drawn(day.exact, case, derived)


def typed(value: Value) -> Any:
    """A known value as typed in a case; None for an interval that cannot be typed."""
    match value:
        case Bounds(low=low, high=high, unit=unit):
            behind = "" if unit is None else f" {unit}"
            if low is not None and high is not None:
                return f"{_number(low)}{behind}" if low == high else None
            if low is not None:
                return f"{'>' if value.low_open else '>='}{_number(low)}{behind}"
            if high is not None:
                return f"{'<' if value.high_open else '<='}{_number(high)}{behind}"
            return None
        case Days(earliest=first, latest=last):
            text = written(value)
            whole = first is not None and last is not None
            # ``written`` says from-to for a stretch that is no day, month or year.
            return text if not whole or len(text) <= len("2026-03-15") else None
    return value


def _number(number: Decimal) -> str:
    """In full, with at most 8 digits after the point."""
    text = f"{number.quantize(_DIGITS) if number != round(number, 8) else number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
