"""The calendar of a plan as text: may a dose be brought down, and what is due when."""

from __future__ import annotations

from myorx.cli.rows import Row, Tone, heading, rows
from myorx.cli.taper_text import taper_rows
from myorx.cli.words import Language, say, word
from myorx.plan.model import Calendar, CalendarEntry, Remark, TaperOutlook, TaperState

_TONES: dict[TaperState, Tone] = {
    "may_start": "good",
    "with_caution": "critical",
    "not_yet": "warning",
    "cause_first": "warning",
    "at_target": "plain",
    "undetermined": "warning",
}


def calendar_rows(calendar: Calendar | None, lang: Language) -> list[Row]:
    """The section of a plan; nothing where nothing lies ahead."""
    if calendar is None:
        return []
    out = heading(word("calendar", lang))
    for outlook in calendar.tapers:
        out += outlook_rows(outlook, lang)
    for entry in calendar.entries:
        out += _entry(entry, lang)
    return out


def outlook_rows(outlook: TaperOutlook, lang: Language) -> list[Row]:
    """Whether a taper may begin, why, and its staircase where it may."""
    colon = "：" if lang == "zh" else ": "
    text = f"{say(outlook.names, lang)}{colon}{say(outlook.says, lang)}"
    out = rows(text, _TONES[outlook.state], first="  ■ ")
    for caution in outlook.cautions:
        out += _remark(caution, "critical", lang, first="    ! ")
    for reason in outlook.why:
        out += _remark(reason, "plain", lang, first="    · ")
    if outlook.plan is not None:
        out += taper_rows(outlook.plan, lang)
    return out


def _entry(entry: CalendarEntry, lang: Language) -> list[Row]:
    colon = "：" if lang == "zh" else ": "
    basis = f" ({word('inferred', lang)})" if entry.basis == "inferred" else ""
    text = f"{say(entry.label, lang)}{colon}{say(entry.says, lang)}{basis}{_cited(entry.cites)}"
    tone: Tone = "dim" if entry.passed or entry.rhythm is not None else "plain"
    return rows(text, tone, first="  - ")


def _remark(remark: Remark, tone: Tone, lang: Language, *, first: str) -> list[Row]:
    basis = f" ({word('inferred', lang)})" if remark.basis == "inferred" else ""
    return rows(f"{say(remark.says, lang)}{basis}{_cited(remark.cites)}", tone, first=first)


def _cited(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""
