"""The steps of a program: what is computed from what. Equal steps are one step.

A step is named by its number in the ``Graph``. There are three sorts: a *vector* holds the numbers,
days or texts of all rows; a *plane* holds one bit a row; a *pair* fills two planes at once, which
``Part`` then names. Logic is two-valued here: a Kleene truth is one plane for "known true" and one
for "known false".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, NewType, TypeAlias

from myorx.language.syntax import CalendarUnit

PlaneId = NewType("PlaneId", int)
VectorId = NewType("VectorId", int)
PairId = NewType("PairId", int)


# -- vectors ---------------------------------------------------------------------------------------


class NumberFact(NamedTuple):
    """The numbers of a column, in the unit of its type."""

    name: str


class DayFact(NamedTuple):
    """The days of a column, counted from 1970."""

    name: str


class TextFact(NamedTuple):
    """The codes of a column."""

    name: str


class Fixed(NamedTuple):
    """One interval for all rows; days are counted from 1970."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False


class FixedText(NamedTuple):
    """One text for all rows."""

    word: str


class Sum(NamedTuple):
    """``left + right``, or ``left - right``. ``ratio``: of the right unit to the left one, where
    they differ; the right is then rounded before, and open ends become closed."""

    left: VectorId
    right: VectorId
    minus: bool
    ratio: Fraction | None
    integer: bool


class Product(NamedTuple):
    """``left * right``."""

    left: VectorId
    right: VectorId
    integer: bool


class Quotient(NamedTuple):
    """``left / right``, the right times ``ratio``."""

    left: VectorId
    right: VectorId
    ratio: Fraction


class Periods(NamedTuple):
    """Whole periods from ``start`` to ``end``."""

    unit: CalendarUnit
    start: VectorId
    end: VectorId


class Tally(NamedTuple):
    """How many of the planes are set; a plane that stands there twice counts twice."""

    parts: tuple[PlaneId, ...]


class Choice(NamedTuple):
    """The vector of the plane that is set; unknown where none is. At most one is set in a row."""

    cases: tuple[tuple[PlaneId, VectorId], ...]


class TextChoice(NamedTuple):
    """The same for texts."""

    cases: tuple[tuple[PlaneId, VectorId], ...]


# -- pairs -----------------------------------------------------------------------------------------


class TruthFact(NamedTuple):
    """A Boolean column: known true, known false."""

    name: str


class Order(NamedTuple):
    """Surely ``left < right * ratio``, surely not."""

    left: VectorId
    right: VectorId
    ratio: Fraction


class Same(NamedTuple):
    """Surely ``left = right * ratio``, surely not."""

    left: VectorId
    right: VectorId
    ratio: Fraction


class Among(NamedTuple):
    """A text is one of ``words``, is none of them."""

    text: VectorId
    words: frozenset[str]


class SameText(NamedTuple):
    """Two texts are the same, are not."""

    left: VectorId
    right: VectorId


# -- planes ----------------------------------------------------------------------------------------


class Zeros(NamedTuple):
    """Set nowhere."""


class Ones(NamedTuple):
    """Set everywhere."""


class Part(NamedTuple):
    """One plane of a pair: ``side`` 0 or 1."""

    pair: PairId
    side: int


class Known(NamedTuple):
    """Where something is known of a vector."""

    of: VectorId


class AllOf(NamedTuple):
    """Set where all are."""

    parts: tuple[PlaneId, ...]


class AnyOf(NamedTuple):
    """Set where at least one is."""

    parts: tuple[PlaneId, ...]


class Opposite(NamedTuple):
    """Set where the other is not."""

    part: PlaneId


class Threshold(NamedTuple):
    """Set where at least ``least`` of the planes are; one that stands there twice counts twice."""

    least: int
    parts: tuple[PlaneId, ...]


Vector: TypeAlias = (
    NumberFact
    | DayFact
    | TextFact
    | Fixed
    | FixedText
    | Sum
    | Product
    | Quotient
    | Periods
    | Tally
    | Choice
    | TextChoice
)
Pair: TypeAlias = TruthFact | Order | Same | Among | SameText
Logic: TypeAlias = Zeros | Ones | Part | Known | AllOf | AnyOf | Opposite | Threshold
Step: TypeAlias = Vector | Pair | Logic

