"""Text to tree: ``parse`` gives a tree or a LanguageError that says everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.lexer import Lexer

from .faults import Fault, LanguageError
from .lexer import Lexeme, lex, read_date
from .outside import outside
from .syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Compare,
    DecimalLiteral,
    DurationBetween,
    Expression,
    Implies,
    In,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    NullLiteral,
    Or,
    QuantityLiteral,
    StringLiteral,
)
from .walk import Path, Spans

MAX_LENGTH = 100_000
"""Longest text that is read, in characters. A rule is one line; this is a small book."""

MAX_DEPTH = 100
"""Deepest tree that is built, so that every engine may recurse over it."""

MAX_DIGITS = 28
MAX_SCALE = 8
MIN_INTEGER, MAX_INTEGER = -(2**31), 2**31 - 1


def parse(text: str) -> Expression:
    """Read one expression.

    Raises LanguageError, and nothing else, for any text that is not an expression of the language:
    with one fault for each construct of CQL that the language leaves out, or else with the first
    place where the text stops making sense.
    """
    return _read(text).node


def parse_with_spans(text: str) -> tuple[Expression, Spans]:
    """Like ``parse``; also where in the text each node stands, for ``check(..., spans=...)``."""
    draft = _read(text)
    spans: dict[Path, tuple[int, int]] = {}
    waiting: list[tuple[Path, _Draft]] = [((), draft)]
    while waiting:
        path, part = waiting.pop()
        spans[path] = (part.start, part.end - part.start)
        waiting.extend(((*path, index), child) for index, child in enumerate(part.parts))
    return draft.node, spans


class _Draft:
    """A node under construction, with what only the parser needs to know of it."""

    __slots__ = ("depth", "end", "faults", "node", "parts", "start")

    def __init__(
        self,
        node: Expression,
        start: int,
        end: int,
        parts: Sequence[_Draft] = (),
        faults: tuple[Fault, ...] = (),
    ) -> None:
        self.node = node
        self.start = start
        self.end = end
        self.parts = parts
        self.faults = faults
        self.depth = 1
        for part in parts:
            self.depth = max(self.depth, part.depth + 1)
            self.faults += part.faults
        if self.depth > MAX_DEPTH:
            raise LanguageError((_too_deep(start, end - start),))


class _Builder(Transformer[Token, _Draft]):
    """One method per alternative of ``grammar.lark``; children arrive in the order of the text."""

    def all_of(self, parts: list[_Draft]) -> _Draft:
        return _over(And(tuple(part.node for part in parts)), parts)

    def any_of(self, parts: list[_Draft]) -> _Draft:
        return _over(Or(tuple(part.node for part in parts)), parts)

    def implies(self, parts: list[_Draft]) -> _Draft:
        return _over(Implies(parts[0].node, parts[1].node), parts)

    def compare(self, parts: list[Any]) -> _Draft:
        left, operator, right = parts
        return _over(Compare(operator.value, left.node, right.node), (left, right))

    def arithmetic(self, parts: list[Any]) -> _Draft:
        left, operator, right = parts
        return _over(Arithmetic(operator.value, left.node, right.node), (left, right))

    def between(self, parts: list[_Draft]) -> _Draft:
        value, low, high = parts
        return _over(Between(value.node, low.node, high.node), parts)

    def duration(self, parts: list[Any]) -> _Draft:
        unit, start, end = parts
        node = DurationBetween(unit.value, start.node, end.node)
        return _Draft(node, unit.start_pos, end.end, (start, end))

    def negate(self, parts: list[Any]) -> _Draft:
        word, operand = parts
        return _Draft(Not(operand.node), word.start_pos, operand.end, (operand,))

    def is_null(self, parts: list[Any]) -> _Draft:
        return _Draft(IsNull(parts[0].node), parts[0].start, parts[-1].end_pos, parts[:1])

    def is_not_null(self, parts: list[Any]) -> _Draft:
        return _Draft(IsNull(parts[0].node, True), parts[0].start, parts[-1].end_pos, parts[:1])

    def set(self, parts: list[_Draft]) -> list[_Draft]:
        return parts

    def member(self, parts: list[Any]) -> _Draft:
        value, items, close = parts
        node = In(value.node, tuple(item.node for item in items))
        return _Draft(node, value.start, close.end_pos, (value, *items))

    def at_least(self, parts: list[Any]) -> _Draft:
        word, _, count, items, _, close = parts
        node = AtLeast(count.node, tuple(item.node for item in items))
        return _Draft(node, word.start_pos, close.end_pos, (count, *items))

    def grouped(self, parts: list[Any]) -> _Draft:
        opening, inner, closing = parts
        inner.start, inner.end = opening.start_pos, closing.end_pos
        return cast(_Draft, inner)

    def name(self, parts: list[Token]) -> _Draft:
        return _leaf(Name(parts[0].value), parts)

    def boolean(self, parts: list[Token]) -> _Draft:
        return _leaf(BooleanLiteral(parts[0].value == "true"), parts)

    def null(self, parts: list[Token]) -> _Draft:
        return _leaf(NullLiteral(), parts)

    def string(self, parts: list[Token]) -> _Draft:
        return _leaf(StringLiteral(parts[0].value), parts)

    def date(self, parts: list[Token]) -> _Draft:
        found = read_date(parts[0].value)
        if found is not None:
            return _leaf(found, parts)
        fault = Fault(
            code="invalid-date",
            message=f"{parts[0].value} is no date of the calendar",
            allowed="@2026, @2026-03 or @2026-03-15",
            remedy="correct the year, month or day",
            offset=parts[0].start_pos,
            length=len(parts[0].value),
        )
        # The placeholder lets the rest of the text be checked; it never leaves the parser.
        return _leaf(NullLiteral(), parts, (fault,))

    def number(self, parts: list[Token]) -> _Draft:
        unit = parts[-1].value if parts[-1].type == "STRING" else None
        digits = next(part for part in parts if part.type in ("INTEGER", "DECIMAL"))
        negative = parts[0].type == "MINUS"
        start, end = parts[0].start_pos or 0, parts[-1].end_pos or 0
        node, problem = _number(digits.value, negative, unit)
        if problem is None:
            return _leaf(node, parts)
        message, allowed = problem
        fault = Fault(
            code="number-out-of-range",
            message=message,
            allowed=allowed,
            remedy="write a number within the limits, or use a larger unit",
            offset=start,
            length=end - start,
        )
        return _leaf(node, parts, (fault,))


def _over(node: Expression, parts: Sequence[_Draft]) -> _Draft:
    return _Draft(node, parts[0].start, parts[-1].end, parts)


def _leaf(node: Expression, tokens: Sequence[Token], faults: tuple[Fault, ...] = ()) -> _Draft:
    return _Draft(node, tokens[0].start_pos or 0, tokens[-1].end_pos or 0, (), faults)


def _number(
    digits: str, negative: bool, unit: str | None
) -> tuple[Expression, tuple[str, str] | None]:
    """The literal for unsigned ``digits``, and ``(found, allowed)`` where it breaks a limit."""
    whole, _, fraction = digits.partition(".")
    significant = len(whole.lstrip("0")) + len(fraction)
    if unit is not None:
        problem = None
        if significant > MAX_DIGITS:
            problem = (f"a number of {significant} digits", f"at most {MAX_DIGITS} digits")
            digits = "0"
        value = Decimal(digits)
        return QuantityLiteral(-value if negative and value else value, unit), problem
    if fraction:
        if significant > MAX_DIGITS:
            found = f"a Decimal literal of more than {MAX_DIGITS} digits"
            return NullLiteral(), (found, f"at most {MAX_DIGITS} digits")
        if len(fraction) > MAX_SCALE:
            found = f"a Decimal literal with {len(fraction)} digits after the point"
            return NullLiteral(), (found, f"at most {MAX_SCALE} digits after the point")
        value = Decimal(digits)
        return DecimalLiteral(-value if negative and value else value), None
    if len(whole.lstrip("0")) <= 10:
        integer = -int(whole) if negative else int(whole)
        if MIN_INTEGER <= integer <= MAX_INTEGER:
            return IntegerLiteral(integer), None
    found = "an Integer literal that does not fit 32 bit"
    return NullLiteral(), (found, f"{MIN_INTEGER} to {MAX_INTEGER}; beyond: a Decimal, like 1.0")


class _Tokens(Lexer):
    """Hands tokens already cut by ``lexer.lex`` to Lark."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object = None) -> Iterator[Token]:  # noqa: ARG002
        for lexeme in cast(Sequence[Lexeme], lexer_state):
            yield Token(
                lexeme.kind, lexeme.value, start_pos=lexeme.start, line=1, end_pos=lexeme.end
            )


