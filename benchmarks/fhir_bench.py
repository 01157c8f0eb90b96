"""From the bytes of a Bundle to every condition of the guideline: MyoRx, and `cql-execution` with
`cql-exec-fhir` (Node), side by side.

    python benchmarks/fhir_bench.py [--rounds N] [--bundles N]

One run, one Bundle (the 20 kB of `service_bench.py`), in turns; seconds of work (CPU), for other
work on the machine stretches the clock. Ours reads all of it, with a report of every resource,
derives and infers what the guideline needs, and values every condition with its trace. Theirs gets
the same conditions as CQL, over the same facts by the same codes; what ours derives, infers or
reads of drugs is unknown to it, which is less work. It is timed in two styles: a retrieve for each
fact, and one retrieve from which all facts are filtered. The facts found are compared; the exit
code is 1 where one differs. Beside it, what the service does with the same resources: from the
bytes of an order to its cards. More in `README.md`.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from cql_execution import NODE_PACKAGES, SYSTEM_MODEL, Peer, missing
from oracle_export import Shelf, of_guideline, written
from service_bench import bundle, question

from myorx.exchange.codes import Codes
from myorx.exchange.fhir import read_source
from myorx.exchange.fhir.source import read_json
from myorx.exchange.foreign import codes_of
from myorx.exchange.importing import finish
from myorx.exchange.service import hooks, messages
from myorx.exchange.service.detail import Page
from myorx.exchange.service.knowledge import Knowledge
from myorx.facts import Patient
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.language import Facts, library
from myorx.language.values import Bounds

PEER = Path(__file__).parent / "fhir_peer.mjs"
DAY = date(2026, 11, 22)
OURS = 50
"""Bundles in each of our rounds."""
STYLES = {"a retrieve for each fact": "[{kind}]", "one retrieve, then filters": '"All of {kind}"'}
FOUND = """define "{fact} as found":
  Last({source} R where exists (R.code.coding C where {coded}){order})
"""
CODED = "(C.system.value = '{system}' and C.code.value in {{ {codes} }})"
PERSON = ("sex", "birth_date")
"""What the Patient says: no Observation for the peer to find."""
VALUES = {
    "boolean": "({found}.value as FHIR.boolean).value",
    "integer": "({found}.value as FHIR.integer).value",
    "decimal": "({found}.value as FHIR.Quantity).value.value",
    "date": "date from ({found}.value as FHIR.dateTime).value",
}
AMOUNT = """if {found} is null then null else System.Quantity {{
    value: ({found}.value as FHIR.Quantity).value.value,
    unit: ({found}.value as FHIR.Quantity).code.value }}"""


def read(data: bytes, guideline: Guideline, codes: Codes) -> Patient:
    """The patient in a Bundle."""
    return finish(read_source(read_json(data), codes, guideline), guideline, DAY).patient


def answered(patient: Patient, shelf: Shelf) -> int:
    """Every condition with its trace; how many have a value."""
    facts = Facts(
        {name: state.value for name, state in patient.facts.items()},
        shelf.definitions,
        shelf.parameters,
    )
    return sum(facts.trace(name).value is not None for name in shelf.definitions)


def timed(work: Callable[[], None], count: int) -> float:
    """Seconds of work for one of ``count`` times."""
    start = process_time()
    for _ in range(count):
        work()
    return (process_time() - start) / count


def coded(shelf: Shelf, guideline: Guideline, codes: Codes) -> Iterator[tuple[str, str, str]]:
    """Fact, kind of resource, condition on its codes: a finding by ICD-10, anything else by LOINC
    or by our own code system, as our own reader takes them."""
    for name in shelf.parameters:
        fact = guideline.facts.get(name)
        if fact is None or fact.derived or fact.type == "code":
            continue
        found: dict[str, list[str]] = {}
        for (system, code), meanings in codes.facts.items():
            if any(each.fact == name and each.value is None for each in meanings):
                found.setdefault(system, []).append(code)
        kind = "Condition" if "icd10" in found else "Observation"
        systems = ("icd10",) if "icd10" in found else ("loinc", "facts")
        tests = (
            CODED.format(
                system=codes.addresses[each], codes=", ".join(f"'{code}'" for code in found[each])
            )
            for each in systems
            if each in found
        )
        yield name, kind, " or ".join(tests)


def exported(shelf: Shelf, guideline: Guideline, codes: Codes, source: str) -> str:
    """The guideline's conditions as CQL over FHIR. Coded facts stay parameters, and unknown."""
    found = list(coded(shelf, guideline, codes))
    names = {name for name, *_ in found}
    left = {name: kind for name, kind in shelf.parameters.items() if name not in names}
    text = library(shelf.name, "1", left, shelf.definitions)
    head, _, rest = text.partition("\n")
    parameters, definitions = rest.split("\ndefine", 1)
    # With two models a bare name means that of FHIR.
    own = re.sub(r"^(parameter \S+) (\w+)", r"\1 System.\2", parameters, flags=re.M)
    made = [head, "using FHIR version '4.0.1'", own, "context Patient", ""]
    made += [f'define "All of {kind}": [{kind}]' for kind in ("Observation", "Condition")]
    for fact, kind, codings in found:
        order = " sort by (effective as FHIR.dateTime).value" if kind == "Observation" else ""
        place = source.format(kind=kind)
        made.append(FOUND.format(fact=fact, source=place, coded=codings, order=order))
        value = VALUES.get(guideline.facts[fact].type, AMOUNT).format(found=f'"{fact} as found"')
        if kind == "Condition":
            value = f'"{fact} as found" is not null'
        made.append(f'define "{fact}":\n  {value}\n')
    return "\n".join(made) + "\ndefine" + definitions


