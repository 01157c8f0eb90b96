"""What changed between two plans, and because of what.

The plans alone tell what differs. With a ``Rerun`` at hand each cause is tried by itself: once as
the only thing that changed, once as the only thing that did not. A cause stands beside a change
when it moves the thing in the first trial, or is missed in the second; or, where those found do
not suffice, when it moves the thing once they are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from myorx.guideline.texts import Text
from myorx.plan.causes import causes
from myorx.plan.comparison import SCHEMA, Cause, Change, ChangeKind, Comparison, Side, Stand
from myorx.plan.model import Plan
from myorx.plan.reach import reach
from myorx.plan.rerun import Rerun
from myorx.plan.snapshot import Key, Standing, snapshot
from myorx.plan.texts import say
from myorx.plan.wording import AS_OF

MOST = 32
"""So many causes are tried; with more, all are only listed."""
MOST_TRIALS = 160
"""So many plans are made to try them; what is not tried by then is not told apart."""

_ORDER: tuple[ChangeKind, ...] = (
    "outside",
    "alert",
    "decision",
    "candidate",
    "gap",
    "drug",
    "advice",
    "dose",
    "need",
)
_OF_A_DECISION = frozenset({"decision", "candidate", "gap"})
_NOT_TRIED = frozenset({"guideline", "version", "engine"})

Table = Mapping[Key, Standing]


def compare(earlier: Plan, later: Plan, rerun: Rerun | None = None) -> Comparison:
    """The two plans side by side. Without ``rerun`` causes are listed, not tried."""
    found = causes(earlier, later)
    before, after = snapshot(earlier), snapshot(later)
    changes = tuple(_changes(before, after))
    trials = _trials(rerun, found) if rerun is not None else None
    if trials is not None:
        both = (before, after)
        changes = tuple(_explained(trials, found, change, both) for change in changes)
        found = tuple(_weighed(trials, cause, changes) for cause in found)
    return Comparison(
        schema=SCHEMA,
        title=later.title,
        earlier=_side(earlier),
        later=_side(later),
        review=later.receipt.review,
        notice=later.receipt.notice,
        causes=found,
        changes=changes,
        attributed=trials is not None,
        remarks=tuple(_remarks(earlier, later, tried=trials is not None or not found)),
    )


def comparison_schema() -> dict[str, object]:
    """The JSON Schema of a comparison, generated from the models."""
    (reference,), definitions = msgspec.json.schema_components(
        (Comparison,), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": SCHEMA,
        **reference,
        "$defs": dict(sorted(definitions.items())),
    }


def _side(plan: Plan) -> Side:
    receipt = plan.receipt
    return Side(
        as_of=plan.as_of,
        guideline=receipt.guideline,
        version=receipt.version,
        guideline_hash=receipt.guideline_hash,
        engine=receipt.engine,
        case_hash=receipt.case_hash,
    )


def _remarks(earlier: Plan, later: Plan, *, tried: bool) -> Iterator[Text]:
    yield say("since_same_patient")
    if earlier.as_of > later.as_of:
        yield say("since_backwards")
    if not tried:
        yield say("since_not_tried")


# -- what changed ------------------------------------------------------------------------------


def _changes(before: Table, after: Table) -> Iterator[Change]:
    keys = dict.fromkeys((*after, *before))
    decisions = {key[1]: rank for rank, key in enumerate(keys) if key[0] == "decision"}
    for key in sorted(keys, key=lambda key: _place(key, decisions)):
        old, new = before.get(key), after.get(key)
        if _stand(old) != _stand(new):
            yield _change(key, old, new)


def _place(key: Key, decisions: Mapping[str, int]) -> tuple[int, int]:
    """By kind; what belongs to one decision stays together."""
    kind, id_ = key
    if kind in _OF_A_DECISION:
        return _ORDER.index("decision"), decisions.get(id_.partition("/")[0], 0)
    return _ORDER.index(kind), 0


def _change(key: Key, old: Standing | None, new: Standing | None) -> Change:
    side = new or old
    assert side is not None
    now = _stand(new)
    if key[0] == "need" and new is None:
        now = Stand("settled", say("since_settled"))
    return Change(
        kind=key[0],
        id=key[1],
        names=side.names,
        before=_stand(old),
        after=now,
        within=side.within,
    )


def _stand(standing: Standing | None) -> Stand | None:
    return standing.stand if standing is not None else None


# -- because of what ---------------------------------------------------------------------------


class _Trials:
    """How everything would stand with some causes put back; each combination planned once."""

    def __init__(self, rerun: Rerun, movable: tuple[Cause, ...]) -> None:
        self.movable = movable
        self._rerun = rerun
        self._tables: dict[frozenset[str], Table | None] = {}
        self._reach: dict[Key, frozenset[str] | None] = {}

    def only(self, acting: Collection[str]) -> Table | None:
        """With every cause put back but those acting; None where that cannot be, or be tried."""
        put_back = [cause for cause in self.movable if cause.id not in acting]
        key = frozenset(cause.id for cause in put_back)
        if key not in self._tables:
            if len(self._tables) >= MOST_TRIALS:
                return None
            self._tables[key] = self._rerun.without(put_back)
        return self._tables[key]

    def within_reach(self, key: Key) -> list[str]:
        """The causes that a thing's conditions can rest on at all."""
        if key not in self._reach:
            self._reach[key] = reach(self._rerun.guideline, key)
        names = self._reach[key]
        return [cause.id for cause in self.movable if names is None or _bears(cause, names, key)]


