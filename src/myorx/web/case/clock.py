"""What day it is for the user: the only place of the product that reads a clock.

The date of a case that stands ready in an empty page, to be changed by the user; a plan depends on
what the form then says, and on nothing else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """The day by the time zone that this machine is set to."""
    return datetime.now(UTC).astimezone().date()
