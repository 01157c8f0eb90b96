"""The resources of a Bundle: which count, which are deleted or doubled, whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from myorx.exchange.fhir.elements import Json, part, parts, text
from myorx.exchange.report import Ignored, UnreadableError
from myorx.exchange.words import note

_VERSION: Final = re.compile(r"/_history/[^/]*\Z")
_LOCAL: Final = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9\-.]+)\Z")


class Item(NamedTuple):
    """One resource and its place in the source."""

    where: str
    type: str
    resource: Json


class Shelf(NamedTuple):
    """All that may be read of one patient."""

    items: tuple[Item, ...]
    patient: Json | None
    by_reference: Mapping[str, Json]
    ignored: tuple[Ignored, ...]

    def find(self, reference: str, holder: Json) -> Json | None:
        """What a reference in ``holder`` leads to; None where it is not in the source."""
        if reference.startswith("#"):
            inside = (each for each in parts(holder, "contained"))
            return next((each for each in inside if text(each, "id") == reference[1:]), None)
        return self.by_reference.get(plain_reference(reference))


def plain_reference(reference: str) -> str:
    """``https://host/fhir/Patient/1/_history/2`` -> ``Patient/1``; a URN stays as it is."""
    bare = _VERSION.sub("", reference.strip())
    found = _LOCAL.fullmatch(bare)
    return found[1] if found is not None else bare


def shelve(source: Json) -> Shelf:
    """A Bundle (or one resource alone) as a shelf. Raises UnreadableError for what is neither, and
    where it holds more than one patient."""
    kind = text(source, "resourceType")
    if kind == "Bundle":
        return arrange(_entries(source))
    if kind:
        return arrange([_entry("", source)])
    raise UnreadableError(note("no_bundle"))


def of_resources(resources: Iterable[Json]) -> Shelf:
    """Likewise for resources that came without a Bundle."""
    return arrange(_entry(f"resource[{number}]", each) for number, each in enumerate(resources))


class _Entry(NamedTuple):
    """One resource before it is known whether it counts."""

    where: str
    kind: str
    name: str
    """What it is referred to by, as ``plain_reference`` has it; empty where nothing can."""
    resource: Json
    url: str = ""
    """Its full URL, likewise."""
    deleted: str = ""
    """The URL that this entry deletes."""


def _entry(where: str, resource: Json, url: str = "", deleted: str = "") -> _Entry:
    kind, identity = text(resource, "resourceType"), text(resource, "id")
    place = " ".join(filter(None, (where, "/".join(filter(None, (kind, identity))))))
    full = plain_reference(url) if url else ""
    name = f"{kind}/{identity}" if kind and identity else full
    return _Entry(place, kind, name, resource, full, deleted)


def _entries(bundle: Json) -> Iterable[_Entry]:
    for number, entry in enumerate(parts(bundle, "entry")):
        request = part(entry, "request")
        deleted = text(request, "url") if text(request, "method").upper() == "DELETE" else ""
        yield _entry(f"entry[{number}]", part(entry, "resource"), text(entry, "fullUrl"), deleted)


def arrange(entries: Iterable[_Entry]) -> Shelf:
    """Resources in their order: what is deleted or doubled is left out, said so."""
    listed = list(entries)
    gone = {plain_reference(each.deleted) for each in listed if each.deleted}
    ignored: list[Ignored] = []
    kept: dict[str, Item] = {}
    references: dict[str, Json] = {}
    for where, kind, called, resource, url, deleted in listed:
        name = called or where
        if deleted:
            ignored.append(Ignored(where, deleted, note("deletion")))
        elif not kind:
            ignored.append(Ignored(where, "?", note("no_resource")))
        elif name in gone or url in gone:
            ignored.append(Ignored(where, kind, note("deleted")))
        elif name in kept and _newness(kept[name].resource) >= _newness(resource):
            same = kept[name].resource == resource
            code = "duplicate" if same else "superseded"
            ignored.append(Ignored(where, kind, note(code, other=kept[name].where)))
        else:
            if name in kept:
                old = kept[name]
                ignored.append(Ignored(old.where, kind, note("superseded", other=where)))
            kept[name] = Item(where, kind, resource)
            references[name] = resource
            if url:
                references[url] = resource
    patient = _one_patient(kept.values())
    items, others = _of_patient(kept.values(), patient, references)
    return Shelf(items, patient, references, (*ignored, *others))


def _newness(resource: Json) -> tuple[str, int]:
    """What orders versions of one resource: when it was updated, else its version."""
    meta = part(resource, "meta")
    version = text(meta, "versionId")
    return text(meta, "lastUpdated"), int(version) if version.isdecimal() else 0


def _one_patient(items: Iterable[Item]) -> Json | None:
    found = [item for item in items if item.type == "Patient"]
    if len(found) > 1:
        places = ", ".join(item.where for item in found)
        raise UnreadableError(note("many_patients", count=str(len(found)), places=places))
    return found[0].resource if found else None


def _of_patient(
    items: Iterable[Item], patient: Json | None, references: Mapping[str, Json]
) -> tuple[tuple[Item, ...], list[Ignored]]:
    """The resources of the patient; those of somebody else are left out, said so."""
    kept: list[Item] = []
    others: list[Ignored] = []
    met: dict[str, None] = {}
    plain: dict[str, str] = {}  # nearly all of them name the same patient
    for item in items:
        reference = _subject(item.resource)
        if reference:
            if reference not in plain:
                plain[reference] = plain_reference(reference)
            reference = plain[reference]
        if reference and item.type != "Patient":
            if patient is None:
                met[reference] = None
            elif references.get(reference) is not patient:
                others.append(
                    Ignored(item.where, item.type, note("other_patient", reference=reference))
                )
                continue
        kept.append(item)
    if len(met) > 1:
        raise UnreadableError(note("many_patients", count=str(len(met)), places=", ".join(met)))
    return tuple(kept), others


def _subject(resource: Json) -> str:
    for name in ("subject", "patient"):
        reference = text(part(resource, name), "reference")
        if reference:
            return reference
    return ""
