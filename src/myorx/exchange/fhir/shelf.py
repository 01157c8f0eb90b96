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
        return arrange([(_named("", source), source, "", "")])
    raise UnreadableError(note("no_bundle"))


def of_resources(resources: Iterable[Json]) -> Shelf:
    """Likewise for resources that came without a Bundle."""
    return arrange(
        (_named(f"resource[{number}]", each), each, "", "") for number, each in enumerate(resources)
    )


def _entries(bundle: Json) -> Iterable[tuple[str, Json, str, str]]:
    for number, entry in enumerate(parts(bundle, "entry")):
        resource, request = part(entry, "resource"), part(entry, "request")
        deleted = text(request, "url") if text(request, "method").upper() == "DELETE" else ""
        yield _named(f"entry[{number}]", resource), resource, text(entry, "fullUrl"), deleted


def arrange(entries: Iterable[tuple[str, Json, str, str]]) -> Shelf:
    """Resources in their order. Each comes as (place, resource, full URL, URL it deletes)."""
    listed = list(entries)
    gone = {plain_reference(deleted) for *_, deleted in listed if deleted}
    ignored: list[Ignored] = []
    kept: dict[str, Item] = {}
    references: dict[str, Json] = {}
    for where, resource, url, deleted in listed:
        kind = text(resource, "resourceType")
        name = _name(kind, resource, url) or where
        if deleted:
            ignored.append(Ignored(where, deleted, note("deletion")))
        elif not kind:
            ignored.append(Ignored(where, "?", note("no_resource")))
        elif name in gone or plain_reference(url) in gone:
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
                references[plain_reference(url)] = resource
    patient = _one_patient(kept.values())
    items, others = _of_patient(kept.values(), patient, references)
    return Shelf(items, patient, references, (*ignored, *others))


def _name(kind: str, resource: Json, url: str) -> str:
    identity = text(resource, "id")
    return f"{kind}/{identity}" if kind and identity else plain_reference(url)


def _named(where: str, resource: Json) -> str:
    kind, identity = text(resource, "resourceType"), text(resource, "id")
    name = "/".join(each for each in (kind, identity) if each)
    return " ".join(each for each in (where, name) if each)


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
    for item in items:
        reference = _subject(item.resource)
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
            return plain_reference(reference)
    return ""
