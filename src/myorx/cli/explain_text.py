"""An explanation as text: why, why not, what is open, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from myorx.cli.plan_text import candidate_rows, need_rows, statement_rows
from myorx.cli.rows import Row, heading, rows
from myorx.cli.words import Language, say, word
from myorx.guideline.texts import Text
from myorx.plan.model import Explanation


def explanation_rows(explanation: Explanation, lang: Language) -> list[Row]:
    """The whole explanation as rows of at most 80 columns."""
    out = rows(say(explanation.says, lang), "head")
    if explanation.question is not None:
        out += rows(say(explanation.question, lang), "dim", first="  ")
    out += _list("why", explanation.why, lang)
    out += _list("why_not", explanation.why_not, lang)
    out += _list("still_open", explanation.unknown, lang)
    if explanation.suppositions:
        out += heading(word("what_changes", lang))
        for supposition in explanation.suppositions:
            out += rows(say(supposition.says, lang), first="  - ")
    if explanation.candidate is not None:
        out += heading(word("in_plan", lang)) + candidate_rows(explanation.candidate, lang)
    out += need_rows(explanation.needs, lang)
    out += statement_rows(explanation.statements, lang)
    if explanation.receipt is not None:
        notice = (
            f"{say(explanation.receipt.review, lang)} · {say(explanation.receipt.notice, lang)}"
        )
        version = f"{explanation.receipt.guideline} {explanation.receipt.version} · {notice}"
        out += [Row(""), *rows(version, "dim")]
    return out


def _list(key: str, texts: Sequence[Text], lang: Language) -> list[Row]:
    if not texts:
        return []
    out = heading(word(key, lang))
    for text in texts:
        out += rows(say(text, lang), first="  - ")
    return out
