"""What the reader of every kind of resource needs, and what it gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Codes, Coding, Meaning
from myorx.exchange.courses import Course
from myorx.exchange.fhir.elements import Concept
from myorx.exchange.fhir.shelf import Shelf
from myorx.exchange.report import Ignored
from myorx.exchange.words import Note, note
from myorx.facts.names import index
from myorx.guideline.models import Guideline

Outcome: TypeAlias = Claim | Course | Ignored


class Context(NamedTuple):
    """The source, the codes and the guideline."""

    shelf: Shelf
    codes: Codes
    guideline: Guideline


class Named(NamedTuple):
    """One fact that something is about, and how that was recognised."""

    meaning: Meaning
    by: str
    notes: tuple[Note, ...] = ()


def facts_of(found: Concept, codes: Codes, guideline: Guideline) -> list[Named]:
    """The facts that a concept speaks of: by its codes; by its words only where no code is of a
    system that we know, the words are, whole, the name of one fact, and it is said."""
    by_code = [Named(meaning, coding.told) for coding, meaning in codes.meanings(found.codings)]
    if by_code or any(coding.system for coding in found.codings):
        return by_code
    for words in words_of(found):
        ids = index(guideline).facts.find(words)
        if len(ids) == 1 and not guideline.facts[ids[0]].derived:
            return [Named(Meaning(ids[0]), f"text {words}", (note("by_text", text=words),))]
    return []


def words_of(found: Concept) -> Iterable[str]:
    """What a concept is called, each way once."""
    named = (found.text, *(coding.display for coding in found.codings))
    return dict.fromkeys(each for each in named if each)


def answer_of(
    found: Concept, meaning: Meaning, codes: Codes
) -> tuple[str | None, Coding | None, tuple[Note, ...]]:
    """What a coded answer says of a fact, for the case reader; None where it says nothing."""
    coded = codes.answer(meaning, found.codings)
    if coded is not None:
        return coded[1], coded[0], ()
    if found.text:
        notes = (note("answer_by_text", text=found.text),) if found.codings else ()
        return found.text, None, notes
    return None, None, ()
