"""What an answer is worth: how much the plan changes over the plausible values of a fact.

Facts that change nothing alone are supposed several at once. The number of trial plans is bounded
and their order is fixed, so the same case always gives the same figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from myorx.facts import THERAPIES, environment
from myorx.guideline.models import Fact, Guideline
from myorx.language import evaluate
from myorx.language.syntax import Between, Compare, Expression
from myorx.language.values import Bounds, Days, Value
from myorx.language.walk import names, walk
from myorx.plan.situation import Situation
from myorx.plan.standing import change
from myorx.plan.suppose import plausible, reachable
from myorx.plan.together import Push, pushes
from myorx.plan.trials import Trials, World

_FAR = timedelta(days=3650)
"""A date that no rule bounds is supposed this long ago, today, and this far ahead."""


Answer: TypeAlias = Mapping[str, Value]
"""What one answer sets: most often the fact that was asked; for the history all derived from it."""


class Outcome(NamedTuple):
    """What the plan would say after one answer."""

    answer: Answer
    world: World
    change: int


class Worth(NamedTuple):
    """What asking for one fact is worth."""

    mean: Fraction
    """Mean weight of what changes over its plausible values."""
    outcomes: tuple[Outcome, ...] = ()
    together: tuple[str, ...] = ()
    """The other facts that are needed before it changes anything."""
    after: tuple[str, ...] = ()
    """Open facts that some answer would settle: ask whether there is a thing, and how long it has
    been, before asking how it is and since when."""


class Scales:
    """Weighs the open facts of patients of one guideline."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self.guideline = trials.guideline
        self._beside = _comparisons(trials.guideline, trials.expressions)
        self._pushes: dict[tuple[int, bool], tuple[Push, ...]] = {}
        self._treated = {
            value: {
                fact.id: value
                for fact in trials.guideline.facts.values()
                if fact.type == "boolean"
                and fact.derive is not None
                and (not value or fact.derive.op in ("current", "ever"))
            }
            for value in (False, True)
        }

    def weigh(
        self,
        situation: Situation,
        world: World,
        facts: Sequence[str],
        asked: Collection[str],
        most: int,
    ) -> dict[str, Worth]:
        """The worth of each of the open ``facts``, with at most ``most`` trial plans.

        A fact that is known to change nothing, alone or together with others, is left out; so is
        one that nobody can answer who did not know an ``asked`` fact, or before an open one. A fact
        for which no trial plan was left over has the worth 0.
        """
        ledger = _Ledger(self, situation, world, asked, most)
        for fact in facts:
            ledger.alone(fact, facts)
        ledger.together()
        return ledger.found()

    def answers(self, situation: Situation, fact: str) -> tuple[Answer, ...]:
        """Answers worth supposing: from the rules, and from the range where these give too few."""
        if fact == THERAPIES:
            return tuple(each for each in self._treated.values() if each)
        known = self.guideline.facts[fact]
        values = plausible(situation, fact, self._beside.get(fact, ()))
        possible = [value for value in values if _may_be(known, value)]
        if len(possible) < 2:
            possible += _ends(known, situation.patient.as_of)
        return tuple({fact: value} for value in possible)

    def pushes(self, place: int, wanted: bool) -> tuple[Push, ...]:
        """What pushes one of the conditions towards ``wanted``; worked out once."""
        found = self._pushes.get((place, wanted))
        if found is None:
            expression = self.trials.expressions[place]
            found = self._pushes[place, wanted] = pushes(self.guideline, expression, wanted)
        return found


def _may_be(fact: Fact, value: Value) -> bool:
    """Whether some number of an interval lies within the plausible range of the fact."""
    if not isinstance(value, Bounds) or fact.plausible is None:
        return True
    low, high = (Decimal(end) for end in fact.plausible)
    if value.high is not None and (value.high < low or (value.high == low and value.high_open)):
        return False
    return value.low is None or value.low < high or (value.low == high and not value.low_open)


