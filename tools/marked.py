"""Keep a generated part of a document true: write it, or only say whether it is stale."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def keep(path: Path, text: str) -> None:
    """Write ``text`` to ``path``; with ``--check`` on the command line only exit if it differs."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    name = path.relative_to(ROOT).as_posix()
    if "--check" in sys.argv[1:]:
        sys.exit(f"{name} is stale: run `make docs`")
    path.write_text(text, encoding="utf-8")
    print(f"{name}: written")


def between(document: str, start: str, end: str, text: str) -> str:
    """``document`` with what stands between the markers replaced; ValueError without markers."""
    head, opened, rest = document.partition(start)
    _, closed, tail = rest.partition(end)
    if not opened or not closed:
        raise ValueError(f"no {start} … {end} in the document")
    return f"{head}{start}\n{text}\n{end}{tail}"
