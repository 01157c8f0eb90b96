"""Does ``make run`` work for somebody who has just cloned the repository?

A copy of the tracked files in an empty folder, an empty HOME, nothing set up: one command must end
with a plan. A second run must not set anything up again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from copy_tree import copy_tree

# What a stranger's shell does not have.
OURS = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def make_run(folder: Path, home: Path) -> tuple[float, str, str]:
    """(seconds, output, messages) of one ``make run``; exits when it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    begin = time.monotonic()
    run = subprocess.run(
        ["make", "run"],
        cwd=folder,
        env={**environment, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    if run.returncode != 0:
        sys.exit(f"fresh clone: make run failed\n{run.stdout}{run.stderr}")
    return time.monotonic() - begin, run.stdout, run.stderr


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "clone", Path(name) / "home"
        folder.mkdir()
        home.mkdir()
        copy_tree(folder)
        seconds, plan, messages = make_run(folder, home)
        again_seconds, again, again_messages = make_run(folder, home)
    if not plan.strip() or plan != again:
        sys.exit("fresh clone: make run did not print the same plan twice")
    if len(messages.splitlines()) != 1 or again_messages:
        sys.exit(
            f"fresh clone: make run should say one line once, said\n{messages}{again_messages}"
        )
    print(f"fresh clone: make run in {seconds:.0f} s, again in {again_seconds:.1f} s")


if __name__ == "__main__":
    main()
