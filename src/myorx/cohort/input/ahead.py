"""Reading ahead: the next chunk is fetched while this one is worked on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from queue import Queue
from threading import Event, Thread
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class _Said(NamedTuple):
    """What the thread hands over: an item, the fault that ended it, or neither at the end."""

    item: tuple[object, ...] = ()
    fault: BaseException | None = None


def ahead(make: Callable[[], Generator[Item]]) -> Generator[Item]:
    """The items of ``make()``, each fetched on a thread of its own while the one before is used.

    Two items are held beside the one in use, at most. A fault on the way is raised here, in its
    place; closing the generator closes that of ``make``.
    """
    ready: Queue[_Said] = Queue(maxsize=1)
    stop = Event()

    def fetch() -> None:
        fault: BaseException | None = None
        try:
            with closing(make()) as items:
                for item in items:
                    ready.put(_Said((item,)))
                    if stop.is_set():
                        return
        except BaseException as error:  # noqa: BLE001 - raised again where the items are used
            fault = error
        ready.put(_Said(fault=fault))

    thread = Thread(target=fetch, daemon=True)
    thread.start()
    try:
        yield from _until_end(ready)
    finally:
        stop.set()
        while thread.is_alive():  # it may wait for room
            if not ready.empty():
                ready.get_nowait()
            thread.join(0.01)


def _until_end(ready: Queue[_Said]) -> Iterator[Item]:
    while (said := ready.get()).item:
        yield said.item[0]  # type: ignore[misc]
    if said.fault is not None:
        raise said.fault
