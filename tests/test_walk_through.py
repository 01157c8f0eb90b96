"""The walk-through of the integrators' guide runs as it is written, and says what it says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "integrators.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_walk_through_runs_as_written(tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    found = re.search(r"^```bash\n(.*?)^```\n\n```text\n(.*?)^```", text, re.M | re.S)
    assert found is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = tmp_path / "myorx"  # these sources, whatever else is installed
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m myorx.cli "$@"\n')
    command.chmod(0o755)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    script = "set -m\n" + found[1].replace("8000", port)
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, **path},
        capture_output=True,
        encoding="utf-8",
        timeout=180,
    )
    assert run.stdout == found[2], run.stderr
