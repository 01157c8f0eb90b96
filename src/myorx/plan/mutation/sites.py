"""Where the expressions of a guideline stand, and how each is put back in changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import msgspec

from myorx.guideline.layout import KINDS, MANIFEST
from myorx.guideline.models import Argument, Guideline
from myorx.guideline.texts import Condition
from myorx.language.syntax import Expression

Put: TypeAlias = Callable[[Any], Guideline]
"""The guideline with something else in this place."""


class Owner(NamedTuple):
    """An object of a guideline: a drug, a decision, a definition …"""

    kind: str
    id: str
    value: Any
    put: Put


class Site(NamedTuple):
    """One expression of a guideline. ``path`` leads to it inside its owner, by ids where items have
    some; arguments are told apart by their kind alone."""

    owner: Owner
    path: str
    expression: Expression
    condition: bool
    put: Callable[[Expression], Guideline]


def owners(guideline: Guideline) -> Iterator[Owner]:
    """Every object, in the order in which the files are read; the manifest is the first."""
    for kind in KINDS:
        if kind is MANIFEST:
            yield Owner(
                kind.name,
                guideline.manifest.id,
                guideline.manifest,
                lambda new: msgspec.structs.replace(guideline, manifest=new),
            )
            continue
        collection = getattr(guideline, kind.collection)
        for id_, value in collection.items():
            yield Owner(kind.name, id_, value, _put(guideline, kind.collection, id_))


def _put(guideline: Guideline, collection: str, id_: str) -> Put:
    def put(new: Any) -> Guideline:
        changed = {**getattr(guideline, collection), id_: new}
        return msgspec.structs.replace(guideline, **{collection: changed})

    return put


def sites(owner: Owner) -> Iterator[Site]:
    """Every expression inside one object."""
    for path, value, put in _inside("", owner.value, owner.put):
        if isinstance(value, Condition):
            yield Site(owner, path, value.expression, True, _as_condition(value, put))
        else:
            yield Site(owner, path, value, False, put)


def _as_condition(condition: Condition, put: Put) -> Put:
    """The author's text stays: it is only shown where a file is quoted."""
    return lambda expression: put(msgspec.structs.replace(condition, expression=expression))


def _inside(path: str, value: Any, put: Put) -> Iterator[tuple[str, Any, Put]]:
    match value:
        case Condition():
            yield path, value, put
        case _ if isinstance(value, Expression):
            yield path, value, put
        case msgspec.Struct():
            for field in value.__struct_fields__:
                inner = _field(value, field, put)
                yield from _inside(_join(path, field), getattr(value, field), inner)
        case tuple():
            for index, item in enumerate(value):
                yield from _inside(_join(path, _label(item)), item, _item(value, index, put))
        case dict():
            for key, item in value.items():
                yield from _inside(_join(path, str(key)), item, _key(value, key, put))
        case _:
            return


def _field(struct: Any, field: str, put: Put) -> Put:
    return lambda new: put(msgspec.structs.replace(struct, **{field: new}))


def _item(items: tuple[Any, ...], index: int, put: Put) -> Put:
    return lambda new: put((*items[:index], new, *items[index + 1 :]))


def _key(mapping: dict[str, Any], key: str, put: Put) -> Put:
    return lambda new: put({**mapping, key: new})


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _label(item: Any) -> str:
    if isinstance(item, Argument):
        return item.kind
    name = getattr(item, "id", None) or getattr(item, "decision", None)
    return name if isinstance(name, str) else ""
