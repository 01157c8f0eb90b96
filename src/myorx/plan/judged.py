"""A part with its three answers, for whatever contains it."""

from __future__ import annotations

import msgspec

from myorx.plan.model import PartResult
from myorx.plan.truth import Kleene


class Judged(msgspec.Struct, frozen=True, gc=False):
    """A part as shown; whether it is excluded, opposed, or of a matter the source leaves out."""

    result: PartResult
    exclude: Kleene
    against: Kleene
    uncovered: Kleene
