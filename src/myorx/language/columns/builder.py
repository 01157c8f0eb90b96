"""Expressions to steps: one program for any number of them, nothing computed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import ceil
from typing import Any, TypeAlias

from myorx.language.columns.meanings import (
    UNKNOWN,
    Constant,
    Day,
    Meaning,
    Number,
    Text,
    Truth,
    among,
    arithmetic,
    compare,
    conjunction,
    constant,
    disjunction,
    negation,
    periods,
    spread,
    truth_of,
)
from myorx.language.columns.program import Output, Program
from myorx.language.columns.steps import (
    Choice,
    DayFact,
    Graph,
    NumberFact,
    PlaneId,
    Tally,
    TextChoice,
    TextFact,
    TruthFact,
)
from myorx.language.faults import Fault, LanguageError
from myorx.language.syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Compare,
    DateLiteral,
    DecimalLiteral,
    DurationBetween,
    Expression,
    Implies,
    In,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    NullLiteral,
    Or,
    QuantityLiteral,
    StringLiteral,
)
from myorx.language.types import (
    BooleanType,
    DateType,
    DecimalType,
    IntegerType,
    QuantityType,
    StringType,
    Type,
)
from myorx.language.values import Bounds, Days, Value
from myorx.language.walk import names

Wanted: TypeAlias = Expression | Meaning | PlaneId
"""What a program may be asked for: an expression, or something made of expressions before."""


def compile_all(
    expressions: Mapping[str, Expression],
    types: Mapping[str, Type],
    *,
    definitions: Mapping[str, Expression] | None = None,
    settings: Mapping[str, Value] | None = None,
) -> Program:
    """A program that answers checked expressions by name, over columns of facts.

    ``types`` has every fact and setting; each name in ``definitions`` stands for its expression,
    each in ``settings`` for its value. Raises LanguageError for a name that is none of these and
    for definitions in a circle, TypeError where an expression was not checked for its types.
    """
    return Builder(types, definitions=definitions, settings=settings).program(expressions)


class Builder:
    """Collects steps, and makes programs of them.

    Beside expressions it joins what the language has no word for: the first of several things that
    is known, and planes (``all_of``, ``any_of``, ``negate``, ``at_least`` of ``graph``) of any
    conditions' truths.
    """

    def __init__(
        self,
        types: Mapping[str, Type],
        *,
        definitions: Mapping[str, Expression] | None = None,
        settings: Mapping[str, Value] | None = None,
    ) -> None:
        self.graph = Graph()
        self._types = dict(types)
        self._definitions = definitions or {}
        self._settings = settings or {}
        self._names: dict[str, Meaning] = {}
        self._truths: dict[Expression, Truth] = {}

    # -- expressions -------------------------------------------------------------------------------

    def meaning(self, expression: Expression) -> Meaning:
        """What an expression comes to. Raises LanguageError and TypeError as ``compile_all``."""
        for name in self._order(expression):
            self._names[name] = self._lower(self._definitions[name])
        return self._lower(expression)

    def truth(self, expression: Expression) -> Truth:
        """The planes of a condition. Raises TypeError for anything else, else as ``meaning``."""
        found = self._truths.get(expression)
        if found is None:
            found = self._truths[expression] = self._as_truth(self.meaning(expression))
        return found

    def fact(self, name: str) -> Meaning:
        """The column of a fact itself, whatever ``define`` made of its name."""
        graph = self.graph
        match self._types.get(name):
            case BooleanType():
                return Truth(*graph.pair(TruthFact(name)))
            case StringType():
                return Text(graph.vector(TextFact(name)))
            case DateType():
                return Day(graph.vector(DayFact(name)))
            case QuantityType(unit=unit):
                return Number(graph.vector(NumberFact(name)), unit, integer=False)
            case DecimalType():
                return Number(graph.vector(NumberFact(name)), None, integer=False)
            case IntegerType():
                return Number(graph.vector(NumberFact(name)), None, integer=True)
            case None:
                raise LanguageError((_unknown_name(name),))
            case _:
                return UNKNOWN

    def define(self, name: str, meaning: Meaning) -> None:
        """From now on ``name`` stands for ``meaning``; what was built before stays as it is."""
        self._names[name] = meaning
        self._truths.clear()

    # -- what the language has no word for ---------------------------------------------------------

    def known(self, meaning: Meaning) -> PlaneId:
        """Where something is known of it: a definite truth, or at least one end."""
        if isinstance(meaning, Truth):
            return self.graph.any_of(meaning)
        if isinstance(meaning, Constant):
            return self.graph.nowhere if meaning == UNKNOWN else self.graph.everywhere
        return self.graph.known(meaning.vector)

    def first_known(self, parts: Iterable[Meaning]) -> Meaning:
        """In each row the first part of which something is known."""
        return self.choose((self.known(part), part) for part in parts)

    def choose(self, cases: Iterable[tuple[PlaneId, Meaning]]) -> Meaning:
        """In each row the meaning of the first plane that is set; unknown where none is.

        Raises TypeError unless all have one type and one unit.
        """
        graph = self.graph
        before: list[PlaneId] = []
        found: list[tuple[PlaneId, Meaning]] = []
        for plane, each in cases:
            if each != UNKNOWN:
                found.append((graph.all_of((plane, *before)), spread(graph, each)))
            before.append(graph.negate(plane))
        return _joined(graph, found) if found else UNKNOWN

    def program(self, wanted: Mapping[str, Wanted]) -> Program:
        """A program that answers each of ``wanted`` under its name."""
        outputs = {name: self._output(each) for name, each in wanted.items()}
        return Program(self.graph, outputs, self._types)

    def _output(self, wanted: Wanted) -> Output:
        if isinstance(wanted, int):
            return PlaneId(wanted)
        if isinstance(wanted, (Truth, Number, Day, Text, Constant)):
            return wanted
        return self.meaning(wanted)

    # -- nodes -------------------------------------------------------------------------------------

    def _lower(self, node: Expression) -> Meaning:
        return _LOWER[type(node)](self, node)

    def _condition(self, node: Expression) -> Truth:
        return self._as_truth(self._lower(node))

    def _as_truth(self, found: Meaning) -> Truth:
        if isinstance(found, Truth):
            return found
        if found == UNKNOWN:
            return truth_of(self.graph, None)
        raise TypeError(f"{type(found).__name__.lower()}s are neither true nor false")

    def boolean(self, node: BooleanLiteral) -> Meaning:
        return truth_of(self.graph, node.value)

    def null(self, _: NullLiteral) -> Meaning:
        return UNKNOWN

    def number(self, node: IntegerLiteral | DecimalLiteral) -> Meaning:
        number = Decimal(node.value)
        return Constant(Bounds(number, number), isinstance(node, IntegerLiteral))

    def quantity(self, node: QuantityLiteral) -> Meaning:
        return Constant(Bounds(node.value, node.value, unit=node.unit))

    def string(self, node: StringLiteral) -> Meaning:
        return Constant(node.value)

    def date(self, node: DateLiteral) -> Meaning:
        return Constant(Days(node.earliest, node.latest))

    def name(self, node: Name) -> Meaning:
        found = self._names.get(node.name)
        if found is not None:
            return found
        if node.name in self._settings:
            integer = isinstance(self._types.get(node.name), IntegerType)
            return constant(self.graph, self._settings[node.name], integer=integer)
        return self.fact(node.name)

    def all_of(self, node: And) -> Meaning:
        return conjunction(self.graph, *map(self._condition, node.operands))

    def any_of(self, node: Or) -> Meaning:
        return disjunction(self.graph, *map(self._condition, node.operands))

    def negate(self, node: Not) -> Meaning:
        return negation(self._condition(node.operand))

    def implies(self, node: Implies) -> Meaning:
        premise, conclusion = self._condition(node.left), self._condition(node.right)
        return disjunction(self.graph, negation(premise), conclusion)

    def compare(self, node: Compare) -> Meaning:
        return compare(self.graph, node.operator, self._lower(node.left), self._lower(node.right))

    def between(self, node: Between) -> Meaning:
        value = self._lower(node.value)
        return conjunction(
            self.graph,
            compare(self.graph, ">=", value, self._lower(node.low)),
            compare(self.graph, "<=", value, self._lower(node.high)),
        )

    def member(self, node: In) -> Meaning:
        value = self._lower(node.value)
        items = [self._lower(item) for item in node.items]
        words = [item.value for item in items if isinstance(item, Constant)]
        if isinstance(value, Text) and len(words) == len(items):
            texts = frozenset(word for word in words if isinstance(word, str))
            if len(texts) == len(set(words)):
                return among(self.graph, value, texts)
        return disjunction(self.graph, *(compare(self.graph, "=", value, item) for item in items))

    def is_null(self, node: IsNull) -> Meaning:
        known = self.known(self._lower(node.operand))
        unknown = self.graph.negate(known)
        return Truth(known, unknown) if node.negated else Truth(unknown, known)

    def arithmetic(self, node: Arithmetic) -> Meaning:
        return arithmetic(
            self.graph, node.operator, self._lower(node.left), self._lower(node.right)
        )

    def duration(self, node: DurationBetween) -> Meaning:
        return periods(self.graph, node.unit, self._lower(node.start), self._lower(node.end))

    def at_least(self, node: AtLeast) -> Meaning:
        """True when the certain items reach the count, false when the possible ones cannot."""
        graph = self.graph
        count = self._lower(node.count)
        items = [self._condition(item) for item in node.items]
        if count == UNKNOWN:
            return truth_of(graph, None)
        least = _least(count)
        if least is not None:
            return Truth(
                graph.at_least(least, (item.true for item in items)),
                graph.at_least(len(items) - least + 1, (item.false for item in items)),
            )
        certain = graph.vector(Tally(tuple(sorted(item.true for item in items))))
        possible = graph.vector(Tally(tuple(sorted(graph.negate(item.false) for item in items))))
        return Truth(
            compare(graph, "<=", count, Number(certain, None, integer=True)).true,
            compare(graph, ">", count, Number(possible, None, integer=True)).true,
        )

    # -- definitions -------------------------------------------------------------------------------

    def _order(self, expression: Expression) -> list[str]:
        """The definitions under an expression that have no meaning yet, lowest first."""
        done: list[str] = []
        finished: set[str] = set()
        open_names: dict[str, None] = {}
        waiting = self._under(expression)
        while waiting:
            each = waiting[-1]
            if each in finished:
                waiting.pop()
            elif each in open_names:
                waiting.pop()
                del open_names[each]
                finished.add(each)
                done.append(each)
            else:
                open_names[each] = None
                under = self._under(self._definitions[each])
                circle = next((name for name in under if name in open_names), None)
                if circle is not None:
                    raise LanguageError((_circle([*open_names], circle),))
                waiting.extend(under)
        return done

    def _under(self, expression: Expression) -> list[str]:
        return [
            name
            for name in names(expression)
            if name in self._definitions and name not in self._names
        ]


def _joined(graph: Graph, cases: list[tuple[PlaneId, Meaning]]) -> Meaning:
    """In each row the meaning of the plane that is set; at most one is."""
    truths = [(plane, each) for plane, each in cases if isinstance(each, Truth)]
    texts = tuple((plane, each.vector) for plane, each in cases if isinstance(each, Text))
    days = tuple((plane, each.vector) for plane, each in cases if isinstance(each, Day))
    numbers = [(plane, each) for plane, each in cases if isinstance(each, Number)]
    if len(cases) not in (len(truths), len(texts), len(days), len(numbers)):
        raise TypeError("a choice between things of several types")
    if truths:
        return Truth(
            graph.any_of(graph.all_of((plane, each.true)) for plane, each in truths),
            graph.any_of(graph.all_of((plane, each.false)) for plane, each in truths),
        )
    if texts:
        return Text(graph.vector(TextChoice(texts)))
    if days:
        return Day(graph.vector(Choice(days)))
    units = {each.unit for _, each in numbers}
    if len(units) > 1:
        raise TypeError(f"a choice between numbers in {' and '.join(map(str, units))}")
    step = Choice(tuple((plane, each.vector) for plane, each in numbers))
    return Number(graph.vector(step), units.pop(), all(each.integer for _, each in numbers))


def _least(count: Meaning) -> int | None:
    """The whole number that a count is the same everywhere; None where it is not."""
    value = count.value if isinstance(count, Constant) else None
    if not isinstance(value, Bounds) or value.exact is None or value.unit is not None:
        return None
    return ceil(value.exact)


def _unknown_name(name: str) -> Fault:
    return Fault(
        code="unknown-name",
        message=f"the name {name} has no type",
        allowed="facts and settings with a type, and definitions",
        remedy="give its type, or correct the name",
    )


def _circle(open_names: list[str], again: str) -> Fault:
    path = " → ".join([*open_names[open_names.index(again) :], again])
    return Fault(
        code="circular-definition",
        message=f"definitions in a circle: {path}",
        allowed="definitions that rest on facts in the end",
        remedy="remove one of these references",
    )


_LOWER: Mapping[type[Any], Callable[[Builder, Any], Meaning]] = {
    BooleanLiteral: Builder.boolean,
    NullLiteral: Builder.null,
    IntegerLiteral: Builder.number,
    DecimalLiteral: Builder.number,
    StringLiteral: Builder.string,
    QuantityLiteral: Builder.quantity,
    DateLiteral: Builder.date,
    Name: Builder.name,
    And: Builder.all_of,
    Or: Builder.any_of,
    Not: Builder.negate,
    Implies: Builder.implies,
    Compare: Builder.compare,
    Between: Builder.between,
    In: Builder.member,
    IsNull: Builder.is_null,
    Arithmetic: Builder.arithmetic,
    DurationBetween: Builder.duration,
    AtLeast: Builder.at_least,
}
