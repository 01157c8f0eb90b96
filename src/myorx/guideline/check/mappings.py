"""Mappings: every fact, value, drug and system they name exists, and no code means two values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.faults import Problem, instead, listed
from myorx.guideline.mapping import FactCodes, Mapping
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place, Positions

KIND = "mapping"


def check_mappings(
    mappings: Iterable[Mapping], guideline: Guideline, positions: Positions
) -> tuple[Problem, ...]:
    """Everything that is wrong with what the mappings of a guideline name."""
    files = tuple(mappings)
    systems = {name for each in files for name in each.systems}
    found: list[Problem] = []
    for each in files:
        found += _Checker(each, systems, guideline, positions).run()
    return tuple(found)


class _Checker:
    def __init__(
        self, mapping: Mapping, systems: set[str], guideline: Guideline, positions: Positions
    ) -> None:
        self._mapping = mapping
        self._systems = systems
        self._guideline = guideline
        self._positions = positions

    def run(self) -> Iterator[Problem]:
        """All problems of one file."""
        facts = {name for name, each in self._guideline.facts.items() if not each.derived}
        for number, row in enumerate(self._mapping.facts):
            path = f"facts[{number}]"
            if row.fact not in facts:
                yield self._unknown("fact", f"{path}.fact", row.fact, facts)
                continue
            yield from self._values(row, path)
            if row.onset is not None and row.onset not in facts:
                yield self._unknown("fact", f"{path}.onset", row.onset, facts)
            yield from self._codes(f"{path}.codes", row.codes)
        for number, given in enumerate(self._mapping.drugs):
            if given.drug not in self._guideline.drugs:
                drugs = self._guideline.drugs
                yield self._unknown("drug", f"drugs[{number}].drug", given.drug, drugs)
            yield from self._codes(f"drugs[{number}].codes", given.codes)
        for number, allergy in enumerate(self._mapping.allergies):
            if allergy.fact not in facts:
                yield self._unknown("fact", f"allergies[{number}].fact", allergy.fact, facts)
            yield from self._codes(f"allergies[{number}].codes", allergy.codes)
            yield from self._codes(f"allergies[{number}].none_known", allergy.none_known)
        for number, answer in enumerate(self._mapping.answers):
            yield from self._codes(f"answers[{number}].codes", answer.codes)
        for number, route in enumerate(self._mapping.routes):
            yield from self._codes(f"routes[{number}].codes", route.codes)

    def _values(self, row: FactCodes, path: str) -> Iterator[Problem]:
        """The values that a row gives are values of its fact."""
        fact = self._guideline.facts[row.fact]
        of_code = {each.id for each in fact.values}
        allowed = {"true", "false"} if fact.type == "boolean" else of_code
        given = [("value", row.value), ("only", row.only)]
        for field, value in given:
            if value is not None and value not in allowed:
                yield self._unknown("value", f"{path}.{field}", value, allowed)
        for place, answer in row.answers.items():
            if answer not in allowed | {"unknown"}:
                yield self._unknown("value", f"{path}.answers.{place}", answer, allowed)
        if row.above is not None and fact.type != "boolean":
            yield self._problem(
                "unfit-above", f"{path}.above", f"{fact.id} is not yes or no", "a Boolean fact"
            )

    def _codes(self, path: str, codes: dict[str, tuple[str, ...]]) -> Iterator[Problem]:
        for system in codes:
            if system not in self._systems:
                yield self._unknown("system", f"{path}.{system}", system, self._systems)

    def _unknown(self, what: str, path: str, found: str, names: Iterable[str]) -> Problem:
        known = dict.fromkeys(names)
        return self._problem(
            f"unknown-{what}",
            path,
            f"there is no {what} {found}",
            listed(known),
            instead(found, known, "correct the name"),
        )

    def _problem(
        self, code: str, path: str, message: str, allowed: str, remedy: str = "correct it"
    ) -> Problem:
        spot = self._positions.spot(Place(KIND, self._mapping.id, path))
        return Problem(spot.file, spot.line, spot.column, spot.path, code, message, allowed, remedy)
