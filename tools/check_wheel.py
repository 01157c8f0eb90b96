"""Is the built package whole? Build it, install it alone, and let it plan a case.

The wheel must carry the knowledge as YAML and compiled, the grammar, the unit table and the JSON
Schemas; and it must work away from the sources, without the extra `author`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from copy_tree import ROOT, copy_tree

CASE = ROOT / "examples" / "mda5-rp-ild.yaml"
PACKAGE = ROOT / "src" / "myorx"
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"wheel: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def expected(tree: Path) -> set[str]:
    """Every file of the package in a clean tree, and one compiled guideline for each folder."""
    source = tree / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    folders = (path.parent.name for path in source.glob("myorx/guidelines/*/guideline.yaml"))
    return files | {f"myorx/guidelines/{name}.compiled.json" for name in folders}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        tree, dist, venv = (Path(name) / part for part in ("tree", "dist", "venv"))
        tree.mkdir()
        copy_tree(tree)
        wanted = expected(tree)
        # By way of the sdist, so that it is shown to hold all that a build needs.
        build = "from hatchling.build import build_sdist as b; import sys; print(b(sys.argv[1]))"
        dist.mkdir()
        sdist = run(sys.executable, "-c", build, dist, cwd=tree).split()[-1]
        no_deps = ("--no-deps", "--no-build-isolation")
        run(sys.executable, *PIP, "wheel", *no_deps, "--wheel-dir", dist, dist / sdist)
        (wheel,) = dist.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            packed = {item for item in archive.namelist() if ".dist-info/" not in item}
        if packed != wanted:
            missing, more = sorted(wanted - packed), sorted(packed - wanted)
            sys.exit(f"wheel: missing {missing}, unexpected {more}")

        run(sys.executable, "-m", "venv", venv)
        python = venv / "bin" / "python"
        pinned = ROOT / "requirements" / "core.txt"
        run(python, *PIP, "install", "--require-hashes", "--requirement", pinned)
        run(python, *PIP, "install", "--no-deps", wheel)
        plan = run(venv / "bin" / "myorx", "plan", CASE, cwd=Path(name))
        here = run(sys.executable, "-m", "myorx.cli", "plan", CASE)
        if plan != here:
            sys.exit("wheel: the installed package plans otherwise than the sources")
        size = wheel.stat().st_size / 1024
        print(f"wheel: {len(packed)} files, {size:.0f} kB; plans as the sources do")


if __name__ == "__main__":
    main()
