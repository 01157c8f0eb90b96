"""A taper in words and days: the staircase of a dose, each step dated and counted in tablets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from myorx.guideline.models import Drug, Regimen, Tablet, Taper
from myorx.guideline.texts import Text
from myorx.plan.measure import DAY, fixed
from myorx.plan.model import Remark, TaperPlan, TaperStep
from myorx.plan.situation import Situation
from myorx.plan.staircase import Fall, Rules, Staircase, is_countable, staircase
from myorx.plan.texts import say
from myorx.plan.values import number, quantity

PER_DAY = "mg/d"
_MASS = "mg"
_MONTH = 30
"""Days that the source's months are counted as, when a length is said in months."""

_HALF = Fraction(1, 2)
_PARTS = {Fraction(0): "", Fraction(1, 4): "¼", _HALF: "½", Fraction(3, 4): "¾"}


class TaperRules(NamedTuple):
    """What a taper is made by: its numbers, its tablet, its words."""

    drug: str
    names: Text
    numbers: Rules
    up_to: Fraction
    tablet: Fraction
    """In mg."""
    verified: bool
    taper: Taper
    cites: tuple[str, ...]
    disputes: tuple[str, ...]


class Hold(NamedTuple):
    """Until the day ``until`` a smaller dose is advised against."""

    until: date
    says: Text


def taper_rules(situation: Situation, drug: Drug, regimen: Regimen) -> TaperRules:
    """The rules of a regimen that has a taper, with the settings of this run."""
    taper, tablet = regimen.taper, regimen.tablet
    if taper is None or tablet is None:
        raise ValueError(f"{drug.id}.{regimen.id} is no taper in tablets")
    numbers = Rules(
        least=fixed(situation, taper.least, "1"),
        most=fixed(situation, taper.most, "1"),
        low=fixed(situation, taper.low, PER_DAY),
        high=fixed(situation, taper.high, PER_DAY),
        grain=fixed(situation, taper.smallest, _MASS),
        every=int(fixed(situation, taper.every, DAY)),
        at_least=int(fixed(situation, taper.at_least, DAY)),
    )
    return TaperRules(
        drug=drug.id,
        names=drug.names,
        numbers=numbers,
        up_to=fixed(situation, taper.up_to, PER_DAY),
        tablet=_strength(situation, tablet),
        verified=tablet.verified,
        taper=taper,
        cites=regimen.cites,
        disputes=regimen.disputes,
    )


def taper(
    dose: Fraction, start: date, rules: TaperRules, holds: tuple[Hold, ...] = ()
) -> TaperPlan:
    """The taper from ``dose`` (mg/d), the first smaller dose on the day ``start``.

    Where the source describes none from this dose, the plan says why and has no steps.
    """
    if dose <= rules.numbers.high:
        return _undefined(dose, start, rules, rules.taper.at_target)
    if dose > rules.up_to:
        return _undefined(dose, start, rules, rules.taper.above)
    if not is_countable(dose, rules.numbers):
        grain = quantity(_decimal(rules.numbers.grain), _MASS)
        why = say("taper_no_tablet", grain=grain, target=_target(rules))
        return _undefined(dose, start, rules, why)
    stairs = staircase(dose, rules.numbers)
    steps = tuple(_steps(stairs, start, rules, holds))
    reached = steps[-1].on
    says = say(
        "taper_says",
        drug=rules.names,
        dose=_dose(dose),
        last=steps[-1].dose,
        start=start.isoformat(),
        reached=reached,
        count=len(steps),
        days=stairs.length,
        months=_months(stairs.length),
    )
    return TaperPlan(
        drug=rules.drug,
        names=rules.names,
        dose=_dose(dose),
        start=start.isoformat(),
        target=_target(rules),
        says=says,
        steps=steps,
        reached=reached,
        days=stairs.length,
        remarks=tuple(_remarks(stairs, rules)),
        cites=rules.cites,
        disputes=rules.disputes,
    )


