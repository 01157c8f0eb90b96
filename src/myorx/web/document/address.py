"""Where everything stands: the page and the anchor of each thing, the same in every export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from myorx.guideline.coverage import section_of
from myorx.guideline.models import Guideline

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")

_LISTS: Mapping[str, str] = {
    "class": "drugs",
    "advice": "advice",
    "alert": "alerts",
    "definition": "definitions",
    "contradiction": "facts",
    "reference": "references",
    "instrument": "instruments",
    "word": "glossary",
}
"""Kinds that share a page, by the page's name."""

_PREFIX: Mapping[str, str] = {"reference": "ref-", "contradiction": "not."}
"""A reference may be called 47, a contradiction as a fact that stands on the same page."""

_OWN = frozenset({"drug", "decision"})
"""Kinds each of which has a page of its own."""


_SHELVED = frozenset({"vignette", "fact", "dispute"})
"""Kinds of which there are too many for one page; what they are decides on which they stand."""

Shelves: TypeAlias = Mapping[tuple[str, str], str]
"""The page of each thing of such a kind, by (kind, id)."""


class Address(NamedTuple):
    """A page of one language's folder, and a place on it; no anchor is the page as a whole."""

    page: str
    anchor: str = ""

    @property
    def href(self) -> str:
        """The link from any other page of the same folder."""
        return f"{self.page}#{self.anchor}" if self.anchor else self.page

    def below(self, path: str) -> Address:
        """A place inside this one."""
        return Address(self.page, ".".join(filter(None, (self.anchor, path))))


def slug(id_: str) -> str:
    """An id as it may stand in file names and anchors; well-formed ids stay as they are."""
    return _UNSAFE.sub(lambda found: f"~{ord(found[0]):x}", id_)


def shelves(guideline: Guideline) -> dict[tuple[str, str], str]:
    """Facts stand by their group, disputes by their weight; vignettes are told by who runs them."""
    return {
        **{("fact", f.id): f"facts-{slug(f.group)}.html" for f in guideline.facts.values()},
        **{("dispute", d.id): f"disputes-{d.weight}.html" for d in guideline.disputes.values()},
    }


def address(kind: str, id_: str, shelves: Shelves) -> Address:
    """The address of a thing of the guideline.

    A candidate is called ``decision/candidate``. Raises KeyError for what has no place.
    """
    name = slug(id_)
    if kind == "statement":
        return Address(f"section-{slug(section_of(id_))}.html", name)
    if kind == "section":
        return Address(f"section-{name}.html")
    if kind in _OWN:
        return Address(f"{kind}-{name}.html")
    if kind == "candidate":
        decision, _, candidate = id_.partition("/")
        return Address(f"decision-{slug(decision)}.html", slug(candidate))
    if kind == "manifest":
        return Address("settings.html")
    if kind in ("setting", "topic"):
        return Address("settings.html", f"{kind}s.{name}")
    if kind in _SHELVED:
        return Address(shelves[kind, id_], name)
    return Address(f"{_LISTS[kind]}.html", f"{_PREFIX.get(kind, '')}{name}")
