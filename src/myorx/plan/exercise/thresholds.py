"""The thresholds of a guideline: every comparison that puts a number, or a setting, beside a value.

A comparison of codes is no threshold; one of two dates or counts is. The same comparison written in
several rules is one threshold. Contradictions are left out: where one of them holds there is no
patient to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from myorx.guideline.models import Fact, Guideline
from myorx.guideline.shapes import Atom
from myorx.guideline.texts import Condition
from myorx.guideline.walk import walk as walk_guideline
from myorx.language import cql
from myorx.language.syntax import (
    AtLeast,
    Between,
    Comparator,
    Compare,
    DecimalLiteral,
    Expression,
    IntegerLiteral,
    Name,
    Not,
    QuantityLiteral,
)
from myorx.language.units import factor
from myorx.language.walk import walk
from myorx.plan.diff.normal import normal_form

_NUMBERS = (IntegerLiteral, DecimalLiteral, QuantityLiteral)
_ORDERED = frozenset({"<", "<=", ">", ">="})


def thresholds(guideline: Guideline) -> Mapping[str, Expression]:
    """Each threshold as text, and as it stands in the first tree that holds it."""
    found: dict[str, Expression] = {}
    for place, shape, value in walk_guideline(guideline):
        if place.kind == "contradiction" or not isinstance(shape, Atom):
            continue
        if shape.kind in ("formula", "value"):
            expression = value.expression if isinstance(value, Condition) else value
            for node in walk(expression):
                if _is_threshold(node):
                    found.setdefault(cql(node), node)
    return found


def _is_threshold(node: Expression) -> bool:
    match node:
        case Compare(operator=operator, left=left, right=right):
            return operator in _ORDERED or isinstance(left, _NUMBERS) or isinstance(right, _NUMBERS)
        case Between() | AtLeast():
            return True
        case _:
            return False


# -- sides that no case can be on --------------------------------------------------------------

_ABOVE = frozenset({">", ">="})
_TURNED: Mapping[Comparator, Comparator] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "=": "!=",
    "!=": "=",
}


def impossible_sides(guideline: Guideline, threshold: Expression) -> frozenset[bool]:
    """The truth values that no accepted case can give a threshold: a contradiction refuses the
    case, or the fact cannot plausibly have such a value."""
    refusing = {normal_form(c.when.expression) for c in guideline.contradictions.values()}
    sides = {True: normal_form(threshold), False: _opposite(threshold)}
    found = {side for side, form in sides.items() if form in refusing}
    return frozenset(found | _implausible(guideline, threshold))


def _opposite(threshold: Expression) -> Expression:
    """The comparison that is true where this one is false."""
    match threshold:
        case Compare(operator=operator, left=left, right=right):
            return normal_form(Compare(_TURNED[operator], left, right))
        case _:
            return normal_form(Not(threshold))


def _implausible(guideline: Guideline, threshold: Expression) -> set[bool]:
    """Sides beyond the plausible range of a fact that is compared with a literal."""
    match threshold:
        case Compare(operator=operator, left=Name(name=name), right=literal):
            fact = guideline.facts.get(name)
        case _:
            return set()
    limit = _in_unit_of(fact, literal) if fact is not None else None
    if fact is None or fact.plausible is None or limit is None or operator not in _ORDERED:
        return set()
    low, high = (Decimal(end) for end in fact.plausible)
    above = operator in _ABOVE
    under = limit < low or (limit == low and operator in ("<", ">="))
    over = limit > high or (limit == high and operator in (">", "<="))
    # Nothing lies under the limit, or nothing over it: then only one side is left.
    return ({not above} if under else set()) | ({above} if over else set())


def _in_unit_of(fact: Fact, literal: Expression) -> Decimal | None:
    match literal:
        case IntegerLiteral(value=value):
            return Decimal(value)
        case DecimalLiteral(value=value):
            return value
        case QuantityLiteral(value=value, unit=unit):
            ratio = factor(unit, fact.unit or "1")
            return None if ratio is None else value * ratio.numerator / ratio.denominator
        case _:
            return None
