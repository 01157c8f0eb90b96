"""A result as laboratories print it -> the parts of a claim: 弱阳性, ±, 1:320, >2000.

The reader of cases knows words, signs, comparators and units; here only what stands around them is
told apart. A titre or a number alone says nothing about positive or negative: the cut-off is the
kit's, and counts only where a mapping states it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from myorx.exchange.words import Note, note
from myorx.facts.scalars import measure, number
from myorx.facts.spelling import key, plain
from myorx.facts.words import SIGNS, TRUTH, UNKNOWN
from myorx.guideline.models import Fact

_TITRE: Final = re.compile(r"(?P<sign>[<>≤≥]=?)?\s*1\s*[:：/]\s*(?P<number>[0-9]{1,7})")
_WORD: Final = re.compile(r"(?P<word>[^0-9<>≤≥(\[,;]+?)\s*(?P<rest>[0-9<>≤≥(\[,;].*)", re.DOTALL)
_BRACKETS: Final = str.maketrans("", "", "()[],; ")
_BELOW: Final = ("<", "<=", "≤")


class Result(NamedTuple):
    """What a printed result says."""

    value: str | None = None
    unknown: str | None = None
    notes: tuple[Note, ...] = ()


def result(text: str, fact: Fact, cutoff: str | None = None) -> Result:
    """What ``text`` says of ``fact``. ``cutoff`` (``1:100``, ``20``): from there on positive."""
    if fact.type != "boolean":
        return Result(text)
    word = plain(text)
    if _is_word(word):
        return Result(text)
    if decided := _by_number(word, cutoff):
        return decided
    parted = _WORD.fullmatch(word)
    if parted is not None and _is_word(parted["word"].strip()):
        said = parted["word"].strip()
        rest = parted["rest"].translate(_BRACKETS)
        # "弱阳性(+)", "阳性(1:320)": the remark agrees, or is a figure.
        if _is_word(rest) and _truth(rest) is not _truth(said):
            return Result(None, "indeterminate", (note("result_in_two", text=text),))
        return Result(said, None, (note("rest_unused", rest=parted["rest"]),))
    return Result(text)


def decided_by(value: str | None, unknown: str | None, only: str) -> bool:
    """Whether a result is the one value that such a test can give (``only``)."""
    return unknown is None and value is not None and _truth(plain(value)) is _truth(only)


def is_cutoff(text: str) -> bool:
    """Whether this is a cut-off: a titre or a number, without a sign."""
    titre, figure = _TITRE.fullmatch(plain(text)), measure(text)
    if titre is not None:
        return not titre["sign"]
    return figure is not None and figure.comparator is None


def _is_word(word: str) -> bool:
    return word in SIGNS or key(word) in TRUTH or key(word) in UNKNOWN


def _truth(word: str) -> bool | None:
    return SIGNS[word] if word in SIGNS else TRUTH.get(key(word))


def _by_number(word: str, cutoff: str | None) -> Result | None:
    """What a titre or number says; None where the text is neither."""
    titre = _TITRE.fullmatch(word)
    if titre is not None:
        sign, figure = titre["sign"], Decimal(titre["number"])
        limit = None if cutoff is None else _TITRE.fullmatch(plain(cutoff))
        least = None if limit is None else Decimal(limit["number"])
    else:
        found = measure(word)
        exact = None if found is None else number(found.number)
        if found is None or exact is None:
            return None
        sign, figure = found.comparator, exact
        limit_text = None if cutoff is None else measure(cutoff)
        least = None if limit_text is None else number(limit_text.number)
    if least is None:
        return Result(None, "indeterminate", (note("no_cutoff", text=word),))
    told = (note("by_cutoff", text=word, cutoff=cutoff or ""),)
    if sign in _BELOW:
        below = figure < least or (figure == least and sign == "<")
        return Result("negative", None, told) if below else Result(None, "indeterminate", told)
    if figure >= least:
        return Result("positive", None, told)
    # ">20" below a cut-off of 40 may still be over it.
    return Result(None, "indeterminate", told) if sign else Result("negative", None, told)
