"""The report of a run: one HTML file, both languages, its own pictures, no outside asset."""

from __future__ import annotations

from myorx.cohort.report.page import write_report

__all__ = ["write_report"]
