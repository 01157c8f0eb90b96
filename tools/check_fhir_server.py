"""A FHIR server that we did not write (HAPI, JPA) takes what we write, and gives it back whole.

    python tools/check_fhir_server.py FOLDER

FOLDER holds what tools/fhir_export.py writes under `resources`: the package as a transaction and
plans as collections. The server of conformance/server runs on a free port of this machine, over a
database in memory. The package is sent as it is, twice; a plan as one Bundle, and once more as a
transaction of its resources. Then each resource is read back and compared, numbers digit by digit,
its narrative as XML (the server has an order of its own for attributes).

What the server may add, and nothing else: `meta.versionId`, `meta.lastUpdated`, `meta.source`; an
`id` where we give none; and in place of an address within a transaction the reference it became.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import canonicalize

from ports import free_port, started

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "conformance" / "server" / "pom.xml"
ADDED = ("versionId", "lastUpdated", "source")
PLANS = 20
SHOWN = 20
SECONDS = 120
STARTING = 1800
"""Seconds: the first time, Maven fetches the server."""


class Server:
    """The server, by its address; what it answers is parsed with numbers as text."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/fhir"

    def ask(self, path: str, body: Any = None) -> Any:
        """The answer to GET, or to POST where there is a body. Ends the check where it fails."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json"}
        asked = urllib.request.Request(f"{self._base}{path}", data, kind)  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
                return read(answer.read())
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:1000]
            raise SystemExit(f"FHIR server: {path or '/'} was refused: {said}") from None


def read(text: bytes | str) -> Any:
    """JSON with every number as the text it is: 1.0 is not 1.00."""
    return json.loads(text, parse_float=str)


def sent(value: Any) -> Any:
    """A resource as ``read`` would have it of what is sent."""
    return read(json.dumps(value))


@contextmanager
def running() -> Iterator[Server]:
    """The server, for as long as it is needed."""
    port = free_port()
    maven = ("mvn", "--quiet", "--batch-mode", "-Dstyle.color=never", "--file", str(PROJECT))
    process = subprocess.Popen(
        [*maven, "compile", "exec:java", f"-Dexec.args={port}"], stdin=subprocess.PIPE
    )
    try:
        if not started(port, process, STARTING):
            raise SystemExit("FHIR server: it did not start (its words are above)")
        yield Server(port)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def bare(resource: Mapping[str, Any], *, named: bool) -> dict[str, Any]:
    """A resource without what a server adds; ``named``: its id is ours and has to stay."""
    meta = {name: each for name, each in resource.get("meta", {}).items() if name not in ADDED}
    left = {name: each for name, each in resource.items() if name != "meta"}
    if not named:
        left.pop("id", None)
    return {**left, **({"meta": meta} if meta else {})}


def settled(value: Any, places: Mapping[str, str]) -> Any:
    """A resource whose references lead to where the server has put things."""
    if isinstance(value, dict):
        return {
            name: places.get(each, each)
            if name == "reference" and isinstance(each, str)
            else settled(each, places)
            for name, each in value.items()
        }
    return [settled(each, places) for each in value] if isinstance(value, list) else value


def differences(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    """Every place where two resources differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            yield from differences(ours.get(name), theirs.get(name), f"{where}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif where.endswith(".div") and ours and theirs:
        if canonicalize(ours) != canonicalize(theirs):
            yield f"{where}: sent {ours[:200]}, came back {theirs[:200]}"
    elif ours != theirs:
        yield f"{where}: sent {json.dumps(ours)[:200]}, came back {json.dumps(theirs)[:200]}"


def stored(server: Server, transaction: Mapping[str, Any], *, named: bool) -> Iterator[str]:
    """Send a transaction, read its resources back; what differs."""
    answer = server.ask("", transaction)
    entries = transaction["entry"]
    locations = ["/".join(each["response"]["location"].split("/")[:2]) for each in answer["entry"]]
    places = {each["fullUrl"]: to for each, to in zip(entries, locations, strict=True)}
    for entry, location in zip(entries, locations, strict=True):
        ours = bare(settled(sent(entry["resource"]), places), named=named)
        theirs = bare(server.ask(f"/{location}"), named=named)
        yield from differences(ours, theirs, location)


def package(server: Server, bundle: Mapping[str, Any]) -> Iterator[str]:
    """The package, sent twice: read back whole, found by its addresses, and nothing beside it."""
    yield from stored(server, bundle, named=True)
    yield from stored(server, bundle, named=True)
    resources = [entry["resource"] for entry in bundle["entry"]]
    for kind, count in sorted(Counter(each["resourceType"] for each in resources).items()):
        total = server.ask(f"/{kind}?_summary=count")["total"]
        if total != count:
            yield f"{kind}: sent {count}, the server has {total}"
    for each in resources:
        name = f"{each['resourceType']}/{each['id']}"
        found = server.ask(f"/{each['resourceType']}?url={quote(each['url'], safe='')}")
        ids = [entry["resource"]["id"] for entry in found.get("entry", [])]
        if ids != [each["id"]]:
            yield f"{name}: by its address {each['url']} the server finds {ids}"
        version = server.ask(f"/{name}")["meta"]["versionId"]
        if version != "1":
            yield f"{name}: sent again it became version {version}"


def plan(server: Server, bundle: Mapping[str, Any]) -> Iterator[str]:
    """A plan: as the one Bundle that it is, and its resources one by one."""
    kept = server.ask("/Bundle", bundle)
    whole = server.ask(f"/Bundle/{kept['id']}")
    yield from differences(bare(sent(bundle), named=False), bare(whole, named=False), "Bundle")
    entries = [
        {**each, "request": {"method": "POST", "url": each["resource"]["resourceType"]}}
        for each in bundle["entry"]
    ]
    transaction = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    yield from stored(server, transaction, named=False)


def main(folder: Path) -> int:
    """Run the check; the exit code."""
    bundle = json.loads((folder / "bundle.json").read_bytes())
    plans = [json.loads(path.read_bytes()) for path in sorted(folder.glob("plan-*.json"))[:PLANS]]
    if not plans:
        raise SystemExit(f"FHIR server: no plan in {folder}; run tools/fhir_export.py first")
    with running() as server:
        wrong = [*package(server, bundle)]
        for each in plans:
            wrong += plan(server, each)
    count = len(bundle["entry"]) + sum(len(each["entry"]) for each in plans)
    for line in wrong[:SHOWN]:
        print(line)
    print(
        f"FHIR server: {count} resources ({len(bundle['entry'])} of the package, "
        f"{len(plans)} plans) stored and read back, {len(wrong)} differences"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
