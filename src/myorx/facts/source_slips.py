"""Why a text is no YAML or JSON, in words of our own, with the line as it stands.

A parser says what it expected, in English, and often a line too late. Most slips can be told from
the text: a full-width colon, a colon without its space, a tab, a bracket that nobody closed.
"""

from __future__ import annotations

import json
import re
from typing import Final

from myorx.facts.faults import Faults, Place
from myorx.guideline.faults import Problem

# A line with the full-width sign where YAML reads only the half-width one. Quoted text is no slip.
_FULL_WIDTH = re.compile(r"""[^:#'"]*：[^:'"]*\Z|[^#'"]*\{[^}'"]*，[^'"]*\Z""")
_NO_SPACE = re.compile(r"""\s*(?:-\s+)?[^\s:#'"\[{][^:#'"]*:[^ \t:/\\][^'"]*\Z""")
_DUPLICATE = re.compile(r"the key (.*) stands twice", re.DOTALL)

_CODES: Final = {
    "too-deep": "too-deep",
    "too-large": "too-large",
    "empty-file": "empty-case",
    "second-document": "second-document",
    "alias": "yaml-reference",
    "anchor": "yaml-reference",
    "tag": "yaml-tag",
    "bad-key": "bad-key",
    "bad-character": "bad-character",
}
"""Codes of the YAML reader -> codes of the catalogue."""

_COMPLAINTS: Final = (
    ("'\\t'", "tab"),
    ("cannot start any token", "sign-first"),
    ("scanning an alias", "sign-first"),
    ("scanning an anchor", "sign-first"),
    ("scanning a tag", "sign-first"),
    ("parsing a tag", "sign-first"),
    ("parsing a node", "not-closed"),
    ("scanning a quoted scalar", "not-closed"),
    ("flow mapping", "not-closed"),
    ("flow sequence", "not-closed"),
    ("<document start>", "not-closed"),
    ("could not find expected ':'", "no-colon"),
    ("but found ']'", "not-closed"),
    ("but found '}'", "not-closed"),
    ("mapping values are not allowed", "indentation"),
    ("<block end>", "indentation"),
)
"""What a complaint of the YAML parser holds -> the code of the catalogue; the first that fits."""


def add_yaml_problem(problem: Problem, text: str, faults: Faults) -> None:
    """Say what is wrong in the YAML ``text``."""
    place = Place("", problem.line or None)
    if problem.code == "duplicate-key":
        found = _DUPLICATE.match(problem.message)
        typed = "" if found is None else found[1]
        faults.add("duplicate-key", Place(typed, place.line), typed)
    elif problem.code in _CODES:
        faults.add(_CODES[problem.code], place, _line(text, problem.line))
    elif not add_slip(text, 1, faults):
        code = next((code for says, code in _COMPLAINTS if says in problem.message), "unreadable")
        line = problem.line
        while code == "no-colon" and line > 1:  # the parser notices it a line too late
            line -= 1
            if _line(text, line):
                break
        faults.add(code, Place("", line or None), _line(text, line))


def add_json_problem(error: json.JSONDecodeError, faults: Faults) -> None:
    """Say where the JSON text is wrong."""
    start = error.doc.rfind("\n", 0, error.pos) + 1
    around = error.doc[max(start, error.pos - 20) : error.pos + 20].split("\n")[0]
    faults.add("bad-json", Place("", error.lineno), around or _line(error.doc, error.lineno))


def add_slip(text: str, first: int, faults: Faults) -> bool:
    """Whether a line of ``text`` has one of the usual slips with a colon or comma; then each kind
    is said once, at its first line. ``first`` is the number of the first line."""
    told: set[str] = set()
    for number, line in enumerate(text.splitlines(), first):
        for code, slip in (("full-width", _FULL_WIDTH), ("no-space", _NO_SPACE)):
            if code not in told and slip.match(line):
                told.add(code)
                faults.add(code, Place("", number), line)
    return bool(told)


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""
