"""Somebody else's fuzzer (schemathesis) against the service's own OpenAPI description.

    python tools/fuzz_service.py [--examples N]

Starts `myorx serve` on a free port of this machine, lets the fuzzer at it, and fails where the
server fails, answers with what its description does not say. What the
fuzzer needs is pinned in requirements/check.txt.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from ports import free_port, started

SECONDS = 60
CHECKS = (
    "not_a_server_error",
    "content_type_conformance",
    "status_code_conformance",
    "response_schema_conformance",
)


def main() -> int:
    """Run the fuzzer; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=30, help="of each operation (default 30)")
    options = parser.parse_args()
    beside = Path(sys.executable).parent
    fuzzer = shutil.which("schemathesis", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if fuzzer is None:
        print("schemathesis is missing: install requirements/check.txt", file=sys.stderr)
        return 1
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as file:
            server = subprocess.Popen(
                [sys.executable, "-m", "myorx.cli", "serve", "--port", str(port)],
                stdout=file,
                stderr=file,
            )
        try:
            if not started(port, server, SECONDS):
                print(log.read_text(), file=sys.stderr)
                return 1
            code = fuzz(fuzzer, port, options.examples, folder)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(SECONDS)
        odd = [line for line in log.read_text().splitlines() if " ERROR " in line]
    for line in odd:
        print(line, file=sys.stderr)
    return code or bool(odd)


def fuzz(fuzzer: str, port: int, examples: int, folder: str) -> int:
    """Let the fuzzer at the service; its exit code."""
    address = f"http://127.0.0.1:{port}/api/v1/openapi.json"
    command = [fuzzer, "run", address, "--max-examples", str(examples), "--no-color"]
    command += ["--phases", "coverage,fuzzing", "--checks", ",".join(CHECKS)]
    command += ["--request-timeout", "60", "--seed", "1"]
    return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
