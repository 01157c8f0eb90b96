"""Claims: a planted fault of each kind is found, with a patient who shows it in the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

import pytest

z3 = pytest.importorskip("z3", reason="the extra proof is not installed")

from msgspec.structs import replace  # noqa: E402

from myorx.facts import read_case  # noqa: E402
from myorx.guideline.load import GUIDELINES, load, load_folder  # noqa: E402
from myorx.guideline.models import (  # noqa: E402
    Argument,
    ArgumentKind,
    Candidate,
    Decision,
    Guideline,
    Inference,
    Yield,
)
from myorx.guideline.texts import Condition, Text  # noqa: E402
from myorx.guideline.theorems import Theorem, load_theorems  # noqa: E402
from myorx.language import parse  # noqa: E402
from myorx.plan import Planner  # noqa: E402
from myorx.plan.formulas import Weighed, candidates, drugs, negate, parts  # noqa: E402
from myorx.plan.formulas.truth import Truth  # noqa: E402
from myorx.proof import numbers  # noqa: E402
from myorx.proof.claim import KINDS, Result  # noqa: E402
from myorx.proof.kinds.stated import UnknownSubjectError  # noqa: E402
from myorx.proof.prove import Prover  # noqa: E402
from myorx.proof.replay import said  # noqa: E402
from tests.plan.conftest import FOLDER  # noqa: E402

SAYS = Text("定理", "a theorem")
SECONDS = 30.0


@cache
def invented() -> Guideline:
    return load_folder(FOLDER)


@cache
def shipped() -> Prover:
    return Prover(load("aim"), load_theorems(GUIDELINES / "aim")[0], SECONDS)


def when(text: str) -> Condition:
    return Condition(text, parse(text))


def prove(guideline: Guideline, *names: str, theorems: tuple[Theorem, ...] = ()) -> list[Result]:
    return list(Prover(guideline, theorems, SECONDS).results(names))


def failing(guideline: Guideline, *names: str, theorems: tuple[Theorem, ...] = ()) -> list[Result]:
    """What does not hold; every counter-example is one that the planner confirms."""
    found = [
        each for each in prove(guideline, *names, theorems=theorems) if each.outcome != "holds"
    ]
    for each in found:
        assert each.outcome == "fails", each
        assert each.example is None or each.example.reproduced
    return found


def with_drug(
    name: str, change: Callable[[tuple[Argument, ...]], tuple[Argument, ...]]
) -> Guideline:
    guideline = invented()
    drug = replace(guideline.drugs[name], hazards=change(guideline.drugs[name].hazards))
    return replace(guideline, drugs={**guideline.drugs, name: drug})


def with_decision(name: str, change: Callable[[Decision], Decision]) -> Guideline:
    guideline = invented()
    decisions = {**guideline.decisions, name: change(guideline.decisions[name])}
    return replace(guideline, decisions=decisions)


NO_BETA = Theorem(
    id="no_beta_unless_not_pregnant",
    says=SAYS,
    unless=when("not pregnant"),
    never={"offer:beta": ("recommended", "option", "contested", "undetermined")},
)


# -- nothing is wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_invented_guideline(kind: str) -> None:
    theorems = (NO_BETA,)
    results = prove(invented(), kind, theorems=theorems)
    assert results or kind == "classification"
    wrong = {each.id: each.outcome for each in results if each.outcome != "holds"}
    # Nothing can be said for this one: whom the decision is about is severe.
    dead = {f"alive:induction/nothing/{word}": "fails" for word in ("offered",)}
    assert wrong == (dead if kind == "alive" else {})


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("alive", "numbers")])
def test_what_is_claimed_of_the_shipped_guideline(kind: str) -> None:
    results = list(shipped().results((kind,)))
    assert results
    assert [each.id for each in results if each.outcome != "holds"] == []


# -- a planted fault of each kind ------------------------------------------------------------------


def test_a_hazard_that_was_dropped_fails_the_theorem() -> None:
    guideline = with_drug("beta", lambda hazards: hazards[1:])
    (found,) = failing(guideline, "stated", theorems=(NO_BETA,))
    example = found.example
    assert example is not None
    assert not example.assumed
    # The case by itself, read and planned afresh, shows what the theorem forbids.
    patient = read_case(example.case, guideline, as_of=example.as_of)
    plan = Planner(guideline).plan(patient)
    word = said(plan, "induction/triple")
    assert word.partition(" ")[0] in ("recommended", "option", "contested", "undetermined")
    assert example.plan["induction/triple"] == word
    assert patient.facts["pregnant"].value is not False
    # Nothing in it is there for nothing.
    for name in example.case:
        less = {key: value for key, value in example.case.items() if key != name}
        again = Planner(guideline).plan(read_case(less, guideline, as_of=example.as_of))
        assert said(again, "induction/triple") != word


def test_a_hazard_turned_round_fails_the_theorem() -> None:
    turned = with_drug(
        "beta", lambda hazards: (replace(hazards[0], when=when("not pregnant")), *hazards[1:])
    )
    (found,) = failing(turned, "stated", theorems=(NO_BETA,))
    assert found.example is not None
    assert "pregnant" in found.example.case


def test_an_alert_that_was_narrowed_fails_the_theorem() -> None:
    guideline = invented()
    alert = replace(guideline.alerts["dangerous"], possible=when("severe and marker"))
    narrowed = replace(guideline, alerts={"dangerous": alert})
    theorem = Theorem(
        id="possible_danger_alerts",
        says=SAYS,
        when=when("severe"),
        possible=when("marker"),
        then={"alert:dangerous": ("raised", "possible")},
    )
    assert not failing(guideline, "stated", theorems=(theorem,))
    (found,) = failing(narrowed, "stated", theorems=(theorem,))
    assert found.example is not None
    assert found.example.case == {"severe": True}
    assert found.example.plan == {"alert:dangerous": "absent"}


def test_an_engine_that_reads_unknown_as_safe_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The safety claims rest on the hazards themselves, not on what the engine makes of them."""

    def careless(arguments: Iterable[Weighed], kind: ArgumentKind) -> Truth:
        found = parts.holding(arguments, kind)
        return Truth(found.true, negate(found.true)) if kind == "exclude" else found

    for module in (candidates, drugs):
        monkeypatch.setattr(module, "holding", careless)
    results = prove(invented(), "safety")
    wrong = [each for each in results if each.outcome != "holds"]
    assert [each for each in wrong if each.id.startswith("safety:beta")]
    # The planner itself is careful, so that none of these patients replays.
    assert all(each.outcome == "undecided" for each in wrong)


