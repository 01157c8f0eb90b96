"""From a folder of knowledge files to a Guideline; from the compiled file where that is current."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from myorx.guideline.faults import GuidelineError, Problem
from myorx.guideline.layout import source_hash
from myorx.guideline.models import Guideline

if TYPE_CHECKING:
    from myorx.guideline.positions import Positions

GUIDELINES = Path(__file__).resolve().parent.parent / "guidelines"
"""Where the guidelines lie that come with the package."""


def load(name: str = "aim", settings: Mapping[str, str | int | Decimal] | None = None) -> Guideline:
    """The guideline of this name that comes with the package.

    Uses the compiled file when it was made from exactly the YAML files that lie beside it, or when
    there are none. ``settings`` replaces values of settings: a literal as text (``"45"``,
    ``"1 'mg/kg/d'"``) or a number. Raises GuidelineError with every problem.
    """
    folder = GUIDELINES / name
    guideline = _compiled_or_none(folder) or _from_folder(folder)
    if not settings:
        return guideline
    from myorx.guideline.settings import with_settings

    return with_settings(guideline, settings)


def load_folder(folder: Path | str) -> Guideline:
    """The guideline in a folder of knowledge files. Raises GuidelineError with every problem.

    What loads is sound: ids are unique, every name means something, every expression has its type
    and unit, no definition leads back to itself. What else a guideline must hold (citations, both
    languages, hazards …) is ``check``'s to say.
    """
    return load_with_positions(folder)[0]


def load_with_positions(folder: Path | str) -> tuple[Guideline, Positions]:
    """Like ``load_folder``; also the place in the files of everything that was read."""
    from myorx.guideline.check import check_sound
    from myorx.guideline.sources import read_guideline

    guideline, positions, problems = read_guideline(Path(folder))
    if guideline is None or problems:
        raise GuidelineError(problems)
    unsound = check_sound(guideline, positions)
    if unsound:
        raise GuidelineError(unsound)
    return guideline, positions


def _from_folder(folder: Path) -> Guideline:
    if not (folder / "guideline.yaml").is_file():
        known = sorted(path.parent.name for path in GUIDELINES.glob("*/guideline.yaml"))
        known += sorted(path.name.split(".")[0] for path in GUIDELINES.glob("*.compiled.json"))
        raise GuidelineError(
            [
                Problem(
                    folder.name,
                    0,
                    0,
                    "",
                    "unknown-guideline",
                    f"there is no guideline {folder.name}",
                    ", ".join(dict.fromkeys(known)) or "(none installed)",
                    "name one of these, or load a folder",
                )
            ]
        )
    return load_folder(folder)


def _compiled_or_none(folder: Path) -> Guideline | None:
    """The compiled guideline if it may be used; None when the YAML has to be read.

    Raises GuidelineError for a damaged or foreign file only where there is no YAML to fall back to.
    """
    from myorx.guideline import compiled

    target = compiled.target_of(folder)
    if not target.is_file():
        return None
    has_sources = (folder / "guideline.yaml").is_file()
    try:
        return compiled.read(target, source_hash(folder) if has_sources else None)
    except compiled.StaleError:
        return None
    except GuidelineError:
        if has_sources:
            return None
        raise
