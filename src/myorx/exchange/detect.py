"""The format of a file by its content, looked at so little that a plain case loses no time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from myorx.exchange.report import Format
    from myorx.guideline.models import Guideline

_V2: Final = re.compile(rb"[\s\x0b\x1c]*(?:MSH|FHS|BHS)[|^~&#!]")
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_PACKET_KEYS: Final = (b'"metaData"', b'"phenotypicFeatures"', b'"phenopacketSchemaVersion"')
_CELLS: Final = re.compile(rb"[,;\t|]|\xef\xbc\x8c")
_YAML: Final = re.compile(rb"#|---|[^,;\t|\"']*:\s")


def detect(data: bytes, guideline: Guideline) -> Format | None:
    """The format of ``data`` where its content leaves no doubt; None otherwise: a case, perhaps."""
    if _V2.match(data):
        return "hl7"
    if _JSON.match(data):
        if b'"resourceType"' in data:
            return "fhir"
        return "phenopacket" if any(each in data for each in _PACKET_KEYS) else None
    head = data.lstrip(b"\xef\xbb\xbf\r\n").partition(b"\n")[0]
    if not _CELLS.search(head) or _YAML.match(head):
        return None
    from myorx.exchange.table.read import is_heading

    return "csv" if is_heading(head, guideline) else None
