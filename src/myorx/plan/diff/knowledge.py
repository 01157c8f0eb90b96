"""Which objects of a guideline were added, removed or changed, and where inside they differ.

List items that have an id are paired by it, others by what they share with the other side, so that
one more item is one addition and not a change of all that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import msgspec

from myorx.guideline.layout import KINDS, MANIFEST
from myorx.guideline.models import Guideline
from myorx.guideline.positions import join
from myorx.guideline.shapes import Atom, Choice, Many, Named, Record, Shape, shape_of
from myorx.guideline.texts import Condition, Text
from myorx.guideline.walk import written
from myorx.language import cql
from myorx.language.syntax import Expression
from myorx.plan.diff.model import Edit, ItemChange
from myorx.plan.diff.normal import normal_form

_NAMES = ("names", "label", "question", "title", "says", "problem")
"""Where an object has its name: the first of these that it has."""
_ORDER = "(order)"


def changed_items(before: Guideline, after: Guideline) -> Iterator[ItemChange]:
    """Every object that differs, in the order in which the files are read."""
    for kind in KINDS:
        shape = shape_of(kind.model)
        if kind is MANIFEST:
            edits = tuple(_differ("", shape, before.manifest, after.manifest))
            if edits:
                manifest = after.manifest
                yield ItemChange(kind.name, manifest.id, "changed", manifest.title, edits)
            continue
        yield from _collection(
            kind.name, shape, getattr(before, kind.collection), getattr(after, kind.collection)
        )


def _collection(
    kind: str, shape: Record, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[ItemChange]:
    for id_ in dict.fromkeys((*before, *after)):
        if id_ not in after:
            yield ItemChange(kind, id_, "removed", _names(before[id_]))
        elif id_ not in before:
            yield ItemChange(kind, id_, "added", _names(after[id_]))
        else:
            edits = tuple(_differ("", shape, before[id_], after[id_]))
            if edits:
                yield ItemChange(kind, id_, "changed", _names(after[id_]), edits)


def _names(value: Any) -> Text | None:
    found = (getattr(value, field, None) for field in _NAMES)
    return next((names for names in found if isinstance(names, Text)), None)


# -- inside one object -------------------------------------------------------------------------


def _differ(path: str, shape: Shape, before: Any, after: Any) -> Iterator[Edit]:
    """The values that differ under ``path``; None: nothing is written there."""
    if before == after:
        return
    if before is None or after is None:
        yield from _only(path, shape, before, after)
        return
    match shape:
        case Record(keys=keys, rest=rest):
            for key in keys:
                values = written(key, before), written(key, after)
                yield from _differ(join(path, key.name), key.shape, *values)
            if rest is not None:
                values = getattr(before, rest.field), getattr(after, rest.field)
                yield from _differ(path, rest.shape, *values)
        case Many(item=Record() as item):
            yield from _many(path, item, before, after)
        case Named(value=inner):
            for name in dict.fromkeys((*before, *after)):
                values = before.get(name), after.get(name)
                yield from _differ(join(path, name), inner, *values)
        case _:
            yield _edit(path, shape, before, after)


def _only(path: str, shape: Shape, before: Any, after: Any) -> Iterator[Edit]:
    """What stands on one side alone, leaf by leaf, without what is the same as left out."""
    for leaf in _leaves(path, shape, before if after is None else after):
        if after is None:
            yield Edit(leaf.path, before=leaf.text)
        else:
            yield Edit(leaf.path, after=leaf.text)


def _edit(path: str, shape: Shape, before: Any, after: Any) -> Edit:
    same = False
    if isinstance(shape, Atom) and shape.kind in ("formula", "value"):
        same = normal_form(_expression(before)) == normal_form(_expression(after))
    return Edit(path, _text(shape, before), _text(shape, after), same)


def _expression(value: Any) -> Expression:
    expression: Expression = value.expression if isinstance(value, Condition) else value
    return expression


# -- lists -------------------------------------------------------------------------------------


class _Item(NamedTuple):
    """An item of a list and how its path names it."""

    label: str
    value: Any


def _many(path: str, shape: Record, before: Any, after: Any) -> Iterator[Edit]:
    by_id = all(hasattr(item, "id") for item in (*before, *after))
    pairs = _by_id(before, after) if by_id else _by_content(before, after)
    for label, old, new in pairs:
        yield from _differ(f"{path}[{label}]", shape, old, new)
    if by_id:
        old_order, new_order = _order(before, after), _order(after, before)
        if old_order != new_order:
            yield Edit(f"{path}{_ORDER}", old_order, new_order)


def _by_id(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    old, new = ({item.id: item for item in items} for items in (before, after))
    for id_ in dict.fromkeys((*old, *new)):
        yield id_, old.get(id_), new.get(id_)


def _order(items: Any, others: Any) -> str:
    """The ids that both sides have, in the order of the first."""
    known = {item.id for item in others}
    return ", ".join(item.id for item in items if item.id in known)


def _by_content(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Items in pairs: those that are equal stay together, what lies between them is paired in its
    order. They are numbered as the later side has them, those that are gone as the earlier."""
    old, new = ([msgspec.json.encode(item) for item in items] for items in (before, after))
    for tag, first, last, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(last - first, end - start)
        for step in range(paired):
            yield str(start + step), before[first + step], after[start + step]
        for index in range(first + paired, last):
            yield str(index), before[index], None
        for index in range(start + paired, end):
            yield str(index), None, after[index]


# -- leaves ------------------------------------------------------------------------------------


class _Leaf(NamedTuple):
    path: str
    text: str


def _leaves(path: str, shape: Shape, value: Any) -> Iterator[_Leaf]:
    """Every value written under ``path``, without those that are the same as left out."""
    match shape:
        case Record(model=model, keys=keys, rest=rest):
            defaults = {field.name: field.default for field in msgspec.structs.fields(model)}
            for key in keys:
                part = written(key, value)
                if part is not None and part != () and part != defaults.get(key.field):
                    yield from _leaves(join(path, key.name), key.shape, part)
            if rest is not None:
                yield from _leaves(path, rest.shape, getattr(value, rest.field))
        case Many(item=Record() as item):
            for index, part in enumerate(value):
                yield from _leaves(f"{path}[{getattr(part, 'id', index)}]", item, part)
        case Named(value=inner):
            for name, part in value.items():
                yield from _leaves(join(path, name), inner, part)
        case _:
            yield _Leaf(path, _text(shape, value))


def _text(shape: Shape, value: Any) -> str:
    """A value as its author wrote it, or as its expression is written in one way."""
    match shape:
        case Many(item=item):
            return ", ".join(_text(item, part) for part in value)
        case Atom(kind="formula"):
            return str(value.text)
        case Atom(kind="value"):
            return cql(value)
        case Atom(kind="boolean"):
            return "true" if value else "false"
        case Atom(kind="free"):
            return msgspec.json.encode(value).decode()
        case Atom() | Choice() | Record() | Named():
            return str(value)
