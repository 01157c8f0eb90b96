"""Which fact, group, code or drug a typed name means: exactly one, or none. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from myorx.facts.doses import PER_DAY
from myorx.facts.spelling import key, near, plain
from myorx.facts.units import Accepted
from myorx.facts.words import RESPONSES, ROUTES
from myorx.guideline.models import Derivation, Drug, Fact, Guideline
from myorx.guideline.texts import Text
from myorx.language.evaluate import Facts, evaluate
from myorx.language.syntax import IntegerLiteral
from myorx.language.values import Value

_REMARK = re.compile(r"(?<=.)\s*\([^()]*\)\Z")


class Spelled(NamedTuple):
    """Names by their keys: the ids each may mean."""

    ids: Mapping[str, tuple[str, ...]]

    def find(self, typed: str) -> tuple[str, ...]:
        """Every id that ``typed`` may mean; more than one where it is ambiguous."""
        return self.ids.get(key(typed), ())

    def near(self, typed: str) -> tuple[str, ...]:
        """At most three ids with a name like ``typed``, best first."""
        names = near(typed, self.ids, limit=9)  # several may be names of one
        return tuple(dict.fromkeys(one for each in names for one in self.ids[each]))[:3]


class Index(msgspec.Struct, frozen=True):
    """What of a guideline is looked up for every case, computed once."""

    facts: Spelled
    groups: Spelled
    drugs: Spelled
    classes: Spelled
    """Names of classes: the drugs in each."""
    codes: Mapping[str, Spelled]
    """By coded fact."""
    units: Mapping[str, Accepted]
    """By fact of type quantity."""
    settings: Mapping[str, Value]
    integers: frozenset[str]
    """Facts and settings that count in whole numbers."""
    members: Mapping[str, frozenset[str]]
    """Drugs by class."""
    daily_steroid: Fact | None
    """The fact that says which amounts of steroid a day are plausible, as equivalent in mg/d."""
    routes: Mapping[str, str]
    """Routes by the key of each spelling: the usual ones, and all that the guideline names."""
    responses: Mapping[str, str]
    """Responses likewise."""


def index(guideline: Guideline) -> Index:
    """The index of ``guideline``; computed once for each guideline object."""
    return _index(_Same(guideline))


class _Same:
    """A guideline as a key that compares by identity: comparing its content would take longer."""

    __slots__ = ("guideline",)

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline

    def __hash__(self) -> int:
        return id(self.guideline)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.guideline is self.guideline


@lru_cache(maxsize=8)
def _index(same: _Same) -> Index:
    guideline = same.guideline
    facts, drugs = guideline.facts.values(), guideline.drugs.values()
    nothing = Facts({})
    members: dict[str, set[str]] = {name: set() for name in guideline.classes}
    for drug in drugs:
        for name in drug.classes:
            members.setdefault(name, set()).add(drug.id)
    return Index(
        facts=_spelled((fact.id, fact.label, fact.also) for fact in facts),
        groups=_spelled((group.id, group.label, ()) for group in guideline.groups.values()),
        drugs=_spelled((drug.id, drug.names, drug.also) for drug in drugs),
        classes=Spelled(
            {
                key(word): tuple(sorted(members[each.id]))
                for each in guideline.classes.values()
                for word in (each.id, each.names.zh, each.names.en, *each.also)
            }
        ),
        codes={
            fact.id: _spelled((code.id, code.label, code.also) for code in fact.values)
            for fact in facts
            if fact.type == "code"
        },
        units={fact.id: Accepted(fact) for fact in facts if fact.type == "quantity"},
        settings={
            setting.id: evaluate(setting.value, nothing).value
            for setting in guideline.manifest.settings
        },
        integers=frozenset(
            [fact.id for fact in facts if fact.type == "integer"]
            + [
                setting.id
                for setting in guideline.manifest.settings
                if isinstance(setting.value, IntegerLiteral)
            ]
        ),
        members={name: frozenset(found) for name, found in members.items()},
        daily_steroid=next(filter(_is_daily_steroid, facts), None),
        routes={**ROUTES, **{key(route): route for route in _routes(guideline)}},
        responses=_responses(
            fact.derive.is_response
            for fact in facts
            if fact.derive is not None and fact.derive.is_response is not None
        ),
    )


def _is_daily_steroid(fact: Fact) -> bool:
    derive = fact.derive
    return (
        derive is not None
        and derive.op == "equivalent_dose"
        and fact.unit == PER_DAY
        and fact.plausible is not None
    )


def _responses(named: Iterable[str]) -> dict[str, str]:
    """Every word for a response. Where the guideline has its own name for one of the usual
    responses, all words for that one mean it."""
    own = {key(name): name for name in named}
    usual = {RESPONSES[word]: name for word, name in own.items() if word in RESPONSES}
    return {**{word: usual.get(meaning, meaning) for word, meaning in RESPONSES.items()}, **own}


def _routes(guideline: Guideline) -> Iterable[str]:
    """Every route that the guideline names."""
    for drug in guideline.drugs.values():
        yield from drug.routes
    for fact in guideline.facts.values():
        if fact.derive is not None:
            yield from fact.derive.routes


def _spelled(rows: Iterable[tuple[str, Text, tuple[str, ...]]]) -> Spelled:
    """Names by key. An id means itself even where it is also some other's name."""
    found: dict[str, dict[str, None]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for name, label, also in rows:
        own[key(name)] = (name,)
        for word in spellings(label, also):
            found.setdefault(key(word), {})[name] = None
    return Spelled({**{word: tuple(ids) for word, ids in found.items()}, **own})


def spellings(label: Text, also: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of something, with and without a remark in brackets at the end: "age (years)"."""
    words = (label.zh, label.en, *also)
    return tuple(
        dict.fromkeys(each for word in words for each in (word, _REMARK.sub("", plain(word))))
    )


def covers(derivation: Derivation, drug: Drug, members: Mapping[str, frozenset[str]]) -> bool:
    """Whether a drug falls under a derivation's filter by drug or class."""
    if derivation.drug is not None:
        return drug.id == derivation.drug
    if derivation.drug_class is not None:
        return drug.id in members.get(derivation.drug_class, frozenset())
    return True


def labels(facts: Mapping[str, Fact], ids: Iterable[str]) -> Text:
    """The facts' labels with their ids, listed, in both languages."""
    rows = [(facts[each].label, each) for each in ids if each in facts]
    return Text(
        "、".join(f"{label.zh} {each}" for label, each in rows),
        ", ".join(f"{label.en} ({each})" for label, each in rows),
    )


def drug_names(drugs: Mapping[str, Drug], ids: Iterable[str]) -> Text:
    """The drugs' names, listed, in both languages."""
    rows = [drugs[each].names for each in ids if each in drugs]
    return Text(
        "、".join(f"{names.zh} {names.en}" for names in rows),
        ", ".join(f"{names.en} ({names.zh})" for names in rows),
    )
