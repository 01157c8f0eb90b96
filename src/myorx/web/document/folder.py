"""Writing the document into a folder, and only over what an earlier export wrote there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from myorx.web.document.pages import Page

MARKER = ".myorx-document.json"
"""Names every file that an export wrote, with its SHA-256: what a later export may replace."""

_FORMAT = "myorx.document/1"


class ForeignFolderError(Exception):
    """The folder holds something that no export wrote; ``found`` is one of these things."""

    def __init__(self, folder: Path, found: str) -> None:
        super().__init__(f"{folder.name} holds {found}, which no export wrote")
        self.found = found


def refuse_foreign(folder: Path) -> None:
    """Raise ForeignFolderError where ``write_document`` would, as far as can be told before."""
    _earlier(folder)


def write_document(pages: Iterable[Page], folder: Path) -> int:
    """Write the pages; the number of files. The folder is made where it does not exist.

    Files of an earlier export that are no longer made are removed, unless somebody changed them.
    Raises ForeignFolderError, having touched nothing, where the folder is not empty and not ours.
    """
    earlier = _earlier(folder)
    made = {page.path: page.body for page in pages}
    foreign = [path for path in made if path not in earlier and _inside(folder, path).exists()]
    if foreign:
        raise ForeignFolderError(folder, foreign[0])
    # An export that is cut short must not lock itself out: the marker comes before the files.
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(_marker({**earlier, **_digests(made)}), encoding="utf-8")
    for path, digest in earlier.items():
        if path not in made:
            _remove(folder, path, digest)
    for path, body in made.items():
        target = _inside(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    (folder / MARKER).write_text(_marker(_digests(made)), encoding="utf-8")
    return len(made)


def _digests(made: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(body).hexdigest() for path, body in made.items()}


def _marker(files: Mapping[str, str]) -> str:
    return json.dumps({"format": _FORMAT, "files": files}, indent=1, sort_keys=True) + "\n"


def _earlier(folder: Path) -> dict[str, str]:
    """The files of an earlier export with their digests; none for a new or empty folder."""
    if not folder.is_dir():
        if folder.exists():
            raise ForeignFolderError(folder, "something that is no folder")
        return {}
    found = next((path.name for path in sorted(folder.iterdir())), None)
    if found is None:
        return {}
    files = _read(folder / MARKER)
    if files is None:
        raise ForeignFolderError(folder, found)
    return files


def _read(marker: Path) -> dict[str, str] | None:
    """What the marker lists; None where there is none, or it is not what an export writes."""
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        return None
    files = content.get("files")
    if not isinstance(files, dict):
        return None
    return dict(_sound(files))


def _sound(files: dict[object, object]) -> Iterator[tuple[str, str]]:
    """Only paths that stay inside the folder: nobody leads us elsewhere by editing the marker."""
    for path, digest in files.items():
        if isinstance(path, str) and isinstance(digest, str):
            parts = PurePosixPath(path).parts
            if parts and not PurePosixPath(path).is_absolute() and ".." not in parts:
                yield path, digest


def _inside(folder: Path, path: str) -> Path:
    """The file of a page. Raises ForeignFolderError where a link leads out of the folder."""
    target = folder / path
    if not target.resolve().is_relative_to(folder.resolve()):
        raise ForeignFolderError(folder, f"{path}, a link that leads out of it")
    return target


def _remove(folder: Path, path: str, digest: str) -> None:
    """Remove a file of an earlier export, if it is still as that export wrote it."""
    target = _inside(folder, path)
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == digest:
        target.unlink()
        for parent in PurePosixPath(path).parents:
            above = folder / parent
            if above == folder or any(above.iterdir()):
                break
            above.rmdir()
