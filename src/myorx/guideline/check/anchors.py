"""Anchors: the words each statement quotes stand in the source, in one place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Statement

_AFTER_WITHIN = 80
"""``after`` stands at most so many (normalised) characters before the quote."""
_REFERENCES = "[参考文献]"
"""Here the list of references begins."""
_BRACKET = re.compile(r"\^?\[[0-9]+(?:[,.\-][0-9]+)*\]")
"""A reference number in the text: [47], ^[1,30]."""
_TYPESET = re.compile(r"\\text\{([^}]*)\}|\\,|[$\\_]|\s")


def check(context: Context) -> Iterator[Problem]:
    """Quote and ``after`` of every statement, where the text of the source is at hand."""
    if context.paper is None:
        return
    paper = normal(body_of(context.paper.read_text(encoding="utf-8")))
    for place, statement in context.all(Statement):
        found = anchors(statement, paper)
        if len(found) == 1:
            continue
        known = normal(statement.quote) in paper
        key = "after" if known and statement.after is not None else "quote"
        if found:
            yield context.problem(
                "ambiguous-anchor",
                place.key(key),
                f"the anchor of {statement.id} fits {len(found)} places in the source",
                allowed="words that stand once in the source (after: words shortly before them)",
                remedy="add after, or quote more words",
            )
        else:
            yield context.problem(
                "not-in-source",
                place.key(key),
                f"these words of {statement.id} are not in the source at this place",
                allowed="words of the source, verbatim",
                remedy="copy them from the source",
            )


def anchors(statement: Statement, paper: str) -> tuple[int, ...]:
    """Where in the (normalised) source the statement is anchored."""
    quote, after = normal(statement.quote), normal(statement.after or "")
    starts = (match.start() for match in re.finditer(f"(?={re.escape(quote)})", paper))
    return tuple(at for at in starts if after in paper[max(0, at - _AFTER_WITHIN) : at])


def body_of(source: str) -> str:
    """The source without its list of references, which nothing is quoted from."""
    return source.partition(_REFERENCES)[0]


def normal(text: str) -> str:
    """The text without what differs between editions of it: width, white space, typesetting."""
    text = _TYPESET.sub(r"\1", unicodedata.normalize("NFKC", text))
    return _BRACKET.sub("", text)
