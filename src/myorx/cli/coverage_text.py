"""``check --coverage``: the ledger by section and status, and the source sentence by sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from myorx.cli import exits
from myorx.cli.layout import pad
from myorx.cli.rows import Row, Tone, heading, rows, show
from myorx.cli.words import Language, say, word
from myorx.guideline.coverage import (
    STATUSES,
    SectionCoverage,
    SourceCoverage,
    coverage,
    section_of,
    source_coverage,
)
from myorx.guideline.models import Guideline, Statement

SCHEMA = "myorx.coverage/1"

_CELL = 13


def show_coverage(
    guideline: Guideline, paper: Path | None, lang: Language, output: str, *, verbose: bool
) -> int:
    """Print how much of the source is encoded; the exit code."""
    source = source_coverage(guideline, _text(paper)) if paper is not None else None
    if output == "json":
        document = msgspec.json.encode(_document(guideline, source))
        sys.stdout.buffer.write(msgspec.json.format(document) + b"\n")
    else:
        show(_rows(guideline, source, lang, verbose=verbose))
    return exits.OK if source is None or source.complete else exits.FAULTS


def _text(paper: Path) -> str:
    try:
        return paper.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise click.BadParameter(
            f"cannot read {paper}: {why}; name the text of the source (UTF-8)",
            param_hint="--paper",
        ) from None


def _document(guideline: Guideline, source: SourceCoverage | None) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "guideline": guideline.manifest.id,
        "version": guideline.manifest.version,
        "sections": [
            {
                "section": section.section,
                "counts": section.counts,
                "total": section.total,
                "statements": [
                    {"id": s.id, "status": s.status, "kind": s.kind, "says": s.says}
                    for s in _of(guideline, section)
                ],
            }
            for section in coverage(guideline)
        ],
        "source": source,
    }


def _of(guideline: Guideline, section: SectionCoverage) -> Iterator[Statement]:
    for statement in guideline.statements.values():
        if section_of(statement.id) == section.section:
            yield statement


# -- as text -----------------------------------------------------------------------------------


def _rows(
    guideline: Guideline, source: SourceCoverage | None, lang: Language, *, verbose: bool
) -> list[Row]:
    manifest, sections = guideline.manifest, coverage(guideline)
    out = [Row(f"MyoRx · {manifest.id} {manifest.version} · {word('coverage', lang)}", "head")]
    out += rows(say(manifest.title, lang), "dim")
    out += [Row("")]
    words = [word("section", lang), *(word(f"status_{status}", lang) for status in STATUSES)]
    out.append(_line([*words, word("coverage_all", lang)], "dim"))
    for section in sections:
        numbers = [section.counts[status] for status in STATUSES]
        out.append(_line([f"§{section.section}", *map(str, numbers), str(section.total)]))
    totals = [sum(section.counts[status] for section in sections) for status in STATUSES]
    out.append(_line([word("coverage_all", lang), *map(str, totals), str(sum(totals))], "head"))
    if verbose:
        for section in sections:
            out += _listed(guideline, section, lang)
    return [*out, Row(""), *_source(source, lang)]


def _line(cells: list[str], tone: Tone = "plain") -> Row:
    first, *others = cells
    line = pad(first, _CELL - 2) + "".join(pad(cell, _CELL) for cell in others[:-1]) + others[-1]
    return Row(line.rstrip(), tone)


def _listed(guideline: Guideline, section: SectionCoverage, lang: Language) -> list[Row]:
    out = heading(f"§{section.section}")
    for status in STATUSES:
        found = [s for s in _of(guideline, section) if s.status == status]
        if found:
            out += rows(f"{word(f'status_{status}', lang)} ({len(found)})", first="  ")
        for statement in found:
            out += rows(say(statement.says, lang), "dim", first=f"    {pad(statement.id, 7)} ")
    return out


def _source(source: SourceCoverage | None, lang: Language) -> list[Row]:
    if source is None:
        return rows(word("coverage_no_paper", lang), "dim")
    accounted = source.sentences - len(source.unaccounted)
    said = word("coverage_sentences", lang).format(accounted=accounted, all=source.sentences)
    out = rows(said, "good" if source.complete else "warning")
    for sentence in source.unaccounted:
        out += rows(sentence.text, "warning", first=f"  §{sentence.section or '0'} ", rest="     ")
    if source.unaccounted:
        out += rows(word("coverage_remedy", lang), first="  ")
    if source.misplaced:
        out += rows(f"{word('coverage_misplaced', lang)} {', '.join(source.misplaced)}", "warning")
    return out