def test_nothing_beside_something_is_a_contradiction() -> None:
    def careless(decision: Decision) -> Decision:
        def change(candidate: Candidate) -> Candidate:
            if candidate.role == "no_drug":
                argument = Argument("for", when("severe"), strength="常常需要")
                return replace(candidate, arguments=(argument,))
            return candidate

        return replace(decision, candidates=tuple(map(change, decision.candidates)))

    found = failing(with_decision("induction", careless), "contradiction")
    assert [each.id for each in found] == ["contradiction:induction/nothing/triple"]
    assert found[0].example is not None
    assert {word.partition(" ")[0] for word in found[0].example.plan.values()} == {"recommended"}


def test_apart_is_checked_in_pairs() -> None:
    theorem = Theorem(id="one_of_two", says=SAYS, apart=("induction/double", "induction/triple"))
    (found,) = failing(invented(), "stated", theorems=(theorem,))
    assert found.id == "one_of_two/induction/double+induction/triple"


def test_yielding_to_a_decision_that_yields_is_silence() -> None:
    def back(decision: Decision) -> Decision:
        return replace(decision, yield_to=(Yield("start", Text("留", "kept"), ()),))

    found = failing(with_decision("induction", back), "silence")
    assert "silence:start/yields/induction" in [each.id for each in found]


def test_a_rule_that_no_patient_fits_is_dead() -> None:
    def dead(decision: Decision) -> Decision:
        first, *others = decision.candidates
        argument = replace(first.arguments[0], when=when("age > 60 and age < 50"))
        return replace(decision, candidates=(replace(first, arguments=(argument,)), *others))

    found = {each.id for each in failing(with_decision("induction", dead), "alive")}
    assert "alive:induction/triple/for/0/true" in found
    assert "alive:induction/triple/offered" in found
    assert "alive:induction/triple/for/0/false" not in found


def test_a_rule_alive_only_against_a_plausible_range_is_dead() -> None:
    def dead(decision: Decision) -> Decision:
        return replace(decision, applies=when("lab > 100000 'ng/mL'"))

    found = {each.id for each in failing(with_decision("start", dead), "alive")}
    assert "alive:decision:start/true" in found


