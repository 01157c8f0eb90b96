"""Body surface area, described and run like every instrument."""

from __future__ import annotations

from decimal import Decimal

from myorx.instruments.body_surface import body_surface, formulas
from myorx.instruments.catalogue import say
from myorx.instruments.describe import About
from myorx.instruments.errors import Fault, InputError
from myorx.instruments.inputs import Given, fault
from myorx.instruments.result import Computed, Found, Said


def compute(about: About, given: Given) -> Computed:
    """The area by one formula. Raises InputError outside the limits of that formula."""
    height, weight = given.number("height"), given.number("weight")
    formula = given.choice("formula")
    assert height is not None
    assert weight is not None
    assert formula is not None
    row = formulas()[formula]
    faults = [
        *_outside(about, "height", height, row.height_cm, row.id),
        *_outside(about, "weight", weight, row.weight_kg, row.id),
    ]
    if faults:
        raise InputError(faults)
    area = body_surface(height, weight, row.id)
    says = Said("formula", {"formula": row.id, "source": row.source})
    warnings = (Said("adults_only", {"formula": row.id}),) if row.adults_only else ()
    return Computed((Found("area", area.m2, verified=row.verified),), (says,), warnings)


def _outside(
    about: About, id_: str, number: Decimal, limits: tuple[Decimal, Decimal], formula: str
) -> list[Fault]:
    low, high = limits
    if low <= number <= high:
        return []
    described = about.input(id_)
    unit = f" {described.unit} ({formula})"
    allowed = say("allowed_range", low=str(low), high=str(high), unit=unit)
    remedy = say("remedy_number", unit=described.unit or "")
    return [fault(described, str(number), "out_of_range", allowed, remedy)]