def _undefined(dose: Fraction, start: date, rules: TaperRules, why: Text) -> TaperPlan:
    return TaperPlan(
        drug=rules.drug,
        names=rules.names,
        dose=_dose(dose),
        start=start.isoformat(),
        target=_target(rules),
        says=say("taper_undefined", drug=rules.names, dose=_dose(dose), why=why),
        undefined=why,
        cites=rules.cites,
        disputes=rules.disputes,
    )


# -- steps -------------------------------------------------------------------------------------


def _steps(
    stairs: Staircase, start: date, rules: TaperRules, holds: tuple[Hold, ...]
) -> Iterator[TaperStep]:
    last = len(stairs.falls) - 1
    for index, fall in enumerate(stairs.falls):
        on = start + timedelta(days=stairs.days * index)
        until = on + timedelta(days=stairs.days - 1)
        yield TaperStep(
            number=index + 1,
            on=on.isoformat(),
            until=until.isoformat() if index < last else None,
            dose=_dose(fall.dose),
            tablets=_tablets(fall.dose, rules),
            fall=_percent(fall.share),
            remark=_remark(fall, rules),
            caution=next((hold.says for hold in holds if on < hold.until), None),
        )


def _remark(fall: Fall, rules: TaperRules) -> Text | None:
    """Why the fall is off what was asked; None where it is not."""
    if fall.why == "as_asked":
        return None
    grain = quantity(_decimal(rules.numbers.grain), _MASS)
    return say(f"taper_{fall.why}", fall=_percent(fall.share), grain=grain)


def _remarks(stairs: Staircase, rules: TaperRules) -> Iterator[Remark]:
    numbers = rules.numbers
    grain = quantity(_decimal(numbers.grain), _MASS)
    strength = quantity(_decimal(rules.tablet), _MASS)
    disputes = rules.disputes
    least = _months(numbers.at_least)
    if stairs.slower:
        yield Remark(say("taper_slower", months=least), "inferred", disputes=disputes)
    if stairs.longer:
        longer = say("taper_longer", days=stairs.days, grain=grain, months=least)
        yield Remark(longer, "inferred", disputes=disputes)
    if stairs.length < numbers.at_least:
        yield Remark(say("taper_short", months=least), "inferred", disputes=disputes)
    if numbers.grain < rules.tablet:
        split = say("taper_split", tablet=strength, grain=grain)
        yield Remark(split, "inferred", disputes=disputes)
    month = say("taper_month", days=numbers.every, months=least)
    yield Remark(month, "inferred", disputes=disputes)
    yield Remark(rules.taper.after, "inferred", disputes=disputes)


# -- figures -----------------------------------------------------------------------------------


def _strength(situation: Situation, tablet: Tablet) -> Fraction:
    return fixed(situation, tablet.strength, _MASS)


def _dose(dose: Fraction) -> str:
    return quantity(_decimal(dose), PER_DAY)


def _target(rules: TaperRules) -> str:
    low, high = rules.numbers.low, rules.numbers.high
    return f"{number(_decimal(low))}–{_dose(high)}"


def _tablets(dose: Fraction, rules: TaperRules) -> str:
    """``9½ × 5 mg``."""
    count = dose / rules.tablet
    whole, part = divmod(count, 1)
    shown = _PARTS.get(part)
    words = number(_decimal(count)) if shown is None else f"{whole or ''}{shown}" or "0"
    return f"{words} × {quantity(_decimal(rules.tablet), _MASS)}"


def _percent(share: Fraction) -> str:
    """``20.8 %``: one decimal, halves up."""
    tenths = int(share * 1000 + _HALF)
    return f"{number(Decimal(tenths) / 10)} %"


def _months(length: int) -> str:
    """``6``, ``7.5``: in months of the source."""
    return number(round(Decimal(length) / _MONTH, 1))


def _decimal(value: Fraction) -> Decimal:
    """Exact where it has a decimal form of up to three places, rounded otherwise."""
    return round(Decimal(value.numerator) / Decimal(value.denominator), 3)
