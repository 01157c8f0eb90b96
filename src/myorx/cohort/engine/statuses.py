"""Everything a plan says as columns: which planes make which column, and what its codes mean.

The prefix of a column tells its sort (DuckDB does not tell upper from lower case, so that bare ids
might meet):

| column | values |
|---|---|
| ``scope`` | whether the guideline speaks for the patient: true, false, unknown |
| ``d_<decision>`` | live, open, yielded, outside_guideline, absent |
| ``c_<decision>__<candidate>`` | the candidate's status, or not_judged |
| ``q_<decision>__<candidate>`` | Boolean: the status is provisional |
| ``p_<drug or class>`` | the part's safety: excluded, blocked, clear |
| ``v_<drug>`` | the verdict on the drug, whether anybody takes it or not |
| ``r_<drug>`` | Boolean: it is taken (or may be) or ordered |
| ``a_<advice>`` | do, may_apply, withheld, absent |
| ``w_<alert>`` | raised, possible, absent |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

from myorx.language.columns import Builder, PlaneId
from myorx.plan.formulas import (
    All,
    Any,
    Constant,
    Formula,
    Known,
    Not,
    PartStanding,
    Refuted,
    Standing,
    Truth,
)

Value = TypeVar("Value", bound=str)


class Coded(NamedTuple):
    """A column of codes: the index into ``values`` in binary, one plane a digit, lowest first."""

    column: str
    values: tuple[str, ...]
    formulas: tuple[Formula, ...]
    """For each value when it holds; exactly one does."""


class Flag(NamedTuple):
    """A Boolean column, never null."""

    column: str
    formula: Formula


Output: TypeAlias = Coded | Flag


def outputs(standing: Standing) -> tuple[Output, ...]:
    """All columns of a guideline."""
    found = tuple(_outputs(standing))
    names = [each.column.casefold() for each in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two things of the guideline share a column: {', '.join(sorted(twice))}")
    return found


def output_columns(found: tuple[Output, ...]) -> tuple[str, ...]:
    """Their names."""
    return tuple(each.column for each in found)


def decision_column(decision: str) -> str:
    """The status of a decision."""
    return f"d_{decision}"


def candidate_column(decision: str, candidate: str) -> str:
    """The status of a candidate."""
    return f"c_{decision}__{candidate}"


def provisional_column(decision: str, candidate: str) -> str:
    """Whether that status is provisional."""
    return f"q_{decision}__{candidate}"


def part_column(part: str) -> str:
    """The safety of a part."""
    return f"p_{part}"


def verdict_column(drug: str) -> str:
    """The verdict on a drug."""
    return f"v_{drug}"


def real_column(drug: str) -> str:
    """Whether a drug is taken or ordered."""
    return f"r_{drug}"


def advice_column(advice: str) -> str:
    """The status of an advice."""
    return f"a_{advice}"


def alert_column(alert: str) -> str:
    """The status of an alert."""
    return f"w_{alert}"


def _outputs(standing: Standing) -> Iterator[Output]:
    yield _choice("scope", _three(standing.scope))
    parts: dict[str, PartStanding] = {}
    for decision in standing.decisions.values():
        yield _choice(decision_column(decision.id), decision.status)
        for candidate in decision.candidates.values():
            yield _choice(candidate_column(decision.id, candidate.id), candidate.status)
            yield Flag(provisional_column(decision.id, candidate.id), candidate.provisional)
            parts.update({part.id: part for part in candidate.parts})
    for drug in standing.drugs.values():
        yield _choice(verdict_column(drug.id), drug.verdict)
        yield Flag(real_column(drug.id), drug.real)
    for advice in standing.advice.values():
        yield _choice(advice_column(advice.id), advice.status)
        parts.update({part.id: part for part in advice.parts})
    for part in parts.values():
        yield _choice(part_column(part.id), part.safety)
    for alert in standing.alerts.values():
        yield _choice(alert_column(alert.id), alert.status)


def _choice(column: str, choice: Mapping[Value, Formula]) -> Coded:
    return Coded(column, tuple(choice), tuple(choice.values()))


def _three(truth: Truth) -> Mapping[str, Formula]:
    return {"true": truth.true, "false": truth.false, "unknown": truth.unknown}


class Planes:
    """Formulas as planes of one builder, each made once."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._made: dict[Formula, PlaneId] = {}

    def of(self, formula: Formula) -> PlaneId:
        """The plane that is set where a formula holds."""
        found = self._made.get(formula)
        if found is None:
            found = self._made[formula] = self._make(formula)
        return found

    def _make(self, formula: Formula) -> PlaneId:
        graph = self._builder.graph
        match formula:
            case Constant(value=value):
                return graph.everywhere if value else graph.nowhere
            case Known(expression=expression):
                return self._builder.truth(expression).true
            case Refuted(expression=expression):
                return self._builder.truth(expression).false
            case All(parts=parts):
                return graph.all_of(self.of(part) for part in parts)
            case Any(parts=parts):
                return graph.any_of(self.of(part) for part in parts)
            case Not(part=part):
                return graph.negate(self.of(part))

    def digits(self, coded: Coded) -> tuple[PlaneId, ...]:
        """The planes of the binary digits of a column's codes, lowest first."""
        count = max(len(coded.values) - 1, 1).bit_length()
        return tuple(
            self._builder.graph.any_of(
                self.of(formula)
                for place, formula in enumerate(coded.formulas)
                if place >> digit & 1
            )
            for digit in range(count)
        )
