"""Which column of a table is what: by the names of the guideline, or by a mapping file.

A column means the fact whose id, label or other name it bears, with the unit in brackets behind it
where there is one. ``<fact> unit`` and ``<fact> date`` hold the unit and the day of each value. A
mapping file says what the names do not:

    patient: 住院号
    as_of: 就诊日期
    by: [中心]
    columns:
      SF: {fact: ferritin, unit: ng/mL}
      SF单位: {unit_of: ferritin}
      化验日期: {day_of: [ferritin, crp]}
      备注: null
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from myorx.cohort.input.source import SYNTHETIC
from myorx.cohort.texts import TableError, say
from myorx.facts.document import opened
from myorx.facts.faults import CaseError
from myorx.facts.names import Index, index
from myorx.facts.spelling import key, plain
from myorx.facts.units import spelled
from myorx.facts.words import CASE_FIELDS
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text

PATIENT = frozenset(
    key(word)
    for word in "patient|patient id|id|mrn|患者|患者编号|病人|病人编号|住院号|病案号|登记号".split(
        "|"
    )
)
"""Keys of names for the column of the patient's number."""

_UNITS = frozenset(("unit", "units", "单位"))
_DAYS = frozenset(("date", "day", "on", "日期", "检测日期", "时间"))
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\Z")
_BEHIND = re.compile(r"(.+?)[\s._-]*(unit|units|单位|date|day|on|检测日期|日期|时间)\Z", re.I)
_KEYS = ("patient", "as_of", "by", "therapies_complete", "orders", "columns")


class FactColumn(NamedTuple):
    """One fact and the columns that speak of it."""

    fact: str
    column: str
    unit: str | None = None
    """The unit of all its values, as typed; None: each value's own, or the fact's."""
    unit_column: str | None = None
    day_column: str | None = None


