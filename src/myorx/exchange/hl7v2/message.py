"""HL7 v2 messages as segments, fields, components: the encoding rules and nothing else.

Messages may come one after the other, in a batch, or in the frame of the transport (MLLP).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from myorx.exchange.report import UnreadableError
from myorx.exchange.words import note

_FRAME: Final = dict.fromkeys([0x0B, 0x1C], "\r")
_BATCH: Final = ("FHS", "BHS", "BTS", "FTS")
_HEAD: Final = b"MSH"
_CHARSETS: Final = {
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "GB 18030-2000": "gb18030",
    "GB18030": "gb18030",
    "GBK": "gb18030",
    "GB2312": "gb18030",
    "ASCII": "ascii",
    "8859/1": "latin-1",
}
"""Names in MSH-18, as the table of HL7 and hospitals spell them -> encoding."""


class Marks(NamedTuple):
    """The separators that a message declares."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    sub: str = "&"


class Segment(NamedTuple):
    """One segment; fields count from 1 as in the standard."""

    name: str
    where: str
    fields: tuple[str, ...]
    marks: Marks

    def raw(self, number: int) -> str:
        """Field ``number`` as it stands."""
        return self.fields[number] if number < len(self.fields) else ""

    def repeats(self, number: int) -> list[str]:
        """The repetitions of a field."""
        return self.raw(number).split(self.marks.repetition)

    def part(self, number: int, component: int = 1, repetition: int = 0) -> str:
        """One component of a field, unescaped; empty where it is not there."""
        repeats = self.repeats(number)
        return self.of(repeats[repetition], component) if repetition < len(repeats) else ""

    def of(self, field: str, component: int) -> str:
        """One component of the text of a field."""
        found = field.split(self.marks.component)
        return unescaped(found[component - 1], self.marks) if component <= len(found) else ""


class Message(NamedTuple):
    """One message: its kind (``ORU^R01``) and its segments after MSH."""

    where: str
    kind: str
    segments: tuple[Segment, ...]


def read_messages(data: bytes, encoding: str | None = None) -> list[Message]:
    """All messages in ``data``. Raises UnreadableError where there is none, or for its encoding.

    ``encoding`` counts where MSH-18 names none that is known; without either UTF-8 is tried, then
    GB18030.
    """
    text = _decoded(data, encoding).translate(_FRAME)
    messages: list[Message] = []
    segments: list[Segment] = []
    head, marks = None, Marks()
    for line in re.split(r"[\r\n]+", text):
        name = line.strip()[:3]
        if name == "MSH" and len(line.strip()) > len("MSH|^~\\&"):
            if head is not None:
                messages.append(_message(head, segments, len(messages)))
            line = line.strip()
            marks = Marks(line[3], *line[4:8]) if len(line[4:8]) == 4 else Marks(line[3])
            head, segments = _segment(line, marks, ""), []
        elif head is not None and name and name not in _BATCH:
            place = f"message {len(messages) + 1}, {name} {len(segments) + 1}"
            segments.append(_segment(line.strip(), marks, place))
    if head is not None:
        messages.append(_message(head, segments, len(messages)))
    if not messages:
        raise UnreadableError(note("no_message"))
    return messages


def unescaped(text: str, marks: Marks) -> str:
    """The text of a component, its escape sequences resolved; unknown ones are left out."""
    if marks.escape not in text:
        return text.strip()
    sequences = {
        "F": marks.field,
        "S": marks.component,
        "T": marks.sub,
        "R": marks.repetition,
        "E": marks.escape,
        ".br": " ",
    }
    sign = re.escape(marks.escape)
    pattern = f"{sign}([^{sign}]*){sign}"
    return re.sub(pattern, lambda found: sequences.get(found[1], ""), text).strip()


def _segment(line: str, marks: Marks, where: str) -> Segment:
    fields = line.split(marks.field)
    if fields[0] == "MSH":
        fields.insert(1, marks.field)  # MSH-1 is the separator itself
    return Segment(fields[0], where, tuple(fields), marks)


def _message(head: Segment, segments: list[Segment], before: int) -> Message:
    kind = "^".join(filter(None, (head.part(9, 1), head.part(9, 2))))
    return Message(f"message {before + 1}", kind, tuple(segments))


def _decoded(data: bytes, encoding: str | None) -> str:
    found = None
    for asked in (*_named(data), encoding):
        if asked is None:
            continue
        try:
            return data.decode(asked)
        except (UnicodeDecodeError, LookupError) as error:
            place = str(error.start) if isinstance(error, UnicodeDecodeError) else "?"
            found = found or note("not_text", encoding=asked, place=place)
    for guess in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(guess)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(found or note("not_text", encoding="UTF-8, GB18030", place="?"))


def _named(data: bytes) -> Iterator[str]:
    """The encoding that the first message names."""
    start = data.find(_HEAD)
    if start < 0:
        return
    line = re.split(rb"[\r\n]", data[start:], maxsplit=1)[0]
    fields = line.split(line[3:4]) if len(line) > 4 else []
    if len(fields) > 17:
        name = fields[17].split(b"~")[0].decode("ascii", "replace").strip().upper()
        if name in _CHARSETS:
            yield _CHARSETS[name]
