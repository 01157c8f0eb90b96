"""One row as a patient: the planner says of it what the columns say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from click.testing import CliRunner, Result

from myorx.cli import exits, main
from myorx.cohort.engine import Engine
from myorx.cohort.run import Task, opened
from myorx.cohort.single import patient_of_row, rows_of
from myorx.guideline.load import load
from myorx.plan import Planner
from tests.cohort.reference import differences, said_of, written_cases
from tests.cohort.tables import as_csv, as_tables

ROWS = 80


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Random cases as tables, with values, days, units and lines that are refused."""
    folder = tmp_path_factory.mktemp("single")
    rows, therapies = as_tables(source for source, _, _ in written_cases(load(), ROWS, seed=97))
    for number, row in enumerate(rows):
        row.setdefault("ferritin", "")
        row["ferritin unit"] = ("", "ng/mL", "ug/L", "parsec", "-", "  ")[number % 6]
        row["crp (mg/L)"], row["crp unit"] = row.pop("crp", ""), "  "
        match number % 7:
            case 0:
                row["weight"], row["weight date"] = "62", "2031-01-01"
            case 1:
                row["weight"] = "6200"
            case 2:
                row["sex"] = "perhaps"
            case 3:
                row["sex"], row["pregnant"] = "male", "yes"
            case 4:
                row["orders"] = "泼尼松、snake oil"
            case 5:
                row["therapies_complete"] = "who knows"
            case 6:
                row["therapies_complete"], row["orders"] = "  ", "  "
    for row in rows[::9]:
        line = {"drug": "prednisone", "dose": "much", "start": "2026-02-30"}
        therapies.append({"patient": row["patient"], **line})
    rows[5]["patient"] = rows[6]["patient"]  # a duplicate: of the two the first is used
    rows[8]["patient"] = rows[9]["patient"]
    rows[8]["as_of"] = "2026-10-01"
    rows[11]["as_of"] = "some day"
    rows[12]["patient"] = "  "
    table, long = folder / "table.csv", folder / "therapies.csv"
    table.write_bytes(as_csv(rows))
    long.write_bytes(as_csv(therapies))
    return table, long


@pytest.mark.parametrize("with_therapies", [True, False])
def test_the_planner_says_of_a_row_what_the_columns_say(
    with_therapies: bool, tables: tuple[Path, Path], tmp_path: Path
) -> None:
    guideline = load()
    task = Task(guideline, tables[0], tables[1] if with_therapies else None)
    recipe = opened(task, tmp_path)
    engine, planner = Engine(guideline), Planner(guideline)
    (chunk,) = recipe.table.chunks()
    read = recipe.reader().read(chunk)
    columns = engine.run(read.batch).batch().to_pydict()
    assert len(read.rejected) == 3
    compared = refused = 0
    for place, patient in enumerate(read.patients.to_pylist()):
        rows = rows_of(recipe.table, recipe.mapping, patient)
        (row,) = (each for each in rows if each.number == read.numbers[place])
        found = patient_of_row(
            row, patient, guideline, recipe.mapping, recipe.table.units, recipe.therapies
        )
        assert not differences(engine, columns, place, said_of(planner, found)), row
        compared += 1
        refused += bool(found.refused)
    assert compared == ROWS - 3
    assert refused > ROWS / 2


def run(tables: tuple[Path, Path], *words: str) -> Result:
    table, long = map(str, tables)
    return CliRunner().invoke(main, ["cohort", "plan", table, "--therapies", long, *words])


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "拒收，按未知处理"), ("en", "refused, and taken as unknown")],
)
def test_the_plan_of_a_row_says_what_was_refused(
    lang: str, said: str, tables: tuple[Path, Path]
) -> None:
    found = run(tables, "--patient", "P00001", "--lang", lang)
    assert found.exit_code == exits.OK
    assert said in found.stderr
    assert "6200" in found.stderr
    assert "MyoRx" in found.stdout


def test_of_several_dates_one_is_chosen(tables: tuple[Path, Path]) -> None:
    several = run(tables, "--patient", "P00009")
    assert several.exit_code == exits.USAGE
    assert "2026-10-01, 2026-11-22" in several.stderr
    assert "--on" in several.stderr
    one = run(tables, "--patient", "P00009", "--on", "2026-10-01", "--format", "json")
    assert one.exit_code == exits.OK
    assert date(2026, 10, 1).isoformat() in one.stdout


@pytest.mark.parametrize("patient", ["nobody", "P00011", "", "x" * 5000])
def test_a_patient_without_a_usable_row_is_said(patient: str, tables: tuple[Path, Path]) -> None:
    found = run(tables, "--patient", patient)
    assert found.exit_code == exits.USAGE
    assert "no usable row" in found.stderr
    assert len(found.stderr) < 1000
