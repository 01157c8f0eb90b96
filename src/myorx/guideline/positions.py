"""Where in the files everything stands: found by kind, id and path, down to the character."""

from __future__ import annotations

from typing import NamedTuple

from myorx.guideline.yaml_tree import Scalar, Tree, locate


class Place(NamedTuple):
    """A value inside an object of a guideline: ``decision x candidates[2].for[0].when``."""

    kind: str
    id: str
    path: str = ""

    def key(self, name: str) -> Place:
        """The place of key ``name`` below this one."""
        return self._replace(path=join(self.path, name))

    def item(self, index: int) -> Place:
        """The place of item ``index`` (from 0) below this one."""
        return self._replace(path=f"{self.path}[{index}]")

    def __str__(self) -> str:
        head = self.id if self.kind == "manifest" else f"{self.kind} {self.id}"
        return f"{head} {self.path}".rstrip()


class Spot(NamedTuple):
    """A place in a file; ``line`` and ``column`` from 1, or 0 when unknown."""

    file: str
    line: int
    column: int
    path: str
    """The path within the file, as problems show it."""


class Positions:
    """The places of all objects and values that were read from files. Grows while loading only."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, str], Tree] = {}
        self._roots: dict[str, dict[str, tuple[str, str]]] = {}

    def record(self, path: str, node: Tree) -> None:
        """Remember the node at ``path`` of its file."""
        self._nodes[node.file, path] = node

    def record_root(self, kind: str, id: str, file: str, path: str) -> None:  # noqa: A002
        """Remember that the object ``id`` of ``kind`` stands at ``path`` of ``file``."""
        self._roots.setdefault(kind, {}).setdefault(id, (file, path))

    def has(self, kind: str, id: str) -> bool:  # noqa: A002
        """Whether an object of this kind and id was read."""
        return id in self._roots.get(kind, ())

    def node(self, place: Place) -> Tree | None:
        """The node at a place, or None (an object not read from a file, a key left out)."""
        root = self._roots.get(place.kind, {}).get(place.id)
        if root is None:
            return None
        file, prefix = root
        return self._nodes.get((file, join(prefix, place.path)))

    def spot(self, place: Place, offset: int | None = None) -> Spot:
        """Where a value stands, or the nearest thing around it that is in the file.

        ``offset`` counts characters into the text of a scalar.
        """
        root = self._roots.get(place.kind, {}).get(place.id)
        if root is None:
            return Spot(str(place), 0, 0, place.path)
        file, prefix = root
        path = join(prefix, place.path)
        shown = path
        while (node := self._nodes.get((file, path))) is None and path:
            path = _outside(path)
        if node is None:
            return Spot(file, 0, 0, shown)
        if offset is not None and isinstance(node, Scalar):
            return Spot(file, *locate(node, offset), shown)
        return Spot(file, node.line, node.column, shown)


def join(path: str, rest: str) -> str:
    """``a`` and ``b`` give ``a.b``; ``a`` and ``[0]`` give ``a[0]``."""
    if not path or not rest or rest.startswith("["):
        return path + rest
    return f"{path}.{rest}"


def _outside(path: str) -> str:
    """The path without its last key or index."""
    if path.endswith("]"):
        return path[: path.rindex("[")]
    return path.rpartition(".")[0] if "." in path else ""
