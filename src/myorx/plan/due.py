"""What is due and when: counted from known days, in the source's own words elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from myorx.guideline.models import Due
from myorx.guideline.texts import Text
from myorx.language.syntax import Expression
from myorx.plan.measure import asked_for, day_of, days
from myorx.plan.model import AdviceResult, CalendarEntry, DecisionResult, DrugResult, PartResult
from myorx.plan.situation import Situation
from myorx.plan.texts import say

REPEATS = 3
"""How many of the next days of something that comes again are listed."""

_CONSIDERED = frozenset({"indicated", "contested", "possible"})
_WEEK = 7


def entries(
    situation: Situation,
    decisions: tuple[DecisionResult, ...],
    drugs: tuple[DrugResult, ...],
    advice: tuple[AdviceResult, ...],
) -> tuple[CalendarEntry, ...]:
    """Everything due for this patient: what has a day first, by its day."""
    found = tuple(
        entry
        for source, dues in _sources(situation, decisions, drugs, advice)
        for due in dues
        if situation.holds(due.when) is not False
        for entry in (_entry(situation, source, due),)
    )
    return tuple(sorted(found, key=_order))


def _order(entry: CalendarEntry) -> tuple[int, str]:
    if entry.first is not None:
        return (0, entry.dates[0] if entry.dates else entry.first)
    return (1 if entry.when_known is not None else 2, "")


# -- where they come from ----------------------------------------------------------------------


def _sources(
    situation: Situation,
    decisions: tuple[DecisionResult, ...],
    drugs: tuple[DrugResult, ...],
    advice: tuple[AdviceResult, ...],
) -> Iterator[tuple[str, tuple[Due, ...]]]:
    """Advice that applies, candidates that are considered, drugs given or offered."""
    guideline = situation.guideline
    for result in decisions:
        known = {each.id: each for each in guideline.decisions[result.id].candidates}
        for judged in result.candidates:
            if result.status == "live" and judged.indication in _CONSIDERED:
                yield f"{result.id}/{judged.id}", known[judged.id].due
    shown = {drug.id for drug in drugs if drug.taken or drug.ordered}
    shown.update(_offered(decisions, advice))
    # What is due after a drug is due although it is no longer taken.
    shown.update(therapy.drug for therapy in situation.patient.case.therapies or ())
    for drug in guideline.drugs.values():
        if drug.id in shown:
            yield f"drug:{drug.id}", drug.due
    for item in advice:
        if item.status == "do":
            yield f"advice:{item.id}", guideline.advice[item.id].due


def _offered(decisions: Iterable[DecisionResult], advice: Iterable[AdviceResult]) -> Iterator[str]:
    """The drugs of what is indicated, and of advice that applies."""
    for result in decisions:
        for judged in result.candidates:
            if result.status == "live" and judged.indication in ("indicated", "contested"):
                yield from _drugs(judged.parts)
    for item in advice:
        if item.status == "do":
            yield from _drugs(item.parts)


def _drugs(parts: Iterable[PartResult]) -> Iterator[str]:
    for part in parts:
        if part.is_class:
            yield from (member.id for member in part.members)
        else:
            yield part.id


# -- one entry ---------------------------------------------------------------------------------


def _entry(situation: Situation, source: str, due: Due) -> CalendarEntry:
    since = None
    if due.anchor is not None:
        since = day_of(situation, due.anchor, due.weeks)
        if since is None:
            return _when_known(situation, source, due)
    if since is None:
        return _in_words(source, due)
    return _dated(situation, source, due, since)


def _in_words(source: str, due: Due) -> CalendarEntry:
    rhythm = due.rhythm if due.rhythm is not None else say("due_not_stated")
    return CalendarEntry(
        source=source,
        id=due.id,
        label=due.label,
        says=rhythm,
        rhythm=rhythm,
        basis=due.basis,
        cites=due.cites,
        disputes=due.disputes,
    )


def _when_known(situation: Situation, source: str, due: Due) -> CalendarEntry:
    assert due.anchor is not None
    anchor = _anchor(due)
    key = "due_before_when_known" if _is_before(situation, due) else "due_when_known"
    says = say(key, when=_counted(situation, due), anchor=anchor)
    return CalendarEntry(
        source=source,
        id=due.id,
        label=due.label,
        says=says,
        every=days(situation, due.every) if due.every is not None else None,
        when_known=anchor,
        basis=due.basis,
        needs=asked_for(situation, due.weeks or due.anchor),
        cites=due.cites,
        disputes=due.disputes,
    )


def _dated(situation: Situation, source: str, due: Due, since: date) -> CalendarEntry:
    today = situation.patient.as_of
    first = _after(situation, since, due.start) or since
    last = _after(situation, since, due.to)
    every = days(situation, due.every) if due.every is not None else None
    coming = tuple(_coming(first, last, every, today)) if every is not None else ()
    passed = not coming and (last if last is not None else first) < today
    base = say(
        "due_before" if _is_before(situation, due) else "due_after",
        when=_counted(situation, due),
        anchor=_anchor(due),
        since=since.isoformat(),
    )
    return CalendarEntry(
        source=source,
        id=due.id,
        label=due.label,
        says=_says(base, first, last, coming, passed),
        first=first.isoformat(),
        last=last.isoformat() if last is not None else None,
        every=every,
        dates=tuple(day.isoformat() for day in coming),
        passed=passed,
        basis=due.basis,
        cites=due.cites,
        disputes=due.disputes,
    )


def _after(situation: Situation, since: date, length: Expression | None) -> date | None:
    counted = days(situation, length) if length is not None else None
    return None if counted is None else since + timedelta(days=counted)


def _coming(first: date, last: date | None, every: int, today: date) -> Iterator[date]:
    """The next days of something that comes again, today among them."""
    passed = max(0, -((first - today).days // every)) if first < today else 0
    day = first + timedelta(days=every * passed)
    for _ in range(REPEATS):
        if last is not None and day > last:
            return
        yield day
        day += timedelta(days=every)


# -- words -------------------------------------------------------------------------------------


def _anchor(due: Due) -> Text:
    return due.anchor_label if due.anchor_label is not None else say("as_of")


def _is_before(situation: Situation, due: Due) -> bool:
    """Whether it is due so long before its anchor, not after it."""
    start = days(situation, due.start) if due.start is not None else None
    return start is not None and start < 0 and due.to is None and due.every is None


def _counted(situation: Situation, due: Due) -> Text:
    """ "4–8 weeks", "from day 90 every 30 days"; of a day before its anchor how long before."""
    start = days(situation, due.start) if due.start is not None else 0
    end = days(situation, due.to) if due.to is not None else None
    every = days(situation, due.every) if due.every is not None else None
    start = start or 0
    if every is not None:
        return say("due_every", start=start, every=every)
    if end is None or end == start:
        key, unit = ("due_weeks", _WEEK) if start % _WEEK == 0 else ("due_days", 1)
        return say(key, count=abs(start) // unit)
    key, unit = ("due_weeks", _WEEK) if start % _WEEK == end % _WEEK == 0 else ("due_days", 1)
    return say(key, count=f"{start // unit}–{end // unit}")


def _says(
    base: Text,
    first: date,
    last: date | None,
    coming: tuple[date, ...],
    passed: bool,
) -> Text:
    if coming:
        shown = ", ".join(day.isoformat() for day in coming)
        return say("due_repeats", days=shown, base=base)
    window = first.isoformat() if last in (None, first) else f"{first} – {last}"
    return say("due_passed" if passed else "due_dated", window=window, base=base)
