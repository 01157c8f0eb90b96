"""Facts: type, unit, question, phrases, codes, what is accepted, inferred and derived."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from myorx.guideline.check.context import Context, Formula, fact_type
from myorx.guideline.check.expressions import type_of
from myorx.guideline.faults import Problem, listed
from myorx.guideline.models import AcceptedUnit, Derivation, Fact
from myorx.guideline.positions import Place
from myorx.language import units
from myorx.language.faults import LanguageError
from myorx.language.syntax import IntegerLiteral, Name
from myorx.language.types import (
    DecimalType,
    IntegerType,
    NullType,
    QuantityType,
    StringType,
    Type,
)

_DERIVED_TYPES = {
    "current": ("boolean",),
    "ever": ("boolean",),
    "response": ("boolean",),
    "first_date": ("date",),
    "last_date": ("date",),
    "count_distinct": ("integer",),
    "sum_days_at_least": ("integer", "quantity"),
    "equivalent_dose": ("quantity",),
}
_DERIVED_UNITS = {"sum_days_at_least": ("d",), "equivalent_dose": ("mg/d", "mg/kg/d")}
_FILTERED = frozenset(_DERIVED_TYPES) - {"equivalent_dose", "sum_days_at_least"}
"""Operators that mean nothing without a drug or a class."""


def check(context: Context) -> Iterator[Problem]:
    """Every fact is complete and consistent in itself."""
    for place, fact in context.all(Fact):
        yield from _asked(context, place, fact)
        yield from _worded(context, place, fact)
        yield from _units(context, place, fact)
        yield from _plausible(context, place, fact)
        yield from _aged(context, place, fact)
        yield from _inferred(context, place, fact)
        if fact.derive is not None:
            yield from _derived(context, place, fact, fact.derive)


def _asked(context: Context, place: Place, fact: Fact) -> Iterator[Problem]:
    """What a user gives has a question; what no user gives comes from somewhere."""
    if not fact.derived and fact.question is None:
        yield context.problem(
            "no-question",
            place,
            f"nobody knows how to ask for {fact.id}",
            allowed="a question for every fact that is given (or derived: true)",
            remedy="add question: {zh: …, en: …}",
        )
    if fact.derived and fact.derive is None and fact.instrument is None and not fact.infer:
        yield context.problem(
            "derived-from-nothing",
            place.key("derived"),
            f"{fact.id} is never given and comes from nothing",
            allowed="infer, derive or instrument for a derived fact",
            remedy="add infer, derive or instrument, or let it be given",
        )
    if fact.derive is not None and not fact.derived:
        yield context.problem(
            "given-and-derived",
            place.key("derive"),
            f"{fact.id} is computed from the history, yet may be given",
            allowed="derived: true",
            remedy="add derived: true",
        )


def _worded(context: Context, place: Place, fact: Fact) -> Iterator[Problem]:
    """A Boolean has words for true and false; a coded fact has codes; neither has the other's."""
    if fact.type == "boolean" and fact.phrase is None:
        yield context.problem(
            "no-phrase",
            place,
            f"no words for {fact.id} when it is true and when it is false",
            allowed="phrase: {true: {zh, en}, false: {zh, en}}",
            remedy="add phrase",
        )
    if fact.type != "boolean" and fact.phrase is not None:
        yield context.problem(
            "phrase-without-truth",
            place.key("phrase"),
            f"{fact.id} is no Boolean",
            allowed="phrase for Boolean facts only",
            remedy="remove phrase; a coded value has its label",
        )
    if fact.type != "boolean" and fact.absent == "no":
        yield context.problem(
            "absent-no",
            place.key("absent"),
            f"{fact.id} is no Boolean: absence cannot mean no",
            allowed="absent: no for Boolean facts only",
            remedy="remove it",
        )
    if (fact.type == "code") != bool(fact.values):
        yield context.problem(
            "codes",
            place.key("values") if fact.values else place,
            f"{fact.id} has codes but another type" if fact.values else f"{fact.id} has no codes",
            allowed="type: code with values, any other type without",
            remedy="set the type to code, or remove values" if fact.values else "add values",
        )


