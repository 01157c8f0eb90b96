"""How each model is written in YAML: one description for loader, walker and schemas.

Most of it is read off the models (``shape_of``). What authors may write more kindly than the fields
stand is declared here, once: ``for:`` / ``against:`` lists, hazards, ``class:``, parts as a word.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, TypeAlias
from typing import Literal as OneOf

import msgspec

from myorx.guideline import models, vignettes
from myorx.guideline.texts import Condition
from myorx.language.syntax import Expression

ARGUMENT_KINDS: tuple[str, ...] = typing.get_args(models.ArgumentKind)


class Atom(msgspec.Struct, frozen=True):
    """One scalar. ``formula`` is a condition (text kept), ``value`` an expression; ``literal`` is
    any scalar kept as the author wrote it (a number stays exact)."""

    kind: OneOf["text", "integer", "boolean", "date", "literal", "formula", "value", "free"]


class Choice(msgspec.Struct, frozen=True):
    """One word out of a closed list."""

    words: tuple[str, ...]


class Many(msgspec.Struct, frozen=True):
    """A list of any length, or of exactly ``length``."""

    item: Shape
    length: int | None = None


class Named(msgspec.Struct, frozen=True):
    """A mapping from names the author chooses."""

    value: Shape


class Key(msgspec.Struct, frozen=True):
    """One key of a record. ``sets`` are further fields that this spelling decides (``kind``);
    ``gathers``: several keys fill the one list ``field``, each with its own kind of item."""

    name: str
    field: str
    shape: Shape
    required: bool
    sets: tuple[tuple[str, str], ...] = ()
    gathers: bool = False


class Record(msgspec.Struct, frozen=True):
    """A mapping with known keys that makes one object of ``model``.

    A scalar or list in its place (``short``) stands for a mapping with that one key. Keys that are
    not known go into the mapping field ``rest`` where there is one, and are faults elsewhere.
    ``fixed`` are fields decided by where the record stands. ``title`` names this way of writing.
    """

    title: str
    model: Any
    keys: tuple[Key, ...]
    short: str | None = None
    rest: Key | None = None
    fixed: tuple[tuple[str, str], ...] = ()


Shape: TypeAlias = Atom | Choice | Many | Named | Record

# -- what is written otherwise than the field stands -----------------------------------------------

_SPELLED: Mapping[tuple[type, str], str] = {
    (models.Part, "drug_class"): "class",
    (models.Derivation, "drug_class"): "class",
    (models.Derivation, "is_response"): "response",
    (models.Due, "start"): "from",
    (vignettes.DecisionExpectation, "status"): "_status",
    (vignettes.DecisionExpectation, "order"): "_order",
    (vignettes.DecisionExpectation, "gaps"): "_gaps",
    (vignettes.DecisionExpectation, "gaps_are"): "_gaps_are",
}
"""(model, field) -> the author's key."""

_SHORT: Mapping[type, str] = {
    models.Part: "drug",
    vignettes.CandidateExpectation: "status",
    vignettes.TaperExpectation: "state",
}
"""A plain word in place of the mapping fills this key."""

_REST: Mapping[type, str] = {vignettes.DecisionExpectation: "candidates"}
"""Further keys belong into this field."""

_SHAPED: Mapping[tuple[type, str], Shape] = {
    (models.Fact, "plausible"): Many(Atom("literal"), length=2),
    (vignettes.Expectation, "facts"): Named(Atom("literal")),
    (vignettes.Expectation, "calendar"): Named(Atom("literal")),
    (vignettes.TaperExpectation, "earliest"): Atom("literal"),
    (vignettes.TaperExpectation, "reached"): Atom("literal"),
    (vignettes.Expectation, "findings"): Named(Choice(("true", "false", "unknown"))),
    (vignettes.DecisionExpectation, "gaps_are"): Named(Choice(("true", "false", "unknown"))),
    (vignettes.CandidateExpectation, "reasons"): Named(Choice(("true", "false", "unknown"))),
    (vignettes.Expectation, "hazards"): Named(Named(Choice(("true", "false", "unknown")))),
}
"""Fields whose type alone does not say what may be written."""

_GATHERED: Mapping[tuple[type, str], tuple[str, ...]] = {
    (models.Candidate, "arguments"): ARGUMENT_KINDS,
    (models.Advice, "arguments"): ("against", "exclude", "caution"),
}
"""Argument lists that are written as one key per kind of argument."""

_HAZARDS = (models.Drug, "hazards")
"""Arguments that are written with the kind as the key of their condition: ``exclude: allergy``."""

HAZARD_KINDS = ("exclude", "against", "caution")


@cache
def shape_of(model: type) -> Record:
    """How one object of ``model`` is written."""
    return _record(model)


def _record(
    model: type,
    *,
    without: tuple[str, ...] = (),
    first: tuple[Key, ...] = (),
    fixed: tuple[tuple[str, str], ...] = (),
    title: str | None = None,
) -> Record:
    keys, rest = list(first), None
    for field in msgspec.structs.fields(model):
        if field.name in without:
            continue
        place = (model, field.name)
        gathered = _GATHERED.get(place)
        if gathered is not None:
            keys.extend(_argument_list(kind) for kind in gathered)
            continue
        shape = _hazards() if place == _HAZARDS else _SHAPED.get(place) or _shape(field.type)
        name = _SPELLED.get(place, field.encode_name)
        key = Key(name, field.name, shape, field.required)
        if _REST.get(model) == field.name:
            rest = key
        else:
            keys.append(key)
    return Record(title or model.__name__, model, tuple(keys), _SHORT.get(model), rest, fixed)


def _argument_list(kind: str) -> Key:
    """``for:`` and its sisters: arguments whose kind is the key they stand under."""
    item = _record(models.Argument, without=("kind",), fixed=(("kind", kind),))
    return Key(kind, "arguments", Many(item), required=False, gathers=True)


def _hazards() -> Many:
    """Hazards: the key that names the kind holds the condition."""
    conditions = tuple(
        Key(kind, "when", Atom("formula"), required=True, sets=(("kind", kind),))
        for kind in HAZARD_KINDS
    )
    return Many(
        _record(models.Argument, without=("kind", "when"), first=conditions, title="Hazard")
    )


_EXPRESSION = frozenset(typing.get_args(Expression))
_ATOMS: Mapping[Any, Atom] = {
    str: Atom("text"),
    int: Atom("integer"),
    bool: Atom("boolean"),
    Condition: Atom("formula"),
    Any: Atom("free"),
    date: Atom("date"),
}


def _shape(hint: Any) -> Shape:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        members = [member for member in arguments if member is not type(None)]
        if _EXPRESSION.issuperset(members):
            return Atom("value")
        if len(members) == 1:
            return _shape(members[0])
        raise TypeError(f"no way to write {hint} in YAML")
    if hint in _ATOMS:
        return _ATOMS[hint]
    if origin is typing.Literal:
        return Choice(arguments)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return Many(_shape(arguments[0]))
        return Many(_shape(arguments[0]), length=len(arguments))
    if origin is dict:
        return Named(_shape(arguments[1]))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return shape_of(hint)
    raise TypeError(f"no way to write {hint} in YAML")
