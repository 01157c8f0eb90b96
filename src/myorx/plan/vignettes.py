"""Running vignettes: a case, its plan, and every expectation that the plan does not meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from myorx.facts import CaseError, read_case
from myorx.guideline.models import Guideline, Note
from myorx.guideline.positions import Place, Positions
from myorx.guideline.vignettes import (
    CandidateExpectation,
    DecisionExpectation,
    Expectation,
    TaperExpectation,
    Vignette,
    load_vignettes,
)
from myorx.language import cql
from myorx.plan.assemble import Planner
from myorx.plan.model import (
    Calendar,
    CalendarEntry,
    CandidateResult,
    DecisionResult,
    DoseLine,
    PartResult,
    Plan,
    Remark,
)
from myorx.plan.needs import doses
from myorx.plan.situation import Situation
from myorx.plan.values import shown


class Difference(NamedTuple):
    """One expectation that was not met. ``path`` leads to it inside ``expect``."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


class Outcome(NamedTuple):
    """What came of one vignette, and where each difference stands in the files."""

    vignette: Vignette
    plan: Plan | None
    """None: the case was refused."""
    differences: tuple[Difference, ...]
    places: tuple[str, ...]
    """``file:line`` of each difference."""

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.differences

    def __str__(self) -> str:
        lines = [f"{self.vignette.id}: {'passed' if self.passed else 'FAILED'}"]
        pairs = zip(self.places, self.differences, strict=True)
        lines += [f"  {place}: {difference}" for place, difference in pairs]
        return "\n".join(lines)


def run_vignettes(
    guideline: Guideline, folder: Path, only: Iterable[str] = ()
) -> tuple[Outcome, ...]:
    """Run the vignettes of a guideline folder, or only those named.

    Raises GuidelineError for vignettes that cannot be read, KeyError for a name that is none.
    """
    vignettes, positions = load_vignettes(folder)
    by_id = {vignette.id: vignette for vignette in vignettes}
    planner = Planner(guideline)
    return tuple(
        run_vignette(planner, by_id[name], positions) for name in (tuple(only) or tuple(by_id))
    )


def run_vignette(planner: Planner, vignette: Vignette, positions: Positions | None) -> Outcome:
    """Run one vignette."""
    plan, differences = _run(planner, vignette)
    places = tuple(_place(vignette, difference.path, positions) for difference in differences)
    return Outcome(vignette, plan, differences, places)


def _run(planner: Planner, vignette: Vignette) -> tuple[Plan | None, tuple[Difference, ...]]:
    expect = vignette.expect
    try:
        patient = read_case(vignette.case, planner.guideline, as_of=vignette.as_of)
    except CaseError as error:
        codes = sorted({fault.code for fault in error.faults})
        if sorted(set(expect.refused)) == codes:
            return None, ()
        wanted = ", ".join(sorted(set(expect.refused))) or "the case to be accepted"
        return None, (Difference("refused", wanted, f"refused: {', '.join(codes)}"),)
    plan = planner.plan(patient)
    if expect.refused:
        return plan, (Difference("refused", ", ".join(expect.refused), "accepted"),)
    return plan, tuple(differences(planner.situation(patient), plan, expect))


def _place(vignette: Vignette, path: str, positions: Positions | None) -> str:
    if positions is None:
        return vignette.id
    spot = positions.spot(Place("vignette", vignette.id, f"expect.{path}"))
    return f"{spot.file}:{spot.line}"


# -- comparing ---------------------------------------------------------------------------------


def without_plan(situation: Situation, expect: Expectation) -> Iterator[Difference] | None:
    """The same where facts and findings are all that is expected: no plan need be made; else None.

    The facts and the situation alone decide it, at a tenth of the time.
    """
    bare = Expectation(facts=expect.facts, findings=expect.findings)
    return _facts(situation, expect) if expect == bare else None


def differences(situation: Situation, plan: Plan, expect: Expectation) -> Iterator[Difference]:
    """Every expectation that the plan of a patient (in this situation) does not meet."""
    if expect.outside is not None:
        outside = plan.outside_guideline is not None
        yield from _same("outside", _word(expect.outside), _word(outside))
    yield from _decisions(plan, expect.decisions)
    verdicts = {drug.id: drug.verdict for drug in plan.drugs}
    yield from _each("drugs", expect.drugs, verdicts)
    yield from _hazards(situation, plan, expect.hazards)
    told = noted(situation, plan) if expect.notes else {}
    for name, notes in expect.notes.items():
        yield from _each(f"notes.{name}", notes, told.get(name, {}))
    yield from _not_covered(situation, plan, expect)
    alerts = {alert.id: "possible" if alert.possible else alert.level for alert in plan.alerts}
    yield from _each("alerts", expect.alerts, alerts)
    yield from _each("advice", expect.advice, {item.id: item.status for item in plan.advice})
    yield from _doses(plan, expect.doses)
    yield from _calendar(plan.calendar or Calendar(), expect)
    yield from _needs(plan, expect)
    yield from _facts(situation, expect)
    yield from _members("cites", expect.cites, [item.id for item in plan.statements])
    yield from _members("disputes", expect.disputes, [item.id for item in plan.disputes])
    yield from _headline(plan, expect)


