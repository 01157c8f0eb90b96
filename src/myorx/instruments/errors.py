"""The errors of the instruments."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from myorx.instruments.describe import Words


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with what was given: where, what was found, what is allowed there,
    and what to do."""

    code: str
    where: str
    """Id of the input."""
    found: str
    says: Words
    allowed: Words
    remedy: Words

    def line(self, lang: str) -> str:
        """The whole fault in one line."""
        parts = (each.zh if lang == "zh" else each.en for each in _parts(self))
        return f"{self.where}: {('；' if lang == 'zh' else '; ').join(parts)}"


def _parts(fault: Fault) -> tuple[Words, ...]:
    return fault.says, fault.allowed, fault.remedy


class InstrumentError(ValueError):
    """An instrument cannot be used on this input; the message says what is allowed."""


class InputError(InstrumentError):
    """What was given to an instrument is refused; ``faults`` are all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.line("en") for fault in self.faults))
