"""Pictures: stacked bars and plain ones, as SVG that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from myorx.guideline.texts import Text

WIDTH, HEIGHT = 560, 16

COLOURS = {
    "live": "#1b6ca8",
    "open": "#c9a227",
    "yielded": "#7fa9c9",
    "outside_guideline": "#8a8a8a",
    "absent": "#e3e3e3",
    "recommended": "#14804a",
    "option": "#7cc08f",
    "contested": "#b07aa1",
    "undetermined": "#e2c86b",
    "blocked": "#c9a227",
    "excluded": "#b3362b",
    "advised_against": "#d98b83",
    "not_indicated": "#e3e3e3",
    "concordant": "#14804a",
    "discordant": "#b3362b",
    "unknown": "#c9a227",
    "given": "#14804a",
    "missing": "#b3362b",
    "do": "#1b6ca8",
    "may_apply": "#c9a227",
    "withheld": "#d98b83",
    "raised": "#b3362b",
    "possible": "#c9a227",
    "breach": "#b3362b",
}
"""By value; every colour is told in words beside it."""


class Piece(NamedTuple):
    """One piece of a bar."""

    value: str
    says: Text
    number: int


def stacked(pieces: Iterable[Piece], total: int) -> str:
    """A bar of pieces whose lengths are their shares of ``total``; each says what it is."""
    here = 0.0
    drawn: list[str] = []
    told: list[str] = []
    for piece in pieces:
        if not piece.number or not total:
            continue
        width = WIDTH * piece.number / total
        words = f"{piece.says.zh} / {piece.says.en}: {piece.number:,}"
        told.append(words)
        drawn.append(
            f'<rect x="{here:.2f}" y="0" width="{width:.2f}" height="{HEIGHT}" '
            f'fill="{COLOURS.get(piece.value, "#999")}"><title>{escape(words)}</title></rect>'
        )
        here += width
    label = escape("; ".join(told), quote=True)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{label}" preserveAspectRatio="none">{"".join(drawn)}</svg>'
    )


def plain(number: int, largest: int, colour: str = "#c9a227") -> str:
    """One bar as long as ``number`` beside ``largest``."""
    width = WIDTH * number / largest if largest else 0
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{number:,}"><rect width="{width:.2f}" height="{HEIGHT}" fill="{colour}"/>'
        "</svg>"
    )
