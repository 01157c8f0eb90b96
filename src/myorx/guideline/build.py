"""Positioned tree to models: one interpreter of ``shapes``, all faults in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from myorx.guideline import yaml_tree
from myorx.guideline.faults import Problem, instead, listed
from myorx.guideline.positions import Positions, join
from myorx.guideline.shapes import Atom, Choice, Key, Many, Named, Record, Shape
from myorx.guideline.texts import Condition
from myorx.guideline.yaml_tree import Scalar, Tree
from myorx.language.faults import LanguageError
from myorx.language.parser import parse

FAILED: Any = object()
"""In place of a value that could not be built; the problems say why."""

_MAX_INTEGER_TEXT = 9


def build(
    tree: Tree, shape: Shape, positions: Positions, path: str = ""
) -> tuple[Any, tuple[Problem, ...]]:
    """Make what ``shape`` describes out of ``tree``.

    Gives the object, or FAILED with at least one problem. Places of everything that was read go
    into ``positions`` under ``path``, also where the object fails.
    """
    builder = _Builder(positions)
    built = builder.make(tree, shape, path)
    return built, tuple(builder.problems)


class _Builder:
    def __init__(self, positions: Positions) -> None:
        self.problems: list[Problem] = []
        self._positions = positions

    def make(self, tree: Tree, shape: Shape, path: str) -> Any:
        self._positions.record(path, tree)
        match shape:
            case Atom(kind="free"):
                return yaml_tree.plain(tree)
            case Atom(kind=kind):
                return self._atom(tree, kind, path)
            case Choice(words=words):
                return self._choice(tree, words, path)
            case Many():
                return self._many(tree, shape, path)
            case Named(value=value):
                return self._named(tree, value, path)
        return self._record(tree, shape, path)

    # -- scalars -----------------------------------------------------------------------------------

    def _atom(self, tree: Tree, kind: str, path: str) -> Any:
        scalar = self._scalar(tree, path, _ALLOWED[kind])
        if scalar is None:
            return FAILED
        if kind in ("formula", "value"):
            return self._expression(scalar, kind, path)
        return _READERS[kind](self, scalar, path)

    def text(self, scalar: Scalar, path: str) -> Any:
        if scalar.kind != "string":
            return self._fail(
                scalar, path, "wrong-type", f"{scalar.text} is no text", "text", "put it in quotes"
            )
        return scalar.text.strip()

    def literal(self, scalar: Scalar, path: str) -> Any:  # noqa: ARG002 - one signature for all
        return scalar.text.strip()

    def integer(self, scalar: Scalar, path: str) -> Any:
        if scalar.kind == "integer" and len(scalar.text) <= _MAX_INTEGER_TEXT:
            return int(scalar.text)
        return self._fail(
            scalar,
            path,
            "wrong-type",
            f"{scalar.text[:40]} is no whole number",
            f"a whole number of at most {_MAX_INTEGER_TEXT} digits",
            "write digits without quotes",
        )

    def boolean(self, scalar: Scalar, path: str) -> Any:
        if scalar.kind == "boolean":
            return scalar.text == "true"
        return self._fail(
            scalar,
            path,
            "wrong-type",
            f"{scalar.text[:40]} is neither true nor false",
            "true, false",
            "write true or false",
        )

    def date(self, scalar: Scalar, path: str) -> Any:
        text = scalar.text.strip()
        try:
            if len(text) == len("2026-03-15"):
                return date.fromisoformat(text)
        except ValueError:
            pass
        return self._fail(
            scalar,
            path,
            "wrong-type",
            f"{text[:40]} is no day of the calendar",
            "a day such as 2026-03-15",
            "write year-month-day",
        )

    def _expression(self, scalar: Scalar, kind: str, path: str) -> Any:
        text = scalar.text.strip()
        try:
            expression = parse(text)
        except LanguageError as error:
            shift = len(scalar.text) - len(scalar.text.lstrip())
            for fault in error.faults:
                line, column = yaml_tree.locate(scalar, (fault.offset or 0) + shift)
                self.problems.append(
                    Problem(
                        scalar.file,
                        line,
                        column,
                        path,
                        fault.code,
                        fault.message,
                        fault.allowed,
                        fault.remedy,
                    )
                )
            return FAILED
        return Condition(text, expression) if kind == "formula" else expression

    def _choice(self, tree: Tree, words: tuple[str, ...], path: str) -> Any:
        scalar = self._scalar(tree, path, listed(words))
        if scalar is None or scalar.text in words:
            return FAILED if scalar is None else scalar.text
        return self._fail(
            scalar,
            path,
            "unknown-word",
            f"{scalar.text[:40]} is not one of the words that may stand here",
            listed(words),
            instead(scalar.text, words, "choose one of the allowed words"),
        )

    def _scalar(self, tree: Tree, path: str, allowed: str) -> Scalar | None:
        """The scalar itself, or None (said why) where there is none or it is empty."""
        if not isinstance(tree, Scalar):
            what = "a list" if isinstance(tree, yaml_tree.Sequence) else "a mapping"
            self._fail(
                tree,
                path,
                "wrong-type",
                f"{what} where one value should stand",
                allowed,
                "write one value (in quotes if it holds brackets or ': ')",
            )
            return None
        if tree.kind == "null" or not tree.text.strip():
            self._fail(
                tree, path, "empty", "nothing stands here", allowed, "fill it, or delete the key"
            )
            return None
        return tree

    # -- collections -------------------------------------------------------------------------------

    def _many(self, tree: Tree, shape: Many, path: str) -> Any:
        if not isinstance(tree, yaml_tree.Sequence):
            written = tree.text if isinstance(tree, Scalar) and tree.text else "…"
            return self._fail(
                tree,
                path,
                "wrong-type",
                "one value where a list should stand",
                "a list",
                f"write [{written}], or one item per line after a dash",
            )
        if shape.length is not None and len(tree.items) != shape.length:
            return self._fail(
                tree,
                path,
                "wrong-length",
                f"{len(tree.items)} items",
                f"exactly {shape.length} items",
                "add or remove items",
            )
        items = [
            self.make(item, shape.item, f"{path}[{index}]") for index, item in enumerate(tree.items)
        ]
        return FAILED if FAILED in items else tuple(items)

    def _named(self, tree: Tree, shape: Shape, path: str) -> Any:
        entries = self._entries(tree, path)
        if entries is None:
            return FAILED
        return self._values(entries, shape, path)

    def _values(self, entries: Iterable[yaml_tree.Entry], shape: Shape, path: str) -> Any:
        values = {
            entry.key.text: self.make(entry.value, shape, join(path, entry.key.text))
            for entry in entries
        }
        return FAILED if any(value is FAILED for value in values.values()) else values

    def _entries(self, tree: Tree, path: str) -> tuple[yaml_tree.Entry, ...] | None:
        if isinstance(tree, yaml_tree.Mapping):
            return tree.entries
        self._fail(
            tree,
            path,
            "wrong-type",
            "no keys where a mapping should stand",
            "a mapping: key: value",
            "write the keys that belong here",
        )
        return None

    # -- records -----------------------------------------------------------------------------------

    def _record(self, tree: Tree, shape: Record, path: str) -> Any:
        if shape.short is not None and isinstance(tree, Scalar):
            word = Scalar(tree.file, tree.line, tree.column, shape.short, "string", shape.short)
            tree = yaml_tree.Mapping(
                tree.file, tree.line, tree.column, (yaml_tree.Entry(word, tree),)
            )
        entries = self._entries(tree, path)
        if entries is None:
            return FAILED
        known = {key.name: key for key in shape.keys}
        fields: dict[str, Any] = dict(shape.fixed)
        fields.update({key.field: () for key in shape.keys if key.gathers})
        others = []
        for entry in entries:
            key = known.get(entry.key.text)
            if key is not None:
                value = self.make(entry.value, key.shape, join(path, key.name))
                self._fill(fields, key, value, entry.key, path)
            elif shape.rest is not None and not entry.key.text.startswith("_"):
                others.append(entry)
            else:
                fields[entry.key.text] = self._unknown_key(entry.key, known, path)
        if shape.rest is not None:
            assert isinstance(shape.rest.shape, Named)
            fields[shape.rest.field] = self._values(others, shape.rest.shape.value, path)
        complete = self._complete(tree, shape, fields, path)
        if not complete or any(value is FAILED for value in fields.values()):
            return FAILED
        return shape.model(**fields)

    def _fill(
        self, fields: dict[str, Any], key: Key, value: Any, written: Scalar, path: str
    ) -> None:
        """Put a value into its field, beside what other spellings of that field put there."""
        if key.gathers:
            before = fields[key.field]
            fields[key.field] = FAILED if FAILED in (before, value) else before + value
        elif key.field in fields:
            fields[key.field] = self._fail(
                written,
                join(path, key.name),
                "one-of",
                f"a second condition: {key.name}",
                "exactly one of these keys in an item",
                "make two items of it",
            )
        else:
            fields[key.field] = value
            fields.update(key.sets)

    def _unknown_key(self, key: Scalar, known: Mapping[str, Key], path: str) -> Any:
        return self._fail(
            key,
            join(path, key.text),
            "unknown-key",
            f"the key {key.text[:40]} is not known here",
            ", ".join(known),
            instead(key.text, known.keys(), "remove it, or use one of the allowed keys"),
        )

    def _complete(self, tree: Tree, shape: Record, fields: Mapping[str, Any], path: str) -> bool:
        """Whether every required field is filled; says which are not."""
        missing: dict[str, list[str]] = {}
        for key in shape.keys:
            if key.required and key.field not in fields:
                missing.setdefault(key.field, []).append(key.name)
        for names in missing.values():
            written = " or ".join(names)
            self._fail(
                tree,
                join(path, names[0]) if len(names) == 1 else path,
                "missing-key",
                f"{written} is missing",
                ", ".join(key.name for key in shape.keys),
                f"add {written}",
            )
        return not missing

    def _fail(
        self, node: Tree, path: str, code: str, message: str, allowed: str, remedy: str
    ) -> Any:
        self.problems.append(
            Problem(node.file, node.line, node.column, path, code, message, allowed, remedy)
        )
        return FAILED


_ALLOWED: Mapping[str, str] = {
    "text": "text",
    "literal": "a number or a word",
    "integer": "a whole number",
    "boolean": "true, false",
    "date": "a day such as 2026-03-15",
    "formula": "a condition in one line of text",
    "value": "a value or an expression in one line of text",
}
_READERS: Mapping[str, Callable[[_Builder, Scalar, str], Any]] = {
    "text": _Builder.text,
    "literal": _Builder.literal,
    "integer": _Builder.integer,
    "boolean": _Builder.boolean,
    "date": _Builder.date,
}
