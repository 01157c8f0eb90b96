"""What every check works on: the guideline walked once, its positions, the types of its names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from myorx.guideline.faults import Problem, ProblemSeverity, instead, listed
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.positions import Place, Positions
from myorx.guideline.shapes import Atom, Record
from myorx.guideline.texts import Condition
from myorx.guideline.walk import Found, walk
from myorx.language.check import check as check_types
from myorx.language.faults import LanguageError
from myorx.language.syntax import Expression
from myorx.language.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    NULL,
    QuantityType,
    StringType,
    Type,
)
from myorx.language.walk import names as names_in

AS_OF = "as_of"
"""The name of the day of the case, in every expression."""

Model = TypeVar("Model", bound=msgspec.Struct)


class Formula(NamedTuple):
    """An expression where it stands; ``is_condition``: it must be Boolean."""

    place: Place
    expression: Expression
    is_condition: bool


class Context:
    """One guideline under check. ``paper`` is the text of the source, where it is at hand."""

    def __init__(self, guideline: Guideline, positions: Positions, paper: Path | None) -> None:
        self.guideline = guideline
        self.positions = positions
        self.paper = paper

    @cached_property
    def everything(self) -> tuple[Found, ...]:
        """Every value of the guideline with its place."""
        return tuple(walk(self.guideline))

    @cached_property
    def _objects(self) -> Mapping[type[Any], tuple[Found, ...]]:
        found: dict[type[Any], list[Found]] = {}
        for item in self.everything:
            if isinstance(item.shape, Record):
                found.setdefault(item.shape.model, []).append(item)
        return {model: tuple(items) for model, items in found.items()}

    def all(self, model: type[Model]) -> Iterator[tuple[Place, Model]]:
        """Every object of one model, wherever it stands."""
        for found in self._objects.get(model, ()):
            yield found.place, found.value

    def records(self) -> Iterator[Found]:
        """Every object of any model."""
        for items in self._objects.values():
            yield from items

    @cached_property
    def formulas(self) -> tuple[Formula, ...]:
        """Every expression of the guideline."""
        return tuple(
            Formula(place, value.expression if isinstance(value, Condition) else value, condition)
            for place, shape, value in self.everything
            if isinstance(shape, Atom) and shape.kind in ("formula", "value")
            for condition in (shape.kind == "formula",)
        )

    @cached_property
    def uses(self) -> Mapping[str, tuple[Place, ...]]:
        """For each name in any expression: the places of the expressions that mention it."""
        found: dict[str, list[Place]] = {}
        for formula in self.formulas:
            for name in names_in(formula.expression):
                found.setdefault(name, []).append(formula.place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The type of every name an expression may mention.

        A fact or setting that is itself at fault fits everywhere, so that it is said only once.
        """
        types: dict[str, Type] = {}
        for setting in self.guideline.manifest.settings:
            types[setting.id] = self._literal_type(setting.value)
        types.update(dict.fromkeys(self.guideline.definitions, BOOLEAN))
        for fact in self.guideline.facts.values():
            types[fact.id] = fact_type(fact)
        types[AS_OF] = DATE
        return types

    def _literal_type(self, expression: Expression) -> Type:
        try:
            return check_types(expression, {}, allow_is_null=False)
        except LanguageError:
            return NULL

    def problem(
        self,
        code: str,
        place: Place,
        message: str,
        *,
        allowed: str = "",
        remedy: str = "",
        severity: ProblemSeverity = "error",
        offset: int | None = None,
    ) -> Problem:
        """A problem at a place; ``offset`` counts characters into the text that stands there."""
        spot = self.positions.spot(place, offset)
        return Problem(
            spot.file, spot.line, spot.column, spot.path, code, message, allowed, remedy, severity
        )

    def unknown(self, what: str, place: Place, found: str, names: Iterable[str]) -> Problem:
        """An id that names nothing: with the near miss, or with what there is."""
        known = dict.fromkeys(names)
        return self.problem(
            f"unknown-{what}",
            place,
            f"there is no {what} {found}",
            allowed=listed(known),
            remedy=instead(found, known, f"correct the id, or write the {what}"),
        )


Check = Callable[[Context], Iterable[Problem]]


def fact_type(fact: Fact) -> Type:
    """The type of a fact in expressions; NULL (fits everywhere) where the fact is incomplete."""
    match fact.type:
        case "quantity":
            return NULL if fact.unit is None else QuantityType(fact.unit)
        case "code":
            return StringType(tuple(code.id for code in fact.values)) if fact.values else NULL
        case "boolean":
            return BOOLEAN
        case "integer":
            return INTEGER
        case "decimal":
            return DECIMAL
    return DATE
