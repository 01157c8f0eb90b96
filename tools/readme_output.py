"""Put what the program really prints into README.md (``--check``: say whether it is stale)."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from marked import ROOT, between, keep

CASE = "examples/mda5-rp-ild.yaml"
README = ROOT / "README.md"
RULE = "─" * 80


def first_screen() -> str:
    """The headline of the plan for the example: what stands above the second rule."""
    command = [sys.executable, "-m", "myorx.cli", "plan", CASE]
    fixed = {"COLUMNS": "80", "MYORX_LANG": "en", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    environment = {**os.environ, **fixed}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8"
    )
    head, headline, _ = re.split(r"^─+\n", run.stdout, maxsplit=2, flags=re.M)
    return f"{head}{RULE}\n{headline}{RULE}"


if __name__ == "__main__":
    shown = f"```text\n$ myorx plan {CASE}\n{first_screen()}\n…\n```"
    text = README.read_text(encoding="utf-8")
    keep(README, between(text, "<!-- output:start -->", "<!-- output:end -->", shown))
