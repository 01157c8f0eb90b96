"""The parts of a table, one after the other or by several processes at once.

Reading cells and histories is Python's own work, which threads would not share. A table that can be
read from anywhere is read by the processes themselves, stretch by stretch; of another each part is
sent as it was read. What is made of a part does not depend on which process it went to.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import cached_property
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Generic, NamedTuple, TypeVar

import pyarrow as pa

from myorx.cohort.engine import Engine
from myorx.cohort.input.ahead import ahead
from myorx.cohort.input.mapping import TableColumns
from myorx.cohort.input.reader import Read, TableReader
from myorx.cohort.input.source import Chunk, Stretch
from myorx.cohort.input.therapies import TherapyTable
from myorx.cohort.input.unit_row import Table
from myorx.cohort.texts import WorkerError
from myorx.guideline.models import Guideline

Result = TypeVar("Result")

Work = Callable[[Engine, Read, int], Result]
"""What is made of a part, and its number from 0. For other processes: a function of a module, or a
``functools.partial`` of one."""

IsDone = Callable[[int], bool]
"""Of the number of a part: whether there is nothing to do."""


class Recipe(NamedTuple):
    """All that the rows of a table are read and judged by; may be sent to another process."""

    guideline: Guideline
    table: Table
    mapping: TableColumns
    duplicates: Mapping[int, int]
    therapies: TherapyTable | None

    def reader(self) -> TableReader:
        """A reader of the table's chunks."""
        return TableReader(
            self.guideline,
            self.mapping,
            units=self.table.units,
            duplicates=self.duplicates,
            therapies=self.therapies,
        )


class Part(NamedTuple, Generic[Result]):
    """One part of a table."""

    number: int
    rows: int
    """Rows met, used or not."""
    result: Result | None
    """None also where there was nothing to do."""


class Crew(Generic[Result]):
    """So many processes at most, each with an engine of its own, for the parts of one table.

    They are started when there is work for more than one, and stay until the crew is closed. A
    script that asks for more than one must do so under ``if __name__ == "__main__"``.
    """

    def __init__(self, recipe: Recipe, work: Work[Result], workers: int) -> None:
        self._hand = _Hand(recipe, work)
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def parts(self, rows: int, is_done: IsDone = lambda _: False) -> Generator[Part[Result]]:
        """What is made of each part of at most ``rows`` rows, in the order of the table.

        At most one piece of work more than there are processes waits: memory stays bounded. Raises
        WorkerError where a process was ended from outside.
        """
        table = self._hand.recipe.table
        divided = 1 < self._workers <= len(table.stretches(rows))
        make = _stretches if divided else _chunks
        with closing(ahead(lambda: make(table, rows, is_done))) as pieces:
            first = list(islice(pieces, 2))
            every = chain(first, pieces)
            if self._workers > 1 and len(first) > 1:
                yield from self._shared(every)
                return
            for piece in every:
                yield from self._hand.parts(piece)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _shared(self, pieces: Iterator[_Piece]) -> Generator[Part[Result]]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers, get_context("spawn"), initializer=_begin, initargs=(self._hand,)
            )
        waiting: deque[Future[list[Part[Result]]]] = deque()
        try:
            for piece in pieces:
                waiting.append(self._pool.submit(_parts, piece))
                if len(waiting) > self._workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool:
            raise WorkerError from None
        finally:
            for each in waiting:
                each.cancel()


# -- pieces of work --------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """Neighbouring parts that one process works on; each is one chunk."""

    first: int
    """The number of the first part."""
    sizes: tuple[int, ...]
    """The rows of each."""
    todo: frozenset[int]
    """The numbers of those to work on."""
    source: Stretch | Chunk | None
    """Where its rows are read, or as they were read; None where there is nothing to do."""


def _stretches(table: Table, rows: int, is_done: IsDone) -> Generator[_Piece]:
    """A table whose rows are read where they are worked on."""
    first = 0
    for stretch in table.stretches(rows):
        yield _piece(first, stretch.sizes, stretch, is_done)
        first += len(stretch.sizes)


def _chunks(table: Table, rows: int, is_done: IsDone) -> Generator[_Piece]:
    """A table that is read here."""
    for number, chunk in enumerate(table.chunks(rows)):
        yield _piece(number, (chunk.read,), chunk, is_done)


def _piece(first: int, sizes: tuple[int, ...], source: Stretch | Chunk, is_done: IsDone) -> _Piece:
    numbers = range(first, first + len(sizes))
    todo = frozenset(number for number in numbers if not is_done(number))
    return _Piece(first, sizes, todo, source if todo else None)


class _Hand(Generic[Result]):
    """Works on pieces, in whichever process it is; makes its engine when it first needs one."""

    def __init__(self, recipe: Recipe, work: Work[Result]) -> None:
        self.recipe = recipe
        self.threads: int | None = None
        """Of the engine; by default one for each processor."""
        self._work = work

    def parts(self, piece: _Piece) -> Iterator[Part[Result]]:
        """What is made of each part, in order."""
        match piece.source:
            case None:
                for number, rows in enumerate(piece.sizes, piece.first):
                    yield Part(number, rows, None)
                return
            case Stretch() as stretch:
                chunks: Iterator[Chunk] = self.recipe.table.within(stretch)
            case Chunk() as chunk:
                chunks = iter((chunk,))
        for number, chunk in enumerate(chunks, piece.first):
            result = None
            if number in piece.todo:
                result = self._work(self._engine, self._reader.read(chunk), number)
            yield Part(number, chunk.read, result)

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self.recipe.guideline, self.threads)

    @cached_property
    def _reader(self) -> TableReader:
        return self.recipe.reader()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# -- in a process of its own -----------------------------------------------------------------------

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""As glibc's ``malloc.h`` has them."""

_here: list[_Hand[Any]] = []
"""The hand of this process, once it has begun."""


def _begin(hand: _Hand[Any]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    hand.threads = 1
    pa.set_cpu_count(1)
    _keep_memory()
    _here.append(hand)


def _keep_memory() -> None:
    """Have the C library keep what one chunk took for the next: it would give large blocks back to
    the system and ask for them again at every operation (mallopt(3); elsewhere nothing is done)."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            for option, size in ((_MMAP_THRESHOLD, 2**25), (_TRIM_THRESHOLD, 2**28)):
                mallopt(option, size)


def _parts(piece: _Piece) -> list[Part[Any]]:
    return list(_here[0].parts(piece))


def _end_with_parent() -> None:
    """A run that is killed leaves nobody behind who still writes parts."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