@cache
def _lalr() -> Lark:
    """The parser of ``grammar.lark``, built once in a process."""
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Tokens, transformer=_Builder())


def _read(text: str) -> _Draft:
    if len(text) > MAX_LENGTH:
        raise LanguageError((_too_long(len(text)),))
    lexemes, faults = lex(text)
    if faults:
        raise LanguageError((*faults, *outside(lexemes)))
    if not lexemes:
        raise LanguageError((_empty(),))
    try:
        draft = cast(_Draft, _lalr().parse(cast(Any, lexemes)))
    except UnexpectedInput as problem:
        raise LanguageError(outside(lexemes) or (_unexpected(problem, len(text)),)) from None
    if draft.faults:
        raise LanguageError(draft.faults)
    return draft


_READABLE = {
    "NAME": "a name",
    "INTEGER": "a number",
    "STRING": "a string",
    "DATE": "a date",
    "TRUE": "true or false",
    "NULL": "null",
    "_AND": "and",
    "_OR": "or",
    "_IMPLIES": "implies",
    "NOT": "not",
    "_BETWEEN": "between",
    "_IN": "in",
    "IS": "is null",
    "ORDER": "< <= > >=",
    "EQUALITY": "= !=",
    "PLUS": "+ -",
    "TIMES": "* /",
    "OPEN": "(",
    "CLOSE": ")",
    "_OPEN_SET": "{",
    "CLOSE_SET": "}",
    "_COMMA": ",",
    "CALENDAR": "years|months|weeks|days between",
    "AT_LEAST": "AtLeast(n, {…})",
    "$END": "the end of the text",
}


