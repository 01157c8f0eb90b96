"""How long a changed fact takes to show in the plan, over loopback, as the page's script asks.

    python benchmarks/pages_bench.py [--rounds N]

The server is a process of its own, as `myorx serve` runs it. A case is entered answer by answer;
after each answer the whole form is posted to `/en/renew` (the plan); likewise to `/en/ask` (the
questions, which the script asks for once the plan is there), over one kept connection. The time is
from the first byte sent to the last byte of the answer; a browser then puts it in place. Beside it
what the server itself spends (its own process time, by /proc where there is one): on a busy machine
that is what can be compared. A page with all that it loads is weighed once.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

ANSWERS = (
    ("f.sex", "female"),
    ("f.age", "45"),
    ("f.subtype", "cadm"),
    ("f.anti_mda5", "yes"),
    ("f.ild", "yes"),
    ("f.respiratory_worsening_1mo", "yes"),
    ("f.hrct_progression_1mo", "yes"),
    ("f.pregnancy_lactation_wish", "none"),
    ("f.weight", "60"),
    ("history", "none"),
    ("f.spo2", "93"),
    ("f.on_oxygen", "no"),
)
"""A case as it is entered, one answer after the other."""
RENEW, ASK = "/en/renew", "/en/ask"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=10, help="times the case is entered")
    options = parser.parse_args()

    server = Server()
    try:
        print(f"{options.rounds * len(ANSWERS)} changed facts, each the whole form posted")
        for name, path in (("changed fact -> renewed plan", RENEW), ("the questions next", ASK)):
            enter(server, path)  # warm
            before = server.spent()
            times = [each for _ in range(options.rounds) for each in enter(server, path)]
            each = (server.spent() - before) / len(times) * 1000
            print(f"  {name:30} {told(times)}; the server's own time {each:.0f} ms")
        page, whole = server.weight()
        print(
            f"  the page with its plan: {page / 1000:.0f} kB; all that it loads: {whole / 1000:.0f}"
        )
    finally:
        server.stop()


def told(times: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(times)
    high = ordered[int(len(ordered) * 0.95)]
    return f"median {statistics.median(ordered) * 1000:5.1f} ms, 95 % within {high * 1000:5.1f} ms"


def enter(server: Server, path: str) -> list[float]:
    """Enter the case answer by answer; the seconds that each answer took."""
    fields = {"as_of": "2026-11-22"}
    found = []
    for name, value in ANSWERS:
        fields[name] = value
        found.append(server.post(path, fields))
    return found


class Server:
    """`myorx serve` on a free port."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "myorx.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.get("/health")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the service did not start")

    def get(self, path: str) -> bytes:
        """What is at a path."""
        self.connection.request("GET", path)
        return self.connection.getresponse().read()

    def post(self, path: str, fields: dict[str, str]) -> float:
        """Seconds until the answer was read."""
        body = urllib.parse.urlencode(fields)
        began = time.perf_counter()
        self.connection.request("POST", path, body, FORM)
        answer = self.connection.getresponse()
        text = answer.read()
        spent = time.perf_counter() - began
        if answer.status != 200 or not text:
            raise SystemExit(f"{path}: {answer.status}")
        return spent

    def spent(self) -> float:
        """Process time of the server so far, in seconds; 0 where nobody tells it."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def weight(self) -> tuple[int, int]:
        """Bytes of the whole page with the case entered, and with all assets."""
        fields = {"as_of": "2026-11-22", **dict(ANSWERS)}
        self.connection.request("POST", "/en/", urllib.parse.urlencode(fields), FORM)
        page = self.connection.getresponse().read()
        assets = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.decode()))
        return len(page), len(page) + sum(len(self.get(each)) for each in assets)

    def stop(self) -> None:
        """End the process."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


if __name__ == "__main__":
    main()
