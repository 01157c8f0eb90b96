"""Random cases as tables: one row a case, and a long table of therapies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from tests.random_cases import AS_OF

Row = dict[str, str]


def as_tables(sources: Iterable[Mapping[str, Any]]) -> tuple[list[Row], list[Row]]:
    """The rows of the cohort and those of the therapies. Values with a day get two columns."""
    rows: list[Row] = []
    therapies: list[Row] = []
    for number, source in enumerate(sources):
        patient = f"P{number:05}"
        row: Row = {"patient": patient, "as_of": AS_OF.isoformat()}
        for name, value in source.items():
            if name == "therapies":
                if value == "none":
                    row["therapies_complete"] = "yes"
                else:
                    therapies += [
                        {"patient": patient, **{k: _text(v) for k, v in line.items()}}
                        for line in value
                    ]
            elif name == "orders":
                row["orders"] = "; ".join(value)
            elif isinstance(value, Mapping):
                row[name] = _text(value["value"])
                row[f"{name} date"] = str(value["on"])
            else:
                row[name] = _text(value)
        rows.append(row)
    return rows, therapies


def as_csv(rows: list[Row], encoding: str = "utf-8") -> bytes:
    """Rows as a CSV file with every column that any row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