def _unexpected(problem: UnexpectedInput, end: int) -> Fault:
    token = cast(Token, getattr(problem, "token", None) or Token("$END", ""))
    expected = set(getattr(problem, "accepts", None) or getattr(problem, "expected", ()) or ())
    allowed = ", ".join(words for kind, words in _READABLE.items() if kind in expected)
    at_end = token.type == "$END"
    offset = end if at_end else (token.start_pos or 0)
    return Fault(
        code="unfinished" if at_end else "unexpected",
        message="the text ends too early" if at_end else f"unexpected {token.value!r}",
        allowed=allowed or "an expression",
        remedy="complete the expression" if at_end else "correct the text before or at this place",
        offset=offset,
        length=0 if at_end else (token.end_pos or offset) - offset,
    )


def _empty() -> Fault:
    return Fault(
        code="empty",
        message="an empty text",
        allowed="one expression",
        remedy="write a condition, or `true`",
        offset=0,
    )


def _too_long(length: int) -> Fault:
    return Fault(
        code="too-long",
        message=f"a text of {length} characters",
        allowed=f"at most {MAX_LENGTH} characters",
        remedy="cut it into named definitions",
        offset=0,
        length=length,
    )


def _too_deep(start: int, length: int) -> Fault:
    return Fault(
        code="too-deep",
        message=f"an expression nested more than {MAX_DEPTH} deep",
        allowed=f"at most {MAX_DEPTH} levels",
        remedy="cut it into named definitions",
        offset=start,
        length=length,
    )
