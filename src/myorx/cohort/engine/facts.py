"""The facts of a guideline as meanings of a program: each the first of its sources that is known.

An instrument is no step of a program: what it takes comes out of one program, and what it computes
goes into the next as a column. A ``Stage`` is such a cut; a guideline without instruments has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from myorx.cohort.engine.columns import (
    AS_OF,
    COMPLETE,
    derived_column,
    instrument_column,
    ordered_column,
    said_column,
    sure_column,
    taken_column,
)
from myorx.facts.names import index
from myorx.facts.resolution import Resolution, resolutions
from myorx.facts.units import convert, factor
from myorx.guideline.check.context import fact_type
from myorx.guideline.models import Fact, Guideline
from myorx.language.check import check as check_types
from myorx.language.columns import Builder, Constant, Meaning, Number, PlaneId, Program, Truth
from myorx.language.columns.steps import Fixed, Quotient
from myorx.language.syntax import Expression
from myorx.language.types import BOOLEAN, DATE, Type
from myorx.language.values import Bounds
from myorx.language.walk import names


class Input(NamedTuple):
    """One input of an instrument: the output of the stage's program, and its type."""

    name: str
    output: str
    type: Type


class Use(NamedTuple):
    """A fact that an instrument computes, with the inputs it takes."""

    fact: Fact
    inputs: tuple[Input, ...]


class Stage(NamedTuple):
    """What instruments take that rest on nothing but columns and the stages before."""

    program: Program
    uses: tuple[Use, ...]


class Facts:
    """A builder that knows every fact of ``guideline``, and the stages that come before it."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self.resolutions = resolutions(guideline)
        self.types = _types(guideline)
        self.definitions = {
            name: each.expression.expression for name, each in guideline.definitions.items()
        }
        self.settings = index(guideline).settings
        self.level = self._levels()

    def builder(self) -> Builder:
        """Every fact resolved."""
        return self._builder(self.resolutions)

    def stages(self, wanted: frozenset[str]) -> Iterator[Stage]:
        """The stages before the last program; ``wanted``: the instrument columns it reads."""
        needed = self._needed(wanted)
        for level in range(1, max(self.level.values(), default=0) + 1):
            uses = [
                each
                for each in self.resolutions
                if each.instrument is not None
                and self.level[each.fact.id] == level
                and each.fact.id in needed
            ]
            if uses:
                before = [each for each in self.resolutions if self.level[each.fact.id] < level]
                yield self._stage(self._builder(before), uses)

    # -- one fact ----------------------------------------------------------------------------------

    def _builder(self, facts: list[Resolution] | tuple[Resolution, ...]) -> Builder:
        builder = Builder(self.types, definitions=self.definitions, settings=self.settings)
        for each in facts:
            builder.define(each.fact.id, self._meaning(builder, each))
        return builder

    def _meaning(self, builder: Builder, each: Resolution) -> Meaning:
        fact = each.fact
        cases: list[tuple[PlaneId, Meaning]] = []

        def add(meaning: Meaning, when: PlaneId = builder.graph.everywhere) -> None:
            cases.append((builder.graph.all_of((when, builder.known(meaning))), meaning))

        if each.given:
            add(builder.fact(fact.id))
        if each.derivation is not None:
            add(builder.fact(derived_column(fact.id)))
        if each.instrument is not None:
            add(builder.fact(instrument_column(fact.id)))
        for inference in each.inferences:
            when = inference.when
            holds = (
                builder.graph.everywhere if when is None else builder.truth(when.expression).true
            )
            add(_in_unit(builder, builder.meaning(inference.value), fact), holds)
        if each.absent_no:
            said = builder.fact(said_column(fact.id))
            assert isinstance(said, Truth)
            no = Truth(builder.graph.nowhere, builder.graph.everywhere)
            add(no, builder.graph.negate(said.true))
        if len(cases) == 1 and cases[0][0] == builder.known(cases[0][1]):
            return cases[0][1]
        return builder.choose(cases)

    # -- instruments -------------------------------------------------------------------------------

    def _stage(self, builder: Builder, uses: list[Resolution]) -> Stage:
        wanted: dict[str, Meaning] = {}
        found: list[Use] = []
        for each in uses:
            assert each.instrument is not None
            inputs: list[Input] = []
            for name, expression in each.instrument.inputs.items():
                output = f"{each.fact.id}:{name}"
                wanted[output] = builder.meaning(expression)
                inputs.append(Input(name, output, self._type(expression)))
            found.append(Use(each.fact, tuple(inputs)))
        return Stage(builder.program(wanted), tuple(found))

    def _type(self, expression: Expression) -> Type:
        return check_types(expression, self._all_types, allow_is_null=True)

    @property
    def _all_types(self) -> Mapping[str, Type]:
        return {**self.types, **dict.fromkeys(self.definitions, BOOLEAN)}

    def _levels(self) -> dict[str, int]:
        """For each fact: how many instruments, one upon the other, it rests on."""
        found: dict[str, int] = {}
        for each in self.resolutions:
            under = [found[name] for name in self._facts_under(each.rests_on)]
            found[each.fact.id] = max(under, default=0) + (each.instrument is not None)
        return found

    def _needed(self, wanted: frozenset[str]) -> frozenset[str]:
        """The facts by instruments that ``wanted`` rest on, themselves included."""
        found: set[str] = set(wanted)
        for each in reversed(self.resolutions):
            if each.fact.id in found:
                found.update(self._facts_under(each.rests_on))
        return frozenset(found)

    def _facts_under(self, rests_on: tuple[str, ...]) -> Iterator[str]:
        seen: set[str] = set()
        waiting = list(rests_on)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.definitions:
                waiting.extend(names(self.definitions[name]))
            elif name in self._guideline.facts:
                yield name


def _types(guideline: Guideline) -> dict[str, Type]:
    """The types of all columns, facts and settings."""
    found: dict[str, Type] = {AS_OF: DATE, COMPLETE: BOOLEAN}
    for setting in guideline.manifest.settings:
        found[setting.id] = check_types(setting.value, {}, allow_is_null=False)
    for fact in guideline.facts.values():
        type_ = fact_type(fact)
        found[fact.id] = type_
        if fact.derive is not None:
            found[derived_column(fact.id)] = type_
        if fact.instrument is not None:
            found[instrument_column(fact.id)] = type_
        if fact.absent == "no":
            found[said_column(fact.id)] = BOOLEAN
    for drug in guideline.drugs:
        for column in (taken_column(drug), sure_column(drug), ordered_column(drug)):
            found[column] = BOOLEAN
    return found


def _in_unit(builder: Builder, meaning: Meaning, fact: Fact) -> Meaning:
    """A computed value in the fact's own unit, rounded as ``facts.units.convert`` does."""
    unit = fact.unit
    if isinstance(meaning, Constant) and isinstance(meaning.value, Bounds):
        if unit is None or meaning.value.unit is None:
            return meaning
        return Constant(convert(meaning.value, unit), meaning.integer)
    if not isinstance(meaning, Number) or None in (unit, meaning.unit) or meaning.unit == unit:
        return meaning
    assert meaning.unit is not None
    assert unit is not None
    ratio = factor(meaning.unit, unit)
    if ratio is None:
        return Constant(None)
    one = builder.graph.vector(Fixed(Fraction(1), Fraction(1)))
    return Number(builder.graph.vector(Quotient(meaning.vector, one, 1 / ratio)), unit, False)
