"""Disputes: at least two readings, one of them taken, and every disputed statement has one."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem, instead
from myorx.guideline.models import Dispute, Statement


def check(context: Context) -> Iterator[Problem]:
    """Readings of disputes, and statements of status disputed."""
    named = {id_ for dispute in context.guideline.disputes.values() for id_ in dispute.where}
    for place, dispute in context.all(Dispute):
        readings = [reading.id for reading in dispute.readings]
        if len(readings) < 2:
            yield context.problem(
                "one-reading",
                place.key("readings"),
                f"{len(readings)} reading(s) of {dispute.id}",
                allowed="at least two readings",
                remedy="write the reading that was not taken",
            )
        if dispute.taken not in readings:
            yield context.problem(
                "unknown-reading",
                place.key("taken"),
                f"{dispute.taken} is no reading of {dispute.id}",
                allowed=", ".join(readings),
                remedy=instead(dispute.taken, readings, "name one of the readings"),
            )
    for place, statement in context.all(Statement):
        if statement.status == "disputed" and not statement.disputes and statement.id not in named:
            yield context.problem(
                "disputed-without-dispute",
                place.key("status"),
                f"{statement.id} is disputed, but no dispute names it",
                allowed="disputes: the dispute that touches it",
                remedy="name the dispute, or write it in disputes.yaml",
            )
