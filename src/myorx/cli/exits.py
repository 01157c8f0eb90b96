"""Exit codes of the command, in one place."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FAULTS: Final = 1
"""``check`` or ``test`` found faults, ``diff`` a difference."""
USAGE: Final = 2
"""The command line is off (click's own code)."""
REFUSED: Final = 3
"""The case is refused; every fault is listed."""
GUIDELINE: Final = 4
"""The guideline cannot be loaded; every fault is listed."""

EPILOGUE: Final = (
    "Exit codes: 0 done; 1 check or test found faults, or diff a difference; "
    "2 the command line is off; 3 the case is refused, with every fault listed; "
    "4 the guideline cannot be loaded."
)
