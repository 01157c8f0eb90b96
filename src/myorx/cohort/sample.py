"""A synthetic registry of any size: seeded, with plausible correlations, marked as made up.

What it draws stands in a file beside the guideline (``guidelines/<id>.registry.yaml``), so that
nothing here knows a disease. Facts are drawn in the order of that file; a draw may depend on what
was drawn before, by a condition in the guideline's own language:

    weight:
      known: 0.7                 # share of rows that have it; 1 where it is left out
      lognormal: [62, 1.2]       # median, and the factor of one standard deviation
      within: [12, 180]
      digits: 1
      instead:                   # the first condition that is known true counts
        - when: age < 10
          lognormal: [24, 1.3]

Draws: ``true: share``, ``codes: {code: weight}``, ``normal: [mean, sd]``, ``lognormal``, and
``days_before: [median, factor]`` for dates. A therapy has ``taken`` (share), ``begun`` (as
``days_before``), ``stopped`` (share), ``doses`` and ``responses`` (weights).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from myorx.cohort.engine.columns import AS_OF
from myorx.cohort.input.source import SYNTHETIC
from myorx.cohort.texts import TableError, say
from myorx.facts.document import opened
from myorx.facts.names import index
from myorx.guideline.check.context import fact_type
from myorx.guideline.models import Fact, Guideline
from myorx.language import parse
from myorx.language.check import check
from myorx.language.columns import Builder, unpack
from myorx.language.types import DATE, Type

ROWS = 2**16
"""Rows drawn at once; part of what a seed means."""

_FIRST, _LAST = np.datetime64("2016-01-01"), np.datetime64("2025-12-31")
_EPOCH = np.datetime64("1970-01-01")

Random = np.random.Generator
Flags = npt.NDArray[np.bool_]


class Registry(NamedTuple):
    """What is drawn."""

    facts: Mapping[str, Mapping[str, Any]]
    therapies: tuple[Mapping[str, Any], ...]
    complete: float
    """Share of rows whose history of therapies is said to be complete."""
    centres: int


class Drawn(NamedTuple):
    """One chunk of a registry."""

    rows: pa.RecordBatch
    therapies: pa.RecordBatch


def registry_of(guideline: Guideline) -> Registry:
    """The registry that belongs to a guideline. Raises TableError where it has none."""
    name = f"{guideline.manifest.id}.registry.yaml"
    source = resources.files("myorx.guidelines").joinpath(name)
    if not source.is_file():
        raise TableError(say("no_registry", guideline=guideline.manifest.id))
    return read_registry(source.read_bytes())


def read_registry(source: bytes) -> Registry:
    """A registry as written."""
    found = opened(source)
    return Registry(
        found["draws"], tuple(found["courses"]), float(found["complete"]), int(found["centres"])
    )


def draw(guideline: Guideline, registry: Registry, rows: int, seed: int) -> Iterator[Drawn]:
    """``rows`` patients in chunks; the same seed gives the same ones, however many follow."""
    drawer = _Drawer(guideline, registry)
    for chunk, first in enumerate(range(0, rows, ROWS)):
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, chunk])))
        found = drawer.chunk(random, first)
        yield Drawn(*(_upto(each, first, rows) for each in found))


def write_sample(
    guideline: Guideline, rows: int, seed: int, path: Path, therapies: Path | None = None
) -> None:
    """A registry as files (Parquet or CSV), chunk by chunk. Raises TableError for other kinds."""
    with _Sink(path) as out, _Sink(therapies) as long:
        for drawn in draw(guideline, registry_of(guideline), rows, seed):
            out.write(drawn.rows)
            long.write(drawn.therapies)


def _upto(batch: pa.RecordBatch, first: int, rows: int) -> pa.RecordBatch:
    """The part of a chunk that belongs to the first ``rows`` patients."""
    if first + ROWS <= rows:
        return batch
    places = batch.column(batch.schema.get_field_index("row")).to_numpy()
    return batch.slice(0, int(np.searchsorted(places, rows - first)))


class _Drawer:
    def __init__(self, guideline: Guideline, registry: Registry) -> None:
        self._guideline = guideline
        self._registry = registry
        self._settings = index(guideline).settings
        self._types: dict[str, Type] = {AS_OF: DATE} | {
            name: fact_type(guideline.facts[name]) for name in registry.facts
        }

    def chunk(self, random: Random, first: int) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """``ROWS`` rows from the ``first`` on, each with its number in the chunk (``row``)."""
        patients = pa.array([f"S{first + row:08}" for row in range(ROWS)])
        span = int((_LAST - _FIRST).astype(int)) + 1
        days = (_FIRST - _EPOCH).astype(int) + random.integers(0, span, ROWS)
        facts: dict[str, pa.Array] = {AS_OF: pa.array(days.astype(np.int32)).cast(pa.date32())}
        for name, how in self._registry.facts.items():
            facts[name] = self._fact(self._guideline.facts[name], how, facts, random, days)
        centres = random.integers(1, self._registry.centres + 1, ROWS)
        complete = random.random(ROWS) < self._registry.complete
        columns: dict[str, pa.Array] = {
            "row": pa.array(np.arange(ROWS)),
            "patient": patients,
            "centre": pa.array([f"C{number:02}" for number in centres]),
            "therapies_complete": pa.array(complete),
            SYNTHETIC: pa.array(np.ones(ROWS, bool)),
        }
        for name, column in facts.items():
            columns[self._header(name)] = column
        rows = pa.RecordBatch.from_pydict(columns)
        return rows, self._courses(facts, random, days, patients)

    def _header(self, name: str) -> str:
        """The fact's id, with the unit behind it where it has one."""
        fact = self._guideline.facts.get(name)
        return name if fact is None or fact.unit is None else f"{name} ({fact.unit})"

    def _fact(
        self,
        fact: Fact,
        how: Mapping[str, Any],
        facts: Mapping[str, pa.Array],
        random: Random,
        days: npt.NDArray[np.int64],
    ) -> pa.Array:
        found = np.zeros(ROWS, object if fact.type == "code" else np.float64)
        known = np.zeros(ROWS, bool)
        for kind, where in self._kinds(how, facts):
            share = random.random(ROWS) < float(kind.get("known", 1))
            values = _drawn(fact, kind, random, days)
            if values is not None:
                found[where] = values[where]
                known |= where & share
        return _column(fact, found, known, int(how.get("digits", 0)))

    def _kinds(
        self, how: Mapping[str, Any], facts: Mapping[str, pa.Array]
    ) -> Iterator[tuple[Mapping[str, Any], Flags]]:
        """Each way to draw, with the rows that it is for; no row has two."""
        left = np.ones(ROWS, bool)
        for kind in how.get("instead", ()):
            here = self._holds(kind["when"], facts) & left
            left &= ~here
            plain = {name: value for name, value in how.items() if name != "instead"}
            yield {**plain, **kind}, here
        yield how, left

    def _holds(self, condition: str, facts: Mapping[str, pa.Array]) -> Flags:
        """Where a condition on what was drawn before is known true."""
        tree = parse(condition)
        check(tree, self._types | self._setting_types, allow_is_null=False)
        builder = Builder(self._types, settings=self._settings)
        program = builder.program({"holds": builder.truth(tree).true})
        answers = program.run(pa.RecordBatch.from_pydict(dict(facts)))
        return unpack(answers.true("holds"), ROWS)

    @property
    def _setting_types(self) -> dict[str, Type]:
        settings = self._guideline.manifest.settings
        return {each.id: check(each.value, {}, allow_is_null=False) for each in settings}

    # -- therapies ---------------------------------------------------------------------------------

    def _courses(
        self,
        facts: Mapping[str, pa.Array],
        random: Random,
        days: npt.NDArray[np.int64],
        patients: pa.Array,
    ) -> pa.RecordBatch:
        """The lines of therapies, patient by patient."""
        tables: list[pa.Table] = []
        for how in self._registry.therapies:
            taken = np.zeros(ROWS, bool)
            for kind, where in self._kinds(how, facts):
                taken |= where & (random.random(ROWS) < float(kind.get("taken", 0)))
            ago = _lengths(how["begun"], random)
            length = np.floor(ago * random.random(ROWS))
            stopped = random.random(ROWS) < float(how.get("stopped", 0))
            rows = np.flatnonzero(taken)
            start = (days - ago)[rows].astype(np.int32)
            stop = start + length[rows].astype(np.int32)
            tables.append(
                pa.table(
                    {
                        "row": pa.array(rows),
                        "patient": patients.take(pa.array(rows)),
                        "drug": pa.array([how["drug"]] * len(rows), pa.string()),
                        "start": pa.array(start).cast(pa.date32()),
                        "stop": pa.array(stop, mask=~stopped[rows]).cast(pa.date32()),
                        "dose": _words(how.get("doses"), random, rows),
                        "response": _words(how.get("responses"), random, rows),
                    }
                )
            )
        found = pa.concat_tables(tables).sort_by([("row", "ascending"), ("drug", "ascending")])
        batches = found.combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], found.schema)


