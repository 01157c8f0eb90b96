"""Every contraindication of the source guards a drug; every drug says what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Drug, Statement

_GUARDS = ("exclude", "against")


def check(context: Context) -> Iterator[Problem]:
    """Encoded contraindications that no hazard cites, and drugs that are silent about hazards."""
    guarded = {
        id_
        for _, drug in context.all(Drug)
        for hazard in drug.hazards
        if hazard.kind in _GUARDS
        for id_ in hazard.cites
    }
    for place, statement in context.all(Statement):
        wanted = statement.kind == "contraindication" and statement.status == "encoded"
        if wanted and statement.id not in guarded:
            yield context.problem(
                "hazard-missing",
                place.key("kind"),
                f"{statement.id} states a contraindication, but it guards no drug",
                allowed="at least one drug with an exclude or against hazard that cites it",
                remedy="write the hazard in the drug's file",
            )
    for place, drug in context.all(Drug):
        if not drug.hazards and not drug.no_hazards_stated:
            yield context.problem(
                "no-hazards",
                place,
                f"{drug.id} does not say what speaks against it",
                allowed="hazards, or no_hazards_stated: true",
                remedy="read the source for it, then write one of the two",
            )
        if drug.hazards and drug.no_hazards_stated:
            yield context.problem(
                "hazards-denied",
                place.key("no_hazards_stated"),
                f"{drug.id} has hazards, yet says that none are stated",
                allowed="hazards, or no_hazards_stated: true",
                remedy="remove no_hazards_stated",
            )
