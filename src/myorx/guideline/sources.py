"""Reading a folder of knowledge files into objects; all problems of form, with their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from myorx.guideline import layout, yaml_tree
from myorx.guideline.build import FAILED, build
from myorx.guideline.faults import GuidelineError, Problem
from myorx.guideline.layout import (
    BESIDE,
    EXCUSED,
    KINDS,
    MANIFEST,
    MAPPING,
    THEOREM,
    VIGNETTE,
    FileKind,
)
from myorx.guideline.mapping import Mapping as CodeMapping
from myorx.guideline.models import Guideline
from myorx.guideline.mutants import Excused
from myorx.guideline.positions import Place, Positions
from myorx.guideline.shapes import Many, shape_of
from myorx.guideline.theorems import Theorem
from myorx.guideline.vignettes import Vignette
from myorx.guideline.yaml_tree import Mapping, Scalar, Tree


def read_guideline(folder: Path) -> tuple[Guideline | None, Positions, tuple[Problem, ...]]:
    """Everything in the folder but what stands beside the guideline.

    Where some objects fail the guideline holds the others, so that these can still be checked one
    by one; it is None only when guideline.yaml itself fails.
    """
    reader = _Reader()
    problems = []
    found: set[str] = set()
    for name, path in layout.files(folder):
        kind = layout.kind_of(name)
        if kind is None:
            problems.append(_unexpected(name))
        elif kind not in BESIDE:
            found.add(kind.name)
            reader.read(kind, name, path)
    if MANIFEST.name not in found:
        problems.append(
            Problem(
                "guideline.yaml",
                0,
                0,
                "",
                "missing-file",
                f"there is no guideline.yaml in {folder.name}",
                "a folder with guideline.yaml",
                "write guideline.yaml, or name another folder",
            )
        )
    problems += reader.problems
    manifests = list(reader.objects[MANIFEST.name].values())
    guideline = None
    if manifests:
        collections: dict[str, Any] = {
            kind.collection: reader.objects[kind.name] for kind in KINDS if kind is not MANIFEST
        }
        guideline = Guideline(
            manifest=manifests[0], source_hash=layout.source_hash(folder), **collections
        )
    return guideline, reader.positions, tuple(sorted(problems))


def read_vignettes(folder: Path) -> tuple[tuple[Vignette, ...], Positions]:
    """All vignettes of the folder. Raises GuidelineError with every problem of form."""
    objects, positions = _read_beside(folder, VIGNETTE)
    return tuple(objects), positions


def read_theorems(folder: Path) -> tuple[tuple[Theorem, ...], Positions]:
    """All theorems of the folder. Raises GuidelineError with every problem of form."""
    objects, positions = _read_beside(folder, THEOREM)
    return tuple(objects), positions


def read_mappings(folder: Path) -> tuple[tuple[CodeMapping, ...], Positions]:
    """All mappings of the folder. Raises GuidelineError with every problem of form."""
    objects, positions = _read_beside(folder, MAPPING)
    return tuple(objects), positions


def read_excused(folder: Path) -> tuple[tuple[Excused, ...], Positions]:
    """The mutants that may survive. Raises GuidelineError with every problem of form."""
    objects, positions = _read_beside(folder, EXCUSED)
    return tuple(objects), positions


def _read_beside(folder: Path, kind: FileKind) -> tuple[list[Any], Positions]:
    reader = _Reader()
    for name, path in layout.files(folder):
        if layout.kind_of(name) is kind:
            reader.read(kind, name, path)
    if reader.problems:
        raise GuidelineError(reader.problems)
    return list(reader.objects[kind.name].values()), reader.positions


class _Reader:
    """Collects the objects of all files by kind and id."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {kind.name: {} for kind in (*KINDS, *BESIDE)}
        self.positions = Positions()
        self.problems: list[Problem] = []

    def read(self, kind: FileKind, name: str, path: Path) -> None:
        reading = yaml_tree.read(path.read_bytes(), name)
        self.problems += reading.problems
        if reading.tree is None:
            return
        shape = shape_of(kind.model)
        if not kind.many:
            built, problems = build(reading.tree, shape, self.positions)
            self.problems += problems
            self._add(kind, built, reading.tree, name, "")
            return
        if not isinstance(reading.tree, yaml_tree.Sequence):
            # The builder says what is wrong with it.
            self.problems += build(reading.tree, Many(shape), self.positions)[1]
            return
        for index, item in enumerate(reading.tree.items):
            built, problems = build(item, shape, self.positions, f"[{index}]")
            self.problems += problems
            self._add(kind, built, item, name, f"[{index}]")

    def _add(self, kind: FileKind, built: Any, tree: Tree, name: str, path: str) -> None:
        id_node = tree.get("id") if isinstance(tree, Mapping) else None
        if not isinstance(id_node, Scalar):
            return
        id_ = id_node.text
        objects = self.objects[kind.name]
        if self.positions.has(kind.name, id_):
            first = self.positions.spot(Place(kind.name, id_))
            self._problem(
                id_node,
                path,
                "duplicate-id",
                f"a second {kind.name} {id_}; the first is in {first.file}:{first.line}",
                "each id once",
                "rename or remove one of the two",
            )
            return
        self.positions.record_root(kind.name, id_, name, path)
        if not kind.many and kind is not MANIFEST:
            stem = Path(name).stem
            if stem.replace("-", "_") != id_:
                self._problem(
                    id_node,
                    path,
                    "file-name",
                    f"{kind.name} {id_} in a file named {stem}",
                    "the id as the name of the file",
                    f"rename the file to {id_}.yaml, or correct the id",
                )
        if built is not FAILED:
            objects[id_] = built

    def _problem(
        self, node: Scalar, path: str, code: str, message: str, allowed: str, remedy: str
    ) -> None:
        place = f"{path}.id" if path else "id"
        self.problems.append(
            Problem(node.file, node.line, node.column, place, code, message, allowed, remedy)
        )


def _unexpected(name: str) -> Problem:
    patterns = [pattern for kind in (*KINDS, *BESIDE) for pattern in kind.patterns]
    return Problem(
        name,
        0,
        0,
        "",
        "unexpected-file",
        f"{name} has no place in a guideline",
        ", ".join(patterns),
        "move, rename or remove it",
    )
