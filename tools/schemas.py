"""Write the JSON Schemas of the knowledge files: ``python tools/schemas.py``."""

from __future__ import annotations

import json
from pathlib import Path

from myorx.guideline.schemas import schemas

TARGET = Path(__file__).resolve().parents[1] / "src" / "myorx" / "guideline" / "schemas"


def rendered() -> dict[str, str]:
    """File name -> text of every schema."""
    return {
        name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas().items()
    }


def main() -> None:
    """Write all schemas, and remove those that are no longer made."""
    TARGET.mkdir(exist_ok=True)
    texts = rendered()
    for stale in {path.name for path in TARGET.glob("*.json")} - set(texts):
        (TARGET / stale).unlink()
    for name, text in texts.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"{len(texts)} schemas in {TARGET.name}/")


if __name__ == "__main__":
    main()
