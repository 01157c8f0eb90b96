"""Cards on opening a record: each alert that is known to hold, and one card with the plan."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from myorx.exchange.service.cards import Card, reasons, short
from myorx.exchange.service.detail import Page, joined
from myorx.exchange.service.order_cards import verdict_card
from myorx.exchange.service.suggestions import Desk, of_plan
from myorx.exchange.service.words import plain
from myorx.plan.model import AlertResult, Line, Plan

_DRUG = "drug:"
"""Before the id of an alert that a drug raises."""
_SHOWN = frozenset({"plan", "option", "rescue", "check"})
"""Kinds of lines that a summary may begin with."""


def view_cards(plan: Plan, page: Page, desk: Desk) -> tuple[Card, ...]:
    """The cards for one patient, the gravest first."""
    return (*_alerts(plan, page, desk), _plan(plan, page, desk))


def _alerts(plan: Plan, page: Page, desk: Desk) -> Iterator[Card]:
    drugs = {each.id: each for each in plan.drugs}
    known = [each for each in plan.alerts if not each.possible and each.level != "info"]
    for alert in sorted(known, key=lambda each: each.level != "critical"):
        drug = drugs.get(alert.id.removeprefix(_DRUG)) if alert.id.startswith(_DRUG) else None
        card = _alert(alert, page, desk)
        if drug is not None:
            # The alert says it in one sentence; the verdict has the reasons with their sources.
            detail = verdict_card(drug, page, desk).detail
            card = msgspec.structs.replace(card, detail=detail)
        yield card


def _alert(alert: AlertResult, page: Page, desk: Desk) -> Card:
    says = page.side(alert.says)
    return Card(
        uuid=desk.identity("alert", alert.id),
        summary=short(says),
        indicator=alert.level,
        source=page.source(alert.cites),
        detail=joined([page.bullet(says, alert.cites)], page.sources(alert.cites), page.foot()),
        override_reasons=reasons(page.lang),
    )


def _plan(plan: Plan, page: Page, desk: Desk) -> Card:
    lines = [_line(each, page) for each in plan.headline]
    first = next((page.side(each.says) for each in plan.headline if each.kind in _SHOWN), "")
    first = first or plain("plan_empty", page.lang)
    suggestions = of_plan(plan, desk)
    return Card(
        uuid=desk.identity("plan"),
        summary=short(plain("plan_summary", page.lang, first=first)),
        indicator="info",
        source=page.source(cite for line in plan.headline for cite in line.cites),
        detail=joined(lines, page.foot()),
        suggestions=suggestions,
        selection_behavior="any" if suggestions else None,
    )


def _line(line: Line, page: Page) -> str:
    return page.bullet(page.side(line.says), line.cites)
