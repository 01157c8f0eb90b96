"""A YAML scanner that stops at deep nesting by itself.

The usual one reads ahead to see whether a bracket begins a key, and looks at every open bracket for
each token: two thousand of them cost half a second before the parser sees the first.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scanner import Scanner


class NestingError(MarkedYAMLError):
    """More brackets are open than may be."""


def scanner(levels: int) -> type[Scanner]:
    """A scanner in which at most so many brackets stand open at once."""

    class Shallow(Scanner):
        def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803
            if self.flow_level >= levels:
                raise NestingError(problem_mark=self.reader.get_mark())
            super().fetch_flow_collection_start(TokenClass, to_push)

    return Shallow
