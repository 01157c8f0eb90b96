"""What somebody may have given in place of a case: another kind of file, encoding or document."""

from __future__ import annotations

from typing import Final

from myorx.facts.faults import Faults, Place
from myorx.facts.source_slips import add_slip
from myorx.guideline.texts import Text
from myorx.guideline.yaml_tree import Mapping, Scalar, Sequence, Tree

_KINDS: Final = {
    b"PK\x03\x04": "Word, Excel, ZIP",
    b"\xd0\xcf\x11\xe0": "Word, Excel (97–2003)",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}
"""First bytes of a file -> what it is."""

_MARKS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_CHINESE: Final = range(0x4E00, 0xA000)
_LOOKED_AT: Final = 4096

_RESULT: Final = "myorx."
"""How the schema of every result of this program begins."""


def file_kind(data: bytes) -> str | None:
    """The kind of file that some bytes are of, where that is no text."""
    return next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)


def encoding_of(data: bytes) -> Text:
    """The encoding that bytes, which are no UTF-8, are likely in; as a remark, perhaps empty."""
    name = _MARKS.get(data[:2]) or ("GB18030" if _is_gb18030(data[:_LOOKED_AT]) else None)
    if name is None:
        return Text("", "")
    return Text(f"（像是 {name}）", f" (it looks like {name})")


def _is_gb18030(data: bytes) -> bool:
    """Whether the bytes read as GB18030, Chinese for the most part beside ASCII."""
    for cut in range(4):  # a character may be cut off at the end
        try:
            text = data[: len(data) - cut].decode("gb18030")
        except UnicodeDecodeError:
            continue
        foreign = [character for character in text if not character.isascii()]
        chinese = sum(ord(character) in _CHINESE for character in foreign)
        return 2 * chinese > len(foreign)
    return False


def add_no_mapping(tree: Scalar | Sequence, faults: Faults) -> None:
    """Say of a document without keys what is wrong with it."""
    if isinstance(tree, Sequence):
        faults.add("list-of-cases", Place("", tree.line or None))
    elif tree.kind == "null" or not tree.text.strip():
        faults.add("empty-case", Place("", None))
    elif not add_slip(tree.raw, tree.line or 1, faults):
        faults.add("not-a-case", Place("", tree.line or None), tree.text)


def add_other_document(tree: Mapping, faults: Faults) -> bool:
    """Whether the document is one of another kind, known by its own mark; then that is said."""
    schema, resource = _text(tree.get("schema")), _text(tree.get("resourceType"))
    if schema.startswith(_RESULT):
        faults.add("result-given", Place("schema"), schema)
    elif resource:
        faults.add("fhir-given", Place("resourceType"), resource)
    else:
        return False
    return True


def _text(node: Tree | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
