"""Which files a guideline folder holds, and what stands in each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from myorx.guideline import models
from myorx.guideline.mapping import Mapping as CodeMapping
from myorx.guideline.mutants import Excused
from myorx.guideline.theorems import Theorem
from myorx.guideline.vignettes import Vignette


class FileKind(msgspec.Struct, frozen=True):
    """One kind of knowledge file. ``many``: a list of objects; else one object in each file, whose
    name is the object's id. ``collection`` is the field of Guideline that the objects go to."""

    name: str
    model: type[msgspec.Struct]
    patterns: tuple[str, ...]
    collection: str
    many: bool = True
    summary: str = ""


MANIFEST = FileKind(
    "manifest",
    models.Manifest,
    ("guideline.yaml",),
    "manifest",
    many=False,
    summary="Identity, scope, settings and vocabulary of the guideline.",
)
VIGNETTE = FileKind(
    "vignette",
    Vignette,
    ("vignettes/*.yaml",),
    "",
    summary="Cases with expected results.",
)
THEOREM = FileKind(
    "theorem",
    Theorem,
    ("theorems.yaml",),
    "",
    summary="What is claimed of every patient, for the solver to prove.",
)
MAPPING = FileKind(
    "mapping",
    CodeMapping,
    ("mappings/*.yaml",),
    "",
    many=False,
    summary="What the codes of other systems mean in facts and drugs.",
)
EXCUSED = FileKind(
    "mutant",
    Excused,
    ("mutants.yaml",),
    "",
    summary="Faults made on purpose that no vignette need see, with the reason.",
)
BESIDE = (VIGNETTE, THEOREM, MAPPING, EXCUSED)
"""What stands beside a guideline and is no part of it: no plan depends on it."""
KINDS: tuple[FileKind, ...] = (
    MANIFEST,
    FileKind(
        "statement",
        models.Statement,
        ("ledger/*.yaml",),
        "statements",
        summary="The source, cut into atomic statements.",
    ),
    FileKind(
        "dispute",
        models.Dispute,
        ("disputes.yaml",),
        "disputes",
        summary="Faults, gaps and contradictions in the source, with the reading taken.",
    ),
    FileKind(
        "group",
        models.Group,
        ("groups.yaml",),
        "groups",
        summary="Clinical groups of facts.",
    ),
    # Before the facts: the first pattern that fits decides.
    FileKind(
        "contradiction",
        models.Contradiction,
        ("contradictions.yaml", "facts/contradictions.yaml"),
        "contradictions",
        summary="Facts that cannot hold together.",
    ),
    FileKind(
        "fact",
        models.Fact,
        ("facts/*.yaml",),
        "facts",
        summary="Facts about a patient: type, unit, question, what absence means.",
    ),
    FileKind(
        "definition",
        models.Definition,
        ("definitions.yaml", "definitions/*.yaml"),
        "definitions",
        summary="Named conditions over facts.",
    ),
    FileKind(
        "class",
        models.DrugClass,
        ("classes.yaml",),
        "classes",
        summary="Classes of drugs.",
    ),
    FileKind(
        "drug",
        models.Drug,
        ("drugs/*.yaml",),
        "drugs",
        many=False,
        summary="One drug, procedure or measure with its hazards and regimens.",
    ),
    FileKind(
        "decision",
        models.Decision,
        ("decisions/*.yaml",),
        "decisions",
        many=False,
        summary="One clinical question with its candidates.",
    ),
    FileKind(
        "advice",
        models.Advice,
        ("advice/*.yaml",),
        "advice",
        summary="Things to do that are no choice between candidates.",
    ),
    FileKind(
        "alert",
        models.Alert,
        ("alerts.yaml",),
        "alerts",
        summary="What must be seen first.",
    ),
    FileKind(
        "reference",
        models.Reference,
        ("references.json",),
        "references",
        summary="The source and what it cites (CSL-JSON).",
    ),
)
"""All kinds that make up a Guideline; vignettes, theorems and mappings stand beside it."""

KIND_OF: Mapping[str, FileKind] = {kind.name: kind for kind in (*KINDS, *BESIDE)}

_HIDDEN = (".", "__")
_DOCUMENTS = (".md",)
"""Files for people that may lie anywhere in the folder."""


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name (relative, with ``/``) and path of every file of the folder, sorted by name; without
    hidden files and documents."""
    found = []
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        for name in names:
            path = Path(base, name)
            if not name.startswith(_HIDDEN) and not name.endswith(_DOCUMENTS) and path.is_file():
                found.append((path.relative_to(folder).as_posix(), path))
    yield from sorted(found)


def kind_of(name: str) -> FileKind | None:
    """What the file of this name holds; None for a name that has no place in a guideline."""
    for kind in (*KINDS, *BESIDE):
        if any(fnmatchcase(name, pattern) for pattern in kind.patterns):
            return kind
    return None


def source_hash(folder: Path) -> str:
    """SHA-256 (hex) over names and bytes of all source files of a guideline, without what stands
    beside it."""
    digest = hashlib.sha256()
    for name, path in files(folder):
        kind = kind_of(name)
        if kind is None or kind in BESIDE:
            continue
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
