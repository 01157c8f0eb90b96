"""The dictionary of facts as text or JSON: what a case may hold, in which units, how to ask."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import msgspec

from myorx.cli.layout import pad
from myorx.cli.rows import Row, heading, rows, show
from myorx.cli.words import Language, say, word
from myorx.facts import Row as FactRow
from myorx.facts import dictionary
from myorx.guideline.faults import near
from myorx.guideline.models import Guideline


def show_facts(guideline: Guideline, fact: str | None, lang: Language, output: str) -> None:
    """Print the dictionary, or one fact of it."""
    table = dictionary(guideline)
    chosen = table if fact is None else (_find(table, fact),)
    if output == "json":
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(chosen)) + b"\n")
        return
    show(_table(guideline, table, lang) if fact is None else _one(chosen[0], lang))


def _find(table: Sequence[FactRow], name: str) -> FactRow:
    for row in table:
        if name in (row.id, row.label.zh, row.label.en, *row.also):
            return row
    meant = near(name, [row.id for row in table])
    hint = f"did you mean {meant}?" if meant else "`myorx facts` lists them all"
    raise click.BadParameter(f"there is no fact {name!r}; {hint}", param_hint="FACT")


def _table(guideline: Guideline, table: Sequence[FactRow], lang: Language) -> list[Row]:
    out: list[Row] = []
    for group in guideline.groups.values():
        members = [row for row in table if row.group == group.id]
        if not members:
            continue
        out += heading(f"{say(group.label, lang)} ({group.id})")
        for row in members:
            origin = "" if row.given else f" [{word('derived', lang)}]"
            text = f"{say(row.label, lang)}{origin} · {_kind(row, lang)}"
            out += rows(text, "plain" if row.given else "dim", first=pad(f"  {row.id}", 30) + " ")
    return out


def _kind(row: FactRow, lang: Language) -> str:
    if row.type == "code":
        return " | ".join(code.id for code in row.values)
    if row.type != "quantity":
        return row.type
    units = ", ".join(filter(None, (row.unit, *row.accepted)))
    return f"{units} ({word('unit_required', lang)})" if row.unit_required else units


def _one(row: FactRow, lang: Language) -> list[Row]:
    out = [Row(f"{row.id} · {row.label.zh} · {row.label.en}", "head")]
    out += rows(_kind(row, lang), first="  ")
    parts: list[tuple[str, str]] = []
    if row.question is not None:
        parts.append(("question", say(row.question, lang)))
    if row.plausible is not None:
        parts.append(("plausible", f"{row.plausible[0]} – {row.plausible[1]} {row.unit or ''}"))
    if row.max_age is not None:
        parts.append(("max_age", row.max_age))
    parts.append(("absent", word("unknown" if row.absent == "unknown" else "absent_no", lang)))
    parts += [("values", f"{c.id}: {say(c.label, lang)} ({', '.join(c.also)})") for c in row.values]
    if row.also:
        parts.append(("aliases", ", ".join(row.also)))
    parts += [("refuses", f"{unit}: {say(says, lang)}") for unit, says in row.refused]
    parts += [("inferred", say(says, lang)) for says in row.inferred]
    if row.derived is not None:
        parts.append(("derived", row.derived))
    if row.instrument is not None:
        parts.append(("computed_by", f"myorx instrument {row.instrument}"))
    if row.codes:
        parts.append(("codes", ", ".join(f"{k} {v}" for k, v in sorted(row.codes.items()))))
    for key, text in parts:
        out += rows(text, first=f"  {word(key, lang)}: ", rest="      ")
    return out + (rows(say(row.note, lang), "dim", first="  ") if row.note is not None else [])
