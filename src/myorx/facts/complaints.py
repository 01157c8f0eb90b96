"""Faults that values and therapies share, said in one way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from myorx.facts import messages
from myorx.facts.faults import Faults, Place
from myorx.facts.scalars import FAR, is_no_day
from myorx.facts.spelling import near, shown
from myorx.guideline.texts import Text


def bad_date(typed: str, label: Text, place: Place, faults: Faults) -> None:
    """``typed`` is no date, or its day is in no calendar."""
    faults.add("no-such-day" if is_no_day(typed) else "bad-date", place, typed, label=label)


def far_date(what: Text, typed: str, as_of: date, place: Place, faults: Faults) -> None:
    """``what`` lies further from ``as_of`` than any date of a living patient does."""
    day = as_of.isoformat()
    faults.add("date-far", place, typed, label=what, as_of=day, years=f"{FAR}")


def slipped_key(typed: str, place: Place, faults: Faults) -> bool:
    """Whether a key has swallowed its value by a slip, like ``value:8``; then that is said."""
    if "：" in typed or "，" in typed:
        faults.add("full-width", place, typed)
    elif ":" in typed:
        faults.add("no-space", place, typed)
    else:
        return False
    return True


def unknown_field(typed: str, fields: Mapping[str, str], place: Place, faults: Faults) -> None:
    """A key has no place here; ``fields`` are the spellings of those that have."""
    if slipped_key(typed, place, faults):
        return
    close = list(dict.fromkeys(fields[each] for each in near(typed, fields)))
    proper = list(dict.fromkeys(fields.values()))
    faults.add(
        "unknown-field",
        place,
        typed,
        name=shown(typed),
        names=Text("、".join(proper), ", ".join(proper)),
        near=messages.suggest(Text("、".join(close), ", ".join(close)), messages.ONE_OF_THESE),
    )
