"""The words of the case page, in both languages; no clinical content."""

from __future__ import annotations

from typing import Final

from myorx.web.frame.words import catalogue

WORDS: Final = catalogue("myorx.web.case")
