"""Vignettes as the pages show them: what was given, what must come out, what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place, Positions
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan.assemble import planner
from myorx.plan.model import CandidateResult, PartResult, Plan, Reason
from myorx.plan.vignettes import Outcome, run_vignette

Progress = Callable[[int, int], None]
"""Told after each vignette: how many are done, of how many."""

_PER_PAGE = 16


class Expected(NamedTuple):
    """One thing that must come out: the keys that lead to it, and the value; whether it did."""

    keys: tuple[str, ...]
    value: str
    met: bool


class Shown(NamedTuple):
    """One vignette with its outcome."""

    vignette: Vignette
    page: str
    expected: tuple[Expected, ...]
    outcome: Outcome
    statements: tuple[str, ...]
    """What the case rests on: cited by something that holds in its plan, or expected."""
    disputes: tuple[str, ...]
    """The disputes that its plan meets."""


class Shelf(NamedTuple):
    """The vignettes of one page."""

    page: str
    name: str
    """The file they come from, without its folder and ending."""
    number: int
    of: int
    """This page of so many from the same file."""
    cases: tuple[Shown, ...]


def run_cases(guideline: Guideline, folder: Path, progress: Progress) -> tuple[Shelf, ...]:
    """All vignettes of a guideline folder, run, in pages by file.

    Raises GuidelineError for vignettes that cannot be read.
    """
    vignettes, positions = load_vignettes(folder)
    ready = planner(guideline)
    groups = []
    done = 0
    for page, name, number, count, members in _pages(vignettes, positions):
        cases = []
        for vignette in members:
            cases.append(show(vignette, page, run_vignette(ready, vignette, positions)))
            done += 1
            progress(done, len(vignettes))
        groups.append(Shelf(page, name, number, count, tuple(cases)))
    return tuple(groups)


def _pages(
    vignettes: Iterable[Vignette], positions: Positions
) -> Iterator[tuple[str, str, int, int, list[Vignette]]]:
    by_file: dict[str, list[Vignette]] = {}
    for vignette in vignettes:
        file = positions.spot(Place("vignette", vignette.id)).file
        by_file.setdefault(Path(file).stem, []).append(vignette)
    for name, members in by_file.items():
        cuts = range(0, len(members), _PER_PAGE)
        for number, start in enumerate(cuts, start=1):
            suffix = f"-{number}" if len(cuts) > 1 else ""
            yield (
                f"vignettes-{name}{suffix}.html",
                name,
                number,
                len(cuts),
                members[start : start + _PER_PAGE],
            )


def show(vignette: Vignette, page: str, outcome: Outcome) -> Shown:
    """A vignette with its outcome, each expectation marked as met or missed."""
    missed = {difference.path for difference in outcome.differences}
    expected = tuple(
        Expected(keys, value, not _missed(keys, missed))
        for keys, value in _leaves(msgspec.to_builtins(vignette.expect))
    )
    plan = outcome.plan
    cited = tuple(dict.fromkeys((*vignette.expect.cites, *(_holding(plan) if plan else ()))))
    met = tuple(dispute.id for dispute in plan.disputes) if plan else ()
    return Shown(vignette, page, expected, outcome, cited, met)


def _leaves(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every value that is set, with the keys that lead to it; what is empty expects nothing."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # Candidates stand beside the decision's own keys, not below one.
            yield from _leaves(inner, keys if key == "candidates" else (*keys, str(key)))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _leaves(inner, keys)
    elif value is not None:
        yield keys, str(value).lower() if isinstance(value, bool) else str(value)


def _missed(keys: tuple[str, ...], missed: set[str]) -> bool:
    """Whether a difference is about these keys. Differences leave out a key called ``status``."""
    path = ".".join(key for key in keys if key != "status")
    return any(each == path or each.startswith((f"{path}.", f"{path}[")) for each in missed)


# -- what holds in a plan ----------------------------------------------------------------------


def _holding(plan: Plan) -> Iterator[str]:
    """The statements cited by reasons that are true, alerts that are raised, advice to be done."""
    for alert in plan.alerts:
        yield from alert.cites
    for decision in plan.decisions:
        if decision.status == "live":
            for candidate in decision.candidates:
                yield from _cites(_reasons(candidate))
    for drug in plan.drugs:
        yield from _cites(drug.hazards)
    for item in plan.advice:
        if item.status == "do":
            yield from item.cites


def _reasons(candidate: CandidateResult) -> Iterator[Reason]:
    yield from candidate.reasons
    for part in candidate.parts:
        yield from _hazards(part)


def _hazards(part: PartResult) -> Iterator[Reason]:
    yield from part.hazards
    for member in part.members:
        yield from _hazards(member)


def _cites(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        if reason.value == "true":
            yield from reason.cites


# -- links back --------------------------------------------------------------------------------


class Trials(NamedTuple):
    """The vignettes by what they are about."""

    by_statement: Mapping[str, tuple[Shown, ...]]
    by_dispute: Mapping[str, tuple[Shown, ...]]
    by_item: Mapping[tuple[str, str], tuple[Shown, ...]]
    """By (kind, id) of what their expectations name."""
    by_reference: Mapping[str, tuple[Shown, ...]]
    """Published cases by their reference."""


def trials(cases: Iterable[Shown]) -> Trials:
    """All links from the guideline to its vignettes."""
    statements: dict[str, list[Shown]] = {}
    disputes: dict[str, list[Shown]] = {}
    items: dict[tuple[str, str], list[Shown]] = {}
    references: dict[str, list[Shown]] = {}
    for case in cases:
        for id_ in case.statements:
            statements.setdefault(id_, []).append(case)
        for id_ in case.disputes:
            disputes.setdefault(id_, []).append(case)
        for item in named(case):
            items.setdefault(item, []).append(case)
        references.setdefault(case.vignette.source, []).append(case)
    return Trials(
        {key: tuple(found) for key, found in statements.items()},
        {key: tuple(found) for key, found in disputes.items()},
        {key: tuple(found) for key, found in items.items()},
        {key: tuple(found) for key, found in references.items()},
    )


def named(case: Shown) -> tuple[tuple[str, str], ...]:
    """(kind, id) of everything that the expectations of a vignette name."""
    return tuple(
        dict.fromkeys(item for expected in case.expected for item in items_of(expected.keys))
    )


_SUBJECTS: Mapping[str, str] = {
    "drugs": "drug",
    "doses": "drug",
    "alerts": "alert",
    "advice": "advice",
    "facts": "fact",
    "findings": "definition",
}


def items_of(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(kind, id) of the things that the keys of one expectation name, outermost first."""
    head, *rest = keys
    if head in _SUBJECTS and rest:
        return ((_SUBJECTS[head], rest[0]),)
    if head != "decisions" or not rest:
        return ()
    found = [("decision", rest[0])]
    if len(rest) > 1 and rest[1] not in ("status", "gaps"):
        found.append(("candidate", f"{rest[0]}/{rest[1]}"))
        if len(rest) > 3 and rest[2] == "parts":
            found.append(("part", rest[3]))
    return tuple(found)
