"""Results as rows, whatever carried them: HL7 v2 segments or lines of a table -> claims.

A row is found by the hospital's mapping (code, name, specimen), or where it has none by a standard
code that the message carries beside its own. A correction replaces what it corrects, a deletion
takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Codes, Coding, Meaning
from myorx.exchange.hospital import Hospital, ResultCode
from myorx.exchange.report import Ignored
from myorx.exchange.results import decided_by, result
from myorx.exchange.words import Note, note
from myorx.facts.scalars import measure
from myorx.facts.spelling import key, plain
from myorx.guideline.models import Guideline

_WAITING: Final = ("preliminary", "pending")
_RANK: Final[Mapping[str, int]] = {"final": 0, "corrected": 1}
_BEFORE_FINAL: Final = -1


class Row(msgspec.Struct, frozen=True):
    """One result as its source gives it."""

    where: str
    code: str
    value: str
    name: str = ""
    codings: tuple[Coding, ...] = ()
    """Standard codes that stand beside the hospital's own."""
    unit: str = ""
    specimen: str = ""
    at: str = ""
    status: str = "final"
    """One of ``hospital.STATUSES``; another word is what the source says, not known."""
    method: str = ""
    same: tuple[str, ...] = ()
    """What a correction or deletion shares with what it is about."""

    @property
    def what(self) -> str:
        """What to call it in a report."""
        return " ".join(part for part in (self.name, f"[{self.code}]" if self.code else "") if part)


def read_rows(
    rows: Iterable[Row], hospital: Hospital | None, codes: Codes, guideline: Guideline
) -> Iterator[Claim | Ignored]:
    """What rows say, in their order; corrections and deletions are honoured."""
    listed = list(rows)
    last = {row.same: number for number, row in enumerate(listed) if row.same and _ends(row)}
    for number, row in enumerate(listed):
        heir = listed[max(last.get(row.same, number), number)]
        if heir is not row:
            code = "row_deleted" if heir.status == "deleted" else "corrected_by"
            yield Ignored(row.where, row.what, note(code, other=heir.where))
        elif row.status == "deleted":
            yield Ignored(row.where, row.what, note("deletion"))
        else:
            yield from _read(row, hospital, codes, guideline)


def _ends(row: Row) -> bool:
    """Whether it takes the place of what was reported before."""
    return row.status in ("corrected", "deleted")


def _read(
    row: Row, hospital: Hospital | None, codes: Codes, guideline: Guideline
) -> Iterator[Claim | Ignored]:
    if row.status not in _RANK and row.status not in _WAITING:
        yield Ignored(row.where, row.what, note("status", status=row.status))
        return
    known, why = _mapped(row, hospital)
    if why is not None:
        yield Ignored(row.where, row.what, why)
        return
    if known:
        for each in known:
            yield _claim(row, each, f"{_name(hospital)} {each.code}", guideline)
        return
    meanings = codes.meanings(row.codings)
    for coding, meaning in meanings:
        yield _claim(row, _as_code(meaning, coding), coding.told, guideline)
    if not meanings:
        yield Ignored(row.where, row.what, note("code_unknown" if row.code else "no_code"))


def _name(hospital: Hospital | None) -> str:
    return hospital.id if hospital is not None else "?"


def _as_code(meaning: Meaning, coding: Coding) -> ResultCode:
    return ResultCode(coding.code, meaning.fact, only=meaning.only)


def _mapped(row: Row, hospital: Hospital | None) -> tuple[list[ResultCode], Note | None]:
    """The rows of the mapping that fit; why none does although the code is there."""
    if hospital is None:
        return [], None
    same_code = [
        each
        for each in hospital.results
        if each.code == row.code or (not row.code and key(each.name or "") == key(row.name) != "")
    ]
    by_name = [each for each in same_code if _fits_name(each, row)]
    if same_code and not by_name:
        return [], note("other_name", name=row.name, names=_names(same_code))
    fitting = [each for each in by_name if _fits_specimen(each, row)]
    if by_name and not fitting:
        return [], note("other_specimen", specimen=row.specimen or "?", known=_specimens(by_name))
    return fitting, None


def _fits_name(code: ResultCode, row: Row) -> bool:
    return code.name is None or not row.name or key(code.name) == key(row.name)


def _fits_specimen(code: ResultCode, row: Row) -> bool:
    return not code.specimen or key(row.specimen) in {key(each) for each in code.specimen}


def _names(found: list[ResultCode]) -> str:
    return ", ".join(each.name or "" for each in found)


def _specimens(found: list[ResultCode]) -> str:
    return ", ".join(dict.fromkeys(name for each in found for name in each.specimen))


def _claim(row: Row, code: ResultCode, by: str, guideline: Guideline) -> Claim | Ignored:
    fact = guideline.facts[code.fact]
    if row.status in _WAITING:
        said = " ".join(filter(None, [row.value, row.unit]))
        waiting = note("preliminary", status=row.status, value=said or "-")
        return Claim(
            fact.id,
            row.where,
            row.what,
            by,
            unknown="pending",
            at=row.at,
            preliminary=bool(plain(row.value)),
            rank=_BEFORE_FINAL,
            notes=(waiting,),
        )
    if not plain(row.value):
        return Ignored(row.where, row.what, note("no_value"))
    value, unknown, notes = result(row.value, fact, code.positive_from)
    if code.only is not None and not decided_by(value, unknown, code.only):
        return Ignored(row.where, row.what, note("only", label=fact.label))
    unit, told = _unit(row, code) if fact.type == "quantity" else (None, ())
    corrected = (note("corrected", status=row.status),) if _RANK[row.status] else ()
    return Claim(
        fact.id,
        row.where,
        row.what,
        by,
        value=value,
        unknown=unknown,
        unit=unit,
        method=row.method or None,
        at=row.at,
        rank=_RANK[row.status],
        notes=(*corrected, *notes, *told),
    )


def _unit(row: Row, code: ResultCode) -> tuple[str | None, tuple[Note, ...]]:
    """The unit of a result: as given (in the hospital's spelling), else the one that is meant."""
    given = plain(row.unit)
    if given:
        for typed, unit in code.units.items():
            if key(typed) == key(given):
                return unit, (note("unit_spelled", typed=row.unit, unit=unit),)
        return row.unit, ()
    inside = measure(row.value)
    if code.unit is None or (inside is not None and inside.unit):
        return None, ()
    return code.unit, (note("unit_assumed", unit=code.unit),)
