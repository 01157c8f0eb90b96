"""Two versions of a guideline: every change is found where it is, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.plan.diff.knowledge import changed_items
from myorx.plan.diff.model import Edit, ItemChange
from myorx.plan.diff.run import diff
from tests.plan.conftest import FOLDER


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Guideline]:
    """The invented guideline with changes: (file, old text, new text)."""

    def change(*changes: tuple[str, str, str]) -> Guideline:
        folder = tmp_path / "invented"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(FOLDER, folder)
        for name, old, new in changes:
            text = (folder / name).read_text(encoding="utf-8")
            assert old in text
            (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_folder(folder)

    return change


def edits(a: Guideline, b: Guideline) -> dict[tuple[str, str], tuple[Edit, ...]]:
    return {(item.kind, item.id): item.edits for item in changed_items(a, b)}


def test_a_guideline_does_not_differ_from_itself(
    guideline: Guideline, changed: Callable[..., Guideline]
) -> None:
    vignettes, _ = load_vignettes(FOLDER)
    found = diff(guideline, changed(), vignettes, vignettes)
    assert found.same
    assert (found.items, found.vignettes, found.cases) == ((), (), len(vignettes))


@pytest.mark.parametrize(
    ("change", "where", "edit"),
    [
        (
            ("definitions.yaml", "age > 60", "age > 65"),
            ("definition", "old"),
            Edit("expression", "age > 60", "age > 65"),
        ),
        (
            ("definitions.yaml", "marker and severe", "severe and marker"),
            ("definition", "dangerous"),
            Edit("expression", "marker and severe", "severe and marker", same_meaning=True),
        ),
        (
            ("guideline.yaml", 'value: "2"', 'value: "3"'),
            ("manifest", "invented"),
            Edit("settings[several_means].value", "2", "3"),
        ),
        (
            ("decisions/induction.yaml", "when: several", "when: high_lab"),
            ("decision", "induction"),
            Edit("candidates[single_omega].for[0].when", "several", "high_lab"),
        ),
        (
            ("drugs/alpha.yaml", "cap: 80 'mg/d'", "cap: 60 'mg/d'"),
            ("drug", "alpha"),
            Edit("regimens[initial].dose.cap", "80 'mg/d'", "60 'mg/d'"),
        ),
        (
            ("alerts.yaml", "level: critical", "level: warning"),
            ("alert", "dangerous"),
            Edit("level", "critical", "warning"),
        ),
        (
            ("advice/all.yaml", "when: fever", "when: not fever"),
            ("advice", "watch_fever"),
            Edit("when", "fever", "not fever"),
        ),
        (
            ("facts/patient.yaml", "max_age: lab_max_age, ", ""),
            ("fact", "lab"),
            Edit("max_age", "lab_max_age", None),
        ),
        (
            ("ledger/0.yaml", "en: give calcium-like supplement", "en: give it"),
            ("statement", "S1.9"),
            Edit("says.en", "give calcium-like supplement", "give it"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_one_change_is_one_edit(
    guideline: Guideline,
    changed: Callable[..., Guideline],
    change: tuple[str, str, str],
    where: tuple[str, str],
    edit: Edit,
) -> None:
    assert edits(guideline, changed(change)) == {where: (edit,)}


def test_one_more_hazard_is_one_addition_and_back_one_removal(
    guideline: Guideline, changed: Callable[..., Guideline]
) -> None:
    later = changed(
        ("drugs/beta.yaml", "hazards:\n", "hazards:\n  - {caution: fever, cites: [S1.6]}\n")
    )
    assert edits(guideline, later) == {
        ("drug", "beta"): (
            Edit("hazards[0].caution", None, "fever"),
            Edit("hazards[0].cites", None, "S1.6"),
        )
    }
    assert edits(later, guideline) == {
        ("drug", "beta"): (
            Edit("hazards[0].caution", "fever", None),
            Edit("hazards[0].cites", "S1.6", None),
        )
    }


def test_another_kind_of_hazard(guideline: Guideline, changed: Callable[..., Guideline]) -> None:
    later = changed(("drugs/beta.yaml", "exclude: pregnant", "caution: pregnant"))
    assert edits(guideline, later)["drug", "beta"] == (
        Edit("hazards[0].exclude", "pregnant", None),
        Edit("hazards[0].caution", None, "pregnant"),
    )


def test_candidates_in_another_order(guideline: Guideline) -> None:
    decision = guideline.decisions["start"]
    induction = guideline.decisions["induction"]
    turned = msgspec.structs.replace(induction, candidates=induction.candidates[::-1])
    later = msgspec.structs.replace(guideline, decisions={"induction": turned, "start": decision})
    ids = [candidate.id for candidate in induction.candidates]
    assert edits(guideline, later) == {
        ("decision", "induction"): (
            Edit("candidates(order)", ", ".join(ids), ", ".join(ids[::-1])),
        )
    }


def test_objects_added_and_removed(guideline: Guideline) -> None:
    rest = {id_: drug for id_, drug in guideline.drugs.items() if id_ != "omega"}
    later = msgspec.structs.replace(guideline, drugs=rest)
    names = guideline.drugs["omega"].names
    assert list(changed_items(guideline, later)) == [ItemChange("drug", "omega", "removed", names)]
    assert list(changed_items(later, guideline)) == [ItemChange("drug", "omega", "added", names)]


# -- vignettes ---------------------------------------------------------------------------------


def test_the_vignettes_whose_result_changes_are_named_with_what_changes(
    guideline: Guideline, changed: Callable[..., Guideline]
) -> None:
    vignettes, _ = load_vignettes(FOLDER)
    later = changed(("drugs/epsilon.yaml", "exclude: marker", "exclude: not marker"))
    found = diff(guideline, later, vignettes, vignettes)
    (vignette,) = found.vignettes
    assert (vignette.id, vignette.case_of) == ("severe_woman", "both")
    stands = {
        (change.kind, change.id): (change.before and change.before.status, change.after)
        for change in vignette.changes
    }
    before, after = stands["candidate", "induction/epsilon_alone"]
    assert before == "excluded"
    assert after is not None
    assert after.status == "option"


def test_a_case_that_is_refused_under_one_of_them(
    guideline: Guideline, changed: Callable[..., Guideline]
) -> None:
    vignettes, _ = load_vignettes(FOLDER)
    wider = changed(("facts/patient.yaml", 'plausible: ["2", "300"]', 'plausible: ["1", "99999"]'))
    found = diff(guideline, wider, vignettes, vignettes)
    (vignette,) = found.vignettes
    assert (vignette.id, vignette.refused_before, vignette.refused_after) == (
        "impossible",
        ("implausible",),
        (),
    )
    back = diff(wider, guideline, vignettes, vignettes)
    assert back.vignettes[0].refused_after == ("implausible",)


def test_cases_of_both_sides_are_run_and_a_changed_one_from_each(
    guideline: Guideline, changed: Callable[..., Guideline]
) -> None:
    (woman, impossible), _ = load_vignettes(FOLDER)
    older = msgspec.structs.replace(woman, case={**woman.case, "age": 70})
    later = changed(("drugs/epsilon.yaml", "exclude: marker", "exclude: not marker"))
    found = diff(guideline, later, [woman], [older, impossible])
    assert found.cases == 3
    assert [(change.id, change.case_of) for change in found.vignettes] == [
        ("severe_woman", "b"),
        ("severe_woman", "a"),
    ]
    assert (found.a.vignettes, found.b.vignettes) == (1, 2)


def test_without_vignettes_the_files_alone_are_compared(
    guideline: Guideline, changed: Callable[..., Guideline]
) -> None:
    found = diff(guideline, changed(("definitions.yaml", "age > 60", "age > 65")))
    assert (found.cases, found.vignettes, found.same) == (0, (), False)
    assert found.a.vignettes is None