def differing(patient: Patient, theirs: Mapping[str, Any]) -> list[str]:
    """The facts that the Bundle states and that the peer found otherwise, or not at all."""
    wrong = []
    for name, value in theirs.items():
        state, given = patient.facts[name], patient.case.facts.get(name)
        if given is None or given.value is None or name in PERSON:
            continue
        # In the unit of the Bundle: ours are in that of the guideline by now.
        amount = {"quantity": given.value, "unit": given.unit}
        ours = amount if isinstance(state.value, Bounds) and given.unit else written(state.value)
        if ours != value:
            wrong.append(f"{name}: MyoRx {ours}, cql-exec-fhir {value}")
    return wrong


def main() -> int:
    """Compare, time, print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bundles", type=int, default=20, help="Bundles in each of their rounds")
    options = parser.parse_args()
    lacks = missing()
    if lacks is None and not (NODE_PACKAGES / "cql-exec-fhir").is_dir():
        lacks = "cql-exec-fhir is missing: (cd conformance/node && npm ci)"
    if lacks is not None:
        print(f"fhir_bench: {lacks}", file=sys.stderr)
        return 2
    guideline = load()
    codes = codes_of(GUIDELINES / guideline.manifest.id, guideline)
    shelf = of_guideline(guideline, 0)
    sent = question()["prefetch"]
    resources = [sent["patient"]]
    resources += [e["resource"] for name in sent if name != "patient" for e in sent[name]["entry"]]
    data = json.dumps(bundle(*resources)).encode()
    patient = read(data, guideline, codes)
    print(f"{len(shelf.definitions)} conditions, a Bundle of {len(data):,} bytes")

    body = json.dumps(question()).encode()
    knowledge = Knowledge(guideline, codes)

    def conditions() -> None:
        answered(read(data, guideline, codes), shelf)

    def service() -> None:
        asked = messages.read(body, messages.HookRequest, "en")
        hooks.answer(asked, knowledge, Page(knowledge, "en", "", DAY))

    wrong: list[str] = []
    for style, source in STYLES.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            text = exported(shelf, guideline, codes, source)
            (folder / "library.cql").write_text(text, encoding="utf-8")
            (folder / "bundle.json").write_bytes(data)
            names = [each for each, *_ in coded(shelf, guideline, codes)]
            (folder / "facts.json").write_text(json.dumps(names), encoding="utf-8")
            command = ("node", str(PEER), str(SYSTEM_MODEL), name, str(options.bundles))
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
            with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
                peer = Peer(process)
                facts = peer.ask("facts")
                wrong += differing(patient, facts)
                peer.ask("time"), timed(conditions, OURS), timed(service, OURS)  # to warm up
                runs = [
                    (
                        float(peer.ask("time")) / options.bundles,
                        timed(conditions, OURS),
                        timed(service, OURS),
                    )
                    for _ in range(options.rounds)
                ]
                process.stdin.close()
        print(f"{style} ({len(facts)} facts)")
        print(f"  cql-exec-fhir: {median(run[0] for run in runs) * 1e3:.1f} ms a Bundle")
        for number, name in enumerate(("every condition", "the service's cards"), 1):
            ratios = sorted(run[0] / run[number] for run in runs)
            mine = median(run[number] for run in runs) * 1e3
            span = f"rounds: {ratios[0]:.0f} to {ratios[-1]:.0f}"
            print(f"  MyoRx, {name}: {mine:.2f} ms; {median(ratios):.0f} times ({span})")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
