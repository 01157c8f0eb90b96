"""How much of the source is encoded: statements by section and status, sentences by statement."""

from __future__ import annotations

import typing

import msgspec

from myorx.guideline.check.anchors import anchors, body_of, normal
from myorx.guideline.models import Guideline, StatementStatus
from myorx.guideline.sentences import Sentence, sentences

STATUSES: tuple[str, ...] = typing.get_args(StatementStatus)


class SectionCoverage(msgspec.Struct, frozen=True):
    """One section of the source: how many statements have each status, in the order of STATUSES."""

    section: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All statements of the section."""
        return sum(self.counts.values())


def section_of(statement_id: str) -> str:
    """``S5.F1`` and ``S5.17`` stand in section ``5``."""
    return statement_id.removeprefix("S").partition(".")[0]


def coverage(guideline: Guideline) -> tuple[SectionCoverage, ...]:
    """Every section with its counts, in the order of the ledger; every status is counted."""
    sections: dict[str, dict[str, int]] = {}
    for statement in guideline.statements.values():
        counts = sections.setdefault(section_of(statement.id), dict.fromkeys(STATUSES, 0))
        counts[statement.status] += 1
    return tuple(SectionCoverage(section, counts) for section, counts in sections.items())


class Unaccounted(msgspec.Struct, frozen=True):
    """A sentence of the source that no statement is anchored in."""

    section: str
    """Number of the heading above it; empty before the first."""
    text: str
    """Without white space, width and reference numbers."""


class SourceCoverage(msgspec.Struct, frozen=True):
    """The source against the ledger, both ways."""

    sentences: int
    unaccounted: tuple[Unaccounted, ...]
    misplaced: tuple[str, ...]
    """Statements whose anchor does not stand once in the source."""

    @property
    def complete(self) -> bool:
        """Every sentence carries a statement, every statement stands in the source."""
        return not self.unaccounted and not self.misplaced


def source_coverage(guideline: Guideline, source: str) -> SourceCoverage:
    """Which sentences of the source (its text) carry a statement, and which statements stand in
    none. A sentence carries those whose quote begins, ends or lies in it."""
    body = normal(body_of(source))
    found = {id_: anchors(statement, body) for id_, statement in guideline.statements.items()}
    quotes = {id_: len(normal(s.quote)) for id_, s in guideline.statements.items()}
    spans = [(at, at + quotes[id_]) for id_, places in found.items() for at in places]
    every = sentences(source)
    return SourceCoverage(
        sentences=len(every),
        unaccounted=tuple(
            Unaccounted(sentence.section, sentence.text)
            for sentence in every
            if not _carries(sentence, spans)
        ),
        misplaced=tuple(id_ for id_, places in found.items() if len(places) != 1),
    )


def _carries(sentence: Sentence, spans: list[tuple[int, int]]) -> bool:
    return any(sentence.holds(start, end) for start, end in spans)
