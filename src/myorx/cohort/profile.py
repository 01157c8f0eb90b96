"""What a table holds before anything is concluded from it: mapped or not, units, faults, gaps."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from myorx.cohort.engine import Engine
from myorx.cohort.input.ahead import ahead
from myorx.cohort.input.mapping import FactColumn, near_misses
from myorx.cohort.report.page import most_open
from myorx.cohort.run import Progress, Task, opened
from myorx.cohort.tally import Tally, add, tally
from myorx.cohort.texts import say
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text

_MOST = 25


class FactProfile(msgspec.Struct, frozen=True):
    """One fact of the table."""

    fact: str
    column: str
    unit: str | None
    unit_column: str | None
    day_column: str | None
    outcomes: dict[str, int]
    faults: dict[str, int]
    samples: dict[str, tuple[str, Text]]
    """For each fault: a text that has it, and what is wrong."""
    stale: int
    contradicted: int


class Cost(msgspec.Struct, frozen=True):
    """What it costs that a fact is unknown."""

    fact: str
    in_table: bool
    rows: int
    decisions: int
    candidates: int
    advice: int


class Profile(msgspec.Struct, frozen=True):
    """Everything about one table."""

    table: str
    rows: dict[str, int]
    rejected: dict[str, int]
    units_row: bool
    duplicates: int
    facts: tuple[FactProfile, ...]
    unmapped: dict[str, tuple[str, ...]]
    """Columns that are not used, each with the facts it may mean."""
    ignored: tuple[str, ...]
    """Columns that the mapping file leaves out on purpose."""
    costs: tuple[Cost, ...]
    """Facts that leave something open, most rows first."""
    therapies: dict[str, int]
    """Rows of the therapies: read, rejected."""
    lines: dict[str, int]
    """What was wrong with lines of therapies, by code."""


def profile(task: Task, progress: Progress | None = None) -> Profile:
    """Read a whole table as a run would. Raises TableError as ``run`` does."""
    with tempfile.TemporaryDirectory() as folder:
        recipe = opened(task, Path(folder))
        engine, reader = Engine(task.guideline), recipe.reader()
        summary: Tally = {}
        samples: dict[str, dict[str, tuple[str, Text]]] = {}
        rows = 0
        for number, chunk in enumerate(ahead(lambda: recipe.table.chunks(task.rows))):
            read = reader.read(chunk)
            summary = add(summary, tally(engine, read, engine.run(read.batch, explain=True)))
            for fact, each in read.facts.items():
                here = samples.setdefault(fact, {})
                samples[fact] = {**each.samples, **here}
            rows += chunk.read
            if progress is not None:
                progress(rows, number + 1)
        lines: dict[str, int] = {}
        therapies = recipe.therapies
        if therapies is not None:
            lines = {"read": therapies.read, "rejected": len(therapies.rejected)}
            therapies.close()
    mapping = recipe.mapping
    return Profile(
        table=task.table.name,
        rows=summary.get("rows", {"read": 0, "used": 0, "rejected": 0}),
        rejected=summary.get("rejected", {}),
        units_row=recipe.table.has_units_row,
        duplicates=len(recipe.duplicates),
        facts=tuple(
            _fact(each, recipe.table.units, summary, samples.get(each.fact, {}))
            for each in mapping.facts
        ),
        unmapped={name: near_misses(name, task.guideline) for name in mapping.unmapped},
        ignored=mapping.ignored,
        costs=tuple(
            Cost(
                fact,
                any(each.fact == fact for each in mapping.facts),
                number,
                cost["decision"],
                cost["candidate"],
                cost["advice"],
            )
            for fact, number, cost in most_open(summary)
        ),
        therapies=lines,
        lines=summary.get("therapies", {}),
    )


def _fact(
    each: FactColumn,
    units: Mapping[str, str],
    summary: Tally,
    samples: Mapping[str, tuple[str, Text]],
) -> FactProfile:
    found: Mapping[str, Any] = summary.get("facts", {}).get(each.fact, {})
    return FactProfile(
        each.fact,
        each.column,
        each.unit or units.get(each.column),
        each.unit_column,
        each.day_column,
        found.get("outcomes", {}),
        found.get("faults", {}),
        dict(samples),
        summary.get("stale", {}).get(each.fact, 0),
        summary.get("contradicted", {}).get(each.fact, 0),
    )


def written(found: Profile, guideline: Guideline, lang: str) -> Iterator[str]:
    """A profile as lines of text, ``lang`` being ``zh`` or ``en``."""

    def words(text: Text) -> str:
        return text.zh if lang == "zh" else text.en

    def line(key: str, **slots: Text | str | int) -> str:
        return words(say(key, **slots))

    def label(fact: str) -> str:
        return f"{words(guideline.facts[fact].label)} ({fact})"

    counts = {name: f"{number:,}" for name, number in found.rows.items()}
    yield line("p_table", path=found.table, **counts)
    if found.units_row:
        yield line("p_units_row")
    if found.duplicates:
        yield line("p_duplicates", count=f"{found.duplicates:,}")
    if found.therapies:
        numbers = {name: f"{number:,}" for name, number in found.therapies.items()}
        yield line("p_therapy_lines", **numbers)
    if found.lines.get("later"):
        yield line("p_later", count=f"{found.lines['later']:,}")
    if found.rejected:
        yield ""
        yield line("p_rejected")
        for code, number in sorted(found.rejected.items()):
            yield f"  {number:>9,}  {line(code, found='…', first='…')}"
    yield ""
    yield line("p_mapped")
    for each in found.facts:
        total = sum(each.outcomes.values())
        unknown = total - each.outcomes.get("known", 0) + each.stale + each.contradicted
        share = f"{100 * unknown / total:.0f} %" if total else "–"
        notes = [_unit(each, guideline, line), line("p_unknown", share=share)]
        if each.day_column is not None:
            notes.append(line("p_day_column", column=each.day_column))
        parts = [
            f"{line('o_' + reason)} {number:,}"
            for reason, number in (
                *sorted(each.outcomes.items()),
                ("stale", each.stale),
                ("contradicted", each.contradicted),
            )
            if number and reason != "known"
        ]
        yield f"  {each.column} → {label(each.fact)}: {'; '.join(filter(None, notes + parts))}"
    faults = [(each, code) for each in found.facts for code in each.faults]
    if faults:
        yield ""
        yield line("p_faults")
        for each, code in faults:
            _, says = each.samples[code]
            yield f"  {each.faults[code]:>9,}  {words(says)}"
    others = {code: number for code, number in found.lines.items() if code != "later"}
    if others:
        yield ""
        yield line("p_line_faults")
        for code, number in sorted(others.items()):
            yield f"  {number:>9,}  {code}"
    if found.unmapped:
        yield ""
        yield line("p_unmapped")
        for column, near in found.unmapped.items():
            hint = "" if not near else "  " + line("p_near", names=", ".join(map(label, near)))
            yield f"  {column}{hint}"
    for key, inside in (("p_open", True), ("p_absent", False)):
        costs = [each for each in found.costs if each.in_table is inside][:_MOST]
        if costs:
            yield ""
            yield line(key)
            for cost in costs:
                yield f"  {label(cost.fact)}: " + line(
                    "p_cost",
                    rows=f"{cost.rows:,}",
                    decisions=cost.decisions,
                    candidates=cost.candidates,
                    advice=cost.advice,
                )


def _unit(each: FactProfile, guideline: Guideline, line: Any) -> str:
    if each.unit_column is not None:
        return str(line("p_unit_column", column=each.unit_column))
    if each.unit is not None:
        return str(line("p_unit", unit=each.unit))
    fact = guideline.facts[each.fact]
    if fact.type == "quantity" and fact.unit is not None and not fact.unit_required:
        return str(line("p_own_unit", unit=fact.unit))
    return ""
