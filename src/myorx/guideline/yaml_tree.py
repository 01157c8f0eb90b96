"""YAML 1.2 text to a positioned tree; whatever the text holds, the answer is a tree or problems.

Scalars keep their text, so ``0.10`` stays an exact decimal and ``no`` stays a word: what a scalar
means is decided by whoever knows what should stand there. Anchors, aliases and tags are refused
(nothing is expanded, so nothing can explode, and nothing is constructed), as are duplicate keys.

The tree is built from the parser's events rather than with ``compose``: that one recurses, and
follows aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias
from typing import Literal as OneOf

import msgspec

from myorx.guideline.faults import Problem

if TYPE_CHECKING:
    from ruamel.yaml.events import Event

MAX_BYTES = 2_000_000
"""Longest file that is read: a knowledge file is at most a small book."""

MAX_DEPTH = 60
"""Deepest nesting that is read."""

ScalarKind: TypeAlias = OneOf["string", "integer", "decimal", "boolean", "null"]


class Scalar(msgspec.Struct, frozen=True):
    """One value as text. ``kind`` is what YAML 1.2 (core schema) takes the text for."""

    file: str
    line: int
    column: int
    text: str
    kind: ScalarKind
    raw: str
    """The value as it stands in the file, with quotes and line breaks."""


class Sequence(msgspec.Struct, frozen=True):
    """A list."""

    file: str
    line: int
    column: int
    items: tuple[Tree, ...]


class Entry(msgspec.Struct, frozen=True):
    """One key of a mapping with its value."""

    key: Scalar
    value: Tree


class Mapping(msgspec.Struct, frozen=True):
    """Keys with values, each key once, in the order of the file."""

    file: str
    line: int
    column: int
    entries: tuple[Entry, ...]

    def get(self, name: str) -> Tree | None:
        """The value of key ``name``, or None."""
        return next((entry.value for entry in self.entries if entry.key.text == name), None)


Tree: TypeAlias = Scalar | Sequence | Mapping


class Reading(msgspec.Struct, frozen=True):
    """What a text holds: the tree (None where there is none to speak of), and every problem."""

    tree: Tree | None
    problems: tuple[Problem, ...]


def read(source: bytes | str, file: str, *, max_bytes: int = MAX_BYTES) -> Reading:
    """Read one YAML (or JSON) document; ``file`` is only the name that problems carry.

    Never raises for any input. After a syntax error there is no tree; after any other problem there
    is one, holding the first of two duplicate keys and nothing for what was refused.
    """
    decoded = _decode(source, file, max_bytes)
    if isinstance(decoded, Problem):
        return Reading(None, (decoded,))
    builder = _Builder(file, decoded)
    builder.run()
    return Reading(builder.tree, tuple(sorted(builder.problems)))


def locate(scalar: Scalar, offset: int) -> tuple[int, int]:
    """Line and column in the file of character ``offset`` of ``scalar.text``.

    The text and what stands in the file differ in white space (folding), quotes and escapes only,
    so both are walked side by side.
    """
    line, column, start = scalar.line, scalar.column, 0
    raw, quote = scalar.raw, scalar.raw[:1]
    if quote in ("|", ">"):
        start = raw.find("\n") + 1
        line, column = line + 1, 1
    elif quote in ("'", '"'):
        start, column = 1, column + 1
    else:
        quote = ""
    wanted = sum(not character.isspace() for character in scalar.text[:offset])
    index = start
    while index < len(raw):
        character = raw[index]
        step = 1
        if (quote == "'" and raw[index : index + 2] == "''") or (
            quote == '"' and character == "\\"
        ):
            step = 2
        if not character.isspace():
            if wanted == 0:
                break
            wanted -= 1
        if character == "\n":
            line, column = line + 1, 1
        else:
            column += step
        index += step
    return line, column


def plain(tree: Tree | None) -> Any:
    """The tree as plain Python: dict, list, str, int, Decimal, bool, None; numbers stay exact."""
    match tree:
        case None:
            return None
        case Mapping(entries=entries):
            return {entry.key.text: plain(entry.value) for entry in entries}
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Scalar(text=text, kind="boolean"):
            return text == "true"
        case Scalar(kind="null"):
            return None
        case Scalar(text=text, kind="integer") if len(text) <= 18:
            return int(text)
        case Scalar(text=text, kind="integer" | "decimal"):
            try:
                return Decimal(text)
            except InvalidOperation:  # an exponent beyond what a Decimal holds
                return text
    return tree.text


# -- text ------------------------------------------------------------------------------------------


def _decode(source: bytes | str, file: str, max_bytes: int) -> str | Problem:
    if len(source) > max_bytes:
        return Problem(
            file,
            0,
            0,
            "",
            "too-large",
            f"{len(source)} bytes",
            f"at most {max_bytes} bytes",
            "split the file",
        )
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        return Problem(
            file,
            before.count(b"\n") + 1,
            len(before) - before.rfind(b"\n"),
            "",
            "not-utf-8",
            f"byte 0x{source[error.start]:02x} is no UTF-8",
            "UTF-8 text",
            "save the file as UTF-8",
        )


_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOLEAN = re.compile(r"(?:true|false)\Z")
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")


def _kind(text: str) -> ScalarKind:
    """What an unquoted scalar is. ``True`` and ``yes`` are words: one spelling of truth will do."""
    if _NULL.match(text):
        return "null"
    if _BOOLEAN.match(text):
        return "boolean"
    if _INTEGER.match(text):
        return "integer"
    if _DECIMAL.match(text):
        return "decimal"
    return "string"


# -- events to tree --------------------------------------------------------------------------------


class _Open(msgspec.Struct):
    """A list or mapping that has begun. ``key`` is the key that waits for its value."""

    line: int
    column: int
    is_mapping: bool
    items: list[Tree | None] = []
    entries: dict[str, Entry] = {}
    key: Scalar | None = None
    key_expected: bool = True


class _Stop(Exception):  # noqa: N818 - ends the reading, is no error of anybody
    """Nothing that follows can be understood."""


class _Builder:
    """Turns the events of one document into a tree, with an explicit stack."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.tree: Tree | None = None
        self.problems: list[Problem] = []
        self._stack: list[_Open] = []
        self._documents = 0

    def run(self) -> None:
        try:
            for event in self._events():
                self._take(event)
        except _Stop:
            self.tree = None
            return
        if self._documents == 0:
            self._problem(1, 1, "empty-file", "the file holds nothing", "one document", "fill it")

    def _events(self) -> Iterator[Event]:
        """The parser's events; its errors become one problem."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
        from ruamel.yaml.reader import ReaderError

        from myorx.guideline.yaml_scanner import NestingError, scanner

        yaml = YAML(typ="safe", pure=True)
        yaml.Scanner = scanner(MAX_DEPTH)
        try:
            yield from yaml.parse(self.text)
        except NestingError as error:
            self._too_deep(error.problem_mark.line + 1, error.problem_mark.column + 1)
            raise _Stop from None
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            what = "; ".join(str(part) for part in (error.context, error.problem) if part)
            code, allowed, remedy = _explain(what)
            self._problem(line, column, code, what, allowed, remedy)
            raise _Stop from None
        except ReaderError as error:
            before = self.text[: error.position]
            self._problem(
                before.count("\n") + 1,
                len(before) - before.rfind("\n"),
                "bad-character",
                f"the character U+{error.character:04X} may not stand in YAML",
                "printable characters",
                "delete it",
            )
            raise _Stop from None
        except (YAMLError, ValueError, OverflowError) as error:
            # e.g. "\U99999999" in double quotes: no such character
            self._problem(0, 0, "yaml-syntax", f"{error}", "YAML 1.2", "correct the file")
            raise _Stop from None

    def _take(self, event: Event) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        match type(event).__name__:
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    self._problem(
                        line,
                        column,
                        "second-document",
                        "a second document begins here",
                        "one document in a file",
                        "remove the line ---",
                    )
                    raise _Stop
            case "MappingStartEvent" | "SequenceStartEvent":
                self._refuse_marks(event, line, column)
                if len(self._stack) >= MAX_DEPTH:
                    self._too_deep(line, column)
                    raise _Stop
                self._stack.append(_Open(line, column, type(event).__name__[0] == "M"))
            case "MappingEndEvent":
                frame = self._stack.pop()
                entries = tuple(frame.entries.values())
                self._put(Mapping(self.file, frame.line, frame.column, entries), frame)
            case "SequenceEndEvent":
                frame = self._stack.pop()
                items = tuple(item for item in frame.items if item is not None)
                self._put(Sequence(self.file, frame.line, frame.column, items), frame)
            case "ScalarEvent":
                self._refuse_marks(event, line, column)
                self._put(self._scalar(event, line, column))
            case "AliasEvent":
                self._problem(
                    line,
                    column,
                    "alias",
                    f"an alias: *{event.anchor}",  # type: ignore[attr-defined]
                    "values written out",
                    "write the value where it is needed",
                )
                self._put(None)

    def _scalar(self, event: Any, line: int, column: int) -> Scalar:
        kind: ScalarKind = _kind(event.value) if not event.style else "string"
        raw = self.text[event.start_mark.index : event.end_mark.index]
        text: str = event.value
        if not text.isascii() and _SURROGATE.search(text):
            # JSON writes a character beyond U+FFFF as two escapes, which the parser leaves apart.
            try:
                text = text.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                text = _SURROGATE.sub("\ufffd", text)
                self._problem(
                    line,
                    column,
                    "bad-character",
                    "half of a character (a lone surrogate)",
                    "whole characters",
                    "write the character itself",
                )
        return Scalar(self.file, line, column, text, kind, raw)

    def _refuse_marks(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            self._problem(
                line,
                column,
                "anchor",
                f"an anchor: &{event.anchor}",
                "values written out",
                "write the value where it is needed",
            )
        if event.tag is not None and event.tag != "!":
            self._problem(
                line, column, "tag", f"a tag: {event.tag}", "values without tags", "remove the tag"
            )

    def _put(self, node: Tree | None, closed: _Open | None = None) -> None:
        """Hand a finished node (None: refused) to what is open around it."""
        if not self._stack:
            self.tree = node
            return
        frame = self._stack[-1]
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key_expected:
            frame.key_expected = False
            frame.key = self._key(node, closed or frame)
        else:
            frame.key_expected = True
            if frame.key is not None and node is not None:
                frame.entries.setdefault(frame.key.text, Entry(frame.key, node))

    def _key(self, node: Tree | None, near: _Open) -> Scalar | None:
        """The key that ``node`` is, or None (said why) where it cannot be one."""
        if not isinstance(node, Scalar):
            if node is not None:
                self._problem(
                    near.line,
                    near.column,
                    "bad-key",
                    "a list or mapping as a key",
                    "a word as a key",
                    "write a word before the colon",
                )
            return None
        first = self._stack[-1].entries.get(node.text)
        if first is not None:
            self._problem(
                node.line,
                node.column,
                "duplicate-key",
                f"the key {node.text} stands twice; first in line {first.key.line}",
                "each key once",
                "remove or rename one of the two",
            )
            return None
        return node

    def _too_deep(self, line: int, column: int) -> None:
        self._problem(
            line,
            column,
            "too-deep",
            f"more than {MAX_DEPTH} levels of nesting",
            f"at most {MAX_DEPTH} levels",
            "flatten the file",
        )

    def _problem(
        self, line: int, column: int, code: str, message: str, allowed: str, remedy: str
    ) -> None:
        self.problems.append(Problem(self.file, line, column, "", code, message, allowed, remedy))


def _explain(what: str) -> tuple[str, str, str]:
    """Code, what is allowed and remedy for a complaint of the YAML parser."""
    if "'\\t'" in what:
        return "tab", "spaces", "indent with spaces"
    if "mapping values are not allowed" in what:
        return (
            "yaml-syntax",
            "one key and its value",
            "put a text that contains ': ' in quotes, and check the indentation",
        )
    if "cannot start any token" in what:
        return "yaml-syntax", "YAML 1.2", "put the text in quotes"
    return "yaml-syntax", "YAML 1.2", "check indentation, brackets and quotes"
