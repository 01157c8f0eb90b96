"""``myorx instrument``: the list of instruments, what one takes, or its result."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click
import msgspec

from myorx.cli import exits
from myorx.cli.inputs import case_bytes, stop
from myorx.cli.instrument_text import about_rows, list_rows, result_rows
from myorx.cli.rows import show
from myorx.cli.words import Language, word
from myorx.guideline.faults import near
from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS, Instrument

_SHOWN = 60
"""So many characters of what was typed are repeated."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def show_instruments(lang: Language, output: str) -> None:
    """Print the list."""
    abouts = [each.about for each in INSTRUMENTS.values()]
    if output == "json":
        _json(abouts)
    else:
        show(list_rows(abouts, lang))


def show_instrument(
    name: str, words: Iterable[str], source: str | None, lang: Language, output: str
) -> None:
    """Print what an instrument takes or, with inputs, its result; refusals end the command."""
    instrument = _find(name)
    inputs = {**({} if source is None else _file(source, lang)), **_typed(words)}
    if not inputs and source is None:
        if output == "json":
            _json(instrument.about)
        else:
            show(about_rows(instrument.about, lang))
        return
    try:
        result = instrument.run(inputs)
    except InputError as error:
        faults = (f"  {fault.line(lang)}" for fault in error.faults)
        stop(exits.REFUSED, [word("instrument_refused", lang), *faults])
    if output == "json":
        _json(result)
    else:
        show(result_rows(result, lang))


def _find(name: str) -> Instrument:
    found = INSTRUMENTS.get(name)
    if found is not None:
        return found
    meant = near(name, list(INSTRUMENTS))
    hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(INSTRUMENTS)}"
    raise click.BadParameter(f"there is no instrument {name[:_SHOWN]!r}; {hint}", param_hint="NAME")


def _typed(words: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in words:
        key, equals, value = (part.strip() for part in item.partition("="))
        if not (key and equals):
            raise click.BadParameter(
                f"{item[:_SHOWN]!r} is no input; write it as KEY=VALUE", param_hint="KEY=VALUE"
            )
        if key in found:
            raise click.BadParameter(
                f"{key[:_SHOWN]} is given twice; give it one value", param_hint="KEY=VALUE"
            )
        found[key] = value
    return found


def _file(source: str, lang: Language) -> Mapping[str, Any]:
    """The inputs in a file; every value stays as it was typed."""
    from myorx.facts import CaseError
    from myorx.facts.document import opened

    try:
        return opened(case_bytes(source))
    except CaseError as error:
        faults = (f"  {line}" for line in error.lines(lang))
        stop(exits.REFUSED, [word("instrument_refused", lang), *faults])


def _json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.format(_ENCODER.encode(value)) + b"\n")
