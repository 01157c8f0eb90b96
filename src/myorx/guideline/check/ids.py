"""Ids are well formed, unique where they must be, and no words of the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from myorx.guideline import models
from myorx.guideline.check.context import AS_OF, Context
from myorx.guideline.faults import Problem
from myorx.guideline.positions import Place
from myorx.language.vocabulary import RESERVED

_ID = re.compile(r"[a-z][a-z0-9_]*\Z")
_STATEMENT_ID = re.compile(r"S[0-9]+\.F?[0-9]+\Z")
_NESTED: Mapping[Any, tuple[str, ...]] = {
    models.Manifest: ("settings", "topics", "elsewhere"),
    models.Dispute: ("readings",),
    models.Fact: ("values",),
    models.Drug: ("regimens", "due"),
    models.Candidate: ("due",),
    models.Advice: ("due",),
    models.Decision: ("candidates", "gaps"),
}
"""Lists of objects with ids inside an object: unique within it."""


def check(context: Context) -> Iterator[Problem]:
    """Format of all ids, ids inside objects, and the names that expressions may mention.

    Two objects of one kind with the same id are found when the files are read.
    """
    yield from _format(context)
    yield from _nested(context)
    yield from _names(context)


def _format(context: Context) -> Iterator[Problem]:
    for place, _, value in context.records():
        id_ = getattr(value, "id", None)
        if id_ is None or isinstance(value, models.Reference):
            continue
        statement = isinstance(value, models.Statement)
        if not (_STATEMENT_ID if statement else _ID).match(id_):
            yield context.problem(
                "bad-id",
                place.key("id"),
                f"{id_} as an id",
                allowed="S5.17 or S5.F1" if statement else "small letters, digits and _",
                remedy="rename it",
            )


def _nested(context: Context) -> Iterator[Problem]:
    for model, lists in _NESTED.items():
        for place, value in context.all(model):
            for field in lists:
                ids = [item.id for item in getattr(value, field)]
                yield from _twice(context, place.key(field), ids)
    verbs = [verb.zh for verb in context.guideline.manifest.verbs]
    place = Place("manifest", context.guideline.manifest.id, "verbs")
    yield from _twice(context, place, verbs, key="zh")


def _twice(
    context: Context, place: Place, ids: Iterable[str], key: str = "id"
) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            yield context.problem(
                "duplicate-id",
                place.item(index).key(key),
                f"a second {id_}",
                allowed="each id once",
                remedy="rename or remove one of the two",
            )
        seen.add(id_)


def _names(context: Context) -> Iterator[Problem]:
    """Facts, definitions and settings share the names of expressions; groups stand beside facts."""
    guideline, manifest = context.guideline, context.guideline.manifest
    owners: dict[str, str] = {AS_OF: "the day of the case"}
    named = [
        *((Place("manifest", manifest.id, f"settings[{index}]"), setting.id, "setting")
          for index, setting in enumerate(manifest.settings)),
        *((Place("fact", id_), id_, "fact") for id_ in guideline.facts),
        *((Place("definition", id_), id_, "definition") for id_ in guideline.definitions),
    ]  # fmt: skip
    for place, id_, what in named:
        if id_ in RESERVED:
            yield context.problem(
                "reserved-word",
                place.key("id"),
                f"{id_} is a word of the language",
                allowed="a name that is no word of CQL",
                remedy=f"rename it, for example {id_}_value",
            )
        # The same id twice in one kind has been said already.
        if owners.setdefault(id_, what) != what:
            yield context.problem(
                "name-clash",
                place.key("id"),
                f"{id_} is both {owners[id_]} and {what}",
                allowed="ids unique over facts, definitions and settings",
                remedy="rename one of the two",
            )
    for id_ in guideline.groups:
        if id_ in guideline.facts:
            yield context.problem(
                "name-clash",
                Place("group", id_, "id"),
                f"{id_} is both group and fact: a case could not tell them apart",
                allowed="group ids that are no fact ids",
                remedy="rename the group",
            )
