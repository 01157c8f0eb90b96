"""Write what other people's CQL engines are asked, and what ours answers.

    python tools/oracle_export.py FOLDER

Writes CQL libraries (``*.cql``) and ``manifest.json``: for each library its definitions, and cases,
each with the parameters it is run on and the value that the reference engine gives to every
definition.
Three sources: the language's specification tables, random well-typed expressions, and every
condition of the guideline ``aim``. Deterministic: same sources, same files.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given as for_many
from hypothesis import settings as run_with
from hypothesis import strategies as st
from oracle_cases import cases

from myorx.facts import CaseError, read_case
from myorx.guideline.check.context import Context
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Positions
from myorx.guideline.vignettes import load_vignettes
from myorx.language import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    Bounds,
    Days,
    Expression,
    Facts,
    Type,
    Value,
    cql,
    evaluate,
    library,
    lower,
    names,
    parse,
    rewrite,
    walk,
)
from myorx.language.syntax import (
    Arithmetic,
    AtLeast,
    DateLiteral,
    DurationBetween,
    Name,
    QuantityLiteral,
)

sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests' tables and generator
from tests.language.generate import CRP, TYPES, expressions
from tests.language.notation import rows

RANDOM = 600
"""Random expressions."""
COUNT = Bounds(Decimal(2), Decimal(2))
"""The value of the generator's setting."""
SHELF = 50
"""Definitions in one library."""
CASES = 8
"""Parameter sets for one library of random expressions."""
GUIDELINE_CASES = 40
"""Parameter sets for the guideline."""


class Shelf(msgspec.Struct, frozen=True):
    """One library to be: definitions over typed parameters, and the values the parameters take."""

    name: str
    parameters: Mapping[str, Type]
    definitions: Mapping[str, Expression]
    cases: tuple[Mapping[str, Value], ...]


def written(value: Value) -> Any:
    """A value as the manifest has it; an interval is unknown to engines without intervals."""
    if isinstance(value, Bounds):
        number = None if value.exact is None else format(value.exact, "f")
        if number is None:
            return None
        return (
            {"decimal": number} if value.unit is None else {"quantity": number, "unit": value.unit}
        )
    if isinstance(value, Days):
        return None if value.exact is None else {"date": value.exact.isoformat()}
    return value


def entry(shelf: Shelf) -> dict[str, Any]:
    """What the manifest says of a library: texts, and for each case what is given and expected."""
    trees = shelf.definitions
    return {
        "name": shelf.name,
        "file": f"{shelf.name}.cql",
        "definitions": {name: cql(tree) for name, tree in trees.items()},
        "engines_differ": [name for name in trees if engines_differ(name, trees[name])],
        "not_comparable": [name for name in trees if not_comparable(name, trees[name])],
        "cases": [
            {"given": given(shelf, case), "expected": expected(shelf, case)} for case in shelf.cases
        ],
    }


# Rows of the specification on which the engines are excused, and why.
ONE_DIFFERS = {
    "units convert-and-hit-by-little": "cql-execution rounds what it converts to 8 digits",
}
BOTH_DIFFER = {
    "arithmetic round-after-each-step": "neither rounds after each step",
    "units 24-iU--per-d-is-1-iU--per-h": "their UCUM service converts no arbitrary unit",
    "units 1-k-iU--per-L-is-1-iU--per-mL": "their UCUM service converts no arbitrary unit",
}


def engines_differ(name: str, tree: Expression) -> bool:
    """Where the two engines are known to differ, so that one of them has to confirm our answer.

    Arithmetic: one counts in doubles (0.1 * 3 > 0.3 is true), the other loses digits when it
    divides (2.99 / 3 is 0). Months and years: from the 31st, one reckons a month to the last
    day of a shorter month, as we do, the other does not.
    """
    return name in ONE_DIFFERS or any(
        type(node) is Arithmetic
        or (type(node) is DurationBetween and node.unit in {"months", "years"})
        for node in walk(tree)
    )


def not_comparable(name: str, tree: Expression) -> bool:
    """Partial dates are intervals to us, but lists of parts to CQL: @2026-03 = @2026-03 is true.

    Negative amounts in another unit are unknown to one engine.
    """
    return name in BOTH_DIFFER or any(
        (isinstance(node, DateLiteral) and node.earliest != node.latest)
        or (isinstance(node, QuantityLiteral) and node.value < 0)
        for node in walk(tree)
    )


def given(shelf: Shelf, case: Mapping[str, Value]) -> dict[str, Any]:
    values = {name: written(case.get(name)) for name in shelf.parameters}
    for name, wanted in shelf.parameters.items():
        if str(wanted) == "Integer" and values[name] is not None:
            values[name] = {"integer": int(values[name]["decimal"])}
    return values


def expected(shelf: Shelf, case: Mapping[str, Value]) -> dict[str, Any]:
    facts = Facts(case, shelf.definitions, shelf.parameters)
    return {name: written(evaluate(tree, facts).value) for name, tree in shelf.definitions.items()}


