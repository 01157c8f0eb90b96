"""Questions as text: what to find out next, why, how to answer, and what each answer would do."""

from __future__ import annotations

from myorx.cli.plan_text import listed, need_rows
from myorx.cli.rows import Row, heading, rows
from myorx.cli.words import Language, say, word
from myorx.plan.question import AnswerForm, Question, Questions

_EFFECTS = 2
"""So many effects stand under a question in the list; ``?`` shows all."""


def questions_rows(result: Questions, lang: Language) -> list[Row]:
    """The whole list as rows of at most 80 columns."""
    out = [Row(word("ask", lang), "head")]
    if not result.questions:
        out += rows(word("ask_nothing", lang), first="  ")
    for number, question in enumerate(result.questions, start=1):
        out += question_rows(question, lang, f" {number:2}. ")
        out += effect_rows(question, lang, _EFFECTS)
    if result.awaited:
        out += [*heading(word("ask_awaited", lang)), *need_rows(result.awaited, lang)[2:]]
    return [*out, Row(""), *notice_rows(result, lang)]


def notice_rows(result: Questions, lang: Language) -> list[Row]:
    """What the questions rest on, the state of review, and what they are for."""
    version = f"{result.guideline} {result.version} · {word('as_of', lang)} {result.as_of}"
    notice = f"{say(result.review, lang)} · {say(result.notice, lang)}"
    return rows(f"{version} · {notice}", "dim")


def question_rows(question: Question, lang: Language, first: str) -> list[Row]:
    """The question with what depends on it and the form of its answer."""
    indent = " " * len(first)
    text = say(question.question, lang)
    if question.urgent:
        text = f"{word('urgent', lang)}: {text}"
    out = rows(text, "warning" if question.urgent else "plain", first=first)
    out += rows(f"→ {say(question.why, lang)}", first=indent)
    return out + rows(f"{question.fact} = {form_text(question.answer, lang)}", "dim", first=indent)


def form_text(form: AnswerForm, lang: Language) -> str:
    """The form of an answer in one line: ``mg/dL (unit required), mg/L; e.g. 20 mg/dL``."""
    match form.type:
        case "boolean":
            return word("ask_yes_no", lang)
        case "code":
            said = [f"{choice.id} ({say(choice.label, lang)})" for choice in form.choices]
            return listed(said, lang)
        case "date":
            return f"2026 | 2026-03 | 2026-03-15{_note(form, lang)}"
        case _:
            units = ", ".join(filter(None, (form.unit, *form.accepted)))
            needed = f" ({word('unit_required', lang)})" if form.unit_required else ""
            parts = (f"{units}{needed}", f"{word('ask_example', lang)} {form.example}")
            return "; ".join(part for part in parts if part) + _note(form, lang)


def _note(form: AnswerForm, lang: Language) -> str:
    return "" if form.note is None else f" ({say(form.note, lang)})"


def effect_rows(question: Question, lang: Language, most: int | None = None) -> list[Row]:
    """What the answers would do, the gravest first."""
    return [
        row
        for effect in question.effects[:most]
        for row in rows(say(effect.says, lang), "dim", first="      · ")
    ]


def why_rows(question: Question, lang: Language) -> list[Row]:
    """Everything about one question: what decides on it, what answers do, what it goes with."""
    out = rows(say(question.why, lang), first="    → ")
    out += rows(f"{word('why_in', lang)}: {word(question.reason, lang)}", first="    ")
    if question.answer.note is not None:
        out += rows(say(question.answer.note, lang), first="    ")
    out += effect_rows(question, lang)
    if question.together:
        text = f"{word('ask_together', lang)}: {listed(question.together, lang)}"
        out += rows(text, first="    ")
    return out