def _units(context: Context, place: Place, fact: Fact) -> Iterator[Problem]:
    """A quantity has a unit; further units convert to it, or say by which factor."""
    if fact.type != "quantity":
        for field in ("unit", "units", "refuse", "unit_required"):
            if getattr(fact, field):
                yield context.problem(
                    "unit-without-quantity",
                    place.key(field),
                    f"{fact.id} is no quantity",
                    allowed="units for type: quantity only",
                    remedy="set the type to quantity, or remove it",
                )
        return
    if fact.unit is None:
        yield context.problem(
            "no-unit",
            place,
            f"{fact.id} is a quantity without a unit",
            allowed="a UCUM code",
            remedy="add unit",
        )
        return
    dimension = yield from _dimension(context, place.key("unit"), fact.unit)
    for index, accepted in enumerate(fact.units):
        here = place.key("units").item(index)
        yield from _accepted(context, here, fact.unit, dimension, accepted)


def _dimension(context: Context, place: Place, unit: str) -> Generator[Problem, None, str | None]:
    """The problem of a unit that is none; returns its dimension (None: no unit)."""
    try:
        return units.dimension(unit)
    except units.UnitError as error:
        yield context.problem(
            "unknown-unit", place, error.message, allowed=error.allowed, remedy=error.remedy
        )
        return None


def _accepted(
    context: Context, place: Place, unit: str, dimension: str | None, accepted: AcceptedUnit
) -> Iterator[Problem]:
    found = yield from _dimension(context, place.key("unit"), accepted.unit)
    converts = found == dimension
    if accepted.factor is None:
        if found is not None and dimension is not None and not converts:
            yield context.problem(
                "wrong-dimension",
                place.key("unit"),
                f"'{accepted.unit}' does not convert to '{unit}'",
                allowed=f"a unit of the dimension of '{unit}', or a factor with its source",
                remedy="correct the unit, or add factor and source",
            )
        return
    try:
        wrong = Fraction(accepted.factor) <= 0
    except (ValueError, ZeroDivisionError):
        wrong = _ratio(accepted.factor) is None
    if wrong:
        yield context.problem(
            "bad-factor",
            place.key("factor"),
            f"{accepted.factor} is no factor",
            allowed="a positive number or ratio: 1/2.496",
            remedy="correct it",
        )
    if converts:
        yield context.problem(
            "needless-factor",
            place.key("factor"),
            f"'{accepted.unit}' converts to '{unit}' by itself",
            allowed="a factor only where UCUM cannot tell",
            remedy="remove factor",
        )
    if accepted.source is None:
        yield context.problem(
            "factor-without-source",
            place.key("factor"),
            "a factor from nowhere",
            allowed="factor with source",
            remedy="add source: where the factor is from",
        )


def _ratio(text: str) -> Fraction | None:
    """``1/2.496`` as an exact positive number; None for anything else."""
    above, _, below = text.partition("/")
    try:
        ratio = Fraction(Decimal(above.strip())) / Fraction(Decimal(below.strip() or "1"))
    except (InvalidOperation, ValueError, OverflowError, ZeroDivisionError):
        return None
    return ratio if ratio > 0 else None


def _plausible(context: Context, place: Place, fact: Fact) -> Iterator[Problem]:
    if fact.plausible is None:
        return
    low, high = (_number(end) for end in fact.plausible)
    if (
        fact.type not in ("integer", "decimal", "quantity")
        or low is None
        or high is None
        or low > high
    ):
        yield context.problem(
            "implausible-range",
            place.key("plausible"),
            f"{' to '.join(fact.plausible)} as the plausible range of {fact.id}",
            allowed="two numbers, the smaller first, for a number or quantity",
            remedy="correct the range, in the unit of the fact",
        )


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _aged(context: Context, place: Place, fact: Fact) -> Iterator[Problem]:
    """``max_age`` names a number of days."""
    found = context.types.get(fact.max_age or "")
    if found is not None and not isinstance(found, (IntegerType, NullType)):
        yield context.problem(
            "wrong-setting",
            place.key("max_age"),
            f"{fact.max_age} is a {found}",
            allowed="a setting of type Integer: days",
            remedy="write the days as a whole number without a unit",
        )


