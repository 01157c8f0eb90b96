"""Write docs/cli.md from the command's own help (``--check``: say whether it is stale)."""

from __future__ import annotations

from collections.abc import Iterator

import click
from marked import ROOT, keep

from myorx.cli import main as myorx

HEAD = """\
# The command `myorx`

Generated from the command's own `--help` by `make docs`; a test fails when it is stale.
"""


def helps(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """(command line, help text) of a command and of each command under it."""
    width = {"max_content_width": 80, "terminal_width": 80}
    context = click.Context(command, parent, name, **{**command.context_settings, **width})
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            under = command.get_command(context, each)
            if under is not None and not under.hidden:
                yield from helps(under, each, context)


def document() -> str:
    parts = [HEAD]
    for path, text in helps(myorx, "myorx"):
        lines = "\n".join(line.rstrip() for line in click.unstyle(text).strip().splitlines())
        parts.append(f"## `{path}`\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    keep(ROOT / "docs" / "cli.md", document())
