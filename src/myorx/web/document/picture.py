"""Pathways as pictures: boxes with wrapped text and the lines between them, in sheets.

All lengths are units of the picture. In the wide layout the answers stand beside their situation; a
sheet fits an A4 page in print at about 7.5 pt (unless one situation alone is longer), the first
under the heading of its page. In the narrow one, for phones, they stand below it in a single sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import NamedTuple

from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.plan.model import Truth
from myorx.plan.wording import Wording
from myorx.web.document.measure import wrap
from myorx.web.document.pathway import Answer, Pathway, Situation
from myorx.web.document.words import side, word

_EDGE = 6
_PAD = 11
_GAP, _ROW_GAP = 10, 22


class Layout(NamedTuple):
    """Where things stand from left to right, and how tall a sheet may be."""

    width: float
    spine: float
    """The line from the question down to the situations."""
    left: float
    left_width: float
    """The situations."""
    fork: float
    """The line from a situation to its answers."""
    right: float
    right_width: float
    """The answers."""
    below: bool
    """Whether the answers stand below their situation, not beside it."""
    first: float
    tallest: float
    """The height of the first sheet and of the others, at most."""


WIDE = Layout(1000, 24, 52, 424, 508, 540, 454, False, 1000, 1380)
NARROW = Layout(420, 12, 30, 384, 46, 66, 348, True, inf, inf)


class Style(NamedTuple):
    """A size of text: of its letters and of its lines, in units, and its class in the CSS."""

    name: str
    size: float
    line: float
    stretch: float = 1.0
    """How much wider its letters are than plain ones: bold type is."""


TITLE = Style("title", 19, 25, 1.12)
BODY = Style("body", 15, 20.5)
STRONG = Style("strong", 15.5, 21, 1.12)
SMALL = Style("small", 13, 18)


class Line(NamedTuple):
    """One line of text: where its baseline begins."""

    x: float
    y: float
    text: str
    style: Style


class Box(NamedTuple):
    """A box with its lines. ``look`` is its class in the CSS; ``href`` where it leads."""

    x: float
    y: float
    width: float
    height: float
    look: str
    lines: tuple[Line, ...]
    href: str = ""


class Sheet(NamedTuple):
    """One picture: boxes, and paths in the notation of SVG (``arrows`` end in an arrow head)."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    arrows: tuple[str, ...]
    title: str
    told: str
    """What the picture shows, for those who do not see it."""


def sheets(
    pathway: Pathway, wording: Wording, lang: Language, layout: Layout = WIDE
) -> tuple[Sheet, ...]:
    """The pathway in one language, cut between situations where it is longer than a page."""
    height = _head(pathway, side(pathway.question, lang), lang, layout).height
    groups: list[list[_Row]] = [[]]
    used = 0.0
    for situation in pathway.situations:
        row = _row(situation, wording, lang, layout)
        room = layout.tallest if len(groups) > 1 else layout.first
        if groups[-1] and 2 * _EDGE + height + used + row.height + _ROW_GAP > room:
            groups.append([])
            used = 0.0
        groups[-1].append(row)
        used += row.height + _ROW_GAP
    made = []
    for number, group in enumerate(groups, start=1):
        title = side(pathway.question, lang)
        if len(groups) > 1:
            title = word("sheet_of", lang).format(title=title, number=number, count=len(groups))
        told = word("picture_told", lang).format(
            question=side(pathway.question, lang),
            situations=len(group),
        )
        made.append(_sheet(_head(pathway, title, lang, layout), group, title, told, layout))
    return tuple(made)


class _Block(NamedTuple):
    """A box before it has its place: its lines, and its height."""

    lines: tuple[tuple[str, Style], ...]
    width: float
    height: float
    look: str
    href: str = ""


class _Row(NamedTuple):
    situation: _Block
    answers: tuple[_Block, ...]
    height: float


def _head(pathway: Pathway, title: str, lang: Language, layout: Layout) -> _Block:
    applies = word("applies_if", lang).format(condition=side(pathway.applies, lang))
    return _block(((title, TITLE), (applies, SMALL)), layout.width - 2 * _EDGE, "question")