def _same(path: str, expected: str | None, found: str) -> Iterator[Difference]:
    if expected is not None and expected != found:
        yield Difference(path, expected, found)


def _each(path: str, expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Difference]:
    for name, value in expected.items():
        yield from _same(f"{path}.{name}", value, found.get(name, "absent"))


def _members(path: str, expected: Iterable[str], found: Iterable[str]) -> Iterator[Difference]:
    listed = tuple(found)
    for index, name in enumerate(expected):
        if name not in listed:
            yield Difference(f"{path}[{index}]", name, ", ".join(listed) or "none")


def _word(value: bool) -> str:
    return "true" if value else "false"


# -- decisions ---------------------------------------------------------------------------------


def _decisions(plan: Plan, expected: Mapping[str, DecisionExpectation]) -> Iterator[Difference]:
    results = {decision.id: decision for decision in plan.decisions}
    for name, expectation in expected.items():
        result = results.get(name)
        path = f"decisions.{name}"
        yield from _same(
            f"{path}._status", expectation.status, result.status if result else "absent"
        )
        if result is not None:
            gaps = [gap.id for gap in result.gaps]
            yield from _members(f"{path}._gaps", expectation.gaps, gaps)
            values = dict.fromkeys(expectation.gaps_are, "false")
            values.update((gap.id, gap.value) for gap in result.gaps)
            yield from _each(f"{path}._gaps_are", expectation.gaps_are, values)
            yield from _order(f"{path}._order", expectation.order, result)
        for candidate, wanted in expectation.candidates.items():
            yield from _candidate(f"{path}.{candidate}", wanted, _find(result, candidate))


def _order(path: str, expected: tuple[str, ...], result: DecisionResult) -> Iterator[Difference]:
    found = tuple(one.id for one in result.candidates if one.id in expected)
    if found != expected:
        yield Difference(path, ", ".join(expected), ", ".join(found) or "none")


def _find(decision: DecisionResult | None, candidate: str) -> CandidateResult | None:
    for result in decision.candidates if decision is not None else ():
        if result.id == candidate:
            return result
    return None


def _candidate(
    path: str, wanted: CandidateExpectation, found: CandidateResult | None
) -> Iterator[Difference]:
    if found is None:
        yield Difference(path, wanted.status or "to be there", "absent")
        return
    yield from _same(path, wanted.status, found.status)
    yield from _same(f"{path}.indication", wanted.indication, found.indication)
    for name in ("provisional", "reserved"):
        value = getattr(wanted, name)
        if value is not None:
            yield from _same(f"{path}.{name}", _word(value), _word(getattr(found, name)))
    safety = {part.id: part.safety for part in _all_parts(found.parts)}
    yield from _each(f"{path}.parts", wanted.parts, safety)
    reasons = {reason.text: reason.value for reason in found.reasons}
    yield from _each(f"{path}.reasons", wanted.reasons, reasons)


def _all_parts(parts: Iterable[PartResult]) -> Iterator[PartResult]:
    """Members before their class, so that a part's own verdict wins over a member's."""
    for part in parts:
        yield from _all_parts(part.members)
        yield part


# -- hazards -----------------------------------------------------------------------------------


def _hazards(
    situation: Situation, plan: Plan, expected: Mapping[str, Mapping[str, str]]
) -> Iterator[Difference]:
    """How single hazards of a drug stand, where the plan has a verdict on the drug."""
    results = {drug.id: drug for drug in plan.drugs}
    for name, wanted in expected.items():
        found: dict[str, str] = {}
        if name in results:
            stated = situation.guideline.drugs[name].hazards
            found = dict.fromkeys((cql(hazard.when.expression) for hazard in stated), "false")
            found.update((reason.text, reason.value) for reason in results[name].hazards)
        yield from _each(f"hazards.{name}", wanted, found)


def noted(situation: Situation, plan: Plan) -> Mapping[str, Mapping[str, str]]:
    """For each drug, decision and advice of the plan: its notes that have a condition, by that, and
    whether they are shown."""
    guideline = situation.guideline
    found: dict[str, dict[str, str]] = defaultdict(dict)  # a drug and an advice may share an id
    for drug in plan.drugs:
        found[drug.id] |= _noted(situation, guideline.drugs[drug.id].notes, drug.notes)
    for item in plan.advice:
        found[item.id] |= _noted(situation, guideline.advice[item.id].notes, item.notes)
    for result in plan.decisions:
        decision = guideline.decisions[result.id]
        stated = [note for one in decision.candidates for note in one.notes]
        remarks = [remark for one in result.candidates for remark in one.notes]
        found[result.id] |= _noted(situation, (*decision.notes, *stated), (*result.notes, *remarks))
    return found


def _noted(
    situation: Situation, stated: Iterable[Note], remarks: Iterable[Remark]
) -> dict[str, str]:
    shown_notes = tuple(remarks)
    return {
        cql(note.when.expression): (
            "shown" if situation.wording.remark(note) in shown_notes else "absent"
        )
        for note in stated
        if note.when is not None
    }