def _drawn(
    fact: Fact, kind: Mapping[str, Any], random: Random, days: npt.NDArray[np.int64]
) -> npt.NDArray[Any] | None:
    """A value for every row; None where nothing is drawn."""
    if "true" in kind:
        return (random.random(ROWS) < float(kind["true"])).astype(np.float64)
    if "codes" in kind:
        return _chosen(kind["codes"], random, ROWS)
    if "days_before" in kind:
        return np.asarray(days - _lengths(kind["days_before"], random), np.float64)
    if "normal" in kind:
        mean, deviation = map(float, kind["normal"])
        found = random.normal(mean, deviation, ROWS)
    elif "lognormal" in kind:
        median, factor = map(float, kind["lognormal"])
        found = median * factor ** random.standard_normal(ROWS)
    else:
        return None
    low, high = map(float, kind.get("within") or fact.plausible or (-np.inf, np.inf))
    return np.clip(found, low, high)


def _lengths(how: Any, random: Random) -> npt.NDArray[np.int64]:
    """Days: a median, and the factor of one standard deviation."""
    median, factor = map(float, how)
    found = np.rint(median * factor ** random.standard_normal(ROWS))
    return np.clip(found, 0, 20_000).astype(np.int64)


def _chosen(weights: Mapping[str, Any], random: Random, count: int) -> npt.NDArray[Any]:
    shares = np.array([float(each) for each in weights.values()])
    places = random.choice(len(shares), count, p=shares / shares.sum())
    return np.array(list(weights), object)[places]


