"""Write the JSON Schema of a comparison beside its models, after changing them."""

from __future__ import annotations

import json
from pathlib import Path

from myorx.plan.compare import comparison_schema

TARGET = Path(__file__).parents[1] / "src" / "myorx" / "plan" / "comparison.schema.json"


def rendered() -> str:
    """The schema as it stands in the file."""
    return json.dumps(comparison_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")
