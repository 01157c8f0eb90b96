"""Templates to text. A template is called ``package/name``: ``case/case.html``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from myorx import __version__
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.web.frame.words import other, side

if TYPE_CHECKING:
    from jinja2 import Environment


class MissingExtraError(Exception):
    """The library that renders pages is not installed."""


class _TwoSided(Protocol):
    """Text of a guideline, Words of an instrument: whatever has both languages."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def new_environment(own: str = "frame") -> Environment:
    """Templates of all packages, ready to render; a name without a package is one of ``own``.

    Raises MissingExtraError where the library is not installed.
    """
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError:
        raise MissingExtraError from None

    def load(name: str) -> tuple[str, str, None] | None:
        package, slash, file = name.rpartition("/")
        source = _template(package if slash else own, file)
        return None if source is None else (source, name, None)

    return Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _template(package: str, file: str) -> str | None:
    try:
        source = pkgutil.get_data(f"myorx.web.{package}", f"templates/{file}")
    except FileNotFoundError:
        return None
    return None if source is None else source.decode()


@cache
def _environment() -> Environment:
    return new_environment()


def fragment(template: str, lang: Language, words: Mapping[str, Text], **context: Any) -> str:
    """A template of its own, without the shell. Templates may say:

    ``w('key', slot=…)`` a word of ``words`` · ``t(text)`` a text of the guideline or an instrument
    in the page's language, its foreign words marked · ``side(text)`` the same as a plain string,
    for attributes · ``typed(string)`` what somebody typed · ``quoted(string)`` words of the source
    · ``in_(language)('key')`` a word in the other language · ``lang`` ·
    ``asset('case/case.js')`` the address of an asset · and ``context``.
    """
    return _environment().get_template(template).render(**_speech(lang, words), **context)


def page(
    template: str,
    lang: Language,
    words: Mapping[str, Text],
    *,
    guideline: Guideline,
    place: str,
    path: str,
    title: str,
    **context: Any,
) -> bytes:
    """A whole page: ``template`` extends ``frame/shell.html``.

    ``place`` is the entry of the navigation that is lit (``case``, ``instruments``, ``guideline``);
    ``path`` where the page stands below the language (``""``, ``instruments/x``), for the switch.
    Of ``context`` the shell reads, where they are given: ``styles`` and ``scripts`` (names of
    assets) and ``posts`` (id of the form whose content goes along when the language is switched).
    """
    return fragment(
        template,
        lang,
        words,
        guideline=guideline,
        manifest=guideline.manifest,
        engine=__version__,
        place=place,
        path=path,
        title=title,
        other=other(lang),
        **{"styles": (), "scripts": (), "posts": "", **context},
    ).encode()


def _speech(lang: Language, words: Mapping[str, Text]) -> dict[str, Any]:
    from myorx.web.frame.assets import href
    from myorx.web.frame.marked import marked, quoted

    def word(key: str, **slots: object) -> str:
        text = side(words[key], lang)
        return text.format(**slots) if slots else text

    def plain(text: _TwoSided) -> str:
        return text.zh if lang == "zh" else text.en

    def in_(language: Language) -> Callable[[str], str]:
        return lambda key: side(words[key], language)

    return {
        "w": word,
        "t": lambda text: marked(plain(text), lang, "in-text"),
        "side": plain,
        "typed": lambda text, role="typed": marked(text, lang, role),
        "quoted": quoted,
        "lang": lang,
        "in_": in_,
        "asset": href,
    }
