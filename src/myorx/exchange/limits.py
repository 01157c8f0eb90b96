"""How much is read of anybody's file."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 10 * 1024 * 1024
"""Longest source that is read."""
