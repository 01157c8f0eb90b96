"""The command ``myorx``."""

from __future__ import annotations

from myorx.cli.main import main

__all__ = ["main"]
