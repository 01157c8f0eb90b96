"""Is the wheelhouse whole? Install from it alone, with no index; then a plan, and the service.

A fresh environment, every wheel by its hash, nothing of this one; the plan has to be the one that
the sources make, the service has to answer an order with its critical card and to end when told;
then it is run as deploy/myorx.service has it (deployed.py).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from copy_tree import ROOT
from deployed import answers
from ports import free_port, started
from wheelhouse import run, wheelhouse

CASE = ROOT / "examples" / "mda5-rp-ild.yaml"
ORDER = ROOT / "examples" / "order-sign.json"
SECONDS = 60


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        wheels, venv = Path(name) / "wheels", Path(name) / "venv"
        wheelhouse(wheels)
        run(sys.executable, "-m", "venv", venv)
        pip = (venv / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
        offline = ("--isolated", "install", "--no-index", "--find-links", wheels)
        run(*pip, *offline, "--require-hashes", "--requirement", wheels / "requirements.txt")
        command = venv / "bin" / "myorx"
        # Nothing of the sources may be found.
        alone = {key: each for key, each in os.environ.items() if not key.startswith("PYTHON")}
        plan = subprocess.check_output([command, "plan", CASE], cwd=name, env=alone)
        if plan != subprocess.check_output([sys.executable, "-m", "myorx.cli", "plan", CASE]):
            sys.exit("wheelhouse: the installed package plans otherwise than the sources")
        indicator = asked(command, Path(name), alone)
        if indicator != "critical":
            sys.exit(f"wheelhouse: the service answers with {indicator}, not with a critical card")
        print("wheelhouse: installed with no index; plans as the sources do; the service answers")
        answers(venv)


def asked(command: Path, folder: Path, environment: dict[str, str]) -> str:
    """What the service says to the example of the guide."""
    port = free_port()
    service = subprocess.Popen(
        [command, "serve", "--port", str(port)],
        cwd=folder,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        if not started(port, service, SECONDS):
            sys.exit("wheelhouse: the service does not listen")
        address = f"http://127.0.0.1:{port}/cds-services/myorx-order-sign"
        kind = {"Content-Type": "application/json"}
        question = urllib.request.Request(address, ORDER.read_bytes(), kind)
        with urllib.request.urlopen(question, timeout=SECONDS) as answer:  # noqa: S310
            return str(json.load(answer)["cards"][0]["indicator"])
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(SECONDS)


if __name__ == "__main__":
    main()
