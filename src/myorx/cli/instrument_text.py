"""Instruments as text: the list, what one takes and gives, and a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from myorx.cli.layout import columns, pad
from myorx.cli.rows import Row, Tone, heading, rows
from myorx.cli.words import Language, word
from myorx.instruments.describe import About, Choice, Input, Source, Words
from myorx.instruments.result import Result, Value

_WIDE = 26
"""Columns for a name before its text; longer names push the text along."""


def list_rows(abouts: Iterable[About], lang: Language) -> list[Row]:
    """Every instrument by name, with its purpose."""
    out = [Row(word("instruments", lang), "head")]
    for about in abouts:
        text = f"{_in(about.names, lang)}: {_in(about.purpose, lang)}"
        out += rows(text, first=_first(about.id), rest=" " * (_WIDE + 2))
    return out


def about_rows(about: About, lang: Language) -> list[Row]:
    """What an instrument takes and gives, where it is valid, and where it is from."""
    out = rows(f"{about.id} · {_in(about.names, lang)}", "head")
    out += rows(_in(about.purpose, lang), first="  ")
    out += heading(word("instrument_takes", lang))
    for each in about.inputs:
        out += rows(_input(each, lang), first=_first(each.id), rest=" " * (_WIDE + 2))
    out += heading(word("instrument_gives", lang))
    for output in about.outputs:
        choices = _choices(output.choices)
        unit = "" if output.unit is None else f" ({output.unit})"
        text = f"{_in(output.label, lang)}{unit}{': ' + choices if choices else ''}"
        out += rows(text, first=_first(output.id), rest=" " * (_WIDE + 2))
    return [*out, *_ends(about.limits, about.sources, lang)]


def result_rows(result: Result, lang: Language) -> list[Row]:
    """The values, what they mean, what to mind, limits and sources."""
    out = rows(f"{result.instrument} · {_in(result.names, lang)}", "head")
    out += rows(_in(result.notice, lang), "dim", first="  ")
    width = max(columns(_in(value.label, lang)) for value in result.values)
    for value in result.values:
        out += _value(value, width, lang)
    out += _listed("instrument_says", result.interpretation, lang)
    out += _listed("instrument_warns", result.warnings, lang, "warning")
    return [*out, *_ends(result.limits, result.sources, lang)]


def _value(value: Value, width: int, lang: Language) -> list[Row]:
    shown = _in(value.shown, lang)
    if not value.verified:
        shown += f" · {word('not_verified', lang)}"
    return rows(shown, first=f"  {pad(_in(value.label, lang), width)}  ")


def _input(each: Input, lang: Language) -> str:
    parts = [_in(each.label, lang), _allowed(each, lang)]
    if each.help is not None:
        parts.append(_in(each.help, lang))
    if each.default is not None:
        parts.append(word("instrument_default", lang).format(value=each.default))
    if each.required:
        parts.append(word("instrument_required", lang))
    return " · ".join(part for part in parts if part)


def _allowed(each: Input, lang: Language) -> str:
    match each.type:
        case "boolean":
            return word("instrument_yes_no", lang)
        case "choice":
            return _choices(each.choices)
        case "number":
            unit = "" if each.unit is None else f" {each.unit}"
            low, high = str(each.low), str(each.high)
            return word("instrument_range", lang).format(low=low, high=high, unit=unit)


def _choices(choices: Sequence[Choice]) -> str:
    return " | ".join(choice.id for choice in choices)


def _ends(limits: Iterable[Words], sources: Iterable[Source], lang: Language) -> list[Row]:
    out = _listed("instrument_limits", limits, lang)
    out += heading(word("instrument_sources", lang))
    for source in sources:
        checked = word("verified" if source.verified else "not_verified", lang)
        out += rows(f"{source.says} · {checked}", "dim", first="  - ")
    return out


def _listed(title: str, texts: Iterable[Words], lang: Language, tone: Tone = "plain") -> list[Row]:
    """A heading and its lines; nothing where there are none."""
    lines = [row for text in texts for row in rows(_in(text, lang), tone, first="  - ")]
    return [*heading(word(title, lang)), *lines] if lines else []


def _first(name: str) -> str:
    return f"  {pad(name, _WIDE - 1)} "


def _in(words: Words, lang: Language) -> str:
    return words.zh if lang == "zh" else words.en
