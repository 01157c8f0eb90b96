"""Doses as hospitals write them: an amount, a unit (perhaps tablets) and a rhythm."""

from __future__ import annotations

import re
from typing import Final

from myorx.exchange.words import Note, note
from myorx.facts.doses import in_pieces, read_dose
from myorx.facts.scalars import measure, number

_PIECE: Final = re.compile(r"tablets?|tabs?|capsules?|caps?|vials?|片|粒|支|瓶|袋", re.IGNORECASE)


def in_amounts(
    figure: str, unit: str, rhythm: str, piece: str | None
) -> tuple[str | None, tuple[Note, ...]]:
    """The dose as the case reader takes it: ``60 mg qd``. ``piece`` is what one tablet holds; then
    tablets become an amount, which is said."""
    if not figure:
        return None, ()
    text = " ".join(filter(None, (figure, unit, rhythm)))
    if piece is None or not _PIECE.fullmatch(unit):
        found = read_dose(text)
        unread = found is not None and in_pieces(found)
        return (None, (note("dose_unreadable", dose=text),)) if unread else (text, ())
    count, one = measure(figure), measure(piece)
    how_many = None if count is None or count.unit else number(count.number)
    holds = None if one is None else number(one.number)
    if how_many is None or holds is None or one is None:
        return None, (note("dose_unreadable", dose=text),)
    amount = " ".join(filter(None, (f"{how_many * holds:f}", one.unit, rhythm)))
    return amount, (note("pieces", typed=text, piece=piece),)
