"""Write the notes for the record that the tests hold fast, after a change of words or knowledge.

Read them before committing: they are what a physician pastes into the patient's record.
"""

from __future__ import annotations

from pathlib import Path

from myorx.facts import read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import make_plan
from myorx.plan.record import write

FOLDER = Path(__file__).parents[1] / "tests" / "plan" / "notes"
NOTES = (
    ("published_boon2000_woman_56_ibm", "zh", "record"),
    ("published_boon2000_woman_56_ibm", "en", "md"),
    ("published_parperis2018_man_64_mda5_not_rapid", "zh", "md"),
    ("published_parperis2018_man_64_mda5_not_rapid", "en", "record"),
)
SUFFIX = {"md": "md", "record": "txt"}


def file_name(vignette: str, lang: str, form: str) -> str:
    """The name of the file that holds one note."""
    return f"{vignette}.{lang}.{SUFFIX[form]}"


def rendered() -> dict[str, str]:
    """Each note by the name of its file, without the guideline's hash, which any edit changes."""
    guideline = load("aim")
    vignettes = {each.id: each for each in load_vignettes(GUIDELINES / "aim")[0]}
    notes = {}
    for name, lang, form in NOTES:
        vignette = vignettes[name]
        plan = make_plan(guideline, read_case(vignette.case, guideline, as_of=vignette.as_of))
        text = write(plan, guideline, form, lang)
        notes[file_name(name, lang, form)] = text.replace(guideline.source_hash[:12], "HASH")
    return notes


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in rendered().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