def _bears(cause: Cause, names: frozenset[str], key: Key) -> bool:
    """Whether a thing whose conditions mention ``names`` can depend on a cause."""
    kind, _, name = cause.id.partition(":")
    match kind:
        case "date":
            return AS_OF in names
        case "taken" | "ordered":
            return key[0] in ("alert", "drug") and name == key[1].removeprefix("drug:")
        case _:
            return name in names


def _trials(rerun: Rerun, found: Iterable[Cause]) -> _Trials | None:
    """None where there are too many causes to try, or the earlier patient cannot be had again."""
    movable = tuple(cause for cause in found if _moves(cause) and rerun.can(cause))
    trials = _Trials(rerun, movable)
    return None if len(movable) > MOST or trials.only(()) is None else trials


def _moves(cause: Cause) -> bool:
    """The same value measured again is no change; a version is not at hand."""
    return cause.turn != "repeated" and cause.kind not in _NOT_TRIED


def _explained(
    trials: _Trials, found: Iterable[Cause], change: Change, both: tuple[Table, Table]
) -> Change:
    key: Key = (change.kind, change.id)
    before, after = (_stand(table.get(key)) for table in both)
    base = _at(trials.only(()), key)
    because: list[str] = []
    together = False
    if base != before:
        # The same patient stands otherwise today: the doing of the guideline, or of the engine.
        because += [cause.id for cause in found if cause.kind in _NOT_TRIED]
    if base != after:
        moving = _moving(trials, key, after)
        together = not moving
        because += moving or trials.within_reach(key)
    return msgspec.structs.replace(change, because=tuple(because), together=together)


def _moving(trials: _Trials, key: Key, after: Stand | None) -> list[str]:
    """The causes that move a thing: alone, by their absence, or added to those that do."""
    every = [cause.id for cause in trials.movable]
    base = trials.only(())
    found = [
        id_
        for id_ in every
        if _differ(trials.only({id_}), base, key)
        or _differ(trials.only({*every} - {id_}), trials.only(every), key)
    ]
    while found and _at(reached := trials.only(found), key) != after:
        # They do not suffice: any of several others completes them, and so none is missed.
        rest = [id_ for id_ in trials.within_reach(key) if id_ not in found]
        more = [id_ for id_ in rest if _differ(trials.only({*found, id_}), reached, key)]
        found += more or rest
        if not more:
            break
    return [id_ for id_ in every if id_ in found]


def _differ(one: Table | None, other: Table | None, key: Key) -> bool:
    """Whether a thing stands otherwise in two trials; one that could not be made tells nothing."""
    return one is not None and other is not None and _at(one, key) != _at(other, key)


def _at(table: Table | None, key: Key) -> Stand | None:
    return _stand(table.get(key)) if table is not None else None


def _weighed(trials: _Trials, cause: Cause, changes: Iterable[Change]) -> Cause:
    """The cause, and whether anything came of it; unknown where it could not be tried."""
    matters = any(cause.id in change.because for change in changes)
    tried = cause in trials.movable or cause.turn == "repeated" or cause.kind in _NOT_TRIED
    return msgspec.structs.replace(cause, matters=matters if tried else None)
