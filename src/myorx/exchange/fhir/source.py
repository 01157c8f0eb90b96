"""JSON that came from elsewhere -> one object; too large, not JSON, keys twice: said, not guessed.

No JSON library of FHIR: what is read is little, and every number must stay the text it was.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from myorx.exchange.limits import MAX_BYTES
from myorx.exchange.report import UnreadableError
from myorx.exchange.words import Note, note

__all__ = ["MAX_BYTES", "read_json"]

_TOLD: Final = 5


def read_json(data: bytes) -> dict[str, Any]:
    """The object, numbers as text. Raises UnreadableError with everything that is wrong."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(note("too_large", size=f"{len(data):,}", most=f"{MAX_BYTES:,}"))
    twice: list[str] = []

    def gathered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice.extend(name for name, times in Counter(n for n, _ in pairs).items() if times > 1)
        return found

    try:
        source = data.decode("utf-8-sig")
        value = json.loads(
            source,
            parse_float=str,
            parse_int=str,
            parse_constant=_no_number,
            object_pairs_hook=gathered,
        )
    except UnicodeDecodeError as error:
        raise UnreadableError(note("not_utf8", place=str(error.start))) from None
    except RecursionError:
        raise UnreadableError(note("too_deep")) from None
    except ValueError as error:
        raise UnreadableError(_no_json(error)) from None
    if twice:
        # Which of the two is meant decides what the patient has: nobody can tell.
        names = ", ".join(dict.fromkeys(twice[:_TOLD]))
        raise UnreadableError(note("key_twice", names=names))
    if not isinstance(value, dict):
        raise UnreadableError(note("no_object"))
    return value


def _no_number(text: str) -> str:
    raise ValueError(f"{text} is no JSON")


def _no_json(error: ValueError) -> Note:
    if isinstance(error, json.JSONDecodeError):
        return note("not_json", line=str(error.lineno), column=str(error.colno), why=error.msg)
    return note("not_json", line="?", column="?", why=str(error))
