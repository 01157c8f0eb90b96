"""Recognise the CQL constructs that the language leaves out, to name them in a fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .faults import Fault
from .lexer import Lexeme
from .vocabulary import CALENDAR_WORDS, LIBRARY_REMEDY, OUTSIDE_SYMBOLS, OUTSIDE_WORDS

ALLOWED = (
    "literals, names, and, or, not, implies, = != < <= > >=, between, in {…}, is null, + - * /, "
    "years|months|weeks|days between, AtLeast(n, {…})"
)
_NOTHING = Lexeme("nothing", "", 0, 0)
_OPERAND_ENDS = frozenset(
    ("NAME", "INTEGER", "DECIMAL", "STRING", "DATE", "NULL", "TRUE", "FALSE", "CLOSE", "CLOSE_SET")
)
_KINDS = {
    "long": ("Long literal", "write a Decimal: 3000000000.0"),
    "datetime": ("DateTime", "write the date only: @2026-03-15"),
    "time": ("Time", "times of day are not part of the language"),
    "ticked": ("back-ticked name", 'write the name in double quotes: "weeks"'),
}
_OPERATORS = ("ORDER", "EQUALITY", "_AND", "_OR", "_IMPLIES", "IS", "_IN", "_BETWEEN")
_SIGNS = ("PLUS", "MINUS", "TIMES", "OVER")
_AFTER_NAME = frozenset((*_OPERATORS, *_SIGNS, "CLOSE", "CLOSE_SET", "_COMMA", "nothing"))
_LIST = ("list {…}", "a list may only follow `in` or stand inside `AtLeast(n, {…})`")


def outside(lexemes: Sequence[Lexeme]) -> list[Fault]:
    """One fault for each distinct construct outside the language, at its first place."""
    faults: dict[str, Fault] = {}
    for construct, remedy, first, last in _constructs(lexemes):
        faults.setdefault(
            construct,
            Fault(
                code="outside-subset",
                message=f"{construct} is outside the language",
                allowed=ALLOWED,
                remedy=remedy,
                offset=first.start,
                length=last.end - first.start,
            ),
        )
    return list(faults.values())


def _constructs(lexemes: Sequence[Lexeme]) -> Iterator[tuple[str, str, Lexeme, Lexeme]]:
    """``(construct, remedy, first token, last token)`` wherever one is recognised."""
    for index, here in enumerate(lexemes):
        before = lexemes[index - 1] if index else _NOTHING
        after = lexemes[index + 1] if index + 1 < len(lexemes) else _NOTHING
        named = _word(here, before, after) or _shape(here, before, after, lexemes, index)
        if named is not None:
            yield named[0], named[1], here, after if after.end and named[0].endswith("()") else here


def _word(here: Lexeme, before: Lexeme, after: Lexeme) -> tuple[str, str] | None:
    """Constructs that one word or symbol announces."""
    if here.kind in _KINDS:
        return _KINDS[here.kind]
    if here.kind == "foreign":
        return OUTSIDE_SYMBOLS[here.value]
    is_calendar = here.value in CALENDAR_WORDS and here.kind in ("CALENDAR", "reserved")
    if is_calendar and before.kind in ("INTEGER", "DECIMAL"):
        return "calendar quantity `1 month`", "use `days between`, `months between`, or 30 'd'"
    if here.kind == "CALENDAR" and after.kind == "_BETWEEN":
        return None
    if is_calendar and after.kind == "_BETWEEN":
        return f"{here.value} between", "use years, months, weeks or days between"
    if is_calendar and after.value == "from":
        return f"date component `{here.value} from`", "compare whole dates"
    if here.kind in ("CALENDAR", "reserved"):
        phrase = here.value in ("difference", "duration") and after.kind == "_IN"
        if before.kind not in _OPERAND_ENDS and after.kind in _AFTER_NAME and not phrase:
            return _unquoted(here.value)
        return OUTSIDE_WORDS.get(here.value) or _unquoted(here.value)
    return None


def _unquoted(word: str) -> tuple[str, str]:
    """A reserved word where a name may be meant."""
    return f"CQL keyword `{word}`", f'if it is meant as a name, write it in quotes: "{word}"'


def _shape(
    here: Lexeme, before: Lexeme, after: Lexeme, lexemes: Sequence[Lexeme], index: int
) -> tuple[str, str] | None:
    """Constructs that only show in the order of the tokens."""
    if here.kind == "NAME" and after.kind == "OPEN":
        return f"function call {here.value}()", "derive the fact in the facts file, use it by name"
    if here.kind == "_OPEN_SET":
        if after.kind == "CLOSE_SET":
            return "empty list {}", "write at least one item"
        inside_at_least = before.kind == "_COMMA" and any(
            earlier.kind == "AT_LEAST" for earlier in lexemes[:index]
        )
        return None if before.kind == "_IN" or inside_at_least else _LIST
    if here.kind == "_IN" and after.kind not in ("_OPEN_SET", "nothing"):
        return "in a list, value set or interval by name", "write the codes: x in {'a', 'b'}"
    negated = before.kind == "NOT" and index > 1 and lexemes[index - 2].kind == "IS"
    if (before.kind == "IS" or negated) and here.kind in ("TRUE", "FALSE"):
        word = "is not" if negated else "is"
        return f"{word} {here.value}", "use the fact itself, or `not` the fact"
    if before.kind == "IS" and here.kind in ("NAME", "reserved"):
        return "type test `is`", "declare the fact with its type"
    opens = here.kind in ("MINUS", "PLUS") and before.kind not in _OPERAND_ENDS
    if opens and after.kind not in ("INTEGER", "DECIMAL", "nothing"):
        return "sign before an expression", "write `0 - x`, or put the sign in the number"
    if here.value in ("library", "define", "parameter", "context") and index == 0:
        return "CQL library", LIBRARY_REMEDY
    return None
