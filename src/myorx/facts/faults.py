"""What is wrong with a case, each fault in both languages and all of them in one answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from myorx.facts.messages import MESSAGES
from myorx.facts.spelling import shown, visible
from myorx.guideline.texts import Text


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault of a case.

    ``path`` leads to the value as the case was written (``labs.sodium``, ``therapies[2].stop``);
    ``line`` counts from 1 where the source has lines. ``code`` is stable and kebab-case; for a
    contradiction it is the guideline's own id of it. ``fact`` is the fact concerned, where one is.
    """

    code: str
    path: str
    message: Text
    found: str = ""
    allowed: Text | None = None
    remedy: Text | None = None
    line: int | None = None
    fact: str | None = None

    def text(self, lang: str) -> str:
        """The whole fault in one line, ``lang`` being ``zh`` or ``en``."""
        zh = lang == "zh"
        place = f"{self.path}: " if self.path else ""
        if self.line is not None:
            place = f"第 {self.line} 行 {place}" if zh else f"line {self.line}: {place}"
        parts = [(self.message.zh if zh else self.message.en).rstrip(".。")]
        if self.found and f"'{self.found}'" not in parts[0] and f"“{self.found}”" not in parts[0]:
            parts.append(f"所见：{self.found}" if zh else f"found: {self.found}")
        if self.allowed is not None:
            parts.append(f"可接受：{self.allowed.zh}" if zh else f"allowed: {self.allowed.en}")
        if self.remedy is not None:
            parts.append(self.remedy.zh if zh else self.remedy.en)
        return place + ("；" if zh else "; ").join(parts)


MOST_SHOWN: Final = 50
"""So many faults are written out; who mends these has understood the others too."""


class CaseError(ValueError):
    """A case cannot be used; ``faults`` holds all that is wrong, in the order of the case."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        in_order = sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)
        self.faults: tuple[Fault, ...] = tuple(in_order)
        super().__init__("\n".join(self.lines("en")))

    def lines(self, lang: str) -> list[str]:
        """The faults as numbered lines for people, ``lang`` being ``zh`` or ``en``; of very many,
        the first ones and how many more there are."""
        first = self.faults[:MOST_SHOWN]
        told = [f"{number}. {fault.text(lang)}" for number, fault in enumerate(first, 1)]
        more = len(self.faults) - len(first)
        if more:
            told.append(f"……另有 {more:,} 处" if lang == "zh" else f"… and {more:,} more")
        return told


class Place(msgspec.Struct, frozen=True):
    """Where in a case something stands."""

    path: str
    line: int | None = None
    fact: str | None = None

    def at(self, key: str) -> Place:
        """The place of a field inside this one."""
        return Place(f"{self.path}.{key}" if self.path else key, self.line, self.fact)


class Faults:
    """Collects faults. ``fatal``: one was found that refuses a case even in an import."""

    def __init__(self) -> None:
        self.all: list[Fault] = []
        self.fatal = False

    def __len__(self) -> int:
        return len(self.all)

    @property
    def overflowing(self) -> bool:
        """More than will be shown: looking for what each may have meant, which is slow, is idle."""
        return len(self.all) >= MOST_SHOWN

    def add(self, code: str, place: Place, found: str = "", **words: str | Text) -> None:
        """Report the fault ``code`` of the catalogue; ``words`` fill its texts (both languages)."""
        message = MESSAGES[code]
        self.fatal = self.fatal or message.fatal
        self.all.append(
            Fault(
                code=code,
                path=shown(place.path),
                message=_fill(message.says, words),
                found=shown(found),
                allowed=None if message.allowed is None else _fill(message.allowed, words),
                remedy=None if message.remedy is None else _fill(message.remedy, words),
                line=place.line,
                fact=place.fact,
            )
        )


def _fill(text: Text, words: dict[str, str | Text]) -> Text:
    seen = {name: visible(word) if isinstance(word, str) else word for name, word in words.items()}
    zh = {name: word if isinstance(word, str) else word.zh for name, word in seen.items()}
    en = {name: word if isinstance(word, str) else word.en for name, word in seen.items()}
    return Text(text.zh.format_map(zh), text.en.format_map(en))
