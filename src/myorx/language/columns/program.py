"""A program: its steps in order, run over a batch chunk by chunk, on as many threads as wanted."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from myorx.language.columns import intake, logic
from myorx.language.columns.answers import Answers
from myorx.language.columns.arithmetic import add, divide, multiply
from myorx.language.columns.choices import choice, tally, text_choice
from myorx.language.columns.meanings import UNKNOWN, Constant, Day, Number, Text, Truth
from myorx.language.columns.periods import periods
from myorx.language.columns.planes import WORD, Flags, Plane, full, words
from myorx.language.columns.relations import among, order, same, same_text
from myorx.language.columns.schema import check_columns
from myorx.language.columns.steps import (
    FACTS,
    NOWHERE,
    AllOf,
    Among,
    AnyOf,
    Choice,
    DayFact,
    Fixed,
    FixedText,
    Graph,
    Known,
    NumberFact,
    Ones,
    Opposite,
    Order,
    Part,
    Periods,
    PlaneId,
    Product,
    Quotient,
    Same,
    SameText,
    Step,
    Sum,
    Tally,
    TextChoice,
    TextFact,
    Threshold,
    TruthFact,
    Zeros,
    uses,
)
from myorx.language.columns.vectors import Constants, Numbers, Texts, Vector
from myorx.language.types import Type

CHUNK = 2**17
"""Rows worked on at once: enough that starting an operation costs little beside it, few enough that
what is at work stays in the caches."""
LEAST = 2**14
"""Rows below which a batch is not divided among threads."""

Output: TypeAlias = Truth | PlaneId | Number | Day | Text | Constant


class Program:
    """Steps that lead to named outputs. Made by a ``Builder``; may be run from several threads."""

    def __init__(
        self, graph: Graph, outputs: Mapping[str, Output], types: Mapping[str, Type]
    ) -> None:
        self.outputs = dict(outputs)
        wanted = [number for output in outputs.values() for number in _numbers(output)]
        numbers = _reachable(graph, wanted)
        self._steps = [(number, graph.steps[number]) for number in numbers]
        rows: dict[int, int] = {}
        for output in outputs.values():
            if isinstance(output, (int, Truth, Constant)):
                for number in _numbers(output):
                    rows.setdefault(number, len(rows))
        self._rows = rows
        self._kept = frozenset(wanted)
        self._drops = _drops(self._steps, self._kept)
        names = {step.name for _, step in self._steps if isinstance(step, FACTS)}
        self.facts = {name: types[name] for name in sorted(names)}
        """The facts that are read, with their types."""

    def __len__(self) -> int:
        """The number of steps."""
        return len(self._steps)

    def run(
        self, batch: pa.RecordBatch, *, threads: int | None = None, chunk: int = CHUNK
    ) -> Answers:
        """The answers for every row of a batch whose columns ``schema.py`` describes.

        A fact without a column is unknown. ``threads``: at most so many, by default one for each
        processor; ``chunk`` (rows) changes no answer. Raises ColumnError, before anything is run,
        for columns that do not fit, and ValueError for an interval without members.
        """
        check_columns(batch.schema, self.facts)
        rows = batch.num_rows
        columns = {
            name: intake.prepare(_column(batch, name), type_, rows, name)
            for name, type_ in self.facts.items()
        }
        length = words(rows)
        planes = np.zeros((len(self._rows), length), np.uint64)
        workers = threads or _processors()
        # A chunk for each thread at least, unless it would be a very small one.
        step = max(1, min(chunk // WORD, max(-(-length // workers), LEAST // WORD)))
        chunks = [slice(at, min(at + step, length)) for at in range(0, length, step)]

        def work(part: slice) -> dict[int, Any]:
            return self._run_chunk(columns, part, planes)

        workers = min(workers, len(chunks))
        if workers > 1:
            vectors = list(_threads(workers).map(work, chunks))
        else:
            vectors = [work(part) for part in chunks]
        if length:
            planes[:, -1] &= full(rows)[-1]
        return Answers(rows, self.outputs, planes, self._rows, vectors)

    def _run_chunk(
        self,
        columns: Mapping[str, intake.Column],
        chunk: slice,
        planes: npt.NDArray[np.uint64],
    ) -> dict[int, Any]:
        """Fills the chunk's words of the output planes; gives the vectors that are outputs."""
        length = chunk.stop - chunk.start
        frame = Frame(
            columns,
            chunk,
            {},
            np.empty(length * 64, np.bool_),
            np.full(length, ~np.uint64(0)),
            np.zeros(length, np.uint64),
        )
        found = frame.found
        for (number, step), drops in zip(self._steps, self._drops, strict=True):
            found[number] = _RUN[type(step)](frame, step)
            row = self._rows.get(number)
            if row is not None:
                planes[row, chunk] = found[number]
            for dropped in drops:
                del found[dropped]
        return {number: found[number] for number in self._kept if number not in self._rows}


