"""Batches of patients in, statuses out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from myorx.cohort.engine.blocks import Block, blocks
from myorx.cohort.engine.columns import AS_OF, day_column, instrument_column
from myorx.cohort.engine.facts import Facts, Stage
from myorx.cohort.engine.fired import firings
from myorx.cohort.engine.instruments import instrument_values
from myorx.cohort.engine.measures import measures
from myorx.cohort.engine.open_facts import OpenFacts
from myorx.cohort.engine.statuses import Coded, Flag, Output, Planes, outputs
from myorx.facts.resolution import exclusions
from myorx.guideline.models import Guideline
from myorx.language.columns import (
    Answers,
    Builder,
    Flags,
    Plane,
    PlaneId,
    Program,
    count,
    flags_to_arrow,
    unpack,
)
from myorx.language.values import Value
from myorx.plan.formulas import standing

Words = npt.NDArray[np.uint64]


class _Outs(NamedTuple):
    """A program with the stages before it."""

    stages: tuple[Stage, ...]
    program: Program


class Engine:
    """One guideline, compiled for columns. Made once; may run any number of batches.

    ``threads``: for one batch, by default one for each processor.
    """

    def __init__(self, guideline: Guideline, threads: int | None = None) -> None:
        self.guideline = guideline
        self._threads = threads
        self.standing = standing(guideline)
        self._facts = Facts(guideline)
        self.outputs = (*outputs(self.standing), *measures(self.standing))
        self.by_column = {each.column: each for each in self.outputs}
        """The columns by name."""
        self.words = {
            each.column: pa.array(each.values, pa.string())
            for each in self.outputs
            if isinstance(each, Coded)
        }
        """What the codes of a column mean."""
        builder = self._facts.builder()
        planes = Planes(builder)
        needed: dict[str, PlaneId] = {}
        for each in self.outputs:
            if isinstance(each, Flag):
                needed[each.column] = planes.of(each.formula)
            else:
                for digit, plane in enumerate(planes.digits(each)):
                    needed[f"{each.column}:{digit}"] = plane
        definitions = self._facts.definitions
        self.blocks = blocks(
            self.standing, builder, planes, OpenFacts(builder, definitions, guideline.facts)
        )
        self._statuses = self._outs(builder, needed)
        self.arguments = firings(self.standing)
        """What can fire, in the order of ``Found.fired``."""
        fired = {f"fired:{i}": planes.of(a.formula) for i, a in enumerate(self.arguments)}
        self._fired = self._outs(builder, {**needed, **fired})
        explained = {**needed, **{f"block:{i}": b.plane for i, b in enumerate(self.blocks)}}
        self._explained = self._outs(builder, explained)
        self._exclusions = exclusions(guideline)
        self._contradicted = self._outs(
            builder, {each.id: builder.truth(each.when).true for each in self._exclusions}
        )
        self._limits = {
            each.fact.id: each.stale_after
            for each in self._facts.resolutions
            if each.stale_after is not None
        }
        self._computed: dict[str, dict[tuple[Value, ...], Value]] = {}

    @property
    def facts(self) -> frozenset[str]:
        """The columns that are read."""
        programs = [self._explained, self._contradicted]
        read = [name for each in programs for name in each.program.facts]
        staged = [name for each in programs for s in each.stages for name in s.program.facts]
        return frozenset((*read, *staged))

    def run(self, batch: pa.RecordBatch, *, explain: bool = False, fired: bool = False) -> Found:
        """The statuses of every row.

        ``explain``: also which unknown facts block whom; else ``fired``: also which arguments fire.

        The batch is described in ``engine.columns``. Raises ValueError for a row without a date,
        ColumnError for columns that do not fit.
        """
        place = batch.schema.get_field_index(AS_OF)
        if place < 0 or batch.column(place).null_count:
            raise ValueError(f"column {AS_OF}: every row must have a date")
        batch, stale = self._without_stale(batch)
        batch, refused = self._without_contradicted(batch)
        outs = self._explained if explain else self._fired if fired else self._statuses
        answers = self._answers(outs, batch)
        return Found(self, answers, stale, refused)

    # -- programs ----------------------------------------------------------------------------------

    def _outs(self, builder: Builder, wanted: Mapping[str, PlaneId]) -> _Outs:
        program = builder.program(wanted)
        computed = {instrument_column(name): name for name in self.guideline.facts}
        read = frozenset(computed[name] for name in program.facts if name in computed)
        return _Outs(tuple(self._facts.stages(read)), program)

    def _answers(self, outs: _Outs, batch: pa.RecordBatch) -> Answers:
        for stage in outs.stages:
            answers = stage.program.run(batch, threads=self._threads)
            for use in stage.uses:
                name = instrument_column(use.fact.id)
                if name not in batch.schema.names:
                    cache = self._computed.setdefault(use.fact.id, {})
                    batch = batch.append_column(name, instrument_values(use, answers, cache))
        return outs.program.run(batch, threads=self._threads)

    # -- what was given ----------------------------------------------------------------------------

    def _without_stale(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, dict[str, Flags]]:
        """The batch with values that are too old made unknown, and where they were."""
        found: dict[str, Flags] = {}
        names = frozenset(batch.schema.names)
        today: npt.NDArray[np.int64] | None = None
        for fact, limit in self._limits.items():
            if fact not in names or day_column(fact) not in names:
                continue
            if today is None:
                today = _days(batch.column(AS_OF))
            days = batch.column(day_column(fact))
            old = (today - _days(days)) > int(limit)  # whole days: more than 30.5 is more than 30
            old &= days.is_valid().to_numpy(zero_copy_only=False)
            old &= batch.column(fact).is_valid().to_numpy(zero_copy_only=False)
            if old.any():
                found[fact] = old
        return _nulled(batch, found), found

    def _without_contradicted(
        self, batch: pa.RecordBatch
    ) -> tuple[pa.RecordBatch, dict[str, Flags]]:
        """The batch with the facts given under a contradiction made unknown, and where they were.

        Contradictions are looked for again until none is left, in the rows that had one.
        """
        found: dict[str, Flags] = {}
        rows = np.arange(batch.num_rows)
        here = batch
        while len(rows):
            answers = self._answers(self._contradicted, here)
            dropped = self._under_contradiction(here, answers)
            if not dropped:
                break
            again = np.zeros(len(rows), bool)
            for name, flags in dropped.items():
                again |= flags
                whole = found.setdefault(name, np.zeros(batch.num_rows, bool))
                whole[rows[flags]] = True
            rows = rows[again]
            here = _nulled(here, dropped).filter(pa.array(again))
        return _nulled(batch, found), found

    def _under_contradiction(self, batch: pa.RecordBatch, answers: Answers) -> dict[str, Flags]:
        names = frozenset(batch.schema.names)
        found: dict[str, Flags] = {}
        for each in self._exclusions:
            plane = answers.true(each.id)
            if not plane.any():
                continue
            holds = unpack(plane, batch.num_rows)
            for name in each.facts:
                if name in names:
                    here = holds & batch.column(name).is_valid().to_numpy(zero_copy_only=False)
                    if here.any():
                        found[name] = found.get(name, False) | here
        return found


class Found:
    """What the engine says of one batch."""

    def __init__(
        self,
        engine: Engine,
        answers: Answers,
        stale: Mapping[str, Flags],
        refused: Mapping[str, Flags],
    ) -> None:
        self.rows = answers.rows
        self.stale = stale
        """For each fact whose value was too old somewhere: in which rows."""
        self.refused = refused
        """For each fact that was dropped somewhere since it contradicts others: in which rows."""
        self._engine = engine
        self._answers = answers

    def block(self, place: int) -> Plane:
        """Where the block of that place in ``Engine.blocks`` holds (only with ``explain``)."""
        return self._answers.true(f"block:{place}")

    def fired(self) -> npt.NDArray[np.uint64]:
        """For each row, which of ``Engine.arguments`` are known true (only with ``fired``).

        The ``j``-th is bit ``j % 64`` of word ``j // 64``; shape (rows, words).
        """
        return self._answers.masks(f"fired:{i}" for i in range(len(self._engine.arguments)))

    def counts(self, column: str, among: Plane | None = None) -> dict[str, int]:
        """How many patients (of those ``among``) have each value of a column of statuses."""
        output = self._outputs[column]
        if isinstance(output, Flag):
            plane = self._answers.true(column)
            true = int(count(plane if among is None else plane & among))
            return {"true": true, "false": self._size(among) - true}
        codes = self.codes(column)
        if among is not None:
            codes = codes[unpack(among, self.rows)]
        found = np.bincount(codes, minlength=len(output.values))
        return dict(zip(output.values, map(int, found), strict=True))

    def codes(self, column: str) -> npt.NDArray[np.uint8]:
        """The codes of a column of statuses: indices into its values."""
        output = self._outputs[column]
        assert isinstance(output, Coded)
        found: Words | None = None
        for digit in range(max(len(output.values) - 1, 1).bit_length()):
            plane = self._answers.true(f"{column}:{digit}")
            if not plane.any():
                continue
            # Eight rows at a time; a digit never reaches its neighbour, since codes are small.
            here = unpack(plane).view(np.uint64)
            if digit:
                here <<= np.uint64(digit)
            if found is None:
                found = here
            else:
                found |= here
        if found is None:
            return np.zeros(self.rows, np.uint8)
        return found.view(np.uint8)[: self.rows]

    def flags(self, column: str) -> Flags:
        """A Boolean column."""
        return unpack(self._answers.true(column), self.rows)

    def batch(self, columns: Iterable[str] | None = None) -> pa.RecordBatch:
        """The columns of statuses (by default all) as Arrow: dictionaries of words, Booleans."""
        chosen = list(self._outputs if columns is None else columns)
        return pa.RecordBatch.from_arrays([self._column(name) for name in chosen], names=chosen)

    def open_columns(self) -> dict[str, pa.Array]:
        """For each fact that may leave something open, ``b_<fact>``: for whom it does (only with
        ``explain``)."""
        planes: dict[str, Plane] = {}
        for place, each in enumerate(self.blocks):
            here = self.block(place)
            planes[each.fact] = planes[each.fact] | here if each.fact in planes else here
        return {
            f"b_{fact}": flags_to_arrow(plane, self.rows) for fact, plane in sorted(planes.items())
        }

    def _column(self, name: str) -> pa.Array:
        output = self._outputs[name]
        if isinstance(output, Flag):
            return self._answers.column(name)
        codes = pa.Array.from_buffers(
            pa.int8(), self.rows, [None, pa.py_buffer(self.codes(name))], null_count=0
        )
        return pa.DictionaryArray.from_arrays(codes, self._engine.words[name], safe=False)

    def _size(self, among: Plane | None) -> int:
        return self.rows if among is None else int(count(among))

    @property
    def _outputs(self) -> Mapping[str, Output]:
        return self._engine.by_column

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What can block whom, in the order of ``block``."""
        return self._engine.blocks


def _days(column: pa.Array) -> npt.NDArray[np.int64]:
    """Days since 1970; what is missing may be any."""
    days = column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(days, np.int64)


def _nulled(batch: pa.RecordBatch, where: Mapping[str, Flags]) -> pa.RecordBatch:
    """The batch with the columns of some facts null in some rows."""
    for name, flags in where.items():
        place = batch.schema.get_field_index(name)
        column = batch.column(place)
        changed = pc.if_else(pa.array(flags), pa.scalar(None, column.type), column)
        batch = batch.set_column(place, batch.schema.field(place), changed)
    return batch
