"""The tables of malformed cases in ``bad/``, and what is said of some of them (``bad/said/``).

    python -m tests.facts.bad_cases

writes ``bad/said/`` again; what it then holds is for people to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from myorx.facts import CaseError, read_case
from myorx.guideline.load import load
from myorx.guideline.models import Guideline

AS_OF = date(2026, 11, 22)
TABLES = Path(__file__).parent / "bad"
SAID = TABLES / "said"
LANGUAGES = ("zh", "en")


class Row(msgspec.Struct, frozen=True):
    """One case. ``refused``: the path of each fault and its codes; ``facts``: what is read."""

    id: str
    case: str
    as_of: date | None
    refused: dict[str, list[str]]
    facts: dict[str, str]

    def codes(self) -> list[str]:
        """The codes of all faults."""
        return [code for codes in self.refused.values() for code in codes]


def _rows() -> Iterator[Row]:
    yaml = YAML(typ="safe", pure=True)
    for table in sorted(TABLES.glob("*.yaml")):
        for each in yaml.load(table.read_text(encoding="utf-8")):
            yield Row(
                f"{table.stem}: {each['name']}",
                each["case"],
                None if each.get("as_of") == "none" else AS_OF,
                {path: _listed(codes) for path, codes in each.get("refused", {}).items()},
                each.get("facts", {}),
            )


def _listed(codes: str | list[str]) -> list[str]:
    return [codes] if isinstance(codes, str) else codes


ROWS = list(_rows())
REFUSED = [row for row in ROWS if row.refused]
ACCEPTED = [row for row in ROWS if not row.refused]


def _sample(rows: Iterable[Row]) -> Iterator[Row]:
    """For each code the first two rows that are about it alone; and all rows of several faults."""
    left: dict[str, int] = {}
    for row in rows:
        codes = row.codes()
        if len(codes) > 3:
            yield row
        elif len(codes) == 1:
            left[codes[0]] = left.get(codes[0], 0) + 1
            if left[codes[0]] <= 2:
                yield row


SAMPLE = list(_sample(REFUSED))
"""The rows of which the whole answer is kept, and which go through the command."""


def refusal(row: Row, guideline: Guideline) -> CaseError | None:
    """What refuses the case of a row; None where it is accepted."""
    try:
        read_case(row.case, guideline, as_of=row.as_of)
    except CaseError as error:
        return error
    return None


def said(lang: str) -> dict[str, Any]:
    """The answers in one language that are kept, by row."""
    text = (SAID / f"{lang}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found


def _write() -> None:
    guideline = load()
    SAID.mkdir(exist_ok=True)
    for lang in LANGUAGES:
        lines = ["# What is said of a sample of the tables; written by tests/facts/bad_cases.py."]
        for row in SAMPLE:
            error = refusal(row, guideline)
            lines += ["", f"{_quoted(row.id)}:"]
            lines += [f"  - {_quoted(line)}" for line in (error.lines(lang) if error else [])]
        (SAID / f"{lang}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


if __name__ == "__main__":
    _write()
