"""Write what other people's FHIR validator and CQL engines are asked about our FHIR.

    python tools/fhir_export.py FOLDER

FOLDER/resources holds the guideline's package, plans of many vignettes, and one resource that is
wrong on purpose; FOLDER/rules the package's CQL with cases, in the form of tools/oracle_export.py.
Deterministic: same sources, same files.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oracle_cases import cases
from oracle_export import engines_differ, is_exact, not_comparable, written

from myorx.exchange.codes import Codes
from myorx.exchange.fhir.out.logic import NAME, Rules, content, rules
from myorx.exchange.fhir.out.package import bundle, file_name, package
from myorx.exchange.fhir.out.plan import plan_bundle
from myorx.exchange.foreign import codes_of
from myorx.facts import CaseError, Patient, drugs_taken, read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.language import Days, Expression, Facts, Value, cql, evaluate, names
from myorx.plan import make_plan
from myorx.plan.formulas import ORDERED, TAKEN, expressions, holds

RANDOM = 200
"""Random cases for the rules, beside the vignettes."""
PLANS = 60
"""Vignettes whose plan is written."""


def patients(guideline: Guideline) -> Iterator[Patient]:
    """The patients of the vignettes."""
    for vignette in load_vignettes(GUIDELINES / guideline.manifest.id)[0]:
        try:
            yield read_case(vignette.case, guideline, as_of=vignette.as_of)
        except CaseError:  # a vignette of a case that has to be refused
            continue


def resources(guideline: Guideline, codes: Codes, folder: Path) -> int:
    """Write the package, plans and the wrong resource; how many files."""
    made = package(guideline, codes)
    files = {file_name(each): each for each in made} | {"bundle.json": bundle(made)}
    for number, patient in enumerate(list(patients(guideline))[:PLANS]):
        files[f"plan-{number:03}.json"] = plan_bundle(
            make_plan(guideline, patient), guideline, codes
        )
    plan = next(each for each in made if each["resourceType"] == "PlanDefinition")
    files["wrong-1.json"] = {**plan, "status": "perhaps"}
    for name, each in files.items():
        (folder / name).write_text(json.dumps(each, ensure_ascii=False), encoding="utf-8")
    return len(files)


def parameters_of(patient: Patient, found: Rules) -> Mapping[str, Value]:
    """The parameters of one patient; what is not known exactly is unknown to other engines."""
    day = Days(patient.as_of, patient.as_of)
    values: dict[str, Value] = {name: state.value for name, state in patient.facts.items()}
    values["as_of"] = day
    taken = drugs_taken(patient.case)
    ordered = {order.drug for order in patient.case.orders}
    for name in found.parameters:
        if name.startswith(TAKEN):
            values[name] = name.removeprefix(TAKEN) in taken
        elif name.startswith(ORDERED):
            values[name] = name.removeprefix(ORDERED) in ordered
    return {
        name: values.get(name) if is_exact(values.get(name)) else None for name in found.parameters
    }


def expected(found: Rules, case: Mapping[str, Value]) -> dict[str, Any]:
    """What ours says of every condition and question."""
    facts = Facts(case, found.conditions, found.parameters)
    answers: dict[str, Any] = {
        name: written(evaluate(tree, facts).value) for name, tree in found.conditions.items()
    }

    def value(tree: Expression) -> bool | None:
        answer = evaluate(found.lowered[tree], facts).value
        return answer if isinstance(answer, bool) else None

    return answers | {name: holds(formula, value) for name, formula in found.questions.items()}


def under(tree: Expression, found: Rules) -> Iterator[Expression]:
    """A tree, and the conditions that it rests on."""
    yield tree
    for name in names(tree):
        if name in found.conditions:
            yield from under(found.conditions[name], found)


def oracle(guideline: Guideline, folder: Path) -> int:
    """Write the rules and their cases; how many values are to be compared."""
    found = content(guideline)
    name = f"{guideline.manifest.id}_{NAME}"
    (folder / f"{name}.cql").write_text(rules(guideline), encoding="utf-8")
    trees: dict[str, list[Expression]] = {
        each: list(under(tree, found)) for each, tree in found.conditions.items()
    }
    for each, formula in found.questions.items():
        asked = (found.lowered[tree] for tree in expressions([formula]))
        trees[each] = [below for tree in asked for below in under(tree, found)]
    every = [tree for listed in trees.values() for tree in listed]
    sets = [
        *cases(found.parameters, every, RANDOM, name),
        *(parameters_of(patient, found) for patient in patients(guideline)),
    ]
    given = [{each: written(case.get(each)) for each in found.parameters} for case in sets]
    for case in given:
        for each, kind in found.parameters.items():
            if str(kind) == "Integer" and case[each] is not None:
                case[each] = {"integer": int(case[each]["decimal"])}
    library = {
        "name": name,
        "file": f"{name}.cql",
        "definitions": {
            **{each: cql(tree) for each, tree in found.conditions.items()},
            **dict.fromkeys(found.questions, "(a question of the package)"),
        },
        "engines_differ": [
            each for each, listed in trees.items() if any(engines_differ("", t) for t in listed)
        ],
        "not_comparable": [
            each for each, listed in trees.items() if any(not_comparable("", t) for t in listed)
        ],
        "cases": [
            {"given": case, "expected": expected(found, values)}
            for case, values in zip(given, sets, strict=True)
        ],
    }
    manifest = json.dumps({"libraries": [library]}, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    return len(sets) * len(trees)


def main(folder: Path) -> None:
    guideline = load()
    codes = codes_of(GUIDELINES / guideline.manifest.id, guideline)
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("resources", "rules"):
        (folder / name).mkdir(parents=True)
    files = resources(guideline, codes, folder / "resources")
    values = oracle(guideline, folder / "rules")
    print(f"exported: {files} FHIR files, {values} values of the rules in them")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
