"""The list of instruments, and one of them: its form and, once it was sent, its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.instruments.describe import Words
from myorx.instruments.errors import Fault, InputError
from myorx.instruments.registry import INSTRUMENTS, Instrument
from myorx.language.prose import Language
from myorx.web.document.address import address
from myorx.web.frame.render import page
from myorx.web.frame.words import catalogue
from myorx.web.instruments.layout import layout

PACKAGE: Final = "myorx.web.instruments"
STYLES: Final = ("instruments/instruments.css",)
FORM: Final = "tool"
"""The id of the form; its content goes along when the language is switched."""


class Tool(NamedTuple):
    """One entry of the list."""

    id: str
    names: Words | Text
    purpose: Words | Text


class Sent(NamedTuple):
    """What was sent: the fields that were filled, and whether an answer is wanted."""

    said: Mapping[str, str]
    answered: bool


EMPTY: Final = Sent({}, False)


def words() -> Mapping[str, Text]:
    """The words of these pages."""
    return catalogue(PACKAGE)


def list_page(guideline: Guideline, lang: Language, own: tuple[Tool, ...]) -> bytes:
    """Every instrument; ``own`` are those that the guideline brings."""
    stand_alone = tuple(
        Tool(each.id, each.names, each.about.purpose) for each in INSTRUMENTS.values()
    )
    groups = [("stand_alone", stand_alone)]
    if own:
        groups.append(("with_guideline", own))
    return _page("list", guideline, lang, "", words()["instruments"], groups=groups)


def instrument_page(
    instrument: Instrument, guideline: Guideline, lang: Language, sent: Sent
) -> bytes:
    """The form of an instrument as it was sent, and its result or everything that is wrong."""
    about = instrument.about
    said = {each.id: sent.said[each.id] for each in about.inputs if sent.said.get(each.id)}
    faults: dict[str, str] = {}
    result = None
    if sent.answered:
        try:
            result = instrument.run(said)
        except InputError as error:
            for each in error.faults:
                faults.setdefault(each.where, told(each, lang))
    return tool_page(
        "instrument",
        guideline,
        lang,
        Tool(about.id, about.names, about.purpose),
        Sent(said, sent.answered),
        faults,
        about=about,
        layout=layout(about.inputs),
        result=result,
    )


def tool_page(
    template: str,
    guideline: Guideline,
    lang: Language,
    tool: Tool,
    sent: Sent,
    faults: Mapping[str, str],
    **context: Any,
) -> bytes:
    """The page of one tool; ``faults`` are by field, in words."""
    return _page(
        template,
        guideline,
        lang,
        tool.id,
        tool.names,
        posts=FORM,
        tool=tool,
        said=sent.said,
        answered=sent.answered,
        faults=faults,
        cited=lambda id_: f"/guideline/{lang}/{address('statement', id_, {}).href}",
        **context,
    )


def _page(
    template: str,
    guideline: Guideline,
    lang: Language,
    below: str,
    title: Words | Text,
    **context: Any,
) -> bytes:
    return page(
        f"instruments/{template}.html",
        lang,
        words(),
        guideline=guideline,
        place="instruments",
        path=f"instruments/{below}" if below else "instruments",
        title=title.zh if lang == "zh" else title.en,
        styles=STYLES,
        **context,
    )


def told(fault: Fault, lang: Language) -> str:
    """A fault in words, without the id of its field, beside which it stands."""
    return fault.line(lang).removeprefix(f"{fault.where}: ")


def is_figure(text: str) -> bool:
    """Whether a text is digits alone, perhaps with a point."""
    return text.isascii() and text.replace(".", "", 1).isdigit()
