"""The mapping of one hospital: its own codes, units and words -> facts and drugs.

One YAML file, read by ``read_hospital`` and checked by ``check_hospital`` (``myorx
check-mapping``). It serves HL7 v2 messages and tables of results alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from myorx.exchange.results import is_cutoff
from myorx.facts.names import index
from myorx.facts.scalars import measure
from myorx.facts.units import spelled
from myorx.guideline import yaml_tree
from myorx.guideline.build import FAILED, build
from myorx.guideline.faults import GuidelineError, Problem, instead, listed
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place, Positions
from myorx.guideline.shapes import shape_of

COLUMNS = (
    "patient",
    "code",
    "name",
    "value",
    "unit",
    "specimen",
    "date",
    "status",
    "method",
    "sex",
    "birth_date",
    "age",
)
"""What the columns of a table of results may hold."""

STATUSES = ("final", "corrected", "preliminary", "pending", "deleted")
"""What may become of a result."""


class ResultCode(msgspec.Struct, frozen=True):
    """One test of the laboratory -> a fact."""

    code: str
    fact: str
    name: str | None = None
    """What the laboratory calls it; a result under the same code with another name is not it."""
    specimen: tuple[str, ...] = ()
    """Only results of one of these specimens."""
    unit: str | None = None
    """The unit that is meant where a result gives none."""
    units: dict[str, str] = {}
    """How the laboratory writes a unit -> the UCUM unit that it means."""
    positive_from: str | None = None
    """The cut-off of the kit: a titre (``1:100``) or number from which on it is positive."""
    only: str | None = None
    """The one value that such a test can give: ``true`` where a negative one decides nothing."""


class DrugCode(msgspec.Struct, frozen=True):
    """One item of the pharmacy -> a drug of the guideline, by any of its names."""

    code: str
    drug: str
    route: str | None = None
    piece: str | None = None
    """What one tablet or vial holds: ``5 mg``."""


class Hospital(msgspec.Struct, frozen=True):
    """The mapping file of one hospital."""

    id: str
    about: str | None = None
    encoding: str | None = None
    """Encoding of its files, where they do not say it themselves."""
    results: tuple[ResultCode, ...] = ()
    drugs: tuple[DrugCode, ...] = ()
    columns: dict[str, str] = {}
    """What a column holds -> its heading."""
    statuses: dict[str, tuple[str, ...]] = {}
    """What became of a result -> the hospital's words for it."""
    file: str = ""
    """Filled in by the reader."""


def read_hospital(path: Path) -> tuple[Hospital, Positions]:
    """The mapping in a file. Raises GuidelineError with everything that is wrong with its form."""
    positions = Positions()
    reading = yaml_tree.read(path.read_bytes(), path.name)
    if reading.tree is None:
        raise GuidelineError(reading.problems)
    built, problems = build(reading.tree, shape_of(Hospital), positions)
    if built is FAILED or problems:
        raise GuidelineError([*reading.problems, *problems])
    hospital: Hospital = msgspec.structs.replace(built, file=path.name)
    positions.record_root("hospital", hospital.id, path.name, "")
    return hospital, positions


def check_hospital(
    hospital: Hospital, positions: Positions, guideline: Guideline
) -> tuple[Problem, ...]:
    """Everything that is wrong with what a mapping names, sorted by place."""
    return tuple(sorted(set(_Checker(hospital, positions, guideline).run())))


