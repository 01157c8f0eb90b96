"""What the service does in a second: order-sign with a prefetch of about 20 kB, over loopback.

    python benchmarks/service_bench.py [--requests N] [--clients N] [--soak N]

The server is a process of its own (one worker, as `myorx serve` runs it); beside it, in turns, a
bare echo of the same framework: the body read, parsed as JSON and sent back, nothing else. The
requests come from this process, over kept connections, `--clients` at a time; it needs a core
too, so that on a busy machine both figures are low: their ratio is what can be compared. `--soak`
sends so many requests more and says how the memory of the server grew; the exit code is 1 where
that is too much.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

SIZE = 20_000
"""Bytes of the prefetch, about."""
GROWTH = 20
"""Megabytes that the server may take more after all the requests of `--soak`."""
ECHO = """
import json, sys
import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response

app = FastAPI(openapi_url=None)

@app.get("/health")
async def health():
    return {}

@app.post("/{path:path}")
async def echo(path: str, request: Request):
    return Response(json.dumps(json.loads(await request.body())), media_type="application/json")

uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False, lifespan="off")
"""


class Run(NamedTuple):
    """One round: requests a second, and the milliseconds of each request."""

    rate: float
    times: list[float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=1000, help="in each round (default 1000)")
    parser.add_argument("--clients", type=int, default=4, help="at a time (default 4)")
    parser.add_argument("--rounds", type=int, default=3, help="of each server (default 3)")
    parser.add_argument("--soak", type=int, default=0, help="requests for the memory (default 0)")
    options = parser.parse_args()

    body = json.dumps(question(), ensure_ascii=False).encode()
    print(f"order-sign, {len(body):,} bytes; {options.clients} at a time; median of the rounds")
    ours, echo = Server("-m", "myorx.cli", "serve", "--port"), Server("-c", ECHO)
    try:
        check(ours.post(body))
        runs: dict[str, list[Run]] = {"myorx serve": [], "bare echo": []}
        for _ in range(options.rounds + 1):
            for name, server in (("myorx serve", ours), ("bare echo", echo)):
                runs[name].append(asyncio.run(load(server, body, options)))
        for name, found in runs.items():
            print(f"  {name:14} {told(found[1:])}")
        rates = [statistics.median(run.rate for run in found[1:]) for found in runs.values()]
        print(f"  of the echo's rate: {rates[0] / rates[1]:.1%}")
        single = argparse.Namespace(requests=max(50, options.requests // 5), clients=1)
        print(f"  one at a time  {told([asyncio.run(load(ours, body, single))])}")
        grown = soak(ours, body, options.soak, options.clients)
        if grown > GROWTH:
            sys.exit(f"the memory of the server grew by more than {GROWTH} MB")
    finally:
        ours.stop()
        echo.stop()


def soak(server: Server, body: bytes, requests: int, clients: int) -> float:
    """Send so many more, printing the memory ten times on the way; the megabytes added at most."""
    before = server.memory()
    print(f"  memory: {before:.1f} MB before the soak", flush=True)
    most, sent = before, 0
    while sent < requests:
        more = min(max(1, requests // 10), requests - sent)
        run = asyncio.run(load(server, body, argparse.Namespace(requests=more, clients=clients)))
        sent += more
        most = max(most, now := server.memory())
        print(f"  memory: {now:.1f} MB after {sent:,} more, {run.rate:.0f} a second", flush=True)
    return most - before


def question() -> dict[str, Any]:
    """An order of methotrexate for somebody with ILD, with fifty results of every kind."""
    owner = {"subject": {"reference": "Patient/p1"}}

    def coded(system: str, code: str) -> dict[str, Any]:
        return {"coding": [{"system": system, "code": code}]}

    def condition(code: str) -> dict[str, Any]:
        name = coded("http://hl7.org/fhir/sid/icd-10", code)
        return {"resourceType": "Condition", "id": code, **owner, "code": name}

    def result(number: int, code: str, value: float, unit: str) -> dict[str, Any]:
        quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org"}
        return {
            "resourceType": "Observation",
            "id": f"o{number}",
            "status": "final",
            **owner,
            "code": coded("http://loinc.org", code),
            "effectiveDateTime": f"2026-{1 + number % 11:02}-20T08:00:00+08:00",
            "valueQuantity": {**quantity, "code": unit},
        }

    kinds = (
        ("2276-4", 620, "ng/mL"),
        ("1988-5", 12.5, "mg/L"),
        ("2157-6", 900, "U/L"),
        ("29463-7", 60, "kg"),
        ("718-7", 120, "g/L"),
        ("2160-0", 70, "umol/L"),
    )
    results: list[dict[str, Any]] = []
    while len(json.dumps(results)) < SIZE - 1500:
        results.append(result(len(results), *kinds[len(results) % len(kinds)]))
    patient = {"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1980-01-01"}
    order = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "draft",
        "intent": "order",
        **owner,
        "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "6851"),
    }
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "p1", "draftOrders": bundle(order)},
        "prefetch": {
            "patient": patient,
            "conditions": bundle(condition("M33.1"), condition("J84.1")),
            "observations": bundle(*results),
        },
        "extension": {"myorx.as-of": "2026-11-22"},
    }


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    """A Bundle as a search gives it."""
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def check(answer: bytes) -> None:
    """What is timed has to be right."""
    (card,) = json.loads(answer)["cards"]
    if card["indicator"] != "critical":
        sys.exit("the answer is not the critical card that it should be")


class Server:
    """A server in a process of its own; its port is the last word of its command."""

    def __init__(self, *words: str) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = int(found.getsockname()[1])
        self._process = subprocess.Popen(
            [sys.executable, *words, str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        sys.exit("a server did not start")

    def post(self, body: bytes) -> bytes:
        """The answer to one request."""
        address = f"http://127.0.0.1:{self.port}/cds-services/myorx-order-sign"
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(address, body, headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            return bytes(answer.read())

    def memory(self) -> float:
        """Resident megabytes."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self) -> None:
        """End the process."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)


async def load(server: Server, body: bytes, options: argparse.Namespace) -> Run:
    """Send the requests, over as many kept connections as there are clients."""
    times: list[float] = []
    request = (
        f"POST /cds-services/myorx-order-sign HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    left = iter(range(options.requests))

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in left:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                sys.exit(head.decode())
            length = next(
                int(line.partition(b":")[2])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            await reader.readexactly(length)
            times.append((time.perf_counter() - began) * 1000)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(options.clients)))
    return Run(options.requests / (time.perf_counter() - began), times)


def told(runs: list[Run]) -> str:
    """Rate, median and 99th percentile, each the median over the rounds."""
    rate = statistics.median(run.rate for run in runs)
    middle = statistics.median(statistics.median(run.times) for run in runs)
    late = statistics.median(statistics.quantiles(run.times, n=100)[98] for run in runs)
    return f"{rate:8.1f} requests/s; median {middle:6.2f} ms; 99th percentile {late:6.2f} ms"


if __name__ == "__main__":
    main()
