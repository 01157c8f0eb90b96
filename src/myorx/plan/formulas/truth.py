"""Kleene's three values as a pair of formulas: when it is true, and when it is false."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from myorx.guideline.texts import Condition
from myorx.language.syntax import Expression
from myorx.plan.formulas import formula
from myorx.plan.formulas.formula import ALWAYS, NEVER, Formula


class Truth(NamedTuple):
    """``true`` and ``false`` never hold together; where neither does, it is unknown."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """That it is neither known true nor known false."""
        return formula.both(formula.negate(self.true), formula.negate(self.false))

    @property
    def not_true(self) -> Formula:
        """That it is false or unknown."""
        return formula.negate(self.true)

    @property
    def not_false(self) -> Formula:
        """That it is true or unknown."""
        return formula.negate(self.false)


TRUE = Truth(ALWAYS, NEVER)
FALSE = Truth(NEVER, ALWAYS)
UNKNOWN = Truth(NEVER, NEVER)


def of(condition: Condition | Expression | None) -> Truth:
    """A condition as a pair; no condition always holds."""
    if condition is None:
        return TRUE
    expression = condition.expression if isinstance(condition, Condition) else condition
    return Truth(formula.known(expression), formula.refuted(expression))


def negate(truth: Truth) -> Truth:
    """Kleene negation."""
    return Truth(truth.false, truth.true)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene conjunction; true of nothing."""
    found = tuple(truths)
    return Truth(
        formula.all_of(each.true for each in found), formula.any_of(each.false for each in found)
    )


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene disjunction; false of nothing."""
    found = tuple(truths)
    return Truth(
        formula.any_of(each.true for each in found), formula.all_of(each.false for each in found)
    )


def when(condition: Formula, then: Truth, otherwise: Truth) -> Truth:
    """``then`` where a formula holds, else ``otherwise``."""
    if then == otherwise:
        return then
    return Truth(
        _chosen(condition, then.true, otherwise.true),
        _chosen(condition, then.false, otherwise.false),
    )


def _chosen(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    return formula.either(
        formula.both(condition, then), formula.both(formula.negate(condition), otherwise)
    )
