"""The words of CQL: which ones the language uses, and which ones stand for something outside it."""

from __future__ import annotations

from collections.abc import Mapping

OWN_WORDS: Mapping[str, str] = {
    "and": "_AND",
    "or": "_OR",
    "not": "NOT",
    "implies": "_IMPLIES",
    "between": "_BETWEEN",
    "in": "_IN",
    "is": "IS",
    "null": "NULL",
    "true": "TRUE",
    "false": "FALSE",
    "years": "CALENDAR",
    "months": "CALENDAR",
    "weeks": "CALENDAR",
    "days": "CALENDAR",
    "AtLeast": "AT_LEAST",
}
"""Reserved words with a meaning here, and the terminal of ``grammar.lark`` for each."""

_PERIODS = ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
CALENDAR_WORDS = frozenset((*_PERIODS, *(f"{period}s" for period in _PERIODS)))

_IF = "if … then … else"
_LIST = "use named facts, `in {…}` or `AtLeast(n, {…})`"
_QUERY = "derive the fact in the facts file and use it by name"
_INTERVAL = "use `between … and …`, or `>=` and `<=`"
_DATES = "compare dates with `<`, `<=`, `>`, `>=` or with `days between`"
_CHOICE = "write the cases as separate conditions joined by `and` and `or`"
LIBRARY_REMEDY = "an expression stands alone; the guideline's files hold the definitions"

OUTSIDE_WORDS: Mapping[str, tuple[str, str]] = {
    "xor": ("xor", "write `(a or b) and not (a and b)`"),
    "div": ("truncated division `div`", "derive the number in the facts file"),
    "mod": ("modulo `mod`", "derive the number in the facts file"),
    "if": (_IF, _CHOICE),
    "then": (_IF, _CHOICE),
    "else": (_IF, _CHOICE),
    "case": ("case … when … end", _CHOICE),
    "when": ("case … when … end", _CHOICE),
    "as": ("type cast `as`", "declare the fact with its type"),
    "cast": ("type cast `cast`", "declare the fact with its type"),
    "convert": ("conversion `convert`", "units of one dimension are converted by themselves"),
    "exists": ("exists", _QUERY),
    "distinct": ("list operator `distinct`", _LIST),
    "flatten": ("list operator `flatten`", _LIST),
    "singleton": ("list operator `singleton from`", _LIST),
    "union": ("list operator `union`", _LIST),
    "intersect": ("list operator `intersect`", _LIST),
    "except": ("list operator `except`", _LIST),
    "contains": ("membership `contains`", "write `x in {…}`"),
    "List": ("list", _LIST),
    "from": ("list query", _QUERY),
    "where": ("list query", _QUERY),
    "return": ("list query", _QUERY),
    "sort": ("list query", _QUERY),
    "let": ("list query", _QUERY),
    "with": ("list query", _QUERY),
    "without": ("list query", _QUERY),
    "such": ("list query", _QUERY),
    "aggregate": ("list query", _QUERY),
    "Interval": ("interval", _INTERVAL),
    "collapse": ("interval operator `collapse`", _INTERVAL),
    "expand": ("interval operator `expand`", _INTERVAL),
    "width": ("interval operator `width of`", _INTERVAL),
    "point": ("interval operator `point from`", _INTERVAL),
    "start": ("interval operator `start of`", _INTERVAL),
    "end": ("interval operator `end of`", _INTERVAL),
    "includes": ("interval operator `includes`", _INTERVAL),
    "included": ("interval operator `included in`", _INTERVAL),
    "overlaps": ("interval operator `overlaps`", _INTERVAL),
    "meets": ("interval operator `meets`", _INTERVAL),
    "starts": ("interval operator `starts`", _INTERVAL),
    "ends": ("interval operator `ends`", _INTERVAL),
    "properly": ("interval operator `properly`", _INTERVAL),
    "during": ("interval operator `during`", _INTERVAL),
    "occurs": ("timing phrase `occurs`", _DATES),
    "within": ("timing phrase `within`", _DATES),
    "before": ("timing phrase `before`", _DATES),
    "after": ("timing phrase `after`", _DATES),
    "same": ("timing phrase `same … as`", _DATES),
    "on": ("timing phrase `on or`", _DATES),
    "difference": ("difference in … between", "use `days between` (whole periods)"),
    "duration": ("duration in … between", "leave out `duration in`: `days between a and b`"),
    "date": ("date component `date from`", _DATES),
    "time": ("Time", "times of day are not part of the language"),
    "timezone": ("timezone", "times of day are not part of the language"),
    "timezoneoffset": ("timezone", "times of day are not part of the language"),
    "Tuple": ("tuple", "use one named fact for each element"),
    "Code": ("Code", "compare the fact with its code as a string: `x = 'code'`"),
    "Concept": ("Concept", "compare the fact with its code as a string: `x = 'code'`"),
    "code": ("Code", "compare the fact with its code as a string: `x = 'code'`"),
    "minimum": ("minimum", "write the number"),
    "maximum": ("maximum", "write the number"),
    "predecessor": ("predecessor of", "write the number"),
    "successor": ("successor of", "write the number"),
}
"""Reserved words that open a construct outside the language: its name and what to do instead."""

_OTHER_WORDS = (
    *("all", "asc", "ascending", "by", "called", "codesystem", "codesystems", "concept"),
    *("context", "cross", "default", "define", "desc", "descending", "display", "fluent"),
    *("function", "include", "library", "of", "parameter", "per", "private", "public"),
    *("starting", "that", "to", "using", "valueset", "version"),
)

RESERVED = frozenset((*OWN_WORDS, *OUTSIDE_WORDS, *CALENDAR_WORDS, *_OTHER_WORDS))
"""Every word that must be written in double quotes when it is meant as a name."""

OUTSIDE_SYMBOLS: Mapping[str, tuple[str, str]] = {
    "~": ("equivalence `~`", "use `=`"),
    "!~": ("equivalence `!~`", "use `!=`"),
    "&": ("string concatenation `&`", "strings are codes here; compare them with `=` or `in`"),
    "^": ("power `^`", "derive the number in the facts file"),
    "[": ("indexer, retrieve or interval `[…]`", _QUERY),
    "]": ("indexer, retrieve or interval `[…]`", _QUERY),
    ".": ("property access `.`", "use one named fact for each element"),
    "|": ("list operator `|`", _LIST),
    ":": ("ratio or tuple `:`", "use one named fact for each element"),
    "$": ("context variable `$…`", _QUERY),
    "%": ("context variable `%…`", "a percentage is a quantity: 5 '%'"),
    "==": ("`==`", "write `=`"),
    "<>": ("`<>`", "write `!=`"),
    "&&": ("`&&`", "write `and`"),
    "||": ("`||`", "write `or`"),
    "!": ("`!`", "write `not`"),
}
