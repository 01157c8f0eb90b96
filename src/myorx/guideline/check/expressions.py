"""Names, types and units inside every expression."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context, Formula
from myorx.guideline.faults import Problem
from myorx.guideline.yaml_tree import Scalar
from myorx.language.check import check as check_types
from myorx.language.faults import Fault, LanguageError
from myorx.language.parser import parse_with_spans
from myorx.language.types import BooleanType, Type
from myorx.language.walk import Spans


def check(context: Context) -> Iterator[Problem]:
    """Every expression is typed over the names of the guideline; a condition is Boolean."""
    for formula in context.formulas:
        try:
            found = type_of(context, formula)
        except LanguageError:
            for fault in _with_offsets(context, formula):
                yield _problem(context, formula, fault)
            continue
        if formula.is_condition and not isinstance(found, BooleanType):
            yield context.problem(
                "not-a-condition",
                formula.place,
                f"a {found} where a condition must stand",
                allowed="a Boolean: a yes/no fact, a definition or a comparison",
                remedy="compare it with something",
            )


def type_of(context: Context, formula: Formula, spans: Spans | None = None) -> Type:
    """The type of an expression where it stands.

    Raises LanguageError; its faults have offsets where ``spans`` are given.
    """
    # Only where facts are derived may an expression ask what is known, or multiply facts.
    derives = formula.place.kind == "fact"
    return check_types(
        formula.expression,
        context.types,
        allow_is_null=derives,
        allow_products=derives,
        spans=spans,
    )


def _with_offsets(context: Context, formula: Formula) -> tuple[Fault, ...]:
    """The faults again, now with their place in the author's text where that is at hand."""
    node = context.positions.node(formula.place)
    spans = parse_with_spans(node.text.strip())[1] if isinstance(node, Scalar) else None
    try:
        type_of(context, formula, spans)
    except LanguageError as error:
        return error.faults
    return ()


def _problem(context: Context, formula: Formula, fault: Fault) -> Problem:
    remedy = fault.remedy
    node = context.positions.node(formula.place)
    if fault.code == "unknown-name" and isinstance(node, Scalar) and node.raw[:1] in ("'", '"'):
        remedy += f"; a text needs quotes of its own: \"'{node.text}'\""
    return context.problem(
        fault.code,
        formula.place,
        fault.message,
        allowed=fault.allowed,
        remedy=remedy,
        offset=fault.offset,
    )
