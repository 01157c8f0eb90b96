"""Units: every unit of the guideline is in the table that is shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import AcceptedUnit, Fact
from myorx.guideline.positions import Place
from myorx.language import units
from myorx.language.syntax import QuantityLiteral
from myorx.language.walk import walk as nodes_in


def check(context: Context) -> Iterator[Problem]:
    """A unit outside the table can be read only where the libraries of authors are installed."""
    shipped = _shipped()
    for place, unit in _units(context):
        if unit not in shipped and units.is_unit(unit):
            yield context.problem(
                "unshipped-unit",
                place,
                f"'{unit}' is not in the table of units that is shipped",
                allowed="units of language/units.json",
                remedy="write it in another unit, or add it with tools/units_table.py",
            )


def _units(context: Context) -> Iterator[tuple[Place, str]]:
    for formula in context.formulas:
        for node in nodes_in(formula.expression):
            if isinstance(node, QuantityLiteral):
                yield formula.place, node.unit
    for place, fact in context.all(Fact):
        if fact.unit is not None:
            yield place.key("unit"), fact.unit
    for place, accepted in context.all(AcceptedUnit):
        yield place.key("unit"), accepted.unit


@cache
def _shipped() -> frozenset[str]:
    table = files("myorx.language").joinpath("units.json").read_text(encoding="utf-8")
    return frozenset(json.loads(table))