class _Checker:
    """Looks up every name of one mapping in the guideline."""

    def __init__(self, hospital: Hospital, positions: Positions, guideline: Guideline) -> None:
        self._hospital = hospital
        self._positions = positions
        self._guideline = guideline
        self._table = index(guideline)
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        """All problems, in no order."""
        self._results()
        self._drugs()
        self._words("columns", self._hospital.columns, COLUMNS)
        self._words("statuses", self._hospital.statuses, STATUSES)
        if self._hospital.encoding is not None:
            try:
                "".encode(self._hospital.encoding)
            except LookupError:
                self._add(
                    "encoding",
                    "unknown-encoding",
                    f"{self._hospital.encoding} is no encoding",
                    "utf-8, gb18030, ascii, …",
                    "name one of these",
                )
        return self.problems

    def _add(self, path: str, code: str, message: str, allowed: str, remedy: str) -> None:
        spot = self._positions.spot(Place("hospital", self._hospital.id, path))
        self.problems.append(
            Problem(spot.file, spot.line, spot.column, spot.path, code, message, allowed, remedy)
        )

    def _results(self) -> None:
        seen: dict[tuple[str, str | None, str], int] = {}
        for number, row in enumerate(self._hospital.results):
            path = f"results[{number}]"
            for specimen in row.specimen or ("",):
                same = (row.code, row.name, specimen)
                first = seen.setdefault(same, number)
                if first != number and self._hospital.results[first].fact == row.fact:
                    self._add(
                        f"{path}.code",
                        "duplicate-code",
                        f"{row.code} of this specimen is mapped to {row.fact} twice; "
                        f"the first is results[{first}]",
                        "each code, name and specimen once for a fact",
                        "remove one of the two, or tell them apart by name or specimen",
                    )
            self._result(row, path)

    def _result(self, row: ResultCode, path: str) -> None:
        facts = {name: each for name, each in self._guideline.facts.items() if not each.derived}
        fact = facts.get(row.fact)
        if fact is None:
            self._add(
                f"{path}.fact",
                "unknown-fact",
                f"{row.fact} is no fact that can be given",
                listed(facts),
                instead(row.fact, facts, "take a name from myorx facts"),
            )
            return
        units = self._table.units.get(fact.id)
        if units is None and (row.unit is not None or row.units):
            self._add(
                f"{path}.unit",
                "unit-misplaced",
                f"{fact.id} is no quantity and takes no unit",
                "no unit",
                "remove it",
            )
        for place, unit in ((f"{path}.unit", row.unit), *_spelled_units(row, path)):
            if units is None or unit is None:
                continue
            if units.conversion(spelled(unit)).factor is None:
                self._add(
                    place,
                    "unit-unknown",
                    f"{unit} is no unit that {fact.id} can be read in",
                    ", ".join(units.listed),
                    "give the UCUM unit that the laboratory means",
                )
        if fact.unit_required and row.unit is None:
            self._add(
                f"{path}.unit",
                "unit-unstated",
                f"results of {fact.id} without unit will be refused: more than one is in use",
                "" if units is None else ", ".join(units.listed),
                "state the unit that the laboratory reports in, if it never writes one",
            )
            self.problems[-1] = msgspec.structs.replace(self.problems[-1], severity="warning")
        if row.positive_from is not None and (
            fact.type != "boolean" or not is_cutoff(row.positive_from)
        ):
            self._add(
                f"{path}.positive_from",
                "bad-cutoff",
                f"{row.positive_from} is no cut-off for {fact.id}",
                "1:100, 20 (for a fact that is yes or no)",
                "write the titre or number from which on it is positive",
            )

    def _drugs(self) -> None:
        codes: dict[str, int] = {}
        for number, row in enumerate(self._hospital.drugs):
            path = f"drugs[{number}]"
            first = codes.setdefault(row.code, number)
            if first != number:
                self._add(
                    f"{path}.code",
                    "duplicate-code",
                    f"{row.code} stands twice; the first is drugs[{first}]",
                    "each code once",
                    "remove one of the two",
                )
            if len(self._table.drugs.find(row.drug)) != 1:
                drugs = self._guideline.drugs
                self._add(
                    f"{path}.drug",
                    "unknown-drug",
                    f"{row.drug} is no drug of the guideline",
                    listed(drugs),
                    instead(row.drug, drugs, "take a name from the guideline"),
                )
            if row.route is not None and row.route not in set(self._table.routes.values()):
                routes = sorted(set(self._table.routes.values()))
                self._add(
                    f"{path}.route",
                    "unknown-route",
                    f"{row.route} is no route",
                    listed(routes),
                    instead(row.route, routes, "take one of these"),
                )
            if row.piece is not None and measure(row.piece) is None:
                self._add(
                    f"{path}.piece",
                    "bad-amount",
                    f"{row.piece} is no amount",
                    "5 mg",
                    "write what one tablet or vial holds",
                )

    def _words(self, field: str, given: Iterable[str], known: tuple[str, ...]) -> None:
        for name in given:
            if name not in known:
                self._add(
                    f"{field}.{name}",
                    "unknown-key",
                    f"{name} is not known here",
                    ", ".join(known),
                    instead(name, known, "remove it"),
                )


def _spelled_units(row: ResultCode, path: str) -> list[tuple[str, str]]:
    return [(f"{path}.units.{typed}", unit) for typed, unit in row.units.items()]
