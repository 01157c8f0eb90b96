"""The end of a note: the statements it cites, and the works these rest on, the source first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from myorx.guideline.models import Guideline, Person, Reference
from myorx.guideline.texts import Text
from myorx.plan.model import Plan, StatementShown
from myorx.plan.record.blocks import Block, Item, Section, Table
from myorx.plan.texts import join, plain, say

_HAN = re.compile("[\u4e00-\u9fff]")
_AUTHORS = 3
"""So many authors are named before "et al."."""


def sources(plan: Plan, guideline: Guideline, sections: Iterable[Section]) -> tuple[Block, ...]:
    """The statements cited in ``sections`` with the words that anchor them, then the works."""
    cited = {cite for section in sections for block in section.blocks for cite in _cites(block)}
    shown = [statement for statement in plan.statements if statement.id in cited]
    numbers = sorted({number for statement in shown for number in statement.refs})
    works = [guideline.manifest.source, *map(str, numbers)]
    found = [guideline.references[key] for key in works if key in guideline.references]
    blocks: list[Block] = []
    if shown:
        blocks.append(Item(join(map(_statement, shown), "clause"), say("record_statements")))
    if found:
        source = guideline.manifest.source
        items = (Item(work(each), _mark(each, source)) for each in found)
        blocks.append(Item(head=say("record_works"), items=tuple(items)))
    if plan.disputes:
        grave = [dispute.id for dispute in plan.disputes if dispute.weight == "critical"]
        told = say("record_disputes", count=len(plan.disputes), ids=", ".join(grave) or "–")
        blocks.append(Item(told))
    return tuple(blocks)


def _cites(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        return
    yield from block.cites
    for item in block.items:
        yield from _cites(item)


def _statement(statement: StatementShown) -> Text:
    quote = say("record_quote", id=statement.id, quote=statement.quote)
    if not statement.refs:
        return quote
    return say("record_refs", text=quote, refs=", ".join(map(str, statement.refs)))


def _mark(reference: Reference, source: str) -> Text:
    return say("record_source") if reference.id == source else plain(f"[{reference.id}]")


# -- a work ------------------------------------------------------------------------------------


def work(reference: Reference) -> Text:
    """``Family G, Family G, et al. Title. Journal. 2020;72(3):488-498. doi:10.…``."""
    names = [_name(person) for person in reference.author[:_AUTHORS]]
    # The list may itself be cut short: its note then says so.
    if len(reference.author) > _AUTHORS or (reference.note or "").startswith("Further authors"):
        names.append("et al")
    pieces = [", ".join(names), reference.title, reference.container_title or "", _issue(reference)]
    if reference.DOI is not None:
        pieces.append(f"doi:{reference.DOI}")
    return plain(". ".join(piece.rstrip(".") for piece in pieces if piece) + ".")


def _name(person: Person) -> str:
    if person.literal is not None:
        return person.literal
    family, given = person.family or "", person.given or ""
    return f"{family}{given}" if _HAN.search(family) else f"{family} {given}".strip()


def _issue(reference: Reference) -> str:
    year = str(reference.issued.date_parts[0][0]) if reference.issued is not None else ""
    volume = reference.volume or ""
    if reference.issue is not None:
        volume += f"({reference.issue})"
    where = f"{volume}:{reference.page}" if reference.page is not None else volume
    return ";".join(piece for piece in (year, where) if piece)
