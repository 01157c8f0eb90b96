"""What is counted in each part of a run; the counts of all parts add up to those of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from myorx.cohort.engine import AS_OF, Coded, Engine, Found
from myorx.cohort.engine.measures import breach_column
from myorx.cohort.input.reader import Read
from myorx.language.columns import count

Tally: TypeAlias = dict[str, Any]
"""Numbers under names, nested; JSON as it is."""

YEAR = "year"
"""The group that every run is counted by; further ones bear the names of their columns."""

_EMPTY = ""


def tally(engine: Engine, read: Read, found: Found) -> Tally:
    """Everything counted of one chunk (``found`` must be explained)."""
    coded = [each for each in engine.outputs if isinstance(each, Coded)]
    codes = {each.column: found.codes(each.column) for each in coded}
    columns = {
        each.column: _counted(each, np.bincount(codes[each.column], minlength=len(each.values)))
        for each in coded
    }
    flags = {
        each.column: found.counts(each.column)["true"]
        for each in engine.outputs
        if not isinstance(each, Coded)
    }
    return {
        "rows": {"read": read.read, "used": found.rows, "rejected": len(read.rejected)},
        "rejected": dict(Counter(each.code for each in read.rejected)),
        "columns": columns,
        "flags": flags,
        "groups": _groups(coded, codes, read),
        "blocks": _blocks(found),
        "open": _open(found),
        "facts": {
            fact: {"outcomes": dict(each.outcomes), "faults": dict(each.faults)}
            for fact, each in read.facts.items()
        },
        "stale": {fact: int(rows.sum()) for fact, rows in found.stale.items()},
        "contradicted": {fact: int(rows.sum()) for fact, rows in found.refused.items()},
        "therapies": dict(+read.therapies),
    }


def add(one: Tally, other: Tally) -> Tally:
    """Both together: numbers are added, what only one has stays."""
    found = dict(one)
    for name, value in other.items():
        before = found.get(name)
        if before is None:
            found[name] = value
        elif isinstance(value, dict):
            found[name] = add(before, value)
        else:
            found[name] = before + value
    return found


def breaches(engine: Engine, read: Read, found: Found) -> list[tuple[str, str, str, str]]:
    """Every drug taken, or perhaps taken, against an exclusion: patient, date, drug, how sure."""
    rows: list[tuple[str, str, str, str]] = []
    days = read.batch.column(read.batch.schema.get_field_index(AS_OF))
    values = {each.column: each.values for each in engine.outputs if isinstance(each, Coded)}
    for drug in engine.guideline.drugs:
        column = breach_column(drug)
        codes = found.codes(column)
        for row in np.flatnonzero(codes):
            kind = values[column][codes[row]]
            rows.append((read.patients[row].as_py(), str(days[row].as_py()), drug, kind))
    return sorted(rows)


def _counted(coded: Coded, counts: Any) -> dict[str, int]:
    return {
        value: int(number) for value, number in zip(coded.values, counts, strict=True) if number
    }


def _groups(
    coded: list[Coded], codes: Mapping[str, Any], read: Read
) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """Concordance and missing advice by year, and by each column asked for."""
    days = read.batch.column(read.batch.schema.get_field_index(AS_OF))
    groups = {YEAR: pc.year(days).cast(pa.string()), **read.by}
    found: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    measured = [each for each in coded if each.column[:2] in ("k_", "m_", "x_")]
    for name, column in groups.items():
        encoded = column.fill_null(_EMPTY).dictionary_encode()
        labels, places = encoded.dictionary.to_pylist(), np.asarray(encoded.indices)
        here = found.setdefault(name, {label: {} for label in labels})
        for each in measured:
            size = len(each.values)
            counts = np.bincount(
                places.astype(np.int64) * size + codes[each.column], minlength=size * len(labels)
            ).reshape(len(labels), size)
            for label, row in zip(labels, counts, strict=True):
                if row[1:].any():
                    here[label][each.column] = _counted(each, row)
    return found


def _blocks(found: Found) -> dict[str, dict[str, dict[str, int]]]:
    """For how many patients a fact leaves what open: by sort, subject and fact."""
    result: dict[str, dict[str, dict[str, int]]] = {}
    for place, block in enumerate(found.blocks):
        number = int(count(found.block(place)))
        if number:
            result.setdefault(block.kind, {}).setdefault(block.subject, {})[block.fact] = number
    return result


def _open(found: Found) -> dict[str, int]:
    """For how many patients a fact leaves anything open."""
    planes: dict[str, Any] = {}
    for place, block in enumerate(found.blocks):
        here = found.block(place)
        planes[block.fact] = planes[block.fact] | here if block.fact in planes else here
    counted = {fact: int(count(plane)) for fact, plane in planes.items()}
    return {fact: number for fact, number in counted.items() if number}
