"""What is wrong with a text, said so that its author can repair it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One fault in the text of an expression.

    ``code`` is stable and kebab-case. ``message`` says what was found, ``allowed`` what may stand
    there, ``remedy`` what to do. ``offset`` (in characters; None when unknown) and ``length`` say
    where in the source text.
    """

    code: str
    message: str
    allowed: str
    remedy: str
    offset: int | None = None
    length: int = 0

    def __str__(self) -> str:
        place = "" if self.offset is None else f" (at character {self.offset + 1})"
        return f"{self.message}{place}; allowed: {self.allowed}; {self.remedy}"


class LanguageError(ValueError):
    """An expression cannot be used; ``faults`` holds every reason, in the order of the text."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(
            sorted(faults, key=lambda fault: -1 if fault.offset is None else fault.offset)
        )
        super().__init__("\n".join(map(str, self.faults)))
