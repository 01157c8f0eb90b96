"""Other values for a guideline's settings, for one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from myorx.guideline.faults import GuidelineError, Problem, instead, listed
from myorx.guideline.intervals import LONGEST, SHORTEST, in_days, intervals, lasts
from myorx.guideline.models import Guideline, Setting
from myorx.language.check import check
from myorx.language.cql import cql
from myorx.language.faults import LanguageError
from myorx.language.parser import parse
from myorx.language.syntax import (
    AtLeast,
    BooleanLiteral,
    DateLiteral,
    DecimalLiteral,
    Expression,
    IntegerLiteral,
    Name,
    QuantityLiteral,
    StringLiteral,
)
from myorx.language.types import DecimalType, IntegerType, QuantityType, Type
from myorx.language.walk import names, walk

LITERALS = (
    BooleanLiteral,
    IntegerLiteral,
    DecimalLiteral,
    StringLiteral,
    QuantityLiteral,
    DateLiteral,
)
"""What a setting may hold."""


_SHOWN = 80
"""So many characters of a value are repeated."""


def with_settings(guideline: Guideline, values: Mapping[str, str | int | Decimal]) -> Guideline:
    """The guideline with other values of its settings.

    A value is a literal as text, or a number; it must be of the kind (and dimension) of the value
    it replaces, not below zero where that is not, no duration of more than a century, and leave
    intervals that can be. Raises GuidelineError with every problem.
    """
    settings = {setting.id: setting for setting in guideline.manifest.settings}
    counts = _counts(guideline)
    problems = []
    for name, value in values.items():
        if name not in settings:
            remedy = instead(name, settings, "name one of these")
            problems.append(
                _problem(name, "unknown-setting", f"no setting {name}", listed(settings), remedy)
            )
            continue
        found = _read(name, str(value), settings[name].value, 1 if name in counts else 0)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            settings[name] = msgspec.structs.replace(settings[name], value=found)
    problems += _no_intervals(guideline, settings, values)
    if problems:
        raise GuidelineError(problems)
    manifest = msgspec.structs.replace(guideline.manifest, settings=tuple(settings.values()))
    return msgspec.structs.replace(guideline, manifest=manifest)


def _no_intervals(
    guideline: Guideline, settings: Mapping[str, Setting], given: Iterable[str]
) -> Iterator[Problem]:
    """Settings with which something would come again at an interval that cannot be."""
    changed = set(given)
    for every in intervals(guideline):
        days = in_days(every, settings.values())
        if lasts(days):
            continue
        for name in sorted(changed.intersection(names(every))):
            changed.remove(name)
            value = cql(settings[name].value)
            message = f"{value} for {name}, with which something comes again every {days} 'd'"
            allowed = f"every {SHORTEST} 'd' to every {LONGEST} 'd'"
            yield _problem(name, "no-interval", message, allowed, "give another value")


def _read(name: str, text: str, before: Expression, least: int) -> Expression | Problem:
    """The literal in ``text``, if it can stand where ``before`` stood; a number from ``least``."""
    wanted = check(before, {}, allow_is_null=False)
    message, allowed = f"{text[:_SHOWN]} for {name}", f"a literal of type {wanted}"
    remedy = f"write it like the present value, {cql(before)}"
    try:
        found = parse(text)
        type_ = check(found, {}, allow_is_null=False)
    except LanguageError as error:
        fault = error.faults[0]
        return _problem(name, fault.code, f"{message}: {fault.message[:_SHOWN]}", allowed, remedy)
    if not _fits(type_, wanted) or not isinstance(found, LITERALS):
        return _problem(name, "wrong-setting", message, allowed, remedy)
    if _below(found, least) and not _below(before, least):
        return _problem(name, "setting-too-low", message, f"{least} or more", remedy)
    days = in_days(found, ())
    if days is not None and abs(days) > LONGEST:
        return _problem(name, "setting-too-long", message, f"{LONGEST} 'd' at most", remedy)
    return found


def _below(literal: Expression, least: int) -> bool:
    numbers = IntegerLiteral | DecimalLiteral | QuantityLiteral
    return isinstance(literal, numbers) and literal.value < least


def _counts(guideline: Guideline) -> set[str]:
    """Settings that say how many of several must hold: none would always do."""
    nodes = (
        node
        for definition in guideline.definitions.values()
        for node in walk(definition.expression.expression)
    )
    counts = (node.count for node in nodes if isinstance(node, AtLeast))
    return {count.name for count in counts if isinstance(count, Name)}


def _fits(found: Type, wanted: Type) -> bool:
    if isinstance(found, QuantityType) and isinstance(wanted, QuantityType):
        return found.dimension == wanted.dimension
    return type(found) is type(wanted) or (
        isinstance(found, IntegerType) and isinstance(wanted, DecimalType)
    )


def _problem(name: str, code: str, message: str, allowed: str, remedy: str) -> Problem:
    return Problem("settings", 0, 0, name, code, message, allowed, remedy)
