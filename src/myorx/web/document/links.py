"""Links back: what rests on a statement, what uses a fact, where a drug is offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

from myorx.guideline.models import Guideline, Part
from myorx.guideline.walk import walk
from myorx.language.syntax import Expression
from myorx.language.walk import names
from myorx.web.document.rules import Owner, Rule

T = TypeVar("T")

Offers: TypeAlias = Mapping[str, tuple[Owner, ...]]


class Links(NamedTuple):
    """Everything by what it points to, in the order of the guideline."""

    by_statement: Mapping[str, tuple[Rule, ...]]
    """The rules that cite it."""
    disputes_of: Mapping[str, tuple[str, ...]]
    """Statement -> the disputes about it."""
    statements_of: Mapping[str, tuple[str, ...]]
    """Dispute -> the statements it is about."""
    by_dispute: Mapping[str, tuple[Rule, ...]]
    """The rules that stand on the reading taken."""
    by_reference: Mapping[str, tuple[str, ...]]
    """Reference -> the statements that cite it."""
    by_name: Mapping[str, tuple[Owner, ...]]
    """Fact, definition or setting -> what mentions it in an expression."""
    offers: Offers
    """Drug or class -> the candidates and advice that have it as a part."""


def links(guideline: Guideline, rules: Iterable[Rule]) -> Links:
    """All links back of one guideline."""
    listed = tuple(rules)
    about = _pairs(_about(guideline))
    return Links(
        by_statement=_grouped((id_, rule) for rule in listed for id_ in rule.cites),
        disputes_of=about,
        statements_of=_grouped((dispute, id_) for id_, all_ in about.items() for dispute in all_),
        by_dispute=_grouped((id_, rule) for rule in listed for id_ in rule.disputes),
        by_reference=_pairs(
            (str(number), statement.id)
            for statement in guideline.statements.values()
            for number in statement.refs
        ),
        by_name=_pairs(_mentions(guideline)),
        offers=_pairs(_offers(guideline)),
    )


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _pairs(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    """Like ``_grouped``, each value once."""
    return {key: tuple(dict.fromkeys(values)) for key, values in _grouped(pairs).items()}


def _about(guideline: Guideline) -> Iterator[tuple[str, str]]:
    """(statement, dispute): said by either of the two."""
    for statement in guideline.statements.values():
        for dispute in statement.disputes:
            yield statement.id, dispute
    for item in guideline.disputes.values():
        for id_ in item.where:
            yield id_, item.id


def _mentions(guideline: Guideline) -> Iterator[tuple[str, Owner]]:
    known = {**guideline.facts, **guideline.definitions}
    settings = {setting.id for setting in guideline.manifest.settings}
    for place, _, value in walk(guideline):
        # A condition holds its tree; an expression is one.
        tree = getattr(value, "expression", value)
        if isinstance(tree, Expression):
            owner = Owner(place.kind, place.id)
            for name in names(tree):
                if (name in known or name in settings) and owner.id != name:
                    yield name, owner


def _offers(guideline: Guideline) -> Iterator[tuple[str, Owner]]:
    for decision in guideline.decisions.values():
        for candidate in decision.candidates:
            owner = Owner("candidate", f"{decision.id}/{candidate.id}")
            yield from ((name, owner) for name in _named(guideline, candidate.parts))
    for advice in guideline.advice.values():
        owner = Owner("advice", advice.id)
        yield from ((name, owner) for name in _named(guideline, advice.parts))


def _named(guideline: Guideline, parts: Iterable[Part]) -> Iterator[str]:
    """The drugs and classes of parts; a class stands for each of its members."""
    for part in parts:
        if part.drug is not None:
            yield part.drug
        elif part.drug_class is not None:
            yield part.drug_class
            for drug in guideline.drugs.values():
                if part.drug_class in drug.classes:
                    yield drug.id