class Frame(NamedTuple):
    """What the steps of one chunk work on: facts, what was found so far, and room."""

    columns: Mapping[str, intake.Column]
    chunk: slice
    found: dict[int, Any]
    flags: Flags
    ones: Plane
    zeros: Plane


@lru_cache(maxsize=4)
def _threads(count: int) -> ThreadPoolExecutor:
    """So many threads, kept: new ones at every batch would each leave memory behind."""
    return ThreadPoolExecutor(count, thread_name_prefix="columns")


def _column(batch: pa.RecordBatch, name: str) -> pa.Array | None:
    place = batch.schema.get_field_index(name)
    return None if place < 0 else batch.column(place)


def _numbers(output: Output) -> tuple[int, ...]:
    """The steps that an output needs."""
    match output:
        case int():
            return (output,)
        case Truth():
            return tuple(output)
        case Constant():
            # ``null`` may have been meant as a condition: it is known nowhere.
            return (NOWHERE,) if output == UNKNOWN else ()
        case _:
            return (output.vector,)


def _reachable(graph: Graph, wanted: list[int]) -> list[int]:
    found: set[int] = set()
    waiting = list(wanted)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting.extend(uses(graph.steps[number]))
    return sorted(found)


def _drops(steps: list[tuple[int, Step]], kept: frozenset[int]) -> list[tuple[int, ...]]:
    """For each step, what nobody needs after it."""
    last = {number: place for place, (number, _) in enumerate(steps)}
    for place, (_, step) in enumerate(steps):
        last.update(dict.fromkeys(uses(step), place))
    found: list[list[int]] = [[] for _ in steps]
    for number, place in last.items():
        if number not in kept:
            found[place].append(number)
    return [tuple(each) for each in found]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# -- the steps -------------------------------------------------------------------------------------


def _number_fact(frame: Frame, step: NumberFact | DayFact) -> Numbers:
    return intake.numbers(cast(intake.NumberColumn, frame.columns[step.name]), frame.chunk)


def _text_fact(frame: Frame, step: TextFact) -> Texts:
    return intake.texts(cast(intake.TextColumn, frame.columns[step.name]), frame.chunk)


def _truth_fact(frame: Frame, step: TruthFact) -> tuple[Plane, Plane]:
    return intake.truth(cast(intake.TruthColumn, frame.columns[step.name]), frame.chunk)


def _fixed_text(frame: Frame, step: FixedText) -> Texts:
    return Texts(np.zeros(1, np.int8), (step.word,), frame.ones)


def _known(frame: Frame, step: Known) -> Plane:
    vector: Vector = frame.found[step.of]
    return frame.ones if isinstance(vector, Constants) else vector.known


def _sum(frame: Frame, step: Sum) -> Numbers:
    one, other = frame.found[step.left], frame.found[step.right]
    return add(one, other, minus=step.minus, ratio=step.ratio, integer=step.integer)


def _cases(frame: Frame, step: Choice | TextChoice) -> list[tuple[Plane, Any]]:
    return [(frame.found[plane], frame.found[vector]) for plane, vector in step.cases]


def _parts(frame: Frame, step: AllOf | AnyOf | Threshold | Tally) -> list[Plane]:
    return [frame.found[part] for part in step.parts]


_RUN: Mapping[type[Any], Callable[[Frame, Any], Any]] = {
    NumberFact: _number_fact,
    DayFact: _number_fact,
    TextFact: _text_fact,
    TruthFact: _truth_fact,
    Fixed: lambda frame, step: Constants(step, frame.ones, frame.zeros),
    FixedText: _fixed_text,
    Sum: _sum,
    Product: lambda frame, step: multiply(
        frame.found[step.left], frame.found[step.right], integer=step.integer
    ),
    Quotient: lambda frame, step: divide(
        frame.found[step.left], frame.found[step.right], step.ratio
    ),
    Periods: lambda frame, step: periods(step.unit, frame.found[step.start], frame.found[step.end]),
    Tally: lambda frame, step: tally(_parts(frame, step), len(frame.flags)),
    Choice: lambda frame, step: choice(_cases(frame, step)),
    TextChoice: lambda frame, step: text_choice(_cases(frame, step)),
    Order: lambda frame, step: order(
        frame.found[step.left], frame.found[step.right], step.ratio, frame.flags
    ),
    Same: lambda frame, step: same(
        frame.found[step.left], frame.found[step.right], step.ratio, frame.flags
    ),
    Among: lambda frame, step: among(frame.found[step.text], step.words, frame.flags),
    SameText: lambda frame, step: same_text(
        frame.found[step.left], frame.found[step.right], frame.flags
    ),
    Zeros: lambda frame, _: frame.zeros,
    Ones: lambda frame, _: frame.ones,
    Part: lambda frame, step: frame.found[step.pair][step.side],
    Known: _known,
    AllOf: lambda frame, step: logic.all_of(_parts(frame, step)),
    AnyOf: lambda frame, step: logic.any_of(_parts(frame, step)),
    Opposite: lambda frame, step: ~frame.found[step.part],
    Threshold: lambda frame, step: logic.at_least(step.least, _parts(frame, step)),
}
