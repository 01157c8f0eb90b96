"""Doses and tapers, checked value by value: rounding to tablets and the search for the best way
down are programs, not formulas, so that here every value in a range is tried instead of proved.

The range and its grain are part of the claim: weights of 2 to 300 kg by 0.1 kg, body surfaces of
0.15 to 3.5 m2 by 0.01 m2, starting doses by the smallest part of a tablet.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from myorx.facts import assume, read_case
from myorx.guideline.models import Drug, Guideline, Regimen
from myorx.guideline.texts import Text
from myorx.language.units import factor
from myorx.language.values import Bounds
from myorx.plan import Planner
from myorx.plan.doses import dose_line
from myorx.plan.situation import Situation
from myorx.plan.staircase import Rules, is_countable, staircase
from myorx.plan.taper import taper_rules
from myorx.proof.texts import say

_AS_OF = "2000-01-01"
"""Any day: a dose does not depend on it."""


class Checked(NamedTuple):
    """A claim about numbers: how many values were tried, and the first that fails."""

    id: str
    says: Text
    tried: int
    fault: Text | None


def checks(guideline: Guideline) -> Iterator[Checked]:
    """Every regimen with a cap or a taper."""
    for drug in guideline.drugs.values():
        for regimen in drug.regimens:
            if regimen.dose is not None and regimen.dose.cap is not None:
                yield _capped(guideline, drug, regimen)
            if regimen.taper is not None:
                yield _tapered(guideline, drug, regimen)


def _slots(drug: Drug, regimen: Regimen) -> dict[str, Text | str | int]:
    return {"drug": drug.names, "label": regimen.label}


# -- caps --------------------------------------------------------------------------------------


def _capped(guideline: Guideline, drug: Drug, regimen: Regimen) -> Checked:
    """The dose, after rounding to tablets, is never above its cap."""
    count, fault = 0, None
    for situation, at in _sizes(guideline, regimen):
        count += 1
        line = dose_line(situation, drug, regimen)
        for amount in (line.amount, line.high):
            if fault is None and amount is not None and _above(amount, line.cap):
                fault = say("numbers_fault", at=at, found=f"{amount} > {line.cap}")
    says = say("numbers_cap", **_slots(drug, regimen))
    return Checked(f"numbers:{drug.id}/{regimen.id}/cap", says, count, fault)


def _sizes(guideline: Guideline, regimen: Regimen) -> Iterator[tuple[Situation, str]]:
    """Patients of every size, of the age the dose is for."""
    scales = guideline.manifest.scales
    planner = Planner(guideline)
    nobody = read_case({"as_of": _AS_OF}, guideline)
    years = Decimal(10 if regimen.population == "child" else 40)
    weights = (Decimal(tenths) / 10 for tenths in range(20, 3001))
    surfaces = (Decimal(hundredths) / 100 for hundredths in range(15, 351))
    for name, numbers in ((scales.weight, weights), (scales.body_surface_area, surfaces)):
        fact = guideline.facts.get(name)
        if fact is None:
            continue
        for number in numbers:
            values = {
                scales.age: Bounds(years, years),
                name: Bounds(number, number, unit=fact.unit),
            }
            patient = assume(nobody, guideline, values, only=values)
            yield planner.situation(patient), f"{name} {number} {fact.unit}"


def _above(amount: str, cap: str | None) -> bool:
    """Whether ``60 mg/d`` is more than ``80 mg/d``; unlike units are said to be."""
    if cap is None:
        return True
    number, _, unit = amount.partition(" ")
    limit, _, other = cap.partition(" ")
    ratio = factor(unit, other)
    return ratio is None or Fraction(number) * ratio > Fraction(limit)


# -- tapers ------------------------------------------------------------------------------------


def _tapered(guideline: Guideline, drug: Drug, regimen: Regimen) -> Checked:
    """From every dose in tablets the steps fall, end in the target and last long enough."""
    nobody = Planner(guideline).situation(read_case({"as_of": _AS_OF}, guideline))
    rules = taper_rules(nobody, drug, regimen)
    numbers = rules.numbers
    count, fault = 0, None
    dose = numbers.grain
    while dose <= rules.up_to:
        if dose > numbers.high and is_countable(dose, numbers):
            count += 1
            found = _wrong(dose, numbers)
            if found is not None and fault is None:
                fault = say("numbers_fault", at=f"{float(dose):g} mg/d", found=found)
        dose += numbers.grain
    says = say("numbers_taper", **_slots(drug, regimen))
    return Checked(f"numbers:{drug.id}/{regimen.id}/taper", says, count, fault)


def _wrong(dose: Fraction, rules: Rules) -> str | None:
    way = staircase(dose, rules)
    last = dose
    for fall in way.falls:
        if fall.dose >= last:
            return f"{float(last):g} → {float(fall.dose):g}"
        if (fall.dose / rules.grain).denominator != 1:
            return f"{float(fall.dose):g}"
        last = fall.dose
    if not rules.low <= last <= rules.high:
        return f"→ {float(last):g}"
    return f"{way.length} d" if way.length < rules.at_least else None