def _inferred(context: Context, place: Place, fact: Fact) -> Iterator[Problem]:
    """What is inferred has the type of the fact, and is one of its codes."""
    wanted = fact_type(fact)
    for index, inference in enumerate(fact.infer):
        here = place.key("infer").item(index).key("value")
        try:
            found = type_of(context, Formula(here, inference.value, False))
        except LanguageError:  # said by the check of expressions
            continue
        if not _fits(found, wanted) or not _has_code(inference.value, wanted):
            yield context.problem(
                "wrong-value",
                here,
                f"a {found} for {fact.id}, which is a {wanted}",
                allowed=str(wanted),
                remedy="infer a value of the type of the fact",
            )


def _fits(found: Type, wanted: Type) -> bool:
    if isinstance(found, NullType) or isinstance(wanted, NullType):
        return True
    if isinstance(found, QuantityType) and isinstance(wanted, QuantityType):
        try:
            return found.dimension == wanted.dimension
        except units.UnitError:  # said by the check of units
            return True
    if isinstance(found, StringType) and isinstance(wanted, StringType):
        return found.codes is None or set(found.codes) <= set(wanted.codes or ())
    if isinstance(found, IntegerType) and isinstance(wanted, DecimalType):
        return True
    return type(found) is type(wanted)


def _has_code(value: object, wanted: Type) -> bool:
    text = getattr(value, "value", None)
    if not isinstance(wanted, StringType) or not isinstance(text, str):
        return True
    return text in (wanted.codes or ())


def _derived(context: Context, place: Place, fact: Fact, derive: Derivation) -> Iterator[Problem]:
    here = place.key("derive")
    if fact.type not in _DERIVED_TYPES[derive.op]:
        yield context.problem(
            "wrong-derivation",
            here.key("op"),
            f"{derive.op} for {fact.id} of type {fact.type}",
            allowed=f"{derive.op} gives {' or '.join(_DERIVED_TYPES[derive.op])}",
            remedy="correct the type or the operator",
        )
    like = _DERIVED_UNITS.get(derive.op, ())
    if like and fact.unit is not None and not _converts(fact.unit, like):
        yield context.problem(
            "wrong-dimension",
            place.key("unit"),
            f"{derive.op} in '{fact.unit}'",
            allowed=f"a unit that converts to {' or '.join(map(repr, like))}",
            remedy="correct the unit",
        )
    if derive.op in _FILTERED and derive.drug is None and derive.drug_class is None:
        yield context.problem(
            "wrong-derivation",
            here,
            f"{derive.op} of no drug in particular",
            allowed="drug or class",
            remedy="name a drug or a class",
        )
    if derive.drug is not None and derive.drug_class is not None:
        yield context.problem(
            "wrong-derivation",
            here,
            "both a drug and a class",
            allowed="a drug, or a class",
            remedy="name one of the two",
        )
    for key, given, needed_by in (
        ("at_least", derive.at_least is not None, "sum_days_at_least"),
        ("response", derive.is_response is not None, "response"),
    ):
        if given != (derive.op == needed_by):
            yield context.problem(
                "wrong-derivation",
                here.key(key) if given else here,
                f"{derive.op} {'with' if given else 'without'} {key}",
                allowed=f"{key} with op: {needed_by}, and only there",
                remedy=f"remove {key}" if given else f"add {key}",
            )
    if derive.min_days is not None:
        yield from _days(context, here.key("min_days"), derive)


def _converts(unit: str, like: tuple[str, ...]) -> bool:
    try:
        return any(units.factor(unit, other) is not None for other in like)
    except units.UnitError:  # said by the check of units
        return True


def _days(context: Context, place: Place, derive: Derivation) -> Iterator[Problem]:
    value = derive.min_days
    setting = isinstance(value, Name) and isinstance(context.types.get(value.name), IntegerType)
    if not setting and not isinstance(value, IntegerLiteral):
        yield context.problem(
            "wrong-value",
            place,
            "min_days is no number of days",
            allowed=f"a whole number, or an Integer setting: {listed(_settings(context))}",
            remedy="write the days as a whole number",
        )


def _settings(context: Context) -> tuple[str, ...]:
    return tuple(setting.id for setting in context.guideline.manifest.settings)
