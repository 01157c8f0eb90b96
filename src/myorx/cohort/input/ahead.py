"""Reading ahead: the next chunk is fetched while this one is worked on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


_END = object()


class _Said(NamedTuple):
    """What the thread hands over: an item, the fault that ended it, or neither at the end."""

    item: tuple[object, ...] = ()
    fault: BaseException | None = None


def ahead(make: Callable[[], Generator[Item]]) -> Generator[Item]:
    """The items of ``make()``, each fetched on a thread of its own while the one before is used.

    One item is held beside the one in use, at most. A fault on the way is raised here, in its
    place; closing the generator closes that of ``make``.
    """
    ready: SimpleQueue[_Said] = SimpleQueue()
    wanted, stop = Semaphore(1), Event()

    def fetch() -> None:
        fault: BaseException | None = None
        try:
            with closing(make()) as items:
                while wanted.acquire() and not stop.is_set():
                    item = next(items, _END)
                    if item is _END:
                        break
                    ready.put(_Said((item,)))
                    del item
        except BaseException as error:  # noqa: BLE001 - raised again where the items are used
            fault = error
        ready.put(_Said(fault=fault))

    thread = Thread(target=fetch, daemon=True)
    thread.start()
    try:
        while (said := ready.get()).item:
            wanted.release()
            yield said.item[0]  # type: ignore[misc]
        if said.fault is not None:
            raise said.fault
    finally:
        stop.set()
        wanted.release()
        thread.join()
