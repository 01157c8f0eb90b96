"""The one error of the instruments."""

from __future__ import annotations


class InstrumentError(ValueError):
    """An instrument cannot be used on this input; the message says what is allowed."""
