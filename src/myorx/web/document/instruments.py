"""The calculators that stand beside every guideline, as they describe themselves."""

from __future__ import annotations

from myorx.instruments.describe import About
from myorx.instruments.registry import INSTRUMENTS


def instruments() -> tuple[About, ...]:
    """What every instrument takes and gives, in the order in which they are listed."""
    return tuple(instrument.about for instrument in INSTRUMENTS.values())
