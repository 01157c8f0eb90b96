"""A file or pasted text -> the form; a case, or any of the formats that are read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from myorx.exchange.codes import Codes
from myorx.exchange.detect import detect
from myorx.exchange.foreign import read_foreign
from myorx.exchange.report import Format, Report, UnreadableError
from myorx.facts import CaseError
from myorx.facts.document import Document, opened
from myorx.facts.faults import MOST_SHOWN
from myorx.facts.scalars import day_or_period
from myorx.facts.spelling import key
from myorx.facts.words import CASE_FIELDS
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.web.case.filled import filled
from myorx.web.case.form import Form
from myorx.web.case.words import WORDS
from myorx.web.frame.words import side

_MOST: Final = 100
"""So many lines of one list are shown."""


class Opened(msgspec.Struct, frozen=True):
    """What is said of what was opened."""

    says: str
    lines: tuple[str, ...] = ()
    """Reasons why it could not be opened."""
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Head and lines of each list: left out, used, refused."""
    source: str = ""
    """Of an example: where it was published."""

    @property
    def failed(self) -> bool:
        """Whether nothing came of it."""
        return bool(self.lines)


def open_case(
    data: bytes, day: str, guideline: Guideline, codes: Codes, lang: Language
) -> tuple[Form | None, Opened]:
    """The form of what ``data`` holds, None where nothing can be made of it.

    ``day`` is the date of the case as the user typed it, for files that have none.
    """
    if not data.strip():
        return None, _failed([_word("nothing_to_open", lang)], lang)
    try:
        form = detect(data, guideline)
        if form is not None:
            return _foreign(data, form, day, guideline, codes, lang)
        document = opened(data)
    except CaseError as error:
        return None, _failed(error.lines(lang), lang)
    except UnreadableError as error:
        return None, _failed(error.lines(lang), lang)
    return _case(document, day, guideline, lang)


def _case(
    document: Document, day: str, guideline: Guideline, lang: Language
) -> tuple[Form, Opened]:
    dated = any(CASE_FIELDS.get(key(name)) == "as_of" for name in document)
    made = filled(document if dated else {"as_of": day, **document}, guideline)
    left = (_word("left", lang), _cut(made.left, lang))
    return made.form, Opened(_word("opened", lang), lists=(left,))


def _foreign(
    data: bytes, form: Format, day: str, guideline: Guideline, codes: Codes, lang: Language
) -> tuple[Form | None, Opened]:
    found = day_or_period(day)
    if found is None or found.exact is None:
        return None, _failed([f"{_word('open_day', lang)}: {day or '—'}"], lang)
    as_of: date = found.exact
    imported = read_foreign(data, guideline, as_of, codes, form=form)
    report = imported.report
    made = filled(imported.document, guideline)
    says = _word("opened_from", lang).format(
        format=_word(f"format_{form}", lang), used=len(report.used), ignored=len(report.ignored)
    )
    notes = tuple(side(each.says, lang) for each in report.notes)
    return made.form, Opened(
        " ".join((says, *notes)),
        lists=(
            (_word("left", lang), _cut(made.left, lang)),
            (_word("refused_values", lang), _cut(_refused(report, lang), lang)),
            (_word("used", lang), _cut(_used(report, lang), lang)),
            (_word("ignored", lang), _cut(_ignored(report, lang), lang)),
        ),
    )


def _used(report: Report, lang: Language) -> Iterable[str]:
    for each in report.used:
        notes = "".join(f"; {side(note.says, lang)}" for note in each.notes)
        on = f" ({each.on})" if each.on else ""
        yield f"{side(each.label, lang)}: {each.value}{on} ← {each.where}, {each.by}{notes}"


def _ignored(report: Report, lang: Language) -> Iterable[str]:
    for each in report.ignored:
        yield f"{each.where}: {each.what[:60]}: {side(each.why.says, lang)}"


def _refused(report: Report, lang: Language) -> Iterable[str]:
    for each in report.refused[:MOST_SHOWN]:
        yield each.text(lang)


def _cut(lines: Iterable[str], lang: Language) -> tuple[str, ...]:
    found = tuple(lines)
    if len(found) <= _MOST:
        return found
    more = _word("more_of_them", lang).format(count=len(found) - _MOST)
    return (*found[:_MOST], more)


def _failed(lines: Iterable[str], lang: Language) -> Opened:
    return Opened(_word("not_opened", lang), lines=tuple(lines))


def _word(name: str, lang: Language) -> str:
    return side(WORDS[name], lang)
