"""A folder of wheels from which MyoRx, with its service, is installed without any network.

    python tools/wheelhouse.py FOLDER

FOLDER gets our own wheel, the pinned wheels of requirements/serve.txt (for this machine's kind of
system and this Python), and `requirements.txt`, in which every one of them stands with its hash.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from copy_tree import ROOT, copy_tree

PINNED = ROOT / "requirements" / "serve.txt"
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def run(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"wheelhouse: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def wheelhouse(folder: Path) -> None:
    """Fill ``folder``, which must be empty or not there."""
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"wheelhouse: {folder} is not empty; name another folder, or empty it")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        # From a clean copy: nothing that lies about here gets into the wheel.
        copy_tree(Path(name))
        build = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder.resolve(), ".")
        run(*PIP, *build, cwd=Path(name))
    (own,) = folder.glob("myorx-*.whl")
    only = ("download", "--require-hashes", "--only-binary", ":all:", "--dest", folder)
    run(*PIP, *only, "--requirement", PINNED)
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    line = f"myorx[serve]=={own.name.split('-')[1]} --hash=sha256:{digest}\n"
    pinned = PINNED.read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(pinned + line, encoding="utf-8")
    wheels = list(folder.glob("*.whl"))
    size = sum(each.stat().st_size for each in wheels) / 1e6
    print(f"wheelhouse: {len(wheels)} wheels, {size:.0f} MB, in {folder}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wheelhouse(Path(sys.argv[1]))