# -- the language ----------------------------------------------------------------------------------


def of_specification() -> Shelf:
    """The rows of the specification tables, whose facts get names of their own; one case.

    Rows about intervals, or with an unknown setting, stay out: other engines have none.
    """
    parameters: dict[str, Type] = {}
    definitions: dict[str, Expression] = {}
    case: dict[str, Value] = {}
    for row in rows():
        tree = parse(row.text)
        settings = {name: row.facts[name] for name in counts(tree)}
        values = (*row.facts.values(), row.value)
        if not all(map(is_exact, values)) or None in settings.values():
            continue
        name = f"{row.table} {row.name}"
        own = {fact: Name(f"{name} {fact}") for fact in row.types}
        definitions[name] = rewrite(lower(tree, settings), partial(renamed, own))
        parameters.update({own[fact].name: wanted for fact, wanted in row.types.items()})
        case.update({own[fact].name: value for fact, value in row.facts.items()})
    return Shelf("specification", parameters, definitions, (case,))


def is_exact(value: Value) -> bool:
    return not isinstance(value, Bounds | Days) or value.exact is not None


def counts(tree: Expression) -> set[str]:
    """Names that say how many an AtLeast wants; CQL can only be told a number."""
    found = (node.count for node in walk(tree) if isinstance(node, AtLeast))
    return {count.name for count in found if isinstance(count, Name)}


def renamed(own: Mapping[str, Name], node: Expression) -> Expression:
    return own.get(node.name, node) if isinstance(node, Name) else node


def of_random() -> Iterator[Shelf]:
    """Random expressions of every type, and random patients, by the tests' own generator."""
    found: dict[Expression, None] = {}

    kinds = (BOOLEAN, BOOLEAN, INTEGER, DECIMAL, CRP)

    # No bare `null`: the official translator cannot tell its type. The patients have unknowns.
    @run_with(max_examples=3 * RANDOM, derandomize=True, database=None, deadline=None)
    @for_many(st.one_of([expressions(kind, nulls=False) for kind in kinds]))
    def collect(tree: Expression) -> None:
        if names(tree) and not not_comparable("", tree) and len(found) < RANDOM:
            found[lower(tree, dict.fromkeys(counts(tree), COUNT))] = None

    collect()
    trees = list(found)
    for number, start in enumerate(range(0, len(trees), SHELF), start=1):
        definitions = {f"e{index}": tree for index, tree in enumerate(trees[start : start + SHELF])}
        name = f"random{number}"
        yield Shelf(name, TYPES, definitions, cases(TYPES, definitions.values(), CASES, name))


# -- the guideline ---------------------------------------------------------------------------------


def of_guideline(guideline: Guideline, count: int = GUIDELINE_CASES) -> Shelf:
    """Every definition, and every other expression under the place where it stands.

    Settings are literals to other engines. Its cases are ``count`` random ones and the vignettes.
    """
    context = Context(guideline, Positions(), None)
    settings = {setting.id: setting.value for setting in guideline.manifest.settings}
    definitions = {
        name: lower(definition.expression.expression, settings)
        for name, definition in guideline.definitions.items()
    }
    known = set(definitions.values())
    for place, expression, is_condition in context.formulas:
        tree = lower(expression, settings)
        if is_condition and tree not in known and names(tree):
            known.add(tree)
            definitions[str(place)] = tree
    used = {name for tree in definitions.values() for name in names(tree)}
    parameters = {
        name: kind for name, kind in context.types.items() if name in used - definitions.keys()
    }
    sets = cases(parameters, definitions.values(), count, guideline.manifest.id)
    name = guideline.manifest.id
    return Shelf(name, parameters, definitions, (*sets, *of_vignettes(guideline)))


def of_vignettes(guideline: Guideline) -> Iterator[Mapping[str, Value]]:
    """The facts of each vignette's patient, as far as they are known exactly."""
    vignettes, _ = load_vignettes(GUIDELINES / guideline.manifest.id)
    for vignette in vignettes:
        try:
            patient = read_case(vignette.case, guideline, as_of=vignette.as_of)
        except CaseError:  # a vignette of a case that has to be refused
            continue
        day = Days(patient.as_of, patient.as_of)
        values = {name: state.value for name, state in patient.facts.items()} | {"as_of": day}
        yield {name: value if is_exact(value) else None for name, value in values.items()}


def main(folder: Path) -> None:
    shelves = [of_specification(), *of_random(), of_guideline(load())]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for shelf in shelves:
        text = library(shelf.name, "1", shelf.parameters, shelf.definitions)
        (folder / f"{shelf.name}.cql").write_text(text, encoding="utf-8")
    manifest = json.dumps({"libraries": [entry(shelf) for shelf in shelves]}, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    expressions = sum(len(shelf.definitions) for shelf in shelves)
    values = sum(len(shelf.definitions) * len(shelf.cases) for shelf in shelves)
    print(f"exported: {len(shelves)} libraries, {expressions} expressions, {values} values")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
