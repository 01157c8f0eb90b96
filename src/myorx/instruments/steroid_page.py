"""Steroid equivalence, described and run like every instrument."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from myorx.instruments.catalogue import say
from myorx.instruments.data import rounded
from myorx.instruments.describe import About, Words
from myorx.instruments.errors import InputError
from myorx.instruments.inputs import Given, fault
from myorx.instruments.result import Computed, Found, Said
from myorx.instruments.steroids import equivalent

DIGITS: Final = 2
PULSE: Final = Decimal(250)
"""mg of prednisone; from here on it is a pulse, which is not converted."""


def compute(about: About, given: Given) -> Computed:
    """The dose in prednisone. Raises InputError for what only a pulse can be."""
    steroid, dose = given.choice("steroid"), given.number("dose")
    assert steroid is not None
    assert dose is not None
    found = equivalent(steroid, dose)
    if found.low >= PULSE:
        words = about.input("dose")
        allowed = say("allowed_range", low="0", high=f"<{PULSE}", unit=" mg prednisone/d")
        raise InputError([fault(words, f"{dose} mg", "out_of_range", allowed, say("remedy_pulse"))])
    low, high = rounded(found.low, DIGITS), rounded(found.high, DIGITS)
    row = found.steroid
    value = (
        Found("prednisone", low, verified=row.verified)
        if low == high
        else Found("prednisone", None, low, high, row.verified)
    )
    notes = () if not row.note else (Said("note", {"note": Words(row.note["zh"], row.note["en"])}),)
    return Computed((value,), (Said("source", {"source": row.source}),), notes)
