"""Write the JSON Schema of a plan beside its models. Run after changing ``myorx.plan.model``."""

from __future__ import annotations

import json
from pathlib import Path

from myorx.plan.encode import plan_schema

TARGET = Path(__file__).parents[1] / "src" / "myorx" / "plan" / "plan.schema.json"


def rendered() -> str:
    """The schema as it stands in the file."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")
