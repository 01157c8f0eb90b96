"""The compiled guideline: what a start needs, without reading YAML, parsing rules or asking units.

The file is one line of header (JSON) and the guideline as JSON. The header tells by which models it
was made, from which sources, and the SHA-256 of the rest. ``python -m myorx.guideline.compiled``
compiles every guideline that comes with the package.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import msgspec

from myorx.guideline import models, texts
from myorx.guideline.faults import GuidelineError, Problem
from myorx.guideline.models import Guideline
from myorx.language import syntax

FORMAT = 1
"""Version of the layout of the file; the shape of the models is compared by itself."""


class StaleError(Exception):
    """The file was made from other sources or by another version; the sources decide."""


class _Header(msgspec.Struct, frozen=True):
    format: int
    models: str
    source: str
    sha256: str


def target_of(folder: Path) -> Path:
    """Where the compiled file of a guideline folder lies: beside the folder."""
    return folder.with_name(f"{folder.name}.compiled.json")


def write(folder: Path | str, target: Path | str) -> Guideline:
    """Compile the guideline in ``folder`` into the file ``target``, and give it back.

    Raises GuidelineError, and writes nothing, where the guideline does not load or uses units that
    the table of the language lacks: those could not be converted without the libraries of authors.
    """
    from myorx.guideline.check.context import Context
    from myorx.guideline.check.units import check as check_units
    from myorx.guideline.load import load_with_positions

    guideline, positions = load_with_positions(folder)
    unshipped = tuple(check_units(Context(guideline, positions, None)))
    if unshipped:
        raise GuidelineError(unshipped)
    body = msgspec.json.encode(guideline)
    header = _Header(
        FORMAT,
        model_hash(),
        guideline.source_hash,
        hashlib.sha256(body).hexdigest(),
    )
    target = Path(target)
    # Renamed into place, so that nobody ever reads half a file.
    draft = target.with_name(f".{target.name}.draft")
    draft.write_bytes(msgspec.json.encode(header) + b"\n" + body)
    draft.replace(target)
    return guideline


def read(target: Path, source_hash: str | None) -> Guideline:
    """Read a compiled file.

    ``source_hash`` is the hash of the sources present, or None where there are none. Raises
    StaleError where the file was made from other sources or by other models, GuidelineError where
    it is damaged (or stale without sources to fall back to).
    """
    head, _, body = target.read_bytes().partition(b"\n")
    try:
        header = msgspec.json.decode(head, type=_Header)
    except msgspec.DecodeError:
        raise _damaged(target, "its first line is no header") from None
    if header.format != FORMAT or header.models != model_hash():
        if source_hash is None:
            raise _damaged(target, "it was made by another version of MyoRx")
        raise StaleError(target)
    if source_hash not in (None, header.source):
        raise StaleError(target)
    if hashlib.sha256(body).hexdigest() != header.sha256:
        raise _damaged(target, "its content does not match its hash")
    return msgspec.json.decode(body, type=Guideline)


@cache
def model_hash() -> str:
    """A fingerprint of all models: the names, types and defaults of their fields."""
    digest = hashlib.sha256()
    for module in (texts, models, syntax):
        for name, model in sorted(_structs(module).items()):
            fields = model.__struct_fields__
            types = [str(model.__annotations__.get(field)) for field in fields]
            defaults = repr(model.__struct_defaults__)
            digest.update(repr((name, fields, types, defaults)).encode())
    return digest.hexdigest()


def _structs(module: ModuleType) -> dict[str, type[msgspec.Struct]]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == module.__name__
    }


def _damaged(target: Path, what: str) -> GuidelineError:
    return GuidelineError(
        [
            Problem(
                target.name,
                0,
                0,
                "",
                "damaged-file",
                f"the compiled guideline cannot be used: {what}",
                "a file written by this version",
                "install MyoRx again, or run: python -m myorx.guideline.compiled",
            )
        ]
    )


def main() -> int:
    """Compile every guideline of the package; say what was written."""
    from myorx.guideline.load import GUIDELINES

    failed = 0
    for manifest in sorted(GUIDELINES.glob("*/guideline.yaml")):
        folder = manifest.parent
        try:
            guideline = write(folder, target_of(folder))
        except GuidelineError as error:
            sys.stderr.write(f"{error}\n")
            failed += 1
        else:
            sys.stdout.write(f"compiled {folder.name}: {guideline.source_hash[:12]}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
