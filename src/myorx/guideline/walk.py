"""Every value of a guideline with its place, in the author's spelling; parents before children."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from myorx.guideline.layout import KINDS, MANIFEST
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place
from myorx.guideline.shapes import Key, Many, Named, Record, Shape, shape_of


class Found(NamedTuple):
    """A value, where it stands, and how it is written there."""

    place: Place
    shape: Shape
    value: Any


def walk(guideline: Guideline) -> Iterator[Found]:
    """All values of all objects, in the order of ``layout.KINDS`` and of the files."""
    for kind in KINDS:
        shape = shape_of(kind.model)
        if kind is MANIFEST:
            manifest = guideline.manifest
            yield from walk_value(Place(kind.name, manifest.id), shape, manifest)
            continue
        for id_, value in getattr(guideline, kind.collection).items():
            yield from walk_value(Place(kind.name, id_), shape, value)


def walk_value(place: Place, shape: Shape, value: Any) -> Iterator[Found]:
    """One value and everything inside it. Keys that were left out do not appear."""
    yield Found(place, shape, value)
    match shape:
        case Many(item=item):
            for index, part in enumerate(value):
                yield from walk_value(place.item(index), item, part)
        case Named(value=inner):
            for name, part in value.items():
                yield from walk_value(place.key(name), inner, part)
        case Record(keys=keys, rest=rest):
            for key in keys:
                part = written(key, value)
                if part is not None:
                    yield from walk_value(place.key(key.name), key.shape, part)
            if rest is not None:
                # The names of a rest stand beside the keys, not below one.
                yield from walk_value(place, rest.shape, getattr(value, rest.field))


def written(key: Key, value: Any) -> Any:
    """What stands under ``key``; None where this object is not written with it."""
    if any(getattr(value, field) != word for field, word in key.sets):
        return None
    found = getattr(value, key.field)
    if not key.gathers:
        return found
    assert isinstance(key.shape, Many)
    assert isinstance(key.shape.item, Record)
    fixed = key.shape.item.fixed
    return tuple(
        item for item in found if all(getattr(item, field) == word for field, word in fixed)
    )
