"""Calculators of the field that stand alone: no patient, no guideline, published constants only.

Constants live in data files beside the code, each with its source and whether it was checked
against one (``verified``); a result carries both on. ``registry.INSTRUMENTS`` has them all,
described and run in one way; it is loaded only when it is asked for.
"""

from __future__ import annotations

from myorx.instruments.body_surface import BodySurface, Formula, body_surface, formulas
from myorx.instruments.errors import InstrumentError
from myorx.instruments.steroids import Equivalent, Steroid, equivalent, ratio, steroids

__all__ = [
    "BodySurface",
    "Equivalent",
    "Formula",
    "InstrumentError",
    "Steroid",
    "body_surface",
    "equivalent",
    "formulas",
    "ratio",
    "steroids",
]
