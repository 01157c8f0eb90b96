"""Seeded random cases of any guideline, for every engine that must say what the plan says.

A case is what someone might type: facts of every type, many of them missing, some unknown for a
reason, censored, dated by month or year only, or old; therapies of a complete or an incomplete
history; orders. Numbers lie on and beside the thresholds of the guideline as often as anywhere
else, and each case has its own share of missing facts, so that full and almost empty ones come up.

Same guideline, same seed: same cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.texts import Condition
from myorx.guideline.walk import walk as walk_guideline
from myorx.language import walk
from myorx.language.syntax import (
    Between,
    Compare,
    DecimalLiteral,
    Expression,
    IntegerLiteral,
    Name,
    QuantityLiteral,
)
from myorx.language.units import factor

AS_OF = date(2026, 11, 22)

_UNKNOWN = ("unknown", "pending", "not done", "indeterminate")
_DOSES = ("1 mg/kg/d", "60 mg/d", "15 mg/d", "5 mg/d", ">10 mg/d", "100 mg/d", "2 mg/kg/d")
_RESPONSES = ("failed", "worsened", "improved", "stable")
_STEP = Decimal("0.1")


def random_patients(
    guideline: Guideline, count: int, *, seed: int, as_of: date = AS_OF
) -> Iterator[tuple[Mapping[str, Any], Patient]]:
    """``count`` cases with the patient each describes, read as an import reads: what contradicts
    the rest becomes unknown, and a case that cannot be read at all is drawn again."""
    random = Random(seed)  # noqa: S311 - cases for tests
    made = 0
    while made < count:
        case = random_case(guideline, random, as_of=as_of)
        try:
            patient = read_case(case, guideline, as_of=as_of, mode="import")
        except CaseError:
            continue
        made += 1
        yield case, patient


def random_case(guideline: Guideline, random: Random, *, as_of: date = AS_OF) -> dict[str, Any]:
    """One case as plain Python; its date is not in it."""
    marks = _landmarks(_Same(guideline))
    share = random.choice((0.1, 0.3, 0.6, 0.85, 0.97))
    tidy = random.random() < 0.3
    case: dict[str, Any] = {}
    for fact in guideline.facts.values():
        if not fact.derived and random.random() < share:
            case[fact.id] = _value(fact, marks.get(fact.id, ()), random, as_of, tidy)
    kind = random.random()
    if kind < 0.15:
        case["therapies"] = "none"
    elif kind < 0.8:
        case["therapies"] = [
            _therapy(guideline, random, as_of, tidy) for _ in range(random.choice((1, 1, 2, 3, 5)))
        ]
        complete = random.choice((None, False, True, True))
        if complete is not None:
            case["therapies_complete"] = complete
    if random.random() < 0.4:
        case["orders"] = random.sample(sorted(guideline.drugs), random.choice((1, 2, 4)))
    return case


# -- facts -----------------------------------------------------------------------------------------


def _value(fact: Fact, marks: tuple[Decimal, ...], random: Random, as_of: date, tidy: bool) -> Any:
    if not tidy and random.random() < 0.12:
        return random.choice(_UNKNOWN)
    value: Any
    match fact.type:
        case "boolean":
            value = random.random() < 0.5
        case "code":
            value = random.choice([code.id for code in fact.values])
        case "date":
            return _day(random, as_of, tidy)
        case _:
            value = _number(fact, marks, random, tidy)
    if random.random() < 0.15:
        return {"value": value, "on": _day(random, as_of, tidy, partial=False)}
    return value


def _number(fact: Fact, marks: tuple[Decimal, ...], random: Random, tidy: bool) -> str:
    low, high = (Decimal(end) for end in fact.plausible or ("0", "1000"))
    whole = fact.type == "integer"
    step = Decimal(1) if whole else _STEP
    near = [mark for mark in marks if low <= mark <= high]
    if near and random.random() < 0.5:
        number = random.choice(near) + step * random.choice((-1, 0, 0, 1))
    else:
        share = Decimal(random.randrange(1001)) / 1000
        number = low + (high - low) * share**2  # small numbers more often
    number = min(max(number.quantize(step), low), high)
    sign = "" if tidy or random.random() < 0.8 else random.choice(("<", "<=", ">", ">="))
    unit = f" {fact.unit}" if fact.type == "quantity" and fact.unit is not None else ""
    return f"{sign}{number}{unit}"


def _day(random: Random, as_of: date, tidy: bool, *, partial: bool = True) -> str:
    """A day of the last years, seldom one ahead; often recent, sometimes only a month or a year."""
    ago = random.choice((random.randrange(120), random.randrange(1200), random.randrange(12000)))
    if partial and random.random() < 0.1:
        ago = -ago // 8
    day = as_of - timedelta(days=ago)
    if partial and not tidy and random.random() < 0.3:
        return random.choice((f"{day:%Y-%m}", f"{day:%Y}"))
    return day.isoformat()


# -- therapies -------------------------------------------------------------------------------------


def _therapy(guideline: Guideline, random: Random, as_of: date, tidy: bool) -> dict[str, Any]:
    drug = random.choice(list(guideline.drugs.values()))
    line: dict[str, Any] = {"drug": drug.id}
    lasts = tidy or random.random() < 0.85
    if lasts:
        start = as_of - timedelta(
            days=random.choice((random.randrange(150), random.randrange(900)))
        )
        line["start"] = start.isoformat() if tidy or random.random() < 0.8 else f"{start:%Y-%m}"
        if random.random() < 0.4:
            stop = start + timedelta(days=random.randrange(1 + (as_of - start).days))
            line["stop"] = stop.isoformat()
    if "stop" not in line and random.random() < 0.15:
        line["stop"] = "unknown"
    if random.random() < 0.7:
        line["dose"] = random.choice(_DOSES)
    if drug.routes and random.random() < 0.6:
        line["route"] = random.choice(drug.routes)
    if random.random() < 0.4:
        line["response"] = random.choice(_RESPONSES)
    if random.random() < 0.5:
        line["effective"] = random.random() < 0.7
    return line


# -- thresholds ------------------------------------------------------------------------------------


class _Same:
    """A guideline as a key that compares by identity."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline

    def __hash__(self) -> int:
        return id(self.guideline)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.guideline is self.guideline


