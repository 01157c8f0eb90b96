"""What two plans were made from, side by side: version, settings, date, drugs in use, facts."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.texts import Text
from myorx.plan.comparison import Cause, CauseKind, Turn
from myorx.plan.model import FactUsed, Plan, Receipt
from myorx.plan.texts import plain, say

_ROOTS = frozenset({"given", "derived"})
"""What a person entered, or the treatment history gives; anything inferred only follows."""
_HASH = 12
"""So many digits of a hash tell two apart."""


def causes(earlier: Plan, later: Plan) -> tuple[Cause, ...]:
    """Everything that differs, the guideline's own changes first."""
    return (
        *_versions(earlier.receipt, later.receipt),
        *_settings(earlier.receipt, later.receipt),
        *_date(earlier, later),
        *_drugs(earlier, later),
        *_facts(earlier.receipt, later.receipt),
    )


# -- what the plans were made with -------------------------------------------------------------


def _versions(before: Receipt, after: Receipt) -> Iterator[Cause]:
    if before.guideline != after.guideline:
        yield _cause("guideline", say("since_guideline"), before.guideline, after.guideline)
    old, new = before.version, after.version
    if before.guideline_hash != after.guideline_hash:
        # The same number with other content happens while a guideline is being written.
        old = f"{old} ({before.guideline_hash[:_HASH]})"
        new = f"{new} ({after.guideline_hash[:_HASH]})"
    if old != new:
        yield _cause("version", say("since_version"), old, new)
    if before.engine != after.engine:
        yield _cause("engine", say("since_engine"), before.engine, after.engine)


def _settings(before: Receipt, after: Receipt) -> Iterator[Cause]:
    for name in dict.fromkeys((*after.settings, *before.settings)):
        old, new = before.settings.get(name), after.settings.get(name)
        if old != new:
            names = say("since_setting", name=name)
            yield _changed(f"setting:{name}", "setting", names, old, new)


def _date(earlier: Plan, later: Plan) -> Iterator[Cause]:
    if earlier.as_of != later.as_of:
        yield _cause("date", say("since_date"), earlier.as_of, later.as_of)


def _cause(kind: CauseKind, names: Text, before: str, after: str) -> Cause:
    return _changed(kind, kind, names, before, after)


def _changed(
    id_: str, kind: CauseKind, names: Text, before: str | None, after: str | None
) -> Cause:
    none = say("since_none")
    says = say("since_turned", names=names, before=before or none, after=after or none)
    return Cause(id_, kind, names, says, before, after)


# -- drugs -------------------------------------------------------------------------------------


def _drugs(earlier: Plan, later: Plan) -> Iterator[Cause]:
    """Drugs started, stopped, ordered, or no longer ordered; every one of them has a verdict."""
    names = {drug.id: drug.names for plan in (earlier, later) for drug in plan.drugs}
    kinds: tuple[CauseKind, ...] = ("taken", "ordered")
    for kind in kinds:
        before = {drug.id for drug in earlier.drugs if getattr(drug, kind)}
        after = {drug.id for drug in later.drugs if getattr(drug, kind)}
        for drug, called in names.items():
            if (drug in before) is not (drug in after):
                key = f"since_{kind}_{'now' if drug in after else 'no_more'}"
                yield Cause(f"{kind}:{drug}", kind, called, say(key, drug=called))


# -- facts -------------------------------------------------------------------------------------


def _facts(before: Receipt, after: Receipt) -> Iterator[Cause]:
    old = {fact.id: fact for fact in before.facts}
    new = {fact.id: fact for fact in after.facts}
    for name in dict.fromkeys((*new, *old)):
        turn = _turn(old.get(name), new.get(name))
        if turn is not None:
            yield _fact(turn, old.get(name), new.get(name))


def _turn(before: FactUsed | None, after: FactUsed | None) -> Turn | None:
    """What became of a fact; None where nothing did, or where it only follows from others."""
    if not _ROOTS & {_origin(before), _origin(after)}:
        return None
    old, new = _value(before), _value(after)
    if old != new:
        if new is None:
            return "stale" if after is not None and after.reason == "stale" else "withdrawn"
        return "known" if old is None else "changed"
    if new is None:
        # Why the history leaves something open is told where the history is asked for.
        same = _reason(before) == _reason(after)
        return None if same or "derived" in (_origin(before), _origin(after)) else "reason"
    on = [side.on if side is not None else None for side in (before, after)]
    return None if on[0] == on[1] else "repeated"


def _origin(side: FactUsed | None) -> str:
    return "not_given" if side is None else side.origin


def _value(side: FactUsed | None) -> str | None:
    return None if side is None or side.value == "unknown" else side.value


def _reason(side: FactUsed | None) -> str:
    return "not_asked" if side is None or side.reason is None else side.reason


def _fact(turn: Turn, before: FactUsed | None, after: FactUsed | None) -> Cause:
    side = after or before
    assert side is not None
    says = say("since_turned", names=side.label, before=_told(before), after=_told(after))
    return Cause(
        id=f"fact:{side.id}",
        kind="fact",
        names=side.label,
        says=says,
        before=_value(before),
        after=_value(after),
        turn=turn,
    )


def _told(side: FactUsed | None) -> Text:
    """A fact as one plan knew it: the value with its date, or why there was none."""
    if side is None:
        return say("since_unknown", reason=say("since_not_asked"))
    if _value(side) is None:
        reason = say(f"since_{_reason(side)}")
        if side.reason == "stale" and side.given is not None:
            reason = say("since_stale_value", given=_dated(plain(side.given), side.on))
        return say("since_unknown", reason=reason)
    told = _dated(side.words or plain(side.value), side.on)
    return say("marked_inferred", text=told) if side.origin == "inferred" else told


def _dated(text: Text, on: str | None) -> Text:
    return text if on is None else say("since_on", value=text, on=on)
