"""MyoRx: an executable, bilingual clinical guideline. A patient's facts in; a cited plan out.

from datetime import date
import myorx

guideline = myorx.load_guideline("aim")
plan = guideline.plan({"sex": "female", "age": 37}, as_of=date(2026, 11, 22))
for line in plan.headline:
    print(line.says.en)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from myorx.plan.handle import GuidelineHandle

__all__ = ["__version__", "load_guideline"]
__version__ = "0.1.0"


def load_guideline(
    name: str = "aim", settings: Mapping[str, str | int] | None = None
) -> GuidelineHandle:
    """The guideline of this name, ready to plan.

    ``settings`` replaces values that the guideline's authors had to choose; each plan names them.
    Raises ``myorx.guideline.faults.GuidelineError`` with every problem found.
    """
    # Imported here so that `import myorx` stays light.
    from myorx.guideline.load import load
    from myorx.plan.handle import GuidelineHandle

    return GuidelineHandle(load(name, settings))
