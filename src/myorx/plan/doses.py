"""A dose for this patient: scaled, capped, counted in tablets; or the reason why none is given.

Only what the source states is ever computed with. All arithmetic is exact; the unrounded figure and
the weight it rests on stand beside the tablets.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import NamedTuple

import msgspec

from myorx.guideline.models import Dose, Drug, Regimen, Tablet
from myorx.guideline.texts import Text
from myorx.language.syntax import DecimalLiteral, Expression, IntegerLiteral, QuantityLiteral
from myorx.language.units import factor
from myorx.language.values import Bounds, Value
from myorx.plan.model import DoseLine
from myorx.plan.situation import Situation, Size
from myorx.plan.texts import join, plain, route_name, say
from myorx.plan.truth import Kleene
from myorx.plan.values import number, quantity


class Amount(NamedTuple):
    """A number with its UCUM unit."""

    value: Decimal
    unit: str | None

    def __str__(self) -> str:
        return quantity(self.value, self.unit)


class _Scale(NamedTuple):
    """What a dose scales with: the fact, and its value in the unit that the dose is stated per."""

    fact: str
    value: Amount | None


class _End(NamedTuple):
    """One end of a dose for this patient: as given, before cap and rounding, and in tablets."""

    amount: Amount
    unrounded: Amount
    capped: bool
    tablets: int


_HALF = Fraction(1, 2)


def dose_line(situation: Situation, drug: Drug, regimen: Regimen) -> DoseLine:
    """The line for one regimen of a drug; patients of one age group and size share it."""
    return situation.wording.dose(
        regimen, size_of(situation), lambda: _dose_line(situation, drug, regimen)
    )


def size_of(situation: Situation) -> Size:
    """All of a patient that a dose depends on."""
    if situation.size is None:
        scales = situation.guideline.manifest.scales
        situation.size = _size(
            is_adult(situation),
            situation.value(scales.weight),
            situation.value(scales.body_surface_area),
            (
                situation.askable(scales.weight),
                situation.askable(scales.body_surface_area),
                situation.askable(scales.age),
            ),
        )
    return situation.size


@lru_cache(maxsize=1024)
def _size(
    adult: Kleene, weight: Value, body_surface_area: Value, asked: tuple[tuple[str, ...], ...]
) -> Size:
    return Size(adult, weight, body_surface_area, asked)


def _dose_line(situation: Situation, drug: Drug, regimen: Regimen) -> DoseLine:
    withheld = _withheld(situation, regimen)
    if withheld is not None:
        says, needs = withheld
        return _line(drug, regimen, says, silent=True, withheld=says, needs=needs)
    if regimen.taper is not None:
        return _line(drug, regimen, regimen.label)
    if regimen.dose is None:
        return _line(drug, regimen, say("dose_not_stated"), silent=True)
    return _dosed(situation, drug, regimen, regimen.dose)


def _line(
    drug: Drug,
    regimen: Regimen,
    body: Text,
    *,
    silent: bool = False,
    withheld: Text | None = None,
    needs: tuple[str, ...] = (),
) -> DoseLine:
    return DoseLine(
        drug=drug.id,
        regimen=regimen.id,
        label=regimen.label,
        says=_full(drug, regimen, body, silent=silent),
        brief=body,
        population=regimen.population,
        basis=regimen.basis,
        withheld=withheld,
        needs=needs,
        cites=regimen.cites,
        disputes=regimen.disputes,
    )


# -- whether a dose may be shown at all --------------------------------------------------------


def _withheld(situation: Situation, regimen: Regimen) -> tuple[Text, tuple[str, ...]] | None:
    """Why the dose is not for this patient, and what to ask; None where it is."""
    if regimen.dose is None or regimen.population == "any":
        return None
    age = situation.guideline.manifest.scales.age
    adult = is_adult(situation)
    if adult is None:
        return say("dose_age_unknown"), situation.askable(age)
    if regimen.population == "child":
        return (say("dose_for_children_only"), ()) if adult else None
    return None if adult else (say("dose_not_paediatric"), ())


def is_adult(situation: Situation) -> Kleene:
    """Whether a dose for adults may apply; unknown while the age leaves it open."""
    scales = situation.guideline.manifest.scales
    age, limit = situation.value(scales.age), situation.value(scales.adult_from)
    if not isinstance(age, Bounds) or not isinstance(limit, Bounds) or limit.low is None:
        return None
    if age.low is not None and age.low >= limit.low:
        return True
    if age.high is not None and (age.high < limit.low or (age.high == limit.low and age.high_open)):
        return False
    return None


# -- the dose ----------------------------------------------------------------------------------


def _dosed(situation: Situation, drug: Drug, regimen: Regimen, dose: Dose) -> DoseLine:
    stated = tuple(
        amount for amount in map(_amount, (dose.amount, dose.low, dose.high)) if amount is not None
    )
    cap = _amount(dose.cap)
    formula = _above(plain(_span(stated)), dose)
    scale = _scale(situation, stated[0])
    if scale is None:
        return _fixed(drug, regimen, stated, cap, formula)
    if scale.value is None:
        return _unscaled(situation, drug, regimen, scale, formula, cap)
    ends = tuple(_end(amount, scale.value, cap, regimen.tablet) for amount in stated)
    return _scaled(drug, regimen, scale, ends, formula, cap)


def _fixed(
    drug: Drug, regimen: Regimen, stated: tuple[Amount, ...], cap: Amount | None, formula: Text
) -> DoseLine:
    ends = tuple(_end(amount, None, cap, regimen.tablet) for amount in stated)
    says = _joined(formula, _tablets(ends, regimen.tablet), _cap(cap))
    return _with(_line(drug, regimen, says), ends, regimen, cap)


def _unscaled(
    situation: Situation,
    drug: Drug,
    regimen: Regimen,
    scale: _Scale,
    formula: Text,
    cap: Amount | None,
) -> DoseLine:
    known = _joined(formula, None, _cap(cap))
    says = say("dose_formula", formula=known, fact=situation.wording.name(scale.fact))
    line = _line(drug, regimen, says, needs=situation.askable(scale.fact))
    return msgspec.structs.replace(line, cap=str(cap) if cap is not None else None)


def _scaled(
    drug: Drug,
    regimen: Regimen,
    scale: _Scale,
    ends: tuple[_End, ...],
    formula: Text,
    cap: Amount | None,
) -> DoseLine:
    amounts = tuple(end.amount for end in ends)
    unrounded = tuple(end.unrounded for end in ends)
    worked = say("dose_worked", formula=formula, scale=str(scale.value))
    if unrounded != amounts:
        worked = say("dose_worked_out", worked=worked, unrounded=_span(unrounded))
    capped = any(end.capped for end in ends)
    if capped:
        worked = say("dose_capped", worked=worked, cap=str(cap))
    # What is open upwards stays below the cap, and says so; at the cap it is open no longer.
    rising = regimen.dose is not None and regimen.dose.or_above and not _reaches(ends, cap)
    span = plain(_span(amounts))
    given = _joined(
        say("dose_or_above", amount=span) if rising else span,
        _tablets(ends, regimen.tablet),
        _cap(cap) if rising else None,
    )
    says = say("dose_scaled", given=given, worked=worked)
    line = _line(drug, regimen, says)
    return msgspec.structs.replace(
        _with(line, ends, regimen, cap), scaled_by=f"{scale.fact} {scale.value}", capped=capped
    )


def _with(line: DoseLine, ends: tuple[_End, ...], regimen: Regimen, cap: Amount | None) -> DoseLine:
    """The line with its figures."""
    first, last = ends[0], ends[-1]
    return msgspec.structs.replace(
        line,
        amount=str(first.amount),
        unrounded=str(first.unrounded),
        high=str(last.amount) if len(ends) > 1 else None,
        cap=str(cap) if cap is not None else None,
        tablets=_count(ends, regimen.tablet),
    )


# -- arithmetic --------------------------------------------------------------------------------


def _amount(expression: Expression | None) -> Amount | None:
    match expression:
        case QuantityLiteral(value=value, unit=code):
            return Amount(value, code)
        case DecimalLiteral(value=value):
            return Amount(value, None)
        case IntegerLiteral(value=whole):
            return Amount(Decimal(whole), None)
        case _:
            return None


def _scale(situation: Situation, amount: Amount) -> _Scale | None:
    """What the unit of a dose asks for: body weight, body surface area, or nothing."""
    scales = situation.guideline.manifest.scales
    parts = (amount.unit or "").split("/")[1:]
    for per, fact in (("kg", scales.weight), ("m2", scales.body_surface_area)):
        if per in parts:
            value = situation.value(fact)
            exact = value.exact if isinstance(value, Bounds) else None
            if exact is None or not isinstance(value, Bounds):
                return _Scale(fact, None)
            return _Scale(fact, _convert(Amount(exact, value.unit), per))
    return None


def _end(stated: Amount, scale: Amount | None, cap: Amount | None, tablet: Tablet | None) -> _End:
    unrounded = stated if scale is None else _times(stated, scale)
    limit = _convert(cap, unrounded.unit) if cap is not None else None
    capped = limit is not None and unrounded.value > limit.value
    amount = limit if capped and limit is not None else unrounded
    tablets = _whole_tablets(amount, limit, tablet)
    strength = _strength(tablet, amount)
    if tablets and strength is not None:
        amount = Amount(tablets * strength, amount.unit)
    return _End(amount, unrounded, capped, tablets)


def _reaches(ends: tuple[_End, ...], cap: Amount | None) -> bool:
    """Whether the greatest dose is the cap."""
    amount = ends[-1].amount
    return cap is not None and amount.value >= _convert(cap, amount.unit).value


def _times(stated: Amount, scale: Amount) -> Amount:
    kept = (stated.unit or "").split("/")
    kept.remove(scale.unit or "")
    return Amount(stated.value * scale.value, "/".join(kept))


def _whole_tablets(amount: Amount, limit: Amount | None, tablet: Tablet | None) -> int:
    """The nearest whole number of tablets, ties down, never above the limit; 0: none is near."""
    strength = _strength(tablet, amount)
    if strength is None:
        return 0
    count = ceil(Fraction(amount.value) / Fraction(strength) - _HALF)
    while limit is not None and count * strength > limit.value:
        count -= 1
    return max(count, 0)


def _strength(tablet: Tablet | None, amount: Amount) -> Decimal | None:
    """The tablet in the unit in which the dose is counted per day."""
    strength = _amount(tablet.strength) if tablet is not None else None
    if strength is None:
        return None
    return _convert(strength, (amount.unit or "").split("/")[0]).value


def _convert(amount: Amount, target: str | None) -> Amount:
    if amount.unit == target:
        return amount
    ratio = factor(amount.unit or "1", target or "1")
    if ratio is None:
        raise ValueError(f"{amount.unit} does not convert to {target}")
    return Amount(amount.value * ratio.numerator / ratio.denominator, target)


# -- words -------------------------------------------------------------------------------------


def _span(amounts: tuple[Amount, ...]) -> str:
    """``60 mg/d``, or ``1000–1200 mg/d``."""
    if len(amounts) == 1 or amounts[0] == amounts[-1]:
        return str(amounts[0])
    return f"{number(amounts[0].value)}–{amounts[-1]}"


def _above(amount: Text, dose: Dose) -> Text:
    return say("dose_or_above", amount=amount) if dose.or_above else amount


def _cap(cap: Amount | None) -> Text | None:
    return say("dose_at_most", cap=str(cap)) if cap is not None else None


def _count(ends: tuple[_End, ...], tablet: Tablet | None) -> str | None:
    """``12 × 5 mg``."""
    strength = _amount(tablet.strength) if tablet is not None else None
    if strength is None or not all(end.tablets for end in ends):
        return None
    counts = "–".join(str(count) for count in dict.fromkeys(end.tablets for end in ends))
    return f"{counts} × {strength}"


def _tablets(ends: tuple[_End, ...], tablet: Tablet | None) -> Text | None:
    count = _count(ends, tablet)
    if count is None or tablet is None:
        return None
    key = "dose_tablets" if tablet.verified else "dose_tablets_unverified"
    return say(key, tablets=count)


def _joined(amount: Text, tablets: Text | None, cap: Text | None) -> Text:
    with_tablets = amount if tablets is None else say("dose_is", amount=amount, tablets=tablets)
    return with_tablets if cap is None else join((with_tablets, cap), "clause")


def _full(drug: Drug, regimen: Regimen, body: Text, *, silent: bool) -> Text:
    """``oral drug 60 mg/d; once daily``; where no dose is given, ``oral drug: why not``."""
    named = drug.names
    if regimen.route is not None:
        named = say("by_route", name=named, route=route_name(regimen.route))
    said = (
        say("dose_silence", drug=named, why=body)
        if silent
        else say("dose_line", drug=named, body=body)
    )
    extras = [part for part in (regimen.rhythm, regimen.duration) if part is not None]
    return join((said, *extras), "clause")
