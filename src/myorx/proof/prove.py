"""All claims about a guideline, one by one: proved, refuted with a patient, or undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import chain
from time import perf_counter
from typing import TypeAlias

from myorx.facts import CaseError, Patient
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.guideline.theorems import Theorem
from myorx.language.smt import Loose, encloses, unknown
from myorx.language.smt.bits import Bit, conj, disj, lifted, neg, same
from myorx.plan.formulas import holds, refuted
from myorx.plan.situation import Situation
from myorx.proof import numbers
from myorx.proof.claim import KINDS, Claim, Example, Kind, Monotone, Outcome, Result
from myorx.proof.kinds import alive, contradiction, monotone, safety, silence, stated
from myorx.proof.kinds.subject import Subject
from myorx.proof.patient import Drawn, drawn
from myorx.proof.replay import Replayer, Shows, value_in
from myorx.proof.solve import Found, Solver
from myorx.proof.texts import say
from myorx.proof.world import World

Work: TypeAlias = Claim | Monotone

_DAY = date(2026, 11, 22)
"""The day on which an example is seen, where any day will do."""


class Prover:
    """The claims about one guideline, and the means to decide them. ``seconds``: for each."""

    def __init__(
        self, guideline: Guideline, theorems: Iterable[Theorem], seconds: float = 60.0
    ) -> None:
        self._guideline = guideline
        self._theorems = tuple(theorems)
        self._seconds = seconds
        self._subject = Subject(guideline)
        self._replayer = Replayer(guideline)
        self._one: dict[bool, tuple[World, Solver, Loose]] = {}
        self._two: dict[bool, tuple[World, World, Solver, Loose]] = {}
        self._exact: dict[tuple[str, int, int], tuple[Bit, ...]] = {}
        self._shown: set[str] = set()
        """Claims that some patient of another claim has shown already."""

    # -- what there is to prove ----------------------------------------------------------------

    def claims(self) -> tuple[Work, ...]:
        """Every claim for the solver. Raises UnknownSubjectError for a theorem about nothing."""
        subject = self._subject
        return tuple(
            chain(
                stated.claims(subject, self._theorems),
                safety.claims(subject),
                silence.claims(subject),
                contradiction.claims(subject),
                monotone.claims(subject),
                alive.claims(subject),
            )
        )

    def results(
        self, names: Iterable[str] = (), starts: Callable[[str, int, int], None] | None = None
    ) -> Iterator[Result]:
        """What becomes of every claim, or of those whose id or kind is named.

        ``starts`` is told of each claim before it is tried: its id, its number, how many there are.
        """
        wanted = tuple(names)
        work = [claim for claim in self.claims() if _is_wanted(claim.id, claim.kind, wanted)]
        work.sort(key=lambda claim: KINDS.index(claim.kind))
        for number, claim in enumerate(work, start=1):
            if starts is not None:
                starts(claim.id, number, len(work))
            if isinstance(claim, Monotone):
                yield self._monotone(claim)
            elif claim.id in self._shown:
                yield _result(claim, "holds", perf_counter())
            else:
                yield self._claim(claim)
        if not wanted or any(_is_wanted("numbers:", "numbers", (name,)) for name in wanted):
            if starts is not None:
                starts("numbers", len(work) + 1, len(work) + 1)
            yield from self._numbers()

    # -- one patient ---------------------------------------------------------------------------

    def _claim(self, claim: Claim) -> Result:
        """First with the loose calendar: most proofs need no other, and the replay is exact."""
        began = perf_counter()
        example: Example | None = None
        found = Found("undecided")
        for loose in (True, False):
            found = self._found(claim, loose=loose)
            if found.answer == "nobody":
                return self._nobody(claim, began)
            if found.model is not None:
                patient = drawn(self._world(loose=loose)[0], found.model)
                if self._replayer.shows(patient, _shows(claim)):
                    return self._somebody(claim, patient, began)
                if not loose:
                    example = self._example(claim, patient)
        remark = say("time_limit") if example is None else say("spurious")
        return _result(claim, "undecided", began, example, remark)

    def _nobody(self, claim: Claim, began: float) -> Result:
        if claim.expected == "never":
            return _result(claim, "holds", began)
        return _result(claim, "fails", began, remark=say("no_patient"))

    def _somebody(self, claim: Claim, patient: Drawn, began: float) -> Result:
        if claim.expected == "never":
            example = self._example(claim, patient)
            if self._agrees(patient, claim.subjects):
                return _result(claim, "fails", began, example)
            return _result(claim, "undecided", began, example, say("disagreement"))
        if claim.kind == "classification":
            return _result(claim, "holds", began, self._example(claim, patient))
        self._witness(self._replayer.situation(patient))
        return _result(claim, "holds", began)

    def _agrees(self, patient: Drawn, subjects: tuple[str, ...]) -> bool:
        """Whether the plan says of each subject what the formulas say of it."""
        plan = self._replayer.judged(patient, subjects)
        value = value_in(self._replayer.situation(patient))
        for name in subjects:
            choice = stated.choice(self._subject, name)
            words = [word for word, formula in choice.items() if holds(formula, value)]
            if words != [plan[name].partition(" ")[0]]:
                return False
        return True

    def seeks_patients(self, names: Iterable[str] = ()) -> bool:
        """Whether some of the claims named are that a patient exists."""
        wanted = tuple(names)
        return any(_is_wanted(claim.id, claim.kind, wanted) for claim in self._alive)

    def witness(self, patients: Iterable[Patient]) -> None:
        """Patients at hand: what is true of one of them need not be looked for."""
        for patient in patients:
            self._witness(self._replayer.before(patient))

    def _witness(self, situation: Situation) -> None:
        value = value_in(situation)
        for claim in self._alive:
            if claim.id not in self._shown and holds(claim.formula, value):
                self._shown.add(claim.id)

    @cached_property
    def _alive(self) -> tuple[Claim, ...]:
        return tuple(alive.claims(self._subject))

    def _example(self, claim: Claim, patient: Drawn) -> Example:
        return self._replayer.example(patient, _shows(claim), claim.subjects)

    def _found(self, claim: Claim, *, loose: bool) -> Found:
        world, solver, calendar = self._world(loose=loose)
        wanted = world.holds(claim.formula)
        return solver.somebody(wanted, self._preferred(calendar, world), calendar.axioms())

    def _preferred(self, calendar: Loose, *worlds: World) -> Iterator[Bit]:
        """What makes a patient easy to read, and the loose calendar exact on one day; only worked
        out for a patient who exists, and again only where there is more to count."""
        for world in worlds:
            yield from world.typable
            key = (world.name, id(calendar), calendar.count)
            if key not in self._exact:
                self._exact[key] = tuple(calendar.exactly(world.as_of, _DAY))
            yield from self._exact[key]

    def _world(self, *, loose: bool) -> tuple[World, Solver, Loose]:
        found = self._one.get(loose)
        if found is None:
            calendar = Loose()
            world = World(self._guideline, loose=calendar if loose else None)
            found = self._one[loose] = world, Solver(world.axioms, self._seconds), calendar
        return found

    # -- the same patient, known less and known more -------------------------------------------

    def _monotone(self, claim: Monotone) -> Result:
        began = perf_counter()
        example: Example | None = None
        for loose in (True, False):
            found = self._learned(claim, loose=loose)
            if found.answer == "nobody":
                return _result(claim, "holds", began)
            if found.model is not None:
                less, more, *_ = self._worlds(loose=loose)
                example = self._pair(claim, drawn(less, found.model), drawn(more, found.model))
                if example.reproduced:
                    return _result(claim, "fails", began, example)
        remark = say("time_limit") if example is None else say("spurious")
        return _result(claim, "undecided", began, example, remark)

    def _pair(self, claim: Monotone, before: Drawn, after: Drawn) -> Example:
        cleared = refuted(claim.expression)
        example = self._replayer.example(
            after,
            lambda situation: not holds(cleared, value_in(situation)),
            claim.subjects,
        )
        try:
            was = holds(cleared, value_in(self._replayer.situation(before)))
            now = holds(cleared, value_in(self._replayer.situation(after)))
        except CaseError:
            was = now = False
        return Example(
            as_of=after.as_of,
            case=after.case,
            assumed=example.assumed,
            reproduced=was and not now,
            plan=example.plan,
            before=before.case,
        )

    def _learned(self, claim: Monotone, *, loose: bool) -> Found:
        """Someone for whom it is ruled out while less is known, and open once more is."""
        less, more, solver, calendar = self._worlds(loose=loose)
        cleared = refuted(claim.expression)
        wanted = conj(less.holds(cleared), neg(more.holds(cleared)))
        prefer = self._preferred(calendar, less, more)
        return solver.somebody(wanted, prefer, calendar.axioms())

    def _worlds(self, *, loose: bool) -> tuple[World, World, Solver, Loose]:
        found = self._two.get(loose)
        if found is None:
            calendar = Loose()
            less = World(self._guideline, "less", calendar if loose else None)
            more = World(self._guideline, "more", calendar if loose else None)
            axioms = (*less.axioms, *more.axioms, *_learning(less, more))
            found = self._two[loose] = less, more, Solver(axioms, self._seconds), calendar
        return found

    # -- numbers -------------------------------------------------------------------------------

    def _numbers(self) -> Iterator[Result]:
        found = numbers.checks(self._guideline)
        while True:
            began = perf_counter()
            check = next(found, None)
            if check is None:
                return
            remark = check.fault or say("numbers_checked", count=check.tried)
            outcome: Outcome = "holds" if check.fault is None and check.tried else "fails"
            yield Result(
                id=check.id,
                kind="numbers",
                says=check.says,
                outcome=outcome,
                milliseconds=_since(began),
                remark=remark,
            )


def _shows(claim: Claim) -> Shows:
    """Whether the reference engine says of a patient what the claim is about."""
    return lambda situation: holds(claim.formula, value_in(situation))


def _learning(less: World, more: World) -> Iterator[Bit]:
    """The same patient on the same day; more is known, and nothing that was inferred is denied."""
    yield lifted(same(less.as_of, more.as_of))
    for name, given in less.given.items():
        yield encloses(given, more.given[name])
        learned = conj(unknown(given), neg(unknown(more.given[name])))
        yield disj(neg(learned), encloses(less.facts[name], more.given[name]))
    for name, derived in less.derived.items():
        yield encloses(derived, more.derived[name])
    for name, mentioned in less.mentioned.items():
        yield disj(neg(mentioned), more.mentioned[name])


def _is_wanted(id_: str, kind: Kind, names: tuple[str, ...]) -> bool:
    return not names or any(name == kind or name in id_ for name in names)


def _since(began: float) -> int:
    return round((perf_counter() - began) * 1000)


def _result(
    claim: Work,
    outcome: Outcome,
    began: float,
    example: Example | None = None,
    remark: Text | None = None,
) -> Result:
    return Result(
        id=claim.id,
        kind=claim.kind,
        says=claim.says,
        outcome=outcome,
        milliseconds=_since(began),
        example=example,
        remark=remark,
    )
