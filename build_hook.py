"""Put the compiled guidelines into the wheel.

Compiling is the product's own loader at work: it reads the YAML, checks it, computes every unit
once and writes one file beside the folder. A guideline with a fault therefore never becomes a
wheel. An editable installation runs from the YAML and needs no such file to start; there, `make`
keeps one for speed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledGuidelines(BuildHookInterface[Any]):
    """Writes ``guidelines/<name>.compiled.json`` for each guideline folder of the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile each guideline for a standard wheel; raise what the loader raises."""
        if self.target_name != "wheel" or version == "editable":
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        try:
            from myorx.guideline import compiled  # the package being built, not an installed one

            for settings in sorted(source.glob("myorx/guidelines/*/guideline.yaml")):
                folder = settings.parent
                target = folder.with_name(f"{folder.name}.compiled.json")
                compiled.write(folder, target)
                # git ignores the file, so it has to be named to be packed.
                build_data["artifacts"].append(target.relative_to(self.root).as_posix())
        finally:
            sys.path.remove(str(source))
