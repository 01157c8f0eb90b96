"""A comparison as text: versions first, then what changed and why, then what made no difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from myorx.cli.plan_text import headline_rows, listed
from myorx.cli.rows import Row, Tone, heading, rows, rule
from myorx.cli.words import Language, say, word
from myorx.plan.comparison import Cause, Change, Comparison, Stand
from myorx.plan.model import Plan

_OF_A_DECISION = frozenset({"decision", "candidate", "gap"})
_SECTIONS = (
    ("since_alerts", frozenset({"outside", "alert"})),
    ("decisions", _OF_A_DECISION),
    ("drugs", frozenset({"drug"})),
    ("since_doses", frozenset({"dose"})),
    ("advice", frozenset({"advice"})),
)
_OF_THE_PROGRAM = frozenset({"guideline", "version", "engine", "setting"})
_BY_THEIR_WORDS = frozenset({"outside", "alert", "gap"})
_ABSENT = {
    "decision": "since_not_live",
    "advice": "since_not_live",
    "candidate": "not_indicated",
}
_MOST_CAUSES = 5
_GRAVE = frozenset({"excluded", "contraindicated", "conflict", "critical"})
_LESS = frozenset({"blocked", "contested", "warning", "caution", "advised_against"})


def comparison_rows(comparison: Comparison, later: Plan, lang: Language) -> list[Row]:
    """The whole comparison, and the headline of the later plan, in rows of at most 80 columns."""
    return [
        *_title(comparison, lang),
        *_versions(comparison, lang),
        *_causes(comparison, lang),
        *_changes(comparison, lang),
        *_needs(comparison, lang),
        *_without_effect(comparison, lang),
        *heading(word("since_now", lang)),
        *headline_rows(later, lang),
    ]


def _title(comparison: Comparison, lang: Language) -> list[Row]:
    later = comparison.later
    days = f"{comparison.earlier.as_of} → {later.as_of}"
    out = [Row(f"MyoRx · {later.guideline} {later.version} · {word('since', lang)} {days}", "head")]
    out += rows(say(comparison.title, lang), "dim")
    out += rows(f"{say(comparison.review, lang)} · {say(comparison.notice, lang)}", "dim")
    for remark in comparison.remarks:
        out += rows(say(remark, lang), "warning", first="! ")
    return [*out, rule()]


def _versions(comparison: Comparison, lang: Language) -> list[Row]:
    """What the guideline, its settings and the program did; first, since all else rests on it."""
    differ = [cause for cause in comparison.causes if cause.kind in _OF_THE_PROGRAM]
    if not differ:
        return rows(word("since_same_version", lang), "dim")
    return [row for cause in differ for row in rows(say(cause.says, lang), "warning", first="‼ ")]


def _causes(comparison: Comparison, lang: Language) -> list[Row]:
    shown = [
        cause
        for cause in comparison.causes
        if cause.kind not in _OF_THE_PROGRAM and cause.matters is not False
    ]
    if not shown:
        return []
    out = heading(word("since_causes" if comparison.attributed else "since_differences", lang))
    for cause in shown:
        out += rows(say(cause.says, lang), first="  - ")
    return out


# -- changes -----------------------------------------------------------------------------------


def _changes(comparison: Comparison, lang: Language) -> list[Row]:
    if not comparison.changes:
        return [Row(""), *rows(word("since_nothing", lang), "good")]
    names = {cause.id: cause for cause in comparison.causes}
    out: list[Row] = []
    for key, kinds in _SECTIONS:
        changes = [change for change in comparison.changes if change.kind in kinds]
        if changes:
            out += heading(word(key, lang))
            out += _section(changes, names, lang)
    return out


def _section(changes: Iterable[Change], causes: dict[str, Cause], lang: Language) -> list[Row]:
    """Changes under their question; those with the same causes share one line of reasons."""
    out: list[Row] = []
    question, because = None, ""
    waiting: list[Row] = []
    for change in changes:
        asked = change.names if change.kind == "decision" else change.within
        reason = _because(change, causes, lang)
        if waiting and (reason != because or asked != question):
            out += [*waiting, *_reason(because)]
            waiting = []
        if asked is not None and asked != question:
            out += rows(say(asked, lang), "head", first="  ")
        question, because = asked, reason
        waiting += _change(change, lang)
    return [*out, *waiting, *_reason(because)]


def _change(change: Change, lang: Language) -> list[Row]:
    colon = "：" if lang == "zh" else ": "
    names = say(change.names, lang).rstrip("。.")
    turned = f"{_stand(change, change.before, lang)} → {_stand(change, change.after, lang)}"
    if change.kind == "decision":
        text = turned
    elif change.kind in _BY_THEIR_WORDS:
        text = _appeared(change, turned, lang) + colon + names
    else:
        text = names + colon + turned
    return rows(text, _tone(change), first="    ■ " if change.within is not None else "  ■ ")


def _appeared(change: Change, turned: str, lang: Language) -> str:
    """``new · critical``: what names itself by a whole sentence is told by its state first."""
    if change.before is not None and change.after is not None:
        return turned
    stand = change.after or change.before
    assert stand is not None
    return f"{word('since_new' if change.after else 'since_gone', lang)} · {say(stand.says, lang)}"


def _stand(change: Change, stand: Stand | None, lang: Language) -> str:
    if stand is not None:
        return say(stand.says, lang)
    return word(_ABSENT.get(change.kind, "since_absent"), lang)


def _tone(change: Change) -> Tone:
    status = change.after.status if change.after is not None else ""
    if status in _GRAVE:
        return "critical"
    if status in _LESS:
        return "warning"
    return "good" if status in ("recommended", "option") else "plain"


def _because(change: Change, causes: dict[str, Cause], lang: Language) -> str:
    names = list(dict.fromkeys(_short(causes[id_], lang) for id_ in change.because))
    if not names:
        return ""
    more = len(names) - _MOST_CAUSES
    text = listed(names[:_MOST_CAUSES], lang)
    if more > 0:
        text += f" (+{more})"
    return f"{word('since_together' if change.together else 'since_because', lang)} {text}"


def _short(cause: Cause, lang: Language) -> str:
    """A cause by name; a drug that was started or stopped needs the whole phrase."""
    return say(cause.says if cause.kind in ("taken", "ordered") else cause.names, lang)


def _reason(text: str) -> list[Row]:
    return rows(text, "dim", first="      ← ") if text else []


# -- questions, and what made no difference ----------------------------------------------------


def _needs(comparison: Comparison, lang: Language) -> list[Row]:
    changes = [change for change in comparison.changes if change.kind == "need"]
    lines = (
        ("since_new_needs", [c for c in changes if c.after is not None and c.before is None]),
        ("since_answered", [c for c in changes if c.after and c.after.status == "settled"]),
        (
            "since_urgency",
            [c for c in changes if c.before and c.after and c.after.status == "asked"],
        ),
    )
    out: list[Row] = []
    for key, found in lines:
        if found:
            names = listed([say(change.names, lang) for change in found], lang)
            out += rows(names, first=f"  {word(key, lang)} ", rest="    ")
    return [*heading(word("since_needs", lang)), *out] if out else []


def _without_effect(comparison: Comparison, lang: Language) -> list[Row]:
    idle: Sequence[Cause] = [cause for cause in comparison.causes if cause.matters is False]
    names = [_short(cause, lang) for cause in idle if cause.kind not in _OF_THE_PROGRAM]
    if not names:
        return []
    text = f"{word('since_idle', lang)} {listed(names, lang)}"
    return [Row(""), *rows(text, "dim", rest="  ")]
