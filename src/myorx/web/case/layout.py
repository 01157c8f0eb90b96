"""What stands where on the page: who the patient is, what is asked next, everything else in groups.

Each fact has one place, so that its fields are there once: in the first group, which is always
open; in the list of what to find out next; or in its own group, folded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

import msgspec

from myorx.facts import THERAPIES
from myorx.guideline.models import Group, Guideline
from myorx.guideline.texts import Text
from myorx.plan.question import Question
from myorx.web.case.controls import Control, Controls

MOST_ASKED: Final = 5
"""So many questions stand in the list."""
LOOKED_AT: Final = MOST_ASKED + 4
"""So many are made: some of them are asked where they stand anyway."""


class Asked(msgspec.Struct, frozen=True):
    """One question of the list."""

    control: Control
    why: Text | None = None
    urgent: bool = False


class Shelf(msgspec.Struct, frozen=True):
    """One group of facts."""

    group: Group
    controls: tuple[Control, ...]

    @property
    def given(self) -> tuple[Control, ...]:
        """Those of which something was entered."""
        return tuple(each for each in self.controls if each.given)

    @property
    def faulty(self) -> bool:
        """Whether something in it is wrong."""
        return any(each.faults for each in self.controls)


class Layout(msgspec.Struct, frozen=True):
    """All places of the page."""

    basics: tuple[Control, ...]
    asked: tuple[Asked, ...]
    shelves: tuple[Shelf, ...]
    wanted: frozenset[str]
    """Facts and parts that are asked for where they stand anyway."""


def lay_out(
    guideline: Guideline,
    controls: Controls,
    questions: Iterable[Question] | None,
    before: Iterable[str] = (),
    stay: str = "",
) -> Layout:
    """Place every fact that can be entered.

    ``questions`` None: something entered is wrong, and the list stands as it was ``before``.
    ``stay``: the fact that the user is at; it keeps its place in the list, first, though it is
    answered.
    """
    groups = list(guideline.groups.values())
    basics = _facts_of(guideline, groups[0].id) if groups else ()
    asked = {each.fact: each for each in questions or ()}
    listed: list[str] = [fact for fact in asked if fact in guideline.facts and fact not in basics]
    old = [fact for fact in before if fact in guideline.facts and fact not in basics]
    if questions is None:
        listed = old[:LOOKED_AT]
    else:
        listed = listed[:MOST_ASKED]
        if stay in old and stay not in listed:
            listed = [stay, *listed]
    return Layout(
        basics=tuple(map(controls.of, basics)),
        asked=tuple(_asked(controls.of(fact), asked.get(fact)) for fact in listed),
        shelves=tuple(_shelves(guideline, groups[1:], controls, listed)),
        wanted=frozenset(asked) & {*basics, THERAPIES},
    )


def _asked(control: Control, question: Question | None) -> Asked:
    if question is None:
        return Asked(control)
    said = msgspec.structs.replace(control, question=question.question)
    return Asked(said, question.why, question.urgent)


def _shelves(
    guideline: Guideline, groups: Iterable[Group], controls: Controls, listed: Collection[str]
) -> Iterator[Shelf]:
    for group in groups:
        facts = [fact for fact in _facts_of(guideline, group.id) if fact not in listed]
        yield Shelf(group, tuple(map(controls.of, facts)))


def _facts_of(guideline: Guideline, group: str) -> tuple[str, ...]:
    return tuple(
        fact.id for fact in guideline.facts.values() if fact.group == group and not fact.derived
    )
