"""Two guidelines side by side as text: what was changed in the files, then whose plan differs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from myorx.cli.rows import Row, Tone, heading, rows, rule
from myorx.cli.words import Language, say, word
from myorx.plan.comparison import Change, Stand
from myorx.plan.diff.model import Edit, GuidelineDiff, ItemChange, Version, VignetteChange

_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_TONES: dict[str, Tone] = {"added": "good", "removed": "warning", "changed": "plain"}
_LONGEST = 400
"""So many characters of one value are shown; JSON has them all."""


def diff_rows(diff: GuidelineDiff, lang: Language) -> list[Row]:
    """The whole difference in rows of at most 80 columns."""
    out = [Row(f"MyoRx · {word('diff', lang)}", "head")]
    out += rows(_version(diff.a, lang), first="A  ")
    out += rows(_version(diff.b, lang), first="B  ")
    out.append(rule())
    if diff.same:
        out += rows(word("diff_same", lang), "good")
    for kind, items in groupby(diff.items, key=lambda item: item.kind):
        out += heading(word(f"diff_{kind}", lang))
        for item in items:
            out += _item(item, lang)
    return [*out, *_vignettes(diff, lang)]


def _version(version: Version, lang: Language) -> str:
    text = f"{version.guideline} {version.version} ({version.date}), {version.source_hash[:12]}"
    if version.vignettes is None:
        return f"{text}; {word('diff_no_vignettes', lang)}"
    return f"{text}; {word('diff_vignettes', lang).format(count=version.vignettes)}"


# -- the files ---------------------------------------------------------------------------------


def _item(item: ItemChange, lang: Language) -> list[Row]:
    names = f" · {say(item.names, lang)}" if item.names is not None else ""
    out = rows(f"{item.id}{names}", _TONES[item.turn], first=f"  {_MARKS[item.turn]} ")
    for edit in item.edits:
        out += _edit(edit, lang)
    return out


def _edit(edit: Edit, lang: Language) -> Iterator[Row]:
    same = f" ({word('diff_same_meaning', lang)})" if edit.same_meaning else ""
    yield from rows(f"{edit.path}{same}", "dim", first="      ")
    if edit.before is not None:
        yield from rows(_short(edit.before), "warning", first="      - ")
    if edit.after is not None:
        yield from rows(_short(edit.after), "good", first="      + ")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


# -- the vignettes -----------------------------------------------------------------------------


def _vignettes(diff: GuidelineDiff, lang: Language) -> list[Row]:
    if not diff.cases:
        return [Row(""), *rows(word("diff_none_run", lang), "dim")]
    counts = word("diff_results", lang).format(count=len(diff.vignettes), cases=diff.cases)
    out = [*heading(word("diff_whose", lang)), *rows(counts, first="  ")]
    for vignette in diff.vignettes:
        out += _vignette(vignette, lang)
    return out


def _vignette(vignette: VignetteChange, lang: Language) -> list[Row]:
    whose = (
        ""
        if vignette.case_of == "both"
        else f" ({word('diff_case_of', lang)} {vignette.case_of.upper()})"
    )
    out = rows(f"{vignette.id}{whose} · {say(vignette.title, lang)}", "head", first="  ■ ")
    if vignette.refused_before or vignette.refused_after:
        sides = (
            _refused(codes, lang) for codes in (vignette.refused_before, vignette.refused_after)
        )
        out += rows(" → ".join(sides), "warning", first="      ")
    for change in vignette.changes:
        out += rows(_change(change, lang), first="      ")
    return out


def _refused(codes: tuple[str, ...], lang: Language) -> str:
    if not codes:
        return word("diff_planned", lang)
    return f"{word('diff_refused', lang)} ({', '.join(codes)})"


def _change(change: Change, lang: Language) -> str:
    stands = f"{_stand(change.before, lang)} → {_stand(change.after, lang)}"
    return f"{word(f'kind_{change.kind}', lang)} {change.id}: {stands}"


def _stand(stand: Stand | None, lang: Language) -> str:
    return word("since_absent", lang) if stand is None else say(stand.says, lang)
