"""Sex and date of birth as messages and tables give them."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.exchange.claims import Claim
from myorx.exchange.report import Ignored
from myorx.exchange.words import note
from myorx.facts.names import index
from myorx.guideline.models import Guideline

SEX, BORN, AGE = "sex", "birth_date", "age"
"""The facts they go into, where the guideline has facts of these names."""


def sex(text: str, where: str, guideline: Guideline) -> Iterator[Claim | Ignored]:
    """The sex, by any of the words that a case may use."""
    codes = index(guideline).codes.get(SEX)
    if not text or codes is None:
        return
    if len(codes.find(text)) == 1:
        yield Claim(SEX, where, text, where.rpartition(" ")[2], value=text)
    else:
        yield Ignored(where, text, note("sex_unknown", value=text))


def born(day: str, where: str, guideline: Guideline) -> Iterator[Claim]:
    """The date of birth."""
    if day and BORN in guideline.facts:
        yield Claim(BORN, where, BORN, where.rpartition(" ")[2], value=day)
