"""Damaged knowledge and odd words at the entrances: an answer, or what is wrong with them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.cli import main
from myorx.guideline.faults import GuidelineError
from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline
from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS

GOOD = Path(__file__).parent / "guideline" / "good" / "throat"
FILES = sorted(
    path.relative_to(GOOD) for path in GOOD.rglob("*") if path.suffix in (".yaml", ".json")
)

# What breaks YAML, the expression language, or the patience of a reader.
PIECES = st.sampled_from(
    [
        *": |- |[|]|{|}|\"|'|#|&a|*a|!!int |<<: *a|\n|\t|\x00|\ufeff|\ud800|９|null|~".split("|"),
        *"yes|1e999|-|2026-02-30|not not not |((((|@2026|'mg/dL'|AtLeast(0, {})|1/0|\n- ".split(
            "|"
        ),
        "[" * 300,
        "9" * 400,
        "",
    ]
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("damaged") / GOOD.name))


@given(
    file=st.sampled_from(FILES),
    place=st.floats(0, 1),
    drop=st.integers(0, 12),
    put=PIECES | st.text(max_size=4),
)
@settings(max_examples=40)
def test_damaged_knowledge_loads_or_says_what_is_wrong(
    file: Path, place: float, drop: int, put: str, copy: Path
) -> None:
    good = (GOOD / file).read_text(encoding="utf-8")
    at = int(place * len(good))
    damaged = (good[:at] + put + good[at + drop :]).encode("utf-8", errors="surrogatepass")
    (copy / file).write_bytes(damaged)
    error: GuidelineError | None = None
    try:
        assert isinstance(load_folder(copy), Guideline)
    except GuidelineError as raised:
        error = raised
    finally:
        shutil.copy(GOOD / file, copy / file)
    if error is not None:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert problem.remedy
            assert (copy / problem.file).exists()


@given(data=st.binary(max_size=200), file=st.sampled_from(FILES))
@settings(max_examples=20)
def test_any_bytes_in_a_file_of_knowledge(data: bytes, file: Path, copy: Path) -> None:
    (copy / file).write_bytes(data)
    try:
        load_folder(copy)
    except GuidelineError as error:
        problems = error.problems
    else:
        problems = ()
    finally:
        shutil.copy(GOOD / file, copy / file)
    assert all(problem.code for problem in problems)


# -- instruments -----------------------------------------------------------------------------------

VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.lists(st.integers(), max_size=2)
    | st.sampled_from(["yes", "unknown", "5", "5 mg", "-1", "1e999", "<5", ">=3"])
)


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
@given(data=st.data())
@settings(max_examples=25)
def test_any_inputs_of_an_instrument(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    names = st.sampled_from([each.id for each in instrument.about.inputs]) | st.text(max_size=5)
    given_ = data.draw(st.dictionaries(names, VALUES, max_size=6))
    refused: InputError | None = None
    try:
        result = instrument.run(given_)
    except InputError as error:
        refused = error
    if refused is None:
        assert result.instrument == name
    else:
        assert str(refused)


# -- the command -----------------------------------------------------------------------------------

CASE = {"as_of": "2026-11-22", "sex": "female", "age": 37, "anti_mda5": "positive"}
WORDS = st.sampled_from(
    [
        "ferritin",
        "ild_induction",
        "methotrexate",
        "aim",
        "-",
        "--",
        "",
        "\x1b[2J",
        "../..",
        "=",
        "a=b",
    ]
) | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)


@pytest.mark.parametrize("command", ["plan", "explain", "ask", "diff", "compare", "instrument"])
@given(words=st.lists(WORDS, max_size=3), text=st.just(json.dumps(CASE)) | st.text(max_size=40))
@settings(max_examples=8)
def test_any_words_and_any_input_on_the_command_line(
    command: str, words: list[str], text: str
) -> None:
    """An answer or one of the exit codes with a sentence; never a traceback."""
    found = CliRunner().invoke(
        main, [command, *words], input=text.encode("utf-8", errors="replace")
    )
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert found.exit_code == 0 or found.output
