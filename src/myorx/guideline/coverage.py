"""How much of the source is encoded: statements by section and status."""

from __future__ import annotations

import typing

import msgspec

from myorx.guideline.models import Guideline, StatementStatus

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
