"""What an import used, what it left out and why, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from myorx.cli.words import Language, say, word
from myorx.exchange.report import Ignored, Report
from myorx.facts.faults import MOST_SHOWN

_ALIKE = 3
"""So many alike are named one by one; of more only how many there are."""


def report_lines(report: Report, lang: Language) -> Iterator[str]:
    """The report, a line for each thing; many alike together."""
    head = word("import_head", lang)
    yield head.format(
        format=word(f"import_{report.format}", lang),
        used=len(report.used),
        ignored=len(report.ignored),
    )
    for note in report.notes:
        yield f"  {say(note.says, lang)}"
    if report.used:
        yield word("import_used", lang)
    for used in report.used:
        notes = "".join(f"; {say(each.says, lang)}" for each in used.notes)
        on = f" ({used.on})" if used.on else ""
        label = say(used.label, lang)
        yield f"  {label}: {used.value}{on} ← {used.where}, {used.by}{notes}"
    if report.ignored:
        yield word("import_ignored", lang)
    yield from _ignored(report.ignored, lang)
    if report.refused:
        yield word("import_refused", lang)
    for fault in report.refused[:MOST_SHOWN]:
        yield f"  {fault.text(lang)}"
    more = len(report.refused) - MOST_SHOWN
    if more > 0:
        yield "  " + word("import_more", lang).format(count=more)


def _ignored(ignored: tuple[Ignored, ...], lang: Language) -> Iterator[str]:
    alike = Counter(_kind(each, lang) for each in ignored)
    shown: set[tuple[str, str]] = set()
    for each in ignored:
        what, why = kind = _kind(each, lang)
        if alike[kind] <= _ALIKE:
            yield f"  {each.where}: {what}: {why}"
        elif kind not in shown:
            shown.add(kind)
            count = word("import_times", lang).format(count=alike[kind])
            yield f"  {each.where}: {what}: {why} ({count})"


def _kind(each: Ignored, lang: Language) -> tuple[str, str]:
    return each.what[:60], say(each.why.says, lang)
