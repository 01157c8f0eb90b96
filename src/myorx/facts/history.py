"""Questions about the therapy history that are not facts: what is being taken now."""

from __future__ import annotations

from collections.abc import Mapping

from myorx.facts.case import Case
from myorx.facts.timeline import planned, taken


def drugs_taken(case: Case) -> Mapping[str, bool | None]:
    """The drugs being taken at the case's date, by id in the order given: True, or None where an
    unknown stop leaves it open. Drugs that are known to be stopped, or are only planned, are left
    out."""
    found: dict[str, bool | None] = {}
    for therapy in case.therapies or ():
        if planned(therapy, case.as_of):
            continue
        now = taken(therapy, case.as_of).current
        if now is not False:
            found[therapy.drug] = True if now or found.get(therapy.drug) else None
    return found