def classes(*definitions: tuple[str, str], gap: str | None = None) -> tuple[Guideline, Theorem]:
    guideline = invented()
    sample = guideline.definitions["old"]
    made = {
        id_: replace(sample, id=id_, expression=when(text), label=Text(id_, id_))
        for id_, text in definitions
    }
    theorem = Theorem(
        id="ages",
        says=SAYS,
        classes=tuple(made),
        within=when("age >= 0"),
        gap=None if gap is None else when(gap),
    )
    return replace(guideline, definitions={**guideline.definitions, **made}), theorem


def test_a_gap_and_an_overlap_are_found_and_a_known_gap_is_shown() -> None:
    guideline, theorem = classes(("young", "age < 30"), ("middle", "age between 30 and 50"))
    (found,) = failing(guideline, "classification", theorems=(theorem,))
    assert found.id == "ages/gap"
    guideline, theorem = classes(
        ("young", "age <= 30"), ("middle", "age >= 30 and age <= 60"), ("grown", "age > 60")
    )
    (found,) = failing(guideline, "classification", theorems=(theorem,))
    assert found.id == "ages/young+middle"
    assert found.example is not None
    assert found.example.case["age"] == "30"
    guideline, theorem = classes(
        ("young", "age < 30"), ("grown", "age > 60"), gap="age between 30 and 60"
    )
    results = prove(guideline, "classification", theorems=(theorem,))
    assert {each.outcome for each in results} == {"holds"}
    (known,) = [each for each in results if each.id == "ages/known_gap"]
    assert known.example is not None
    assert known.example.reproduced
    assert 30 <= int(str(known.example.case["age"]).strip("<>=")) <= 60
    guideline, theorem = classes(("young", "age < 30"), ("grown", "age >= 30"), gap="age = 30")
    (found,) = failing(guideline, "classification", theorems=(theorem,))
    assert found.id == "ages/known_gap"


def test_silence_that_means_no_is_not_monotone() -> None:
    """Where not knowing one fact makes another one false, learning takes safety back."""
    guideline = invented()
    fact = guideline.facts["pregnant"]
    bold = Inference(parse("false"), Text("未问", "not asked"), when("sex is null"))
    facts = {**guideline.facts, "pregnant": replace(fact, infer=(*fact.infer, bold))}
    found = failing(replace(guideline, facts=facts), "monotone")
    assert found
    example = found[0].example
    assert example is not None
    assert example.before is not None
    assert "sex" not in example.before
    assert "sex" in example.case


# -- numbers ---------------------------------------------------------------------------------------


def test_doses_are_tried_at_every_size() -> None:
    found = {each.id: each for each in numbers.checks(invented())}
    capped = found["numbers:alpha/initial/cap"]
    assert capped.tried == 2981 + 336
    assert capped.fault is None


def test_a_dose_over_its_cap_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    real = numbers.dose_line

    def careless(*arguments: object) -> object:
        line = real(*arguments)  # type: ignore[arg-type]
        return replace(line, amount="85 mg/d") if line.capped else line

    monkeypatch.setattr(numbers, "dose_line", careless)
    (found,) = [each for each in numbers.checks(invented()) if each.id.endswith("/cap")]
    assert found.fault is not None
    assert "85 mg/d > 80 mg/d" in found.fault.en


def test_units_of_a_cap_are_converted() -> None:
    assert numbers._above("0.09 g/d", "80 mg/d")
    assert not numbers._above("0.08 g/d", "80 mg/d")
    assert numbers._above("1 mg/kg", "80 mg/d")
    assert numbers._above("1 mg", None)


# -- theorems --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        ("induction/nobody", "option"),
        ("induction/double", "perhaps"),
        ("drug:nobody", "clear"),
        ("offer:nobody", "option"),
        ("moon:full", "absent"),
    ],
)
def test_a_theorem_about_nothing_is_refused(subject: str, word: str) -> None:
    theorem = Theorem(id="x", says=SAYS, never={subject: (word,)})
    with pytest.raises(UnknownSubjectError):
        Prover(invented(), (theorem,)).claims()


def test_claims_have_names_of_their_own() -> None:
    ids = [claim.id for claim in Prover(load("aim"), (), SECONDS).claims()]
    assert len(ids) == len(set(ids))


def test_an_example_is_of_a_day_that_anyone_can_check() -> None:
    (found,) = failing(
        with_drug("beta", lambda hazards: hazards[1:]), "stated", theorems=(NO_BETA,)
    )
    assert found.example is not None
    assert found.example.as_of == date(2026, 11, 22)
