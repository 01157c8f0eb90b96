"""Nothing lies about: what nothing uses is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.check.graph import dependencies
from myorx.guideline.faults import Problem
from myorx.guideline.models import Derivation, Part
from myorx.guideline.positions import Place


def check(context: Context) -> Iterator[Problem]:
    """Facts, definitions, settings, classes and groups without use; classes without members."""
    guideline, manifest = context.guideline, context.guideline.manifest
    scales = manifest.scales
    used = {
        name
        for name, places in context.uses.items()
        if any(place.id != name or place.kind not in ("fact", "definition") for place in places)
    }
    used.update((scales.weight, scales.body_surface_area, scales.age, scales.adult_from))
    used.update(fact.max_age for fact in guideline.facts.values() if fact.max_age)
    for name, others in dependencies(guideline).items():
        used.update(other for other in others if other != name)
    yield from _unused(context, "fact", guideline.facts, used)
    yield from _unused(context, "definition", guideline.definitions, used)
    for index, setting in enumerate(manifest.settings):
        if setting.id not in used:
            place = Place("manifest", manifest.id, f"settings[{index}]")
            yield _problem(context, "setting", setting.id, place)
    groups = {fact.group for fact in guideline.facts.values()}
    yield from _unused(context, "group", guideline.groups, groups)
    yield from _classes(context)


def _classes(context: Context) -> Iterator[Problem]:
    named = {part.drug_class for _, part in context.all(Part)}
    named |= {derive.drug_class for _, derive in context.all(Derivation)}
    members = {id_ for drug in context.guideline.drugs.values() for id_ in drug.classes}
    yield from _unused(context, "class", context.guideline.classes, named)
    for id_ in context.guideline.classes:
        if id_ in named and id_ not in members:
            yield context.problem(
                "empty-class",
                Place("class", id_),
                f"no drug is a {id_}",
                allowed="classes with members",
                remedy="name the class in the files of its drugs",
            )


def _unused(
    context: Context, kind: str, ids: Iterable[str], used: set[str] | set[str | None]
) -> Iterator[Problem]:
    for id_ in ids:
        if id_ not in used:
            yield _problem(context, kind, id_, Place(kind, id_))


def _problem(context: Context, kind: str, id_: str, place: Place) -> Problem:
    return context.problem(
        "unused",
        place,
        f"nothing uses the {kind} {id_}",
        allowed="only what something uses",
        remedy="delete what is not used",
    )
