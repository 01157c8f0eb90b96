"""Claims: what a source says of one fact, still as it says it -> one value for each fact.

Every format ends here: it makes claims, and ``settle`` chooses among several of one fact. The
newest result counts. An answer that is no result (pending, not done) gives way to any result; a
preliminary result does not, for it is about to replace what came before. Where results disagree and
none of them is known to be the newer, none is taken and the fact is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec

from myorx.exchange.report import Ignored, Used
from myorx.exchange.words import Note, note
from myorx.facts.names import index
from myorx.facts.scalars import day_or_period
from myorx.facts.spelling import key
from myorx.facts.words import UNKNOWN
from myorx.guideline.models import Fact, Guideline

_NO_RESULT = ("pending", "not_done", "not_asked")


class Claim(msgspec.Struct, frozen=True):
    """What one place of a source says of one fact. ``value`` and ``unknown`` exclude each other."""

    fact: str
    where: str
    what: str
    """As the source names it."""
    by: str
    """How it was recognised: ``loinc 2276-4``."""
    value: str | None = None
    unknown: str | None = None
    """A word of the case reader for why it is unknown."""
    comparator: str | None = None
    unit: str | None = None
    method: str | None = None
    at: str = ""
    """The moment as the source gives it (ISO 8601, of any precision); empty: none is given."""
    current: bool = False
    """Without a date because it is of the date of the case itself."""
    preliminary: bool = False
    """A result, though not final; ``unknown`` says that it is pending."""
    rank: int = 0
    """Decides between claims of one moment: a correction stands above what it corrects."""
    notes: tuple[Note, ...] = ()

    @property
    def day(self) -> str | None:
        """The day of it, as precise as it is known."""
        return self.at[:10] or None


class _Dated(NamedTuple):
    """A claim with the days that it may be of: without a date, any."""

    claim: Claim
    first: date
    last: date


class Settled(NamedTuple):
    """The facts of a case as ``read_case`` takes them, and what became of every claim."""

    facts: dict[str, Any]
    used: tuple[Used, ...]
    ignored: tuple[Ignored, ...]


def settle(claims: Iterable[Claim], guideline: Guideline, as_of: date) -> Settled:
    """One value for each fact out of all that is claimed of it."""
    found: dict[str, list[_Dated]] = {}
    ignored: list[Ignored] = []
    for claim in claims:
        dated = _dated(claim, guideline.facts[claim.fact], as_of)
        if isinstance(dated, _Dated):
            found.setdefault(claim.fact, []).append(dated)
        else:
            ignored.append(Ignored(claim.where, claim.what, dated))
    facts: dict[str, Any] = {}
    used: list[Used] = []
    for name in guideline.facts:
        if name in found:
            taken, left, value = _choose(found[name], guideline)
            facts[name] = value
            used.append(_used(taken, guideline.facts[name], len(found[name])))
            ignored += left
    return Settled(facts, tuple(used), tuple(ignored))


def is_result(claim: Claim) -> bool:
    """Whether it says how something is, be it "indeterminate", or is about to."""
    return claim.preliminary or _reason(claim) not in _NO_RESULT


def _reason(claim: Claim) -> str | None:
    """Why it gives no value, as a reason of the case reader; None where it gives one."""
    said = claim.unknown if claim.unknown is not None else claim.value
    return UNKNOWN.get(key(said or ""))


def _dated(claim: Claim, fact: Fact, as_of: date) -> _Dated | Note:
    """A claim with its days; why it cannot count at all."""
    if not claim.at:
        # A case takes a value without a date to be of today: an import cannot know that.
        undated = fact.max_age is not None and is_result(claim) and not claim.current
        return note("undated", label=fact.label) if undated else _Dated(claim, date.min, date.max)
    period = day_or_period(claim.at[:10])
    if period is None:
        return note("bad_date", date=claim.at)
    if period.earliest is not None and period.earliest > as_of:
        return note("future", date=claim.at[:10], as_of=as_of.isoformat())
    return _Dated(claim, period.earliest or date.min, period.latest or date.max)


def _choose(dated: list[_Dated], guideline: Guideline) -> tuple[Claim, list[Ignored], Any]:
    """The claim that counts, why each other one does not, and what the case is to say."""
    if len(dated) == 1:
        return dated[0].claim, [], _document(dated[0].claim)
    claims = [each.claim for each in dated]
    rivals = _newest([each for each in dated if is_result(each.claim)] or dated)
    first = rivals[0]
    taken = first
    disagree = len({_meaning(claim, guideline) for claim in rivals}) > 1
    if disagree:
        said = "; ".join(_told(claim) for claim in rivals)
        taken = msgspec.structs.replace(
            first,
            value=None,
            comparator=None,
            unit=None,
            unknown="indeterminate",
            notes=(*first.notes, note("disagree", said=said)),
        )
    left = [
        Ignored(claim.where, claim.what, _passed_over(claim, rivals, disagree=disagree))
        for claim in claims
        if claim is not first
    ]
    return taken, left, _document(taken)


def _newest(claims: list[_Dated]) -> list[Claim]:
    """The claims of the last moment, those of the best rank only, dated ones first.

    What may be of that moment is of it: a date in part that covers it, no date at all, a day
    without a time of day beside others of that day.
    """
    last = max(each.first for each in claims)
    of_day = [each for each in claims if each.last >= last]
    clocks = [_clock(each.claim) for each in of_day]
    known = [clock for clock in clocks if clock is not None]
    if len(known) == len(clocks):
        latest = max(known)
        of_day = [each for each, clock in zip(of_day, clocks, strict=True) if clock == latest]
    rank = max(each.claim.rank for each in of_day)
    best = [each for each in of_day if each.claim.rank == rank]
    return [each.claim for each in sorted(best, key=lambda each: each.first, reverse=True)]


def _clock(claim: Claim) -> datetime | None:
    """The moment, told in one zone; None where the source gives no time of day. Times without a
    zone are compared as they stand."""
    if len(claim.at) <= len("2026-11-22"):
        return None
    try:
        moment = datetime.fromisoformat(claim.at)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _passed_over(claim: Claim, rivals: list[Claim], *, disagree: bool) -> Note:
    first = rivals[0]
    if any(claim is rival for rival in rivals):
        return note("disagrees" if disagree else "duplicate", other=first.where)
    if not is_result(claim):
        return note("no_result_beside", other=first.where)
    if claim.at[:10] == first.at[:10] and claim.rank < first.rank:
        return note("corrected_by", other=first.where)
    return note("older", date=claim.at or "?", other=first.where)


def _meaning(claim: Claim, guideline: Guideline) -> tuple[str, ...]:
    """What makes two claims the same statement."""
    value = claim.value or ""
    codes = index(guideline).codes.get(claim.fact)
    ids = () if codes is None else codes.find(value)
    return (
        *(ids or (key(value),)),
        claim.comparator or "",
        key(claim.unit or ""),
        claim.unknown or "",
    )


def _document(claim: Claim) -> Any:
    """The value as a case writes it: alone where nothing stands beside it."""
    parts = {
        "value": claim.value,
        "unknown": claim.unknown,
        "comparator": claim.comparator,
        "unit": claim.unit,
        "on": claim.day,
        "method": claim.method,
    }
    said = {name: part for name, part in parts.items() if part is not None}
    return claim.value if list(said) == ["value"] else said


def _told(claim: Claim) -> str:
    parts = (claim.comparator, claim.value or claim.unknown, claim.unit)
    return " ".join(part for part in parts if part)


def _used(claim: Claim, fact: Fact, of: int) -> Used:
    several = (note("several", count=str(of)),) if of > 1 else ()
    return Used(
        claim.where,
        f"fact:{fact.id}",
        fact.label,
        _told(claim),
        claim.day,
        claim.by,
        (*claim.notes, *several),
    )
