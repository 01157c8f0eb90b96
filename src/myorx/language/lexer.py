"""Text to tokens. Every character is accounted for; nothing raises on any input."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from .faults import Fault
from .syntax import DateLiteral
from .vocabulary import OWN_WORDS, RESERVED


class Lexeme(NamedTuple):
    """One token: ``kind`` is a terminal of ``grammar.lark`` or, outside it, a lower-case word.

    ``value`` is the decoded text (of strings and quoted names) or the text as it stands.
    """

    kind: str
    value: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      (?P<space>   [ \t\r\n\f\v\u00a0\ufeff\u3000]+ )
    | (?P<comment> //[^\r\n]* | /\*(?:[^*]|\*(?!/))*\*/ )
    | (?P<open_comment> /\* )
    | (?P<moment>  @[0-9T:.Z-]* (?: (?<=[0-9]) [+] [0-9]{2}:[0-9]{2} )? )
    | (?P<long>    [0-9]+L )
    | (?P<decimal> [0-9]+\.[0-9]+ )
    | (?P<integer> [0-9]+ )
    | (?P<string>  '(?:[^'\\]|\\.)*' )
    | (?P<quoted>  "(?:[^"\\]|\\.)*" )
    | (?P<ticked>  `(?:[^`\\]|\\.)*` )
    | (?P<open_quote> ['"`] )
    | (?P<word>    [A-Za-z_][A-Za-z0-9_]* )
    | (?P<order>   <=|>=|<(?!>)|> )
    | (?P<wrong>   ==|<>|&&|\|\||!~ )
    | (?P<equal>   !=|= )
    | (?P<symbol>  [-+*/(){},] )
    | (?P<foreign> [~&^\[\].|:$%!] )
    | (?P<illegal> . )
    """,
    re.VERBOSE | re.DOTALL,
)

_SYMBOLS = {
    "+": "PLUS",
    "-": "MINUS",
    "*": "TIMES",
    "/": "OVER",
    "(": "OPEN",
    ")": "CLOSE",
    "{": "_OPEN_SET",
    "}": "CLOSE_SET",
    ",": "_COMMA",
}
_DIRECT = {
    "long": "long",
    "decimal": "DECIMAL",
    "integer": "INTEGER",
    "order": "ORDER",
    "equal": "EQUALITY",
    "wrong": "foreign",
    "foreign": "foreign",
    "ticked": "ticked",
}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", **{c: c for c in "'\"`\\/"}}
_DATE = re.compile(r"@([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")


def lex(text: str) -> tuple[list[Lexeme], list[Fault]]:
    """Cut a text into tokens; returns them with all lexical faults found on the way."""
    lexemes: list[Lexeme] = []
    faults: list[Fault] = []
    for match in _TOKEN.finditer(text):
        kind, found, start, end = match.lastgroup, match.group(), match.start(), match.end()
        if kind in ("space", "comment") or kind is None:
            continue
        if kind == "word":
            terminal = OWN_WORDS.get(found) or ("reserved" if found in RESERVED else "NAME")
            lexemes.append(Lexeme(terminal, found, start, end))
        elif kind == "symbol":
            lexemes.append(Lexeme(_SYMBOLS[found], found, start, end))
        elif kind in ("string", "quoted"):
            value, bad = _unescape(found[1:-1], start + 1)
            faults.extend(bad)
            if kind == "quoted" and not value:
                faults.append(_empty_name(start))
            lexemes.append(Lexeme("STRING" if kind == "string" else "NAME", value, start, end))
        elif kind == "moment":
            lexemes.append(Lexeme(_moment_kind(found), found, start, end))
        elif kind in _DIRECT:
            lexemes.append(Lexeme(_DIRECT[kind], found, start, end))
        elif kind == "illegal":
            faults.append(_illegal(found, start))
        else:
            faults.append(_unclosed(found, start, len(text)))
            break
    return lexemes, faults


def read_date(text: str) -> DateLiteral | None:
    """The days that ``@YYYY``, ``@YYYY-MM`` or ``@YYYY-MM-DD`` stands for; None for no date."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        earliest = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day is not None:
        return DateLiteral(earliest, earliest)
    last_month = earliest.month if month is not None else 12
    if last_month == 12:
        return DateLiteral(earliest, date(earliest.year, 12, 31))
    return DateLiteral(earliest, date(earliest.year, last_month + 1, 1) - timedelta(days=1))


def _moment_kind(found: str) -> str:
    """``DATE`` (which may still be no day of the calendar), ``datetime`` or ``time``."""
    if found.startswith("@T"):
        return "time"
    return "datetime" if "T" in found else "DATE"


def _unescape(body: str, offset: int) -> tuple[str, list[Fault]]:
    """Resolve the escapes of CQL; a lone surrogate or an unknown escape is a fault."""
    faults: list[Fault] = []

    def resolve(match: re.Match[str]) -> str:
        if match[1] is not None:
            return chr(int(match[1], 16))
        if match[2] in _ESCAPES:
            return _ESCAPES[match[2]]
        faults.append(
            Fault(
                code="unknown-escape",
                message=f"unknown escape {match[0]!r}",
                allowed=r"\' \" \` \\ \/ \n \r \t \f \uXXXX",
                remedy=r"write \\ for a backslash",
                offset=offset + match.start(),
                length=len(match[0]),
            )
        )
        return ""

    value = _ESCAPE.sub(resolve, body) if "\\" in body else body
    try:
        # Two escaped surrogates make one character; encoding fails on a surrogate left alone.
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        faults.append(
            Fault(
                code="lone-surrogate",
                message="half of a surrogate pair, which is no character",
                allowed="whole Unicode characters",
                remedy="write the character itself",
                offset=offset,
                length=len(body),
            )
        )
    return value, faults


def _empty_name(start: int) -> Fault:
    return Fault(
        code="empty-name",
        message='an empty name ""',
        allowed="a name with at least one character",
        remedy="write the name of a fact, a definition or a setting",
        offset=start,
        length=2,
    )


def _illegal(found: str, start: int) -> Fault:
    return Fault(
        code="illegal-character",
        message=f"unexpected character {found if found.isprintable() else ascii(found)}",
        allowed="names, numbers, '…' strings, @dates and the operators of the language",
        remedy="remove it, or put it inside a string; full-width forms are written half-width",
        offset=start,
        length=1,
    )


def _unclosed(found: str, start: int, end: int) -> Fault:
    what = {"/*": "comment", "'": "string", '"': "quoted name", "`": "back-ticked name"}[found]
    return Fault(
        code="unclosed",
        message=f"a {what} that is never closed",
        allowed=f"a closing {'*/' if found == '/*' else found}",
        remedy=f"close the {what}",
        offset=start,
        length=end - start,
    )
