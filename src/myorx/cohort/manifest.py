"""What a run was made with: the part of its manifest that does not depend on the tables."""

from __future__ import annotations

from typing import Any

from myorx import __version__
from myorx.guideline.models import Guideline

FORMAT = 1


def of_guideline(guideline: Guideline) -> dict[str, Any]:
    """The guideline, with its hash and the state of its review, and the version of the program."""
    about = guideline.manifest
    return {
        "format": FORMAT,
        "engine": __version__,
        "guideline": {
            "id": about.id,
            "version": about.version,
            "source_hash": guideline.source_hash,
            "review": about.review.state,
        },
    }