def _row(situation: Situation, wording: Wording, lang: Language, layout: Layout) -> _Row:
    told, look = side(situation.condition, lang), "situation"
    lines: list[tuple[str, Style]] = [(told, BODY)]
    if situation.state is not None:
        look = f"{look} is-{situation.state}"
        lines.insert(0, (word(f"here_{situation.state}", lang), SMALL))
    left = _block(tuple(lines), layout.left_width, look)
    right = tuple(
        _answer(answer, situation.state, wording, lang, layout) for answer in situation.answers
    )
    stacked = sum(block.height for block in right) + _GAP * (len(right) - 1)
    height = left.height + _GAP + stacked if layout.below else max(left.height, stacked)
    return _Row(left, right, height)


def _answer(
    answer: Answer, state: Truth | None, wording: Wording, lang: Language, layout: Layout
) -> _Block:
    def tell(text: Text) -> str:
        return side(text, lang)

    verb = wording.strength(answer.strength)
    mark = word(f"mark_{answer.mark}", lang)
    if verb is not None:
        mark = word("mark_with_verb", lang).format(mark=mark, verb=tell(verb))
    if answer.basis == "inferred":
        mark = word("mark_inferred", lang).format(mark=mark)
    # The name of a candidate stands out; a gap is told in a sentence.
    lines = [(mark, SMALL), (tell(answer.name), BODY if answer.mark == "gap" else STRONG)]
    if answer.parts is not None:
        lines.append((tell(answer.parts), SMALL))
    if answer.after is not None:
        lines.append((word("only_after", lang).format(condition=tell(answer.after)), SMALL))
    if answer.here is not None:
        lines.append((word("here", lang).format(status=tell(answer.here)), STRONG))
    if answer.cites:
        lines.append((" ".join(answer.cites), SMALL))
    look = f"{answer.mark} {answer.basis}" + ("" if state is None else f" is-{state}")
    return _block(tuple(lines), layout.right_width, look, answer.target.href)


def _block(
    paragraphs: tuple[tuple[str, Style], ...], box: float, look: str, href: str = ""
) -> _Block:
    room = box - 2 * _PAD
    lines = tuple(
        (line, style)
        for text, style in paragraphs
        for line in wrap(text, room / (style.size * style.stretch))
    )
    return _Block(lines, box, sum(style.line for _, style in lines) + 1.6 * _PAD, look, href)


def _place(block: _Block, x: float, y: float) -> Box:
    lines = []
    bottom = y + 0.8 * _PAD
    for text, style in block.lines:
        bottom += style.line
        lines.append(Line(x + _PAD, round(bottom - 0.28 * style.line, 1), text, style))
    height = round(block.height, 1)
    return Box(x, round(y, 1), block.width, height, block.look, tuple(lines), block.href)


def _sheet(head: _Block, rows: list[_Row], title: str, told: str, layout: Layout) -> Sheet:
    boxes = [_place(head, _EDGE, _EDGE)]
    lines: list[str] = []
    arrows: list[str] = []
    top = _EDGE + head.height
    y = top + _ROW_GAP
    last = top
    for row in rows:
        situation = _place(row.situation, layout.left, y)
        middle = _middle(situation)
        arrows.append(f"M{layout.spine} {middle}H{layout.left - 2}")
        last = middle
        start = y + row.situation.height + _GAP if layout.below else y
        answers = list(_stack(row, layout.right, start))
        boxes += [situation, *answers]
        arrows += _forks(situation, answers, lines, layout)
        y += row.height + _ROW_GAP
    lines.append(f"M{layout.spine} {round(top, 1)}V{last}")
    height = round(y - _ROW_GAP + _EDGE, 1)
    return Sheet(layout.width, height, tuple(boxes), tuple(lines), tuple(arrows), title, told)


def _stack(row: _Row, x: float, y: float) -> Iterator[Box]:
    for block in row.answers:
        yield _place(block, x, y)
        y += block.height + _GAP


def _middle(box: Box) -> float:
    return round(box.y + box.height / 2, 1)


def _forks(situation: Box, answers: list[Box], lines: list[str], layout: Layout) -> Iterator[str]:
    """The arrows from a situation to its answers; what they share is drawn once."""
    heads = [_middle(box) for box in answers]
    if layout.below:
        start = round(situation.y + situation.height, 1)
    else:
        start = _middle(situation)
        lines.append(f"M{situation.x + situation.width} {start}H{layout.fork}")
    ends = [start, *heads]
    if min(ends) != max(ends):
        lines.append(f"M{layout.fork} {min(ends)}V{max(ends)}")
    for head in heads:
        yield f"M{layout.fork} {head}H{layout.right - 2}"
