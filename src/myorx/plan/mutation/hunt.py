"""Vignettes after mutants: the first vignette that fails under a fault kills it.

Every vignette is planned once with the guideline as it is. Under a fault only those are planned
again that could tell: an expression that became another is first evaluated for each of them, as it
was and as it is; where both give the same known value, the plan is the same but for its words. A
fault in how a case is read is looked for in the facts that come of it first. A mutant that is
called alive has met every vignette that could tell.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec

from myorx.facts import CaseError, Patient, environment, read_case
from myorx.guideline.check.graph import chains, dependencies
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Expectation, Vignette
from myorx.language import LanguageError, cql, evaluate, names
from myorx.language.evaluate import Environment
from myorx.language.syntax import Expression
from myorx.language.values import Value
from myorx.plan.assemble import Planner
from myorx.plan.mutation.mutants import Change, Mutant
from myorx.plan.mutation.sites import owners, sites
from myorx.plan.situation import Situation
from myorx.plan.vignettes import differences, without_plan

READING = frozenset({"fact", "contradiction", "manifest"})
"""Kinds of objects on which depends how a case is read."""


_Stands = TypeVar("_Stands", bound=str)
_Turned: TypeAlias = Callable[[Mutant, "Witness", Patient, Planner], bool]


class Witness(NamedTuple):
    """A vignette that passes. ``patient`` is None where the case is refused, as it should be."""

    vignette: Vignette
    patient: Patient | None
    situation: Situation | None
    environment: Environment | None
    shown: frozenset[tuple[str, str]]
    """What the plan speaks of: drugs, decisions, advice."""


class Hunter:
    """The vignettes of one guideline, ready to be sent after its mutants."""

    def __init__(self, guideline: Guideline, vignettes: Iterable[Vignette]) -> None:
        self.guideline = guideline
        self.witnesses = tuple(_witnesses(Planner(guideline), vignettes))
        self._by_id = {one.vignette.id: one for one in self.witnesses}
        self._under = _names_under(guideline)
        self._named: dict[str, tuple[Expression, ...]] = {}
        self._before: tuple[Change, tuple[Value, ...]] | None = None

    def kill(self, mutant: Mutant, hint: str | None = None) -> str | None:
        """The vignette that fails under the fault; None: every one passes as before.

        ``hint``: the vignette that is tried first, because it killed this mutant once.
        """
        planner = Planner(mutant.make())
        turned = self._turned
        first = self._by_id.get(hint) if hint is not None else None
        if first is not None and _fails(planner, first, mutant, turned):
            return hint
        for witness in self.likely(mutant):
            if witness is not first and _fails(planner, witness, mutant, turned):
                return witness.vignette.id
        return None

    def likely(self, mutant: Mutant) -> Iterator[Witness]:
        """Those that could tell; the likelier ones first."""
        told: list[Witness] = []
        perhaps: list[Witness] = []
        for witness, differs in zip(self.witnesses, self._differs(mutant), strict=True):
            if differs is False or not _may_notice(witness.vignette.expect, mutant):
                continue
            (perhaps if differs is None else told).append(witness)
        for group in (told, perhaps):
            yield from sorted(group, key=lambda one: -self._score(one.vignette.expect, mutant))

    def near(self, mutant: Mutant) -> list[Witness]:
        """Those that read a case, the likelier to be about the place of the fault first."""
        read = [one for one in self.witnesses if one.patient is not None]
        own = (mutant.owner.kind, mutant.owner.id)
        return sorted(
            read,
            key=lambda one: (own not in one.shown, -self._score(one.vignette.expect, mutant)),
        )

    def _score(self, expect: Expectation, mutant: Mutant) -> int:
        """How nearly an expectation is about the place of the fault: of a definition or a fact, how
        many of the rules that stand on it are named."""
        id_ = mutant.owner.id
        decision = expect.decisions.get(id_)
        if decision is not None:
            named = (*decision.candidates, *decision.gaps, *decision.gaps_are)
            return 2 + 2 * any(name in mutant.path for name in named)
        told = (expect.drugs, expect.advice, expect.alerts, expect.doses, expect.notes)
        said = (*told, expect.refused, expect.topics, expect.elsewhere)
        own = any(id_ in one for one in said)
        itself = id_ in expect.hazards or id_ in expect.facts or id_ in expect.findings
        score = 4 * itself + 2 * own
        if mutant.owner.kind in ("definition", "fact", "manifest"):
            asked = (*expect.decisions, *expect.drugs, *expect.advice, *expect.alerts)
            name = mutant.path[1] if mutant.owner.kind == "manifest" else id_
            score += sum(name in self._under.get(one, ()) for one in asked)
        return score

    def _differs(self, mutant: Mutant) -> Iterator[bool | None]:
        """For each vignette whether the fault may change what is found; None: it is unknown either
        way, but other things may be asked for."""
        kind, id_ = mutant.owner.kind, mutant.owner.id
        opens = mutant.path in (("when",), ("applies",)) or mutant.fault == "scope"
        # What is due of a drug is due after it was stopped too: then there is no verdict on it.
        due = "due" in mutant.path
        bound = kind in ("drug", "decision", "advice") and not opens and not due
        for index, witness in enumerate(self.witnesses):
            if witness.environment is None or witness.situation is None:
                yield kind in READING and (
                    kind != "contradiction" or id_ in witness.vignette.expect.refused
                )
            elif bound and (kind, id_) not in witness.shown:
                yield False
            elif mutant.change is not None:
                differs = self._changes(mutant.change, index, witness.environment)
                if kind == "contradiction":
                    differs = evaluate(mutant.change.after, witness.environment).value is True
                yield differs
            else:
                held = [witness.situation.holds(one) for one in mutant.conditions]
                yield not held or any(value is not False for value in held)

    def _turned(self, mutant: Mutant, witness: Witness, patient: Patient, planner: Planner) -> bool:
        """Whether a fault in the manifest may change the plan of a patient whose facts it leaves as
        they are: where a setting changed, some expression that names it gives something else."""
        if mutant.owner.kind != "manifest":
            return False
        if mutant.path[0] != "settings" or witness.environment is None:
            return True
        name = mutant.path[1]
        if name in msgspec.structs.asdict(self.guideline.manifest.scales).values():
            return True
        where = environment(patient, planner.guideline)
        return any(
            evaluate(one, witness.environment).value != evaluate(one, where).value
            for one in self._naming(name)
        )

    def _naming(self, name: str) -> tuple[Expression, ...]:
        found = self._named.get(name)
        if found is None:
            every = (site.expression for owner in owners(self.guideline) for site in sites(owner))
            found = self._named[name] = tuple(one for one in every if name in names(one))
        return found

    def _changes(self, change: Change, index: int, where: Environment) -> bool | None:
        if self._before is None or self._before[0].before is not change.before:
            values = tuple(
                None if one.environment is None else _value(change, one.environment)
                for one in self.witnesses
            )
            self._before = change, values
        before = self._before[1][index]
        after = evaluate(change.after, where).value
        if before != after:
            return True
        return None if before is None else False


def _value(change: Change, where: Environment) -> Value:
    return evaluate(change.before, where).value


def _witnesses(planner: Planner, vignettes: Iterable[Vignette]) -> Iterator[Witness]:
    guideline = planner.guideline
    for vignette in vignettes:
        try:
            patient = read_case(vignette.case, guideline, as_of=vignette.as_of)
        except CaseError as error:
            if {fault.code for fault in error.faults} == set(vignette.expect.refused):
                yield Witness(vignette, None, None, None, frozenset())
            continue
        situation, plan = planner.situation(patient), planner.plan(patient)
        if vignette.expect.refused or any(differences(situation, plan, vignette.expect)):
            continue
        shown = {("drug", one.id) for one in plan.drugs}
        shown |= {("decision", one.id) for one in plan.decisions}
        shown |= {("advice", one.id) for one in plan.advice}
        where = environment(patient, guideline)
        yield Witness(vignette, patient, situation, where, frozenset(shown))


def _may_notice(expect: Expectation, mutant: Mutant) -> bool:
    """Whether anything that is expected lies where the fault may be seen: a fault in one decision,
    advice or alert does not show in another, but may in whatever is about several."""
    id_ = mutant.owner.id
    match mutant.owner.kind:
        case "decision":
            own = id_ in expect.decisions
        case "advice":
            own = id_ in expect.advice
        case "alert":
            own = id_ in expect.alerts
        case _:
            return True
    return own or id_ in expect.notes or _of_the_whole(expect)


def _of_the_whole(expect: Expectation) -> bool:
    return bool(
        expect.outside is not None
        or expect.drugs
        or expect.alerts
        or expect.hazards
        or expect.topics
        or expect.elsewhere
        or expect.doses
        or expect.calendar
        or expect.taper
        or expect.cites
        or expect.disputes
        or _speaks_of_needs(expect)
    )


def _speaks_of_needs(expect: Expectation) -> bool:
    words = (expect.headline_has, expect.headline_lacks)
    return bool(
        expect.needs or expect.needs_not or any(side for one in words for side in (one.zh, one.en))
    )


def _names_under(guideline: Guideline) -> Mapping[str, Container[str]]:
    """For each drug, decision, advice and alert: all names that its expressions stand on."""
    depends = dependencies(guideline)
    return {
        owner.id: chains(
            (name for site in sites(owner) for name in names(site.expression)), depends
        ).keys()
        for owner in owners(guideline)
        if owner.kind in ("drug", "decision", "advice", "alert")
    }


def _fails(planner: Planner, witness: Witness, mutant: Mutant, turned: _Turned) -> bool:
    patient, expect = witness.patient, witness.vignette.expect
    if mutant.owner.kind in READING or patient is None:
        try:
            patient = read_case(
                witness.vignette.case, planner.guideline, as_of=witness.vignette.as_of
            )
        except CaseError as error:
            return {fault.code for fault in error.faults} != set(expect.refused)
        if expect.refused:
            return True
        same = _known(patient) == _known(witness.patient)
        if same and not _speaks_of_needs(expect) and not turned(mutant, witness, patient, planner):
            return False
    try:
        situation = planner.situation(patient)
        shown = without_plan(situation, expect)
        if shown is None:
            shown = differences(situation, planner.plan(patient), renamed(expect, mutant))
    except (ArithmeticError, LanguageError, ValueError):
        return True
    return any(shown)


def _known(patient: Patient | None) -> Mapping[str, object]:
    """All that a plan can take from the reading of a case."""
    facts = {} if patient is None else patient.facts
    return {id_: (state.value, state.reason, state.origin) for id_, state in facts.items()}


def renamed(expect: Expectation, mutant: Mutant) -> Expectation:
    """The same expectation of a rule whose condition is now written otherwise: that its text has
    changed must not count as having noticed the fault."""
    if mutant.change is None:
        return expect
    id_, replace = mutant.owner.id, msgspec.structs.replace
    words = cql(mutant.change.before), cql(mutant.change.after)
    if mutant.kind == "note":
        notes = {**expect.notes, id_: _key(expect.notes.get(id_, {}), *words)}
        return replace(expect, notes=notes)
    if id_ in expect.hazards:
        hazards = {**expect.hazards, id_: _key(expect.hazards[id_], *words)}
        return replace(expect, hazards=hazards)
    decision = expect.decisions.get(id_)
    if decision is None:
        return expect
    candidates = {
        name: replace(one, reasons=_key(one.reasons, *words)) if name in mutant.path else one
        for name, one in decision.candidates.items()
    }
    changed = replace(decision, candidates=candidates)
    return replace(expect, decisions={**expect.decisions, id_: changed})


def _key(wanted: dict[str, _Stands], before: str, after: str) -> dict[str, _Stands]:
    return {after if text == before else text: value for text, value in wanted.items()}