def _words(weights: Any, random: Random, rows: npt.NDArray[np.intp]) -> pa.Array:
    """A word for each row; ``none`` is no word."""
    if not weights:
        return pa.nulls(len(rows), pa.string())
    found = _chosen(weights, random, len(rows))
    return pa.array([None if word == "none" else word for word in found], pa.string())


def _column(fact: Fact, values: npt.NDArray[Any], known: Flags, digits: int) -> pa.Array:
    match fact.type:
        case "boolean":
            return pa.array(values == 1, mask=~known)
        case "code":
            return pa.array(values, pa.string(), mask=~known)
        case "date":
            return pa.array(values.astype(np.int32), mask=~known).cast(pa.date32())
        case "integer":
            return pa.array(np.rint(values).astype(np.int64), mask=~known)
    exact = [Decimal(f"{value:.{digits}f}") for value in values]
    return pa.array(exact, pa.decimal128(18, digits), mask=~known)


class _Sink:
    """A file that batches are written to, one after the other; without a path, nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._writer: Any = None

    def __enter__(self) -> _Sink:
        if self._path is not None and self._path.suffix.lower() not in (".parquet", ".csv"):
            raise TableError(say("sample_kind", path=self._path.name))
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        if self._path is None:
            return
        if "row" in batch.schema.names:
            batch = batch.drop_columns(["row"])
        if self._writer is None:
            schema = batch.schema.with_metadata({SYNTHETIC: "true"})
            if self._path.suffix.lower() == ".csv":
                self._writer = pacsv.CSVWriter(self._path, schema)
            else:
                # As Spark writes short decimals: read several times faster than as bytes.
                self._writer = pq.ParquetWriter(self._path, schema, store_decimal_as_integer=True)
        self._writer.write_batch(batch.replace_schema_metadata({SYNTHETIC: "true"}))

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
