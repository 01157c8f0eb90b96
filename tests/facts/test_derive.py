"""Derived facts against a day-by-day oracle, over every completion of what is not known.

A history is drawn with holes: dates of a month, no dates at all, doses, routes, flags and weight
not known, lines missing. Each hole is then filled at random, the oracle counts day by day on the
full picture, and what it finds must lie within what was derived from the picture with holes.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.facts import Case, Given, Therapy, resolve
from myorx.facts.case import exactly
from myorx.guideline.models import Guideline
from myorx.instruments import ratio
from myorx.language.values import Bounds, Days, Value

AS_OF = date(2026, 11, 22)
SPAN = 150
STEROIDS = ("prednisone", "prednisolone", "methylprednisolone", "betamethasone")
DRUGS = (*STEROIDS, "ointment", "brake_alpha", "brake_beta")
BRAKES = ("brake_alpha", "brake_beta")
LONG_ENOUGH = 90


# -- histories with holes --------------------------------------------------------------------------


def _day(before: int) -> date:
    return AS_OF - timedelta(before)


@st.composite
def periods(draw: st.DrawFn, earliest: int, latest: int) -> Days:
    """A day, a stretch of days, or nothing known of one or both ends, in days before the date."""
    first, last = sorted(
        (draw(st.integers(latest, earliest)), draw(st.integers(latest, earliest))), reverse=True
    )
    match draw(st.sampled_from(["exact", "exact", "range", "open", "nothing"])):
        case "exact":
            return Days(_day(first), _day(first))
        case "range":
            return Days(_day(first), _day(last))
        case "open":
            return Days(None, _day(last))
        case _:
            return Days(None, None)


@st.composite
def therapies(draw: st.DrawFn) -> Therapy:
    drug = draw(st.sampled_from(DRUGS))
    start = draw(periods(SPAN, 0))
    start = Days(start.earliest, min(start.latest or AS_OF, AS_OF))
    stop: Days | None = None
    if draw(st.booleans()):
        stop = draw(periods(SPAN, -20))
        first, last = start.earliest, stop.latest
        if first is not None and last is not None and last < first:
            stop = Days(first, first)
    dose = draw(
        st.sampled_from(
            [
                None,
                exactly(Decimal(40), "mg/d"),
                exactly(Decimal(60), "mg/d"),
                exactly(Decimal("0.06"), "g/d"),
                exactly(Decimal(80), "mg/d"),
                exactly(Decimal(1), "mg/kg/d"),
                Bounds(Decimal(50), None, low_open=True, unit="mg/d"),
                Bounds(Decimal(20), Decimal(70), unit="mg/d"),
            ]
        )
    )
    routes = {"ointment": ["topical"], "methylprednisolone": [None, "oral", "iv"]}
    flags = st.sampled_from([None, True, False])
    return Therapy(
        drug,
        drug,
        start,
        stop,
        dose,
        draw(st.sampled_from(routes.get(drug, ["oral"]))),
        draw(st.sampled_from([None, "failed", "improved"])),
        draw(flags),
        draw(st.sampled_from([None, None, True, False])),
    )


WEIGHTS = st.sampled_from([None, "45", "70", "83", "130", ">80", "<60"])


@st.composite
def cases(draw: st.DrawFn, *, whole: bool | None = None) -> Case:
    lines = tuple(draw(st.lists(therapies(), max_size=4)))
    weight = draw(WEIGHTS)
    facts = {}
    if weight is not None:
        sign = {">": ">", "<": "<"}.get(weight[0])
        facts["weight"] = Given(weight, weight.lstrip("<>"), comparator=sign)  # type: ignore[arg-type]
    complete = draw(st.sampled_from([True, False, None])) if whole is None else whole
    return Case(AS_OF, facts, lines, complete)


# -- completions and the oracle --------------------------------------------------------------------


class Line(NamedTuple):
    """A therapy of which everything is known; ``stop`` None: it goes on."""

    drug: str
    start: date
    stop: date | None
    dose: Fraction
    route: str
    response: str
    effective: bool
    pulse: bool

    def on(self, day: date) -> bool:
        if self.stop is None:
            return self.start <= day
        return self.start <= day < self.stop or self.start == day == self.stop

    @property
    def current(self) -> bool:
        return self.start <= AS_OF and (self.stop is None or self.stop > AS_OF)


def _pick(chance: random.Random, period: Days, low: date, high: date) -> date:
    first = max(period.earliest or low, low)
    last = min(period.latest or high, high)
    return first + timedelta(chance.randint(0, max((last - first).days, 0)))


def complete(case: Case, clinic: Guideline, chance: random.Random) -> tuple[list[Line], Fraction]:
    """Fill every hole of ``case`` at random."""
    weight = _weight(case, chance)
    lines = [_filled(each, clinic, weight, chance) for each in case.therapies or ()]
    if case.therapies_complete is not True:
        for _ in range(chance.randint(0, 2)):
            drug = chance.choice(DRUGS)
            missing = Therapy(drug, drug, Days(None, AS_OF), Days(None, None))
            lines.append(_filled(missing, clinic, weight, chance))
    return lines, weight


def _weight(case: Case, chance: random.Random) -> Fraction:
    given_weight = case.facts.get("weight")
    if given_weight is None:
        return Fraction(chance.choice([3, 30, 58, 85, 140, 300]))
    number = Fraction(given_weight.value or 0)
    if given_weight.comparator == ">":
        return number + chance.choice([Fraction(1, 100), 1, 200])
    if given_weight.comparator == "<":
        return number - chance.choice([Fraction(1, 100), 1, 57])
    return number


def _filled(each: Therapy, clinic: Guideline, weight: Fraction, chance: random.Random) -> Line:
    ever = AS_OF - timedelta(SPAN + 60)
    late = min(day for day in (AS_OF, each.stop and each.stop.latest) if day is not None)
    start = _pick(chance, each.start, ever, late)
    stop: date | None = None
    if each.stop is not None and not (each.stop_unknown and chance.random() < 0.4):
        stop = _pick(chance, each.stop, start, AS_OF + timedelta(30))
    route = each.route or chance.choice(clinic.drugs[each.drug].routes)
    dose = Fraction(chance.choice([0, 10, 60, 100]))
    if each.dose is not None:
        low = Fraction(each.dose.low or 0)
        high = Fraction(each.dose.high) if each.dose.high is not None else low + 100
        dose = low + (high - low) * chance.choice([0, Fraction(1, 2), 1])
        if each.dose.low_open and dose == low:
            dose += Fraction(1, 100)
        dose *= {"mg/d": 1, "g/d": 1000, "mg/kg/d": weight}[each.dose.unit or ""]
    return Line(
        each.drug,
        start,
        stop,
        dose,
        route,
        each.response or chance.choice(["failed", "improved"]),
        chance.choice([True, False]) if each.effective is None else each.effective,
        route == "iv" if each.pulse is None else each.pulse,
    )


def oracle(lines: list[Line], weight: Fraction) -> dict[str, bool | Fraction | date | None]:
    """Every derived fact of the clinic, counted day by day."""
    started = [line for line in lines if line.start <= AS_OF]
    steroids = [line for line in started if line.drug in (*STEROIDS, "ointment")]
    brakes = [line for line in started if line.drug in BRAKES]
    past = [AS_OF - timedelta(n) for n in range(1, SPAN + 61)]
    full = min(weight, Fraction(80)) - 5

    def days(drug: str) -> int:
        return sum(
            any(line.on(day) for line in brakes if line.drug == drug and line.effective)
            for day in past
        )

    def dose(chosen: list[Line], *, high: bool) -> Fraction:
        return sum((line.dose * ratio(line.drug)[high] for line in chosen), Fraction(0))

    def counted(day: date | None) -> list[Line]:
        return [
            line
            for line in steroids
            if line.drug != "ointment"
            and not line.pulse
            and (line.current if day is None else line.on(day))
        ]

    full_days = sum(bool(counted(day)) and dose(counted(day), high=False) >= full for day in past)
    now = dose(counted(None), high=False)
    last = [min(line.stop or AS_OF, AS_OF) for line in brakes]
    return {
        "on_steroid": any(line.current for line in steroids),
        "ever_brake": bool(brakes),
        "ever_vein": any(line.route == "iv" for line in steroids),
        "first_brake": min((line.start for line in brakes), default=None),
        "last_brake": max(last, default=None),
        "brakes_ever": Fraction(len({line.drug for line in brakes})),
        "brakes_tried": Fraction(
            sum(
                any(line.effective for line in brakes if line.drug == drug)
                and days(drug) >= LONG_ENOUGH
                for drug in BRAKES
            )
        ),
        "full_days": Fraction(full_days),
        "full_weeks": Fraction(full_days, 7),
        "steroid_dose": now,
        "steroid_per_kg": now / weight,
        "brake_failed": any(line.response == "failed" for line in brakes),
        "steroid_start": min((line.start for line in steroids), default=None),
    }


def encloses(value: Value, truth: bool | Fraction | date | None) -> bool:
    """Whether ``truth`` is one of the things ``value`` leaves possible."""
    match value:
        case None:
            return True
        case bool():
            return value is truth
        case Bounds() if isinstance(truth, Fraction):
            slack = Fraction(1, 10**8)  # values are rounded to 8 places
            low = value.low is None or Fraction(value.low) - slack <= truth
            return low and (value.high is None or truth <= Fraction(value.high) + slack)
        case Days() if isinstance(truth, date):
            low = value.earliest is None or value.earliest <= truth
            return low and (value.latest is None or truth <= value.latest)
        case _:
            return False


@given(case=cases(), seed=st.integers(0, 2**32))
@settings(max_examples=200)
def test_every_completion_lies_within(case: Case, seed: int, clinic: Guideline) -> None:
    patient = resolve(case, clinic)
    chance = random.Random(seed)  # noqa: S311 - examples, no secrets
    for _ in range(4):
        lines, weight = complete(case, clinic, chance)
        for name, truth in oracle(lines, weight).items():
            value = patient.facts[name].value
            assert encloses(value, truth), (name, value, truth, lines, weight)


def _has_holes(case: Case) -> bool:
    return (
        "weight" not in case.facts
        or any(
            each.start.exact is None
            or (each.stop is not None and each.stop.exact is None)
            or each.dose is None
            or each.dose.exact is None
            or (each.route is None)
            or each.response is None
            or each.effective is None
            or each.drug == "betamethasone"
            for each in case.therapies or ()
        )
        or case.facts["weight"].comparator is not None
    )


@given(case=cases(whole=True), seed=st.integers(0, 2**32))
@settings(max_examples=200)
def test_what_is_all_known_is_exact(case: Case, seed: int, clinic: Guideline) -> None:
    """Close the holes first: then nothing may be left open."""
    chance = random.Random(seed)  # noqa: S311
    lines, weight = complete(case, clinic, chance)
    lines = [line for line in lines if line.drug != "betamethasone"]
    closed = Case(
        AS_OF,
        {"weight": Given("", str(float(weight)))},
        tuple(
            Therapy(
                line.drug,
                line.drug,
                Days(line.start, line.start),
                None if line.stop is None else Days(line.stop, line.stop),
                exactly(Decimal(line.dose.numerator) / line.dose.denominator, "mg/d"),
                line.route,
                line.response,
                line.effective,
                line.pulse,
            )
            for line in lines
        ),
        therapies_complete=True,
    )
    patient = resolve(closed, clinic)
    for name, truth in oracle(lines, weight).items():
        state = patient.facts[name]
        assert encloses(state.value, truth), (name, state, truth, lines)
        if truth is None:
            assert (state.value, state.reason) == (None, None)
        else:
            exact = state.value.exact if isinstance(state.value, (Bounds, Days)) else state.value
            assert exact is not None, (name, state, truth)


# -- tables ----------------------------------------------------------------------------------------


def _full(weight: str | None, *lines: Therapy, complete_history: bool | None = True) -> Case:
    facts = {} if weight is None else {"weight": Given(weight, weight)}
    return Case(AS_OF, facts, lines, complete_history)


def _prednisone(
    dose: str | None, start: int, stop: int | None = None, drug: str = "prednisone"
) -> Therapy:
    return Therapy(
        drug,
        drug,
        Days(_day(start), _day(start)),
        None if stop is None else Days(_day(stop), _day(stop)),
        None if dose is None else exactly(Decimal(dose), "mg/d"),
        "oral",
    )


@pytest.mark.parametrize(
    ("weight", "dose", "days"),
    [
        ("58", "53", (42, 42)),
        ("58", "52.99", (0, 0)),
        ("58", "60", (42, 42)),
        ("65", "60", (42, 42)),
        ("83", "75", (42, 42)),
        ("83", "74.9", (0, 0)),
        ("130", "75", (42, 42)),
        ("130", "70", (0, 0)),
        (None, "75", (42, 42)),
        (None, "70", (0, 42)),
        ("60", None, (0, 42)),
    ],
)
def test_full_dose(
    weight: str | None, dose: str | None, days: tuple[int, int], clinic: Guideline
) -> None:
    """min(1 mg/kg, 80 mg) less a tablet; what is full for the heaviest is full for anyone."""
    patient = resolve(_full(weight, _prednisone(dose, 42)), clinic)
    low, high = days
    assert patient.facts["full_days"].value == Bounds(Decimal(low), Decimal(high), unit="d")
    weeks = patient.facts["full_weeks"].value
    assert weeks == Bounds(Decimal(low // 7), Decimal(high // 7), unit="wk")


def test_taper_and_change_of_steroid(clinic: Guideline) -> None:
    """Weeks of taper do not count; a change on one day leaves no gap and no overlap."""
    case = _full(
        "60",
        _prednisone("60", 100, 79),
        _prednisone("48", 79, 58, "methylprednisolone"),  # 60 mg of prednisone
        _prednisone("45", 58, 30),
        _prednisone("30", 30),
        _prednisone("25", 10, None, "prednisolone"),  # 30 + 25 together are full
    )
    patient = resolve(case, clinic)
    assert patient.facts["full_days"].value == Bounds(Decimal(52), Decimal(52), unit="d")
    assert patient.facts["steroid_dose"].value == exactly(Decimal(55), "mg/d")
    assert patient.facts["steroid_per_kg"].value == exactly(Decimal("0.91666667"), "mg/kg/d")


def test_a_pulse_is_not_converted(clinic: Guideline) -> None:
    pulse = Therapy(
        "methylprednisolone",
        "MP",
        Days(_day(3), _day(3)),
        None,
        exactly(Decimal(500), "mg/d"),
        "iv",
    )
    patient = resolve(_full("60", pulse, _prednisone("20", 3)), clinic)
    assert patient.facts["steroid_dose"].value == exactly(Decimal(20), "mg/d")
    assert patient.facts["full_days"].value == exactly(Decimal(0), "d")
    assert patient.facts["on_steroid"].value is True


def test_incomplete_history_keeps_yes_and_loses_no(clinic: Guideline) -> None:
    for complete_history in (False, None):
        case = _full("60", _prednisone("60", 42), complete_history=complete_history)
        patient = resolve(case, clinic)
        assert patient.facts["on_steroid"].value is True
        assert patient.facts["ever_brake"].value is None
        assert patient.facts["ever_brake"].reason == "uncertain"
        assert patient.facts["full_days"].value == Bounds(Decimal(42), None, unit="d")
        assert patient.facts["steroid_start"].value == Days(None, _day(42))
        assert patient.facts["brakes_ever"].value is None


def test_said_nothing_of_therapies(clinic: Guideline) -> None:
    patient = resolve(Case(AS_OF), clinic)
    derived = [fact.id for fact in clinic.facts.values() if fact.derive is not None]
    assert derived
    for name in derived:
        state = patient.facts[name]
        assert (state.value, state.reason, state.origin) == (None, "not_asked", "not_given")


def test_planned_therapies_are_no_history(clinic: Guideline) -> None:
    planned = Therapy("brake_alpha", "B", Days(_day(-1), _day(-1)))
    patient = resolve(_full("60", planned), clinic)
    assert patient.facts["ever_brake"].value is False
    assert patient.facts["brakes_ever"].value == exactly(Decimal(0))
