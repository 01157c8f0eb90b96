"""Facts computed by an instrument: inputs and values that it has, of the right type and unit."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context, Formula, fact_type
from myorx.guideline.check.expressions import type_of
from myorx.guideline.faults import Problem, listed
from myorx.guideline.models import Fact, InstrumentUse
from myorx.guideline.positions import Place
from myorx.instruments.describe import Input, Output
from myorx.instruments.registry import INSTRUMENTS, Instrument
from myorx.language import units
from myorx.language.faults import LanguageError
from myorx.language.syntax import StringLiteral
from myorx.language.types import (
    BooleanType,
    DecimalType,
    IntegerType,
    NullType,
    QuantityType,
    StringType,
    Type,
)


def check(context: Context) -> Iterator[Problem]:
    """Every use of an instrument; one that there is not is said by the check of names."""
    for place, fact in context.all(Fact):
        use = fact.instrument
        if use is None:
            continue
        here = place.key("instrument")
        if fact.derive is not None:
            yield context.problem(
                "wrong-instrument",
                here,
                f"{fact.id} is computed twice: from the history and by an instrument",
                allowed="derive, or instrument",
                remedy="remove one of the two",
            )
        instrument = INSTRUMENTS.get(use.name)
        if instrument is not None:
            yield from _inputs(context, here, use, instrument)
            yield from _value(context, here, fact, use, instrument)


# -- what goes in ----------------------------------------------------------------------------------


def _inputs(
    context: Context, place: Place, use: InstrumentUse, instrument: Instrument
) -> Iterator[Problem]:
    known = {each.id: each for each in instrument.inputs}
    for name, expression in use.inputs.items():
        here = place.key("inputs").key(name)
        if name not in known:
            yield context.unknown("input", here, name, known)
            continue
        try:
            found = type_of(context, Formula(here, expression, False))
        except LanguageError:  # said by the check of expressions
            continue
        if isinstance(expression, StringLiteral):
            found = StringType((expression.value,))
        if not _takes(known[name], found):
            yield context.problem(
                "wrong-input",
                here,
                f"a {found} for the input {name} of {use.name}",
                allowed=_wanted(known[name]),
                remedy="give it a fact or literal of that type and unit",
            )
    for each in instrument.inputs:
        if each.required and each.id not in use.inputs:
            yield context.problem(
                "missing-input",
                place,
                f"{use.name} without its input {each.id}",
                allowed=f"all of: {listed(tuple(i.id for i in known.values() if i.required))}",
                remedy=f"add {each.id} to inputs",
            )
    for index, name in enumerate(use.needs):
        if name not in use.inputs:
            yield context.unknown("input", place.key("needs").item(index), name, use.inputs)


def _takes(wanted: Input, found: Type) -> bool:
    """Whether an input can be given a value of this type."""
    if isinstance(found, NullType):
        return True
    ids = {choice.id for choice in wanted.choices}
    match wanted.type:
        case "boolean":
            return isinstance(found, BooleanType)
        case "choice" if isinstance(found, IntegerType):
            # Grades: a number stands for the choice that is written like it.
            return any(each.isdecimal() for each in ids)
        case "choice":
            return isinstance(found, StringType) and set(found.codes or ()) <= ids
        case "number":
            return _fits(found, wanted.unit)


def _fits(found: Type, unit: str | None) -> bool:
    if unit is None:
        return isinstance(found, IntegerType | DecimalType)
    if not isinstance(found, QuantityType):
        return False
    try:
        return units.factor(found.unit, unit) is not None
    except units.UnitError:
        return False


def _wanted(wanted: Input) -> str:
    match wanted.type:
        case "boolean":
            return "a Boolean"
        case "choice":
            return listed(tuple(choice.id for choice in wanted.choices))
        case "number":
            return "a number without unit" if wanted.unit is None else f"in '{wanted.unit}'"


# -- what comes out --------------------------------------------------------------------------------


def _value(
    context: Context, place: Place, fact: Fact, use: InstrumentUse, instrument: Instrument
) -> Iterator[Problem]:
    outputs = {each.id: each for each in instrument.about.outputs}
    output = outputs.get(use.value)
    if output is None:
        yield context.unknown("value", place.key("value"), use.value, outputs)
    elif not _gives(output, fact_type(fact)):
        yield context.problem(
            "wrong-instrument",
            place.key("value"),
            f"{use.value} of {use.name} for {fact.id}, which is a {fact_type(fact)}",
            allowed=_given(output),
            remedy="correct the type, unit or codes of the fact, or name another value",
        )


def _gives(output: Output, wanted: Type) -> bool:
    if isinstance(wanted, NullType):
        return True
    match output.type:
        case "boolean":
            return isinstance(wanted, BooleanType)
        case "choice":
            ids = {choice.id for choice in output.choices}
            return isinstance(wanted, StringType) and ids <= set(wanted.codes or ())
        case "number" if output.unit is None:
            return isinstance(wanted, DecimalType)
        case "number":
            return isinstance(wanted, QuantityType) and _fits(wanted, output.unit)


def _given(output: Output) -> str:
    match output.type:
        case "boolean":
            return "a Boolean fact"
        case "choice":
            return f"a coded fact with {listed(tuple(choice.id for choice in output.choices))}"
        case "number":
            unit = "type: decimal" if output.unit is None else f"a quantity in '{output.unit}'"
            return f"a fact of {unit}"
