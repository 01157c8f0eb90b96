"""The pages in a real browser: Debian's Chromium, driven headless. Part of ``make check-all``.

Installs what it needs: Chromium (apt-get), axe-core (npm, into tests/browser/node_modules). Leaves
pictures and printed plans in build/pages. Arguments are handed to pytest (``-k way``).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = ROOT / "tests" / "browser"
RENEWED = ROOT / "build" / "pages" / "renewed.txt"


def need(command: str, *packages: str) -> None:
    """Install the Debian packages of a command that is missing."""
    if shutil.which(command):
        return
    print(f"pages: installing {' '.join(packages)}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run(["apt-get", "install", "-qq", "-y", *packages], check=False, **quiet)
    if not shutil.which(command):
        sys.exit(f"pages: {command} is missing and could not be installed ({' '.join(packages)})")


def main() -> None:
    need("chromium", "chromium", "fonts-noto-cjk")
    need("npm", "npm")
    quiet = ["--silent", "--no-audit", "--no-fund"]
    subprocess.run(["npm", "ci", *quiet], cwd=HERE, check=True)
    # The checks are called check_*.py, so that `make test`, which has no browser, passes them over.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.browser.fixtures"]
    command += ["-n", "2", "-o", "python_files=check_*.py", str(HERE.relative_to(ROOT))]
    done = subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, check=False)
    if RENEWED.exists():
        print(f"pages: {RENEWED.read_text().strip()}")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