def _not_covered(situation: Situation, plan: Plan, expect: Expectation) -> Iterator[Difference]:
    topics = {drug.id: sorted(drug.not_covered) for drug in plan.drugs}
    for name, wanted in expect.topics.items():
        found = ", ".join(topics.get(name, ())) or "none"
        yield from _same(f"topics.{name}", ", ".join(sorted(wanted)) or "none", found)
    said = {remark.says for remark in plan.not_covered}
    elsewhere = situation.guideline.manifest.elsewhere
    named = {topic.id: "shown" for topic in elsewhere if topic.says in said}
    yield from _each("elsewhere", expect.elsewhere, named)


# -- doses, needs, facts, headline -------------------------------------------------------------


def _doses(plan: Plan, expected: Mapping[str, str]) -> Iterator[Difference]:
    lines = tuple(_dose_lines(plan))
    for drug, wanted in expected.items():
        found = [line for line in lines if line.drug == drug]
        if not any(_gives(line, wanted) for line in found):
            said = [line.says.en for line in found]
            yield Difference(f"doses.{drug}", wanted, " | ".join(dict.fromkeys(said)) or "absent")


def _dose_lines(plan: Plan) -> Iterator[DoseLine]:
    for decision in plan.decisions:
        for candidate in decision.candidates:
            yield from doses(candidate.parts)
    for item in plan.advice:
        yield from doses(item.parts)


def _gives(line: DoseLine, wanted: str) -> bool:
    if wanted == "withheld":
        return line.withheld is not None
    return line.withheld is None and (line.amount == wanted or wanted in line.says.en)


def _calendar(calendar: Calendar, expect: Expectation) -> Iterator[Difference]:
    if expect.taper is not None:
        yield from _taper(calendar, expect.taper)
    found = {entry.id: when_due(entry) for entry in calendar.entries}
    said = {entry.id: entry.says.en for entry in calendar.entries if entry.when_known is not None}
    for name, wanted in expect.calendar.items():
        if wanted != said.get(name):
            yield from _same(f"calendar.{name}", wanted, found.get(name, "absent"))


def _taper(calendar: Calendar, wanted: TaperExpectation) -> Iterator[Difference]:
    if not calendar.tapers:
        yield from _same("taper", wanted.state, "absent")
        return
    outlook = calendar.tapers[0]
    plan = outlook.plan
    steps = plan.steps if plan is not None else ()
    found = {
        "earliest": outlook.earliest,
        "dose": plan.dose if plan is not None else None,
        "target": plan.target if plan is not None else None,
        "last": steps[-1].dose if steps else None,
        "steps": len(steps),
        "days": plan.days if plan is not None else None,
        "reached": plan.reached if plan is not None else None,
        "cautioned": sum(step.caution is not None for step in steps),
    }
    yield from _same("taper.state", wanted.state, outlook.state)
    for name, listed, is_ in (
        ("doses", wanted.doses, [step.dose for step in steps]),
        ("tablets", wanted.tablets, [step.tablets for step in steps]),
    ):
        if listed:
            yield from _same(f"taper.{name}", ", ".join(listed), ", ".join(is_))
    for name, value in found.items():
        expected = getattr(wanted, name)
        if expected is not None:
            yield from _same(f"taper.{name}", str(expected), str(value))


def when_due(entry: CalendarEntry) -> str:
    """When something is due, as a vignette writes it."""
    if entry.first is None:
        return "when_known" if entry.when_known is not None else "in_words"
    if entry.passed:
        return "passed"
    if entry.dates:
        return entry.dates[0]
    return entry.first if entry.last in (None, entry.first) else f"{entry.first}–{entry.last}"


def _needs(plan: Plan, expect: Expectation) -> Iterator[Difference]:
    asked = [need.fact for need in plan.needs]
    yield from _members("needs", expect.needs, asked)
    for index, name in enumerate(expect.needs_not):
        if name in asked:
            yield Difference(f"needs_not[{index}]", f"not to ask {name}", "asked")


def _facts(situation: Situation, expect: Expectation) -> Iterator[Difference]:
    for name, wanted in expect.facts.items():
        value = shown(situation.value(name))
        if wanted not in (value, value.partition(" ")[0]):
            yield Difference(f"facts.{name}", wanted, value)
    for name, wanted in expect.findings.items():
        definition = situation.guideline.definitions[name]
        value = shown(situation.trace(definition.expression.expression).value)
        yield from _same(f"findings.{name}", wanted, value)


def _headline(plan: Plan, expect: Expectation) -> Iterator[Difference]:
    for lang in ("zh", "en"):
        said = "\n".join(getattr(line.says, lang) for line in plan.headline)
        for index, words in enumerate(getattr(expect.headline_has, lang)):
            if words not in said:
                yield Difference(f"headline_has.{lang}[{index}]", repr(words), f"\n{said}")
        for index, words in enumerate(getattr(expect.headline_lacks, lang)):
            if words in said:
                yield Difference(f"headline_lacks.{lang}[{index}]", f"no {words!r}", f"\n{said}")