FACTS = (NumberFact, DayFact, TextFact, TruthFact)


def uses(step: Step) -> tuple[int, ...]:
    """The steps that a step is computed from."""
    match step:
        case Sum(left, right) | Product(left, right) | Quotient(left, right):
            return left, right
        case Order(left, right) | Same(left, right) | SameText(left, right):
            return left, right
        case Periods(_, start, end):
            return start, end
        case Tally(parts) | AllOf(parts) | AnyOf(parts) | Threshold(_, parts):
            return parts
        case Choice(cases) | TextChoice(cases):
            return tuple(number for case in cases for number in case)
        case Among(text):
            return (text,)
        case Part(pair):
            return (pair,)
        case Known(of):
            return (of,)
        case Opposite(part):
            return (part,)
        case _:
            return ()


NOWHERE = PlaneId(0)
"""The plane that is set in no row; the first step of every graph."""


class Graph:
    """Steps in the order in which they can be computed, each only once."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._numbers: dict[tuple[type, Step], int] = {}
        self._add(Zeros())
        self.nowhere = NOWHERE
        self.everywhere = PlaneId(self._add(Ones()))

    def vector(self, step: Vector) -> VectorId:
        """The number of a vector."""
        return VectorId(self._add(step))

    def pair(self, step: Pair) -> tuple[PlaneId, PlaneId]:
        """Both planes of a pair."""
        number = PairId(self._add(step))
        return PlaneId(self._add(Part(number, 0))), PlaneId(self._add(Part(number, 1)))

    def known(self, of: VectorId) -> PlaneId:
        """Where something is known of a vector."""
        return PlaneId(self._add(Known(of)))

    def all_of(self, parts: Iterable[PlaneId]) -> PlaneId:
        """Where all are set; everywhere, if there are none."""
        left = {part for part in parts if part != self.everywhere}
        if self.nowhere in left or self._both_ways(left):
            return self.nowhere
        if len(left) < 2:
            return left.pop() if left else self.everywhere
        return PlaneId(self._add(AllOf(tuple(sorted(left)))))

    def any_of(self, parts: Iterable[PlaneId]) -> PlaneId:
        """Where at least one is set; nowhere, if there are none."""
        left = {part for part in parts if part != self.nowhere}
        if self.everywhere in left or self._both_ways(left):
            return self.everywhere
        if len(left) < 2:
            return left.pop() if left else self.nowhere
        return PlaneId(self._add(AnyOf(tuple(sorted(left)))))

    def negate(self, part: PlaneId) -> PlaneId:
        """Where the other is not set. Of a truth's plane this is not its negation: unknown rows
        are in neither plane."""
        if part == self.nowhere:
            return self.everywhere
        if part == self.everywhere:
            return self.nowhere
        step = self.steps[part]
        return step.part if isinstance(step, Opposite) else PlaneId(self._add(Opposite(part)))

    def at_least(self, count: int, parts: Iterable[PlaneId]) -> PlaneId:
        """Where ``count`` or more of the planes are set."""
        certain = 0
        left = []
        for part in parts:
            certain += part == self.everywhere
            if part not in (self.everywhere, self.nowhere):
                left.append(part)
        count -= certain
        if count <= 0:
            return self.everywhere
        if count > len(left):
            return self.nowhere
        if count == 1:
            return self.any_of(left)
        if count == len(left):
            return self.all_of(left)
        return PlaneId(self._add(Threshold(count, tuple(sorted(left)))))

    def _both_ways(self, parts: set[PlaneId]) -> bool:
        """Whether a plane stands beside its own opposite."""
        steps = (self.steps[part] for part in parts)
        return any(isinstance(step, Opposite) and step.part in parts for step in steps)

    def _add(self, step: Step) -> int:
        # Steps of two sorts may be equal as tuples, so that the sort belongs to the key.
        key = (type(step), step)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.steps)
            self.steps.append(step)
        return number
