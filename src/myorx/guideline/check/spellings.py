"""Spellings: no name that a user may type means two things."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Drug, Fact
from myorx.guideline.positions import Place
from myorx.guideline.texts import Text


def check(context: Context) -> Iterator[Problem]:
    """Names of drugs, of facts, and of the codes of each fact."""
    yield from _clashes(
        context,
        ((place, drug.id, "names", drug.names, drug.also) for place, drug in context.all(Drug)),
    )
    facts = tuple(context.all(Fact))
    yield from _clashes(
        context, ((place, fact.id, "label", fact.label, fact.also) for place, fact in facts)
    )
    for place, fact in facts:
        codes = (
            (place.key("values").item(index), code.id, "label", code.label, code.also)
            for index, code in enumerate(fact.values)
        )
        yield from _clashes(context, codes)


def _clashes(
    context: Context, named: Iterable[tuple[Place, str, str, Text, tuple[str, ...]]]
) -> Iterator[Problem]:
    """Spellings that two of the named things share."""
    owners: dict[str, str] = {}
    for place, id_, key, text, also in named:
        words = [
            (place.key("id"), id_),
            (place.key(key).key("zh"), text.zh),
            (place.key(key).key("en"), text.en),
            *((place.key("also").item(index), word) for index, word in enumerate(also)),
        ]
        for here, word in words:
            owner = owners.setdefault(_plain(word), id_)
            if owner != id_:
                yield context.problem(
                    "ambiguous-name",
                    here,
                    f"{word} means {owner} as well as {id_}",
                    allowed="each name for one thing",
                    remedy="give one of the two another name",
                )


def _plain(word: str) -> str:
    """Without what readers of a case overlook: width, case, white space, hyphens."""
    text = unicodedata.normalize("NFKC", word).casefold()
    return "".join(character for character in text if character.isalnum())
