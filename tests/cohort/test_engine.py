"""The whole guideline over columns says what the plan says, for random cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.cohort.engine import Engine
from myorx.cohort.rows import batch_of_cases
from myorx.guideline.load import load, load_folder
from myorx.guideline.models import Guideline
from myorx.language import Trace, needs
from myorx.language.columns import unpack
from myorx.plan import Planner
from myorx.plan.decisions import judge_decisions
from myorx.plan.formulas import PartStanding, Standing, Weighed
from myorx.plan.situation import Situation
from myorx.plan.truth import all_of, any_of
from tests.cohort.reference import differences, said_of, written_cases
from tests.conftest import PROFILE, SOAK

TESTS = Path(__file__).parent.parent
FOLDERS = {"clinic": TESTS / "facts" / "clinic", "invented": TESTS / "plan" / "guideline"}
CASES = {"aim": 400, "invented": 200}


def guideline_of(name: str) -> Guideline:
    return load_folder(FOLDERS[name]) if name in FOLDERS else load(name)


@pytest.mark.parametrize("name", CASES)
def test_every_status_of_random_cases(name: str) -> None:
    guideline = guideline_of(name)
    engine, planner = Engine(guideline), Planner(guideline)
    count = CASES[name] * (SOAK if PROFILE == "soak" else 1)
    cases = list(written_cases(guideline, count, seed=11))
    found = engine.run(batch_of_cases([case for _, case, _ in cases], guideline))
    columns = found.batch().to_pydict()
    for row, (source, _, patient) in enumerate(cases):
        assert not differences(engine, columns, row, said_of(planner, patient)), source
    if name == "aim":  # else the cases would not test what they are for
        assert found.stale
        assert found.refused
        assert len(set(columns["d_ild_induction"])) > 2


def test_which_arguments_fired() -> None:
    """Bit by bit what the bedside says of each argument, for every candidate and drug."""
    guideline = guideline_of("aim")
    engine, planner = Engine(guideline), Planner(guideline)
    cases = list(written_cases(guideline, 40, seed=13))
    batch = batch_of_cases([case for _, case, _ in cases], guideline)
    found = engine.run(batch, fired=True)
    fired = found.fired()
    names = {each.name: place for place, each in enumerate(engine.arguments)}
    met = 0
    for row, (_, _, patient) in enumerate(cases):
        situation = planner.situation(patient)
        owners = {f"v_{drug.id}": drug.hazards for drug in guideline.drugs.values()}
        owners |= {f"a_{advice.id}": advice.arguments for advice in guideline.advice.values()}
        for decision in guideline.decisions.values():
            for candidate in decision.candidates:
                owners[f"c_{decision.id}__{candidate.id}"] = candidate.arguments
        assert len(names) == sum(len(arguments) for arguments in owners.values())
        for owner, arguments in owners.items():
            for place, argument in enumerate(arguments):
                bit = names[f"{owner}:{place}"]
                is_set = bool(int(fired[row, bit // 64]) >> bit % 64 & 1)
                assert is_set == (situation.holds(argument.when) is True), (owner, place)
                met += is_set
    assert met
    assert found.batch() == engine.run(batch).batch()


def test_which_fact_blocks_whom() -> None:
    """The facts named are those that the bedside's needs name, hazard by hazard."""
    guideline = guideline_of("aim")
    engine, planner = Engine(guideline), Planner(guideline)
    cases = list(written_cases(guideline, 60, seed=12))
    found = engine.run(batch_of_cases([case for _, case, _ in cases], guideline), explain=True)
    standing = engine.standing
    blocked = 0
    for row, (_, _, patient) in enumerate(cases):
        situation = planner.situation(patient)
        expected = set()
        for decision in judge_decisions(situation):
            for candidate in decision.candidates:
                if candidate.status == "blocked":
                    stands = standing.decisions[decision.id].candidates[candidate.id]
                    subject = f"{decision.id}/{candidate.id}"
                    facts = open_facts(stands.arguments, stands.parts, standing, situation)
                    expected |= {(subject, fact) for fact in facts}
        named = {
            (block.subject, block.fact)
            for place, block in enumerate(engine.blocks)
            if block.kind == "candidate" and unpack(found.block(place))[row]
        }
        assert named == expected
        blocked += len(named)
    assert blocked


def open_facts(
    arguments: tuple[Weighed, ...],
    parts: tuple[PartStanding, ...],
    standing: Standing,
    situation: Situation,
) -> Iterator[str]:
    """The facts under the unknown exclusions of a blocked candidate, by ``language.needs``."""
    for each in arguments:
        if each.argument.kind == "exclude":
            yield from facts_under(situation.trace(each.argument.when.expression))
    for part in parts:
        stuck = any_of(exclusions_of(part, standing, situation))
        if part.is_class:
            members = [any_of(exclusions_of(m, standing, situation)) for m in part.members]
            stuck = all_of(members)
        if stuck is None:
            hazards = () if part.is_class else standing.drugs[part.id].hazards
            yield from open_facts(hazards, part.members, standing, situation)


def exclusions_of(
    part: PartStanding, standing: Standing, situation: Situation
) -> list[bool | None]:
    if part.is_class:
        return []
    hazards = standing.drugs[part.id].hazards
    return [
        situation.holds(each.argument.when) for each in hazards if each.argument.kind == "exclude"
    ]


def facts_under(trace: Trace) -> Iterator[str]:
    """Like ``language.needs``, and through definitions."""
    yield from needs(trace)


def test_a_guideline_whose_weight_may_be_contradicted_is_refused() -> None:
    with pytest.raises(ValueError, match="simply given"):
        batch_of_cases([], guideline_of("clinic"))