@cache
def _landmarks(same: _Same) -> Mapping[str, tuple[Decimal, ...]]:
    """For each fact: the numbers it is compared with anywhere, in its own unit."""
    guideline = same.guideline
    settings = {setting.id: setting.value for setting in guideline.manifest.settings}
    found: dict[str, dict[Decimal, None]] = {}
    for expression in _expressions(guideline):
        for node in walk(expression):
            if isinstance(node, Compare):
                sides = (node.left, node.right)
            elif isinstance(node, Between):
                sides = (node.value, node.low, node.high)
            else:
                continue
            names = {each.name for side in sides for each in walk(side) if isinstance(each, Name)}
            values = [
                settings.get(each.name, each) if isinstance(each, Name) else each for each in sides
            ]
            for name in names & guideline.facts.keys():
                for value in values:
                    number = _in_unit(value, guideline.facts[name])
                    if number is not None:
                        found.setdefault(name, {})[number] = None
    return {name: tuple(numbers) for name, numbers in found.items()}


def _in_unit(value: Expression, fact: Fact) -> Decimal | None:
    match value:
        case IntegerLiteral(value=number) | DecimalLiteral(value=number):
            return Decimal(number)
        case QuantityLiteral(value=number, unit=unit) if fact.unit is not None:
            ratio = factor(unit, fact.unit)
            return None if ratio is None else number * ratio.numerator / ratio.denominator
    return None


def _expressions(guideline: Guideline) -> Iterator[Expression]:
    for found in walk_guideline(guideline):
        if isinstance(found.value, Condition):
            yield found.value.expression
    for fact in guideline.facts.values():
        for inference in fact.infer:
            yield inference.value