class TableColumns(NamedTuple):
    """What the columns of one table mean."""

    patient: str
    as_of: str | None
    """None: one date for all rows, given beside."""
    day: date | None
    facts: tuple[FactColumn, ...]
    complete: str | None
    orders: str | None
    by: tuple[str, ...]
    unmapped: tuple[str, ...]
    """Columns that mean nothing here, nobody having said so."""
    ignored: tuple[str, ...]

    @property
    def used(self) -> tuple[str, ...]:
        """Every column that is read."""
        roles = (*self.key, self.complete, self.orders, *self.by)
        facts = [(each.column, each.unit_column, each.day_column) for each in self.facts]
        found = (*roles, *(name for each in facts for name in each))
        return tuple(dict.fromkeys(name for name in found if name is not None))

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that say whose a row is, and of when."""
        return (self.patient,) if self.as_of is None else (self.patient, self.as_of)


def read_mapping(path: Path | None) -> Mapping[str, Any]:
    """A mapping file as plain data; nothing without one. Raises TableError."""
    if path is None:
        return {}
    try:
        found = opened(path.read_bytes())
    except (OSError, CaseError) as error:
        why = " ".join(str(error).split())[:200]
        raise TableError(say("mapping_unread", path=str(path), why=why)) from None
    return found


def map_columns(
    columns: Iterable[str],
    guideline: Guideline,
    *,
    said: Mapping[str, Any] | None = None,
    as_of: date | None = None,
    by: Iterable[str] = (),
) -> TableColumns:
    """The meaning of each of ``columns``. ``said``: the mapping file. Raises TableError with all
    that is wrong at once."""
    return _Mapper(tuple(columns), guideline, said or {}).run(as_of, tuple(by))


class _Mapper:
    def __init__(
        self, columns: tuple[str, ...], guideline: Guideline, said: Mapping[str, Any]
    ) -> None:
        self._columns = columns
        self._guideline = guideline
        self._index: Index = index(guideline)
        self._said = said
        self._faults: list[Text] = []
        self._facts: dict[str, FactColumn] = {}
        self._unit_of: dict[str, str] = {}
        self._day_of: dict[str, str] = {}
        self._roles: dict[str, str] = {}
        self._used: set[str] = set()
        self._ignored: list[str] = []

    def run(self, as_of: date | None, by: tuple[str, ...]) -> TableColumns:
        self._by_file()
        self._by_name()
        by = by or self._listed("by")
        for column in by:
            if column not in self._columns:
                self._faults.append(say("by_column", column=column, columns=self._all))
        patient, day = self._roles.get("patient"), self._roles.get("as_of")
        if patient is None:
            self._faults.append(say("no_patient"))
        if day is None and as_of is None:
            self._faults.append(say("no_as_of"))
        if self._faults or patient is None:
            raise TableError(*self._faults)
        spoken = {*self._used, *by}
        return TableColumns(
            patient=patient,
            as_of=None if as_of is not None else day,
            day=as_of,
            facts=tuple(
                each._replace(
                    unit_column=self._unit_of.get(each.fact),
                    day_column=self._day_of.get(each.fact),
                )
                for each in self._facts.values()
            ),
            complete=self._roles.get("therapies_complete"),
            orders=self._roles.get("orders"),
            by=by,
            unmapped=tuple(name for name in self._columns if name not in spoken),
            ignored=tuple(self._ignored),
        )

    @property
    def _all(self) -> str:
        return ", ".join(self._columns)

    def _listed(self, name: str) -> tuple[str, ...]:
        found = self._said.get(name)
        if found is None:
            return ()
        return tuple(map(str, found)) if isinstance(found, list) else (str(found),)

    # -- what the file says ------------------------------------------------------------------------

    def _by_file(self) -> None:
        for name in self._said:
            if name not in _KEYS:
                self._faults.append(say("mapping_key", entry=name))
        for role in ("patient", "as_of", "therapies_complete", "orders"):
            column = self._said.get(role)
            if column is not None and self._has(str(column)):
                self._roles[role] = str(column)
                self._used.add(str(column))
        columns = self._said.get("columns")
        for column, meant in (columns if isinstance(columns, Mapping) else {}).items():
            if self._has(column):
                self._used.add(column)
                self._by_entry(column, meant)

    def _has(self, column: str) -> bool:
        if column not in self._columns:
            self._faults.append(say("mapping_column", column=column, columns=self._all))
        return column in self._columns

    def _by_entry(self, column: str, meant: Any) -> None:
        match meant:
            case None | "null" | "~":
                self._ignored.append(column)
            case str():
                self._add(column, self._fact(column, meant), None)
            case {"fact": str(name), **rest} if set(rest) <= {"unit"}:
                unit = rest.get("unit")
                self._add(column, self._fact(column, name), None if unit is None else str(unit))
            case {"unit_of": names, **rest} if not rest:
                for fact in self._each(column, names):
                    self._unit_of[fact] = column
            case {"day_of": names, **rest} if not rest:
                for fact in self._each(column, names):
                    self._day_of[fact] = column
            case _:
                self._faults.append(say("mapping_form", column=column))

    def _each(self, column: str, names: Any) -> list[str]:
        listed = names if isinstance(names, list) else [names]
        found = (self._fact(column, str(name)) for name in listed)
        return [fact for fact in found if fact is not None]

    def _fact(self, column: str, name: str) -> str | None:
        ids = self._index.facts.find(name)
        if len(ids) != 1:
            close = ids or self._index.facts.near(name)
            near = say("near", names=", ".join(close)) if close else Text("", "")
            self._faults.append(say("mapping_fact", column=column, fact=name, near=near))
            return None
        if self._guideline.facts[ids[0]].derived:
            self._faults.append(say("mapping_derived", column=column, fact=ids[0]))
            return None
        return ids[0]

    def _add(self, column: str, fact: str | None, unit: str | None) -> None:
        if fact is None:
            return
        other = self._facts.get(fact)
        if other is not None:
            self._twice(fact, other.column, column)
        self._facts[fact] = FactColumn(fact, column, unit)

    def _twice(self, what: str, first: str, second: str) -> None:
        self._faults.append(say("two_columns", what=what, first=first, second=second))

    # -- what the names say ------------------------------------------------------------------------

    def _by_name(self) -> None:
        if SYNTHETIC in self._columns:
            self._used.add(SYNTHETIC)
        left = [name for name in self._columns if name not in self._used]
        for column in left:
            role = "patient" if key(column) in PATIENT else CASE_FIELDS.get(key(column))
            if role in ("patient", "as_of", "therapies_complete", "orders"):
                if role not in self._roles:
                    self._roles[role] = column
                    self._used.add(column)
                elif self._roles[role] not in self._named:
                    self._twice(role, self._roles[role], column)
        left = [name for name in left if name not in self._used]
        for column in left:
            found = self._by_header(column)
            if found is None:
                continue
            self._used.add(column)
            if found.fact in self._facts and self._facts[found.fact].column in self._named:
                self._used.discard(column)  # the mapping file said which column it is
            else:
                self._add(column, found.fact, found.unit)
        for column in left:
            if column not in self._used:
                self._companion(column)

    @property
    def _named(self) -> frozenset[str]:
        """The columns that the mapping file speaks of."""
        columns = self._said.get("columns")
        roles = (
            str(self._said[role]) for role in _KEYS[:5] if isinstance(self._said.get(role), str)
        )
        return frozenset((*roles, *(columns if isinstance(columns, Mapping) else ())))

    def _by_header(self, column: str) -> FactColumn | None:
        """The fact that a header names, if need be without the unit in brackets behind it."""
        fact = self._given(column)
        if fact is not None:
            return FactColumn(fact, column)
        bracket = _BRACKETS.search(plain(column))
        if bracket is None:
            return None
        fact = self._given(plain(column)[: bracket.start()])
        return None if fact is None else FactColumn(fact, column, spelled(bracket[1]))

    def _given(self, name: str) -> str | None:
        ids = self._index.facts.find(name)
        fact = self._guideline.facts[ids[0]] if len(ids) == 1 else None
        return None if fact is None or fact.derived else fact.id

    def _companion(self, column: str) -> None:
        """A column that holds the unit or the day of another one's values."""
        found = _BEHIND.fullmatch(plain(column))
        fact = None if found is None else self._given(found[1])
        if found is None or fact is None or fact not in self._facts:
            return
        kind = found[2].casefold()
        table = self._unit_of if kind in _UNITS else self._day_of if kind in _DAYS else {}
        if fact not in table:
            table[fact] = column
            self._used.add(column)


def near_misses(column: str, guideline: Guideline) -> tuple[str, ...]:
    """The facts that an unmapped column may mean; never taken by themselves."""
    table = index(guideline).facts
    return table.find(column) or table.near(column)
