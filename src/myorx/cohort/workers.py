"""The parts of a run, one after the other or on several processes.

Reading cells and histories is Python's own work, which threads would not share. Each part goes to
one process, as it was read from the file; what it writes does not depend on which one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from myorx.cohort.engine import Engine
from myorx.cohort.input.mapping import TableColumns
from myorx.cohort.input.reader import TableReader
from myorx.cohort.input.source import Chunk
from myorx.cohort.input.therapies import TherapyTable
from myorx.cohort.parts import write_part
from myorx.guideline.models import Guideline


class Recipe(NamedTuple):
    """All that the rows of a table are read and judged by; may be sent to another process."""

    guideline: Guideline
    mapping: TableColumns
    units: Mapping[str, str]
    duplicates: Mapping[int, int]
    therapies: TherapyTable | None

    def reader(self) -> TableReader:
        """A reader of the table's chunks."""
        return TableReader(
            self.guideline,
            self.mapping,
            units=self.units,
            duplicates=self.duplicates,
            therapies=self.therapies,
        )


class Part(NamedTuple):
    """One part of a run."""

    path: Path
    """Its files, but for their endings."""
    rows: int
    """Rows met, used or not."""
    chunk: Chunk | None
    """What is to be done; None: it is done already."""


def done(parts: Iterator[Part], recipe: Recipe, workers: int) -> Generator[Part]:
    """Each part, in order, once its files are written; by so many processes at most.

    A table of one part is not worth starting another process for. At most one part more than there
    are processes waits, so that memory stays bounded.
    """
    first = list(islice(parts, 2))
    every = chain(first, parts)
    if workers > 1 and len(first) > 1:
        yield from _shared(every, recipe, workers)
        return
    work = _worker(recipe, threads=None)
    for part in every:
        if part.chunk is not None:
            work(part.path, part.chunk)
        yield part._replace(chunk=None)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shared(parts: Iterator[Part], recipe: Recipe, workers: int) -> Generator[Part]:
    waiting: deque[tuple[Part, Future[None] | None]] = deque()
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin, initargs=(recipe,)
    ) as pool:
        try:
            for part in parts:
                task = None if part.chunk is None else pool.submit(_work, part.path, part.chunk)
                waiting.append((part._replace(chunk=None), task))
                if len(waiting) > workers:
                    yield _finished(*waiting.popleft())
            while waiting:
                yield _finished(*waiting.popleft())
        finally:
            for _, task in waiting:
                if task is not None:
                    task.cancel()


def _finished(part: Part, task: Future[None] | None) -> Part:
    if task is not None:
        task.result()
    return part


# -- in a process of its own -----------------------------------------------------------------------

_Work = Callable[[Path, Chunk], None]
_here: list[_Work] = []
"""What this process does with parts, once it has begun."""


def _worker(recipe: Recipe, threads: int | None) -> _Work:
    engine, reader = Engine(recipe.guideline), recipe.reader()

    def work(path: Path, chunk: Chunk) -> None:
        write_part(engine, reader.read(chunk), path, threads)

    return work


def _begin(recipe: Recipe) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    _here.append(_worker(recipe, threads=1))


def _work(path: Path, chunk: Chunk) -> None:
    _here[0](path, chunk)


def _end_with_parent() -> None:
    """A run that is killed leaves nobody behind who still writes parts."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
