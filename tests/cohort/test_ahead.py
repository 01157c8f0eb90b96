"""Reading ahead changes neither the order of the chunks, nor the faults on the way."""

from __future__ import annotations

from collections.abc import Generator
from threading import current_thread, main_thread

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.cohort.input.ahead import ahead


class Source:
    """Numbers up to ten; ``fails``: the one in whose place there is a fault."""

    def __init__(self, fails: int | None = None) -> None:
        self.fails = fails
        self.given: list[int] = []
        self.closed = False

    def items(self) -> Generator[int]:
        assert current_thread() is not main_thread()
        try:
            for number in range(10):
                if number == self.fails:
                    raise ValueError("broken")
                self.given.append(number)
                yield number
        finally:
            self.closed = True


def test_all_items_come_in_order() -> None:
    source = Source()
    assert list(ahead(source.items)) == list(range(10))
    assert source.closed


def test_a_fault_comes_in_its_place() -> None:
    source = Source(fails=4)
    items = ahead(source.items)
    assert [next(items) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="broken"):
        next(items)
    assert source.closed


def test_who_stops_early_leaves_nothing_open() -> None:
    source = Source()
    items = ahead(source.items)
    assert next(items) == 0
    items.close()
    assert source.closed
    assert len(source.given) < 5  # it did not read on
