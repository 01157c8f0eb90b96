"""What lies ahead: what to monitor and to assess again, when it is due, how a dose comes down."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.plan.model import Calendar, CalendarEntry, Plan, Remark, TaperOutlook, TaperStep
from myorx.plan.phrases import marked
from myorx.plan.record.blocks import Item
from myorx.plan.record.opinion import FOLLOW_UP, advice, remark
from myorx.plan.texts import say


def follow_up(plan: Plan) -> tuple[Item, ...]:
    """Without an interval where the source gives none."""
    return tuple(_items(plan))


def _items(plan: Plan) -> Iterator[Item]:
    for item in plan.advice:
        if item.kind in FOLLOW_UP and item.status in ("do", "may_apply"):
            yield advice(item)
    if plan.calendar is not None:
        yield from _calendar(plan.calendar, _excluded(plan))


def _excluded(plan: Plan) -> frozenset[str]:
    """What nothing ahead may belong to, as entries name it."""
    return frozenset(
        f"{decision.id}/{candidate.id}"
        for decision in plan.decisions
        for candidate in decision.candidates
        if candidate.safety == "excluded"
    )


def _calendar(calendar: Calendar, excluded: frozenset[str]) -> Iterator[Item]:
    due = [entry for entry in calendar.entries if entry.source not in excluded]
    if due:
        yield Item(head=say("record_due"), items=tuple(map(_entry, due)))
    for outlook in calendar.tapers:
        if f"{outlook.decision}/{outlook.candidate}" not in excluded:
            yield Item(outlook.says, outlook.names, items=tuple(_taper(outlook)))


def _entry(entry: CalendarEntry) -> Item:
    return Item(marked(entry.says, entry.basis), entry.label, entry.cites)


def _taper(outlook: TaperOutlook) -> Iterator[Item]:
    yield from map(remark, outlook.why)
    yield from map(_caution, outlook.cautions)
    taper = outlook.plan
    if taper is None:
        return
    steps = tuple(map(_step, taper.steps))
    yield Item(taper.undefined or taper.says, taper.names, taper.cites, steps)
    yield from map(remark, taper.remarks)


def _caution(caution: Remark) -> Item:
    return Item(marked(caution.says, caution.basis), say("record_caution"), caution.cites)


def _step(step: TaperStep) -> Item:
    said = say("record_step", on=step.on, dose=step.dose, tablets=step.tablets, fall=step.fall)
    under = [Item(text) for text in (step.remark, step.caution) if text is not None]
    return Item(said, items=tuple(under))
