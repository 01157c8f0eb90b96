"""A row of terminal output and its tone. Colour only helps: every row reads the same without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

import click

from myorx.cli.layout import WIDTH, wrap

Tone: TypeAlias = OneOf["plain", "head", "critical", "warning", "good", "dim"]


class Row(NamedTuple):
    """One line of at most 80 columns, and how loud it is."""

    text: str
    tone: Tone = "plain"


def rows(text: str, tone: Tone = "plain", *, first: str = "", rest: str | None = None) -> list[Row]:
    """``text`` wrapped to rows of one tone."""
    return [Row(line, tone) for line in wrap(text, first=first, rest=rest)]


def rule(mark: str = "─") -> Row:
    """A line across the page."""
    return Row(mark * WIDTH, "dim")


def heading(text: str) -> list[Row]:
    """A section heading with a blank line above."""
    return [Row(""), Row(text, "head")]


def show(lines: Iterable[Row]) -> None:
    """Print the rows; click drops the colour where output is not a terminal."""
    # In one go: a plan has hundreds of rows.
    click.echo("".join([f"{_styled(row)}\n" for row in lines]), nl=False)


def _styled(row: Row) -> str:
    match row.tone:
        case "head":
            return click.style(row.text, bold=True)
        case "critical":
            return click.style(row.text, fg="red", bold=True)
        case "warning":
            return click.style(row.text, fg="yellow")
        case "good":
            return click.style(row.text, fg="green")
        case "dim":
            return click.style(row.text, dim=True)
        case "plain":
            return row.text
