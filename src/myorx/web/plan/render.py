"""The templates of the plan's pages, ready to render."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from myorx.web.document import MissingExtraError

if TYPE_CHECKING:
    from jinja2 import Environment

    from myorx.web.plan.voice import Voice


def render(template: str, voice: Voice, **data: Any) -> str:
    """One template with its data. Raises MissingExtraError without the extra ``web``."""
    shared = {"v": voice, "w": voice.word, "n": voice.named, "t": voice.text, "lang": voice.lang}
    return environment().get_template(template).render(**shared, **data)


@cache
def environment() -> Environment:
    """Everything is escaped; a name that a template does not know is an error."""
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError:
        raise MissingExtraError from None
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> str:
    folder = resources.files("myorx.web.plan").joinpath("templates")
    return folder.joinpath(name).read_text(encoding="utf-8")