def _comparisons(
    guideline: Guideline, expressions: Iterable[Expression]
) -> Mapping[str, tuple[Expression, ...]]:
    """For each fact: the comparisons it stands in, wherever a rule or an inference reaches."""
    found: dict[str, dict[Expression, None]] = {}
    for expression in reachable(guideline, expressions):
        for node in walk(expression):
            if isinstance(node, Compare | Between):
                for name in names(node):
                    found.setdefault(name, {})[node] = None
    return {name: tuple(nodes) for name, nodes in found.items()}


def _ends(fact: Fact, today: date) -> Iterator[Value]:
    """Values far apart, for a fact that no rule compares with a number."""
    match fact.type:
        case "date":
            for day in (today - _FAR, today, today + _FAR):
                yield Days(day, day)
        case "boolean" | "code":
            return
        case _:
            for end in fact.plausible or ("0", "100"):
                yield Bounds(Decimal(end), Decimal(end), unit=fact.unit)


class _Ledger:
    """The trials made for one list of questions."""

    def __init__(
        self,
        scales: Scales,
        situation: Situation,
        world: World,
        asked: Collection[str],
        most: int,
    ) -> None:
        self._scales = scales
        self._trials = scales.trials
        self._situation = situation
        self._world = world
        self._asked = asked
        self._left = most
        self._tried: dict[str, tuple[Outcome, ...]] = {}
        self._hidden: dict[str, tuple[Outcome, ...]] = {}
        """Facts that nothing asks for yet, but may once another is known."""
        self._after: dict[str, tuple[str, ...]] = {}
        self._joint: dict[str, Worth] = {}
        self._untried: list[str] = []
        self._settled: dict[Push, Mapping[str, Answer]] = {}

    def found(self) -> dict[str, Worth]:
        """The worth of each fact that may change something."""
        found: dict[str, Worth] = {}
        for fact, outcomes in self._tried.items():
            total = sum(outcome.change for outcome in outcomes)
            if total:
                mean = Fraction(total, len(outcomes))
                found[fact] = Worth(mean, outcomes, after=self._after[fact])
            elif fact in self._joint:
                found[fact] = self._joint[fact]
            elif self._left <= 0:
                found[fact] = Worth(Fraction(0))
        return {**found, **{fact: Worth(Fraction(0)) for fact in self._untried}}

    # -- one at a time -------------------------------------------------------------------------

    def alone(self, fact: str, open_facts: Collection[str]) -> None:
        """Try every plausible answer for one fact.

        Where every answer makes an open fact true, this one makes no sense before that is known;
        where an answer settles an open fact, that is the simpler question and comes first.
        """
        if len(self._scales.answers(self._situation, fact)) > self._left:
            self._untried.append(fact)
            return
        outcomes = tuple(self._outcomes(fact))
        implied = [
            [name for name in self._implied(fact, outcome.world) if name in open_facts]
            for outcome in outcomes
        ]
        whether = [
            any(outcome.world.patient.facts[name].value is True for name in names)
            for outcome, names in zip(outcomes, implied, strict=True)
        ]
        if outcomes and not all(whether):
            self._tried[fact] = outcomes
            self._after[fact] = tuple(dict.fromkeys(name for names in implied for name in names))

    def _outcomes(self, fact: str) -> Iterator[Outcome]:
        """What each plausible answer does.

        An answer is not plausible where something would follow from it that was asked and not
        known: that there is a thing at all, or how much of it.
        """
        answers = self._scales.answers(self._situation, fact)
        self._left -= len(answers)
        for answer in answers:
            world = self._trials.suppose(self._world, answer)
            if world is not None and not self._is_known(fact, world):
                yield Outcome(answer, world, change(self._world.standings, world.standings))

    def _is_known(self, fact: str, world: World) -> bool:
        """Whether an answer would tell what was asked for in vain.

        A date is known more often than how long ago it is.
        """
        facts = self._scales.guideline.facts
        return any(
            name in self._asked and (facts[name].type == "boolean" or facts[fact].type != "date")
            for name in self._implied(fact, world)
        )

    def _implied(self, fact: str, world: World) -> tuple[str, ...]:
        """The other unknown facts that an answer makes true, or gives a number or date.

        None for a coded fact or the history: these are known whatever else is.
        """
        if fact == THERAPIES or self._scales.guideline.facts[fact].type == "code":
            return ()
        before, after = self._world.patient.facts, world.patient.facts
        return tuple(
            name
            for name in self._trials.resting[fact]
            if name != fact
            and before[name].value is None
            and (after[name].value is True or isinstance(after[name].value, Bounds | Days))
        )

    # -- several at once -----------------------------------------------------------------------

    def together(self) -> None:
        """Try what changes nothing alone together with what pushes the same condition."""
        idle = {
            fact
            for fact, outcomes in self._tried.items()
            if outcomes and not any(outcome.change for outcome in outcomes)
        }
        seen: set[frozenset[str]] = set()
        for place, value in enumerate(self._world.values):
            if value is not None:
                continue
            for wanted in (True, False):
                if idle.isdisjoint(self._trials.reach[place] - self._joint.keys()):
                    break
                pushed = self._pushed(place, wanted)
                waiting = [fact for fact in pushed if fact in idle and fact not in self._joint]
                key = frozenset((*pushed, str(wanted)))
                if not waiting or key in seen:
                    continue
                if self._left < 2:
                    self._left = 0
                    return
                seen.add(key)
                self._try(pushed, idle)

    def _try(self, pushed: Mapping[str, Answer], idle: set[str]) -> None:
        """Credit the idle facts with what they, and what they lead to, add to the others."""
        self._left -= 2
        whole = self._trials.suppose(self._world, _merged(pushed.values()))
        moving = self._tried.keys() - idle
        rest = [answer for fact, answer in pushed.items() if fact in moving]
        without = self._trials.suppose(self._world, _merged(rest)) if rest else self._world
        if whole is None or without is None:
            return
        gain = change(without.standings, whole.standings)
        if not gain:
            return
        # Only one side of each fact pushes, and it takes all of them: hence so much less a piece.
        worth = Fraction(gain, 2 * len(pushed))
        for fact in pushed:
            if fact in idle:
                others = tuple(other for other in pushed if other != fact)
                self._joint.setdefault(fact, Worth(worth, together=others))

    def _pushed(self, place: int, wanted: bool) -> dict[str, Answer]:
        """Answers for open facts that all push a condition; of two for one fact the first."""
        found: dict[str, Answer] = {}
        for push in self._scales.pushes(place, wanted):
            if push not in self._settled:
                self._settled[push] = dict(self._settling(*push))
            for fact, answer in self._settled[push].items():
                found.setdefault(fact, answer)
        return found

    def _settling(self, expression: Expression, wanted: bool) -> Iterator[tuple[str, Answer]]:
        """For each open fact under a comparison: the first of its answers that gives ``wanted``."""
        askable = (one for name in names(expression) for one in self._situation.askable(name))
        for fact in dict.fromkeys(askable):
            for outcome in self._known(fact):
                view = environment(outcome.world.patient, self._scales.guideline)
                if evaluate(expression, view).value is wanted:
                    yield fact, outcome.answer
                    break

    def _known(self, fact: str) -> tuple[Outcome, ...]:
        """The outcomes of a fact, also of one that nothing asks for yet."""
        found = self._tried.get(fact) or self._hidden.get(fact)
        if found is None:
            may_be = (
                fact != THERAPIES
                and fact not in self._asked
                and self._world.patient.facts[fact].value is None
                and len(self._scales.answers(self._situation, fact)) <= self._left
            )
            found = self._hidden[fact] = tuple(self._outcomes(fact)) if may_be else ()
        return found


def _merged(answers: Iterable[Answer]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for answer in answers:
        merged.update(answer)
    return merged
