"""The plan as a file for the user's own disk: for programs, for calendars, for a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import msgspec

from myorx.exchange.codes import Codes
from myorx.exchange.fhir.out import plan_bundle
from myorx.exchange.ics import plan_ics
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.plan.encode import encode
from myorx.plan.model import Plan
from myorx.plan.record import write


class Download(NamedTuple):
    """A file: nothing of the patient stands in its name."""

    body: bytes
    name: str
    media_type: str


_Made = Callable[[Plan, Guideline, Language, Codes], bytes]


def _json(plan: Plan, _guideline: Guideline, _lang: Language, _codes: Codes) -> bytes:
    return encode(plan) + b"\n"


def _fhir(plan: Plan, guideline: Guideline, _lang: Language, codes: Codes) -> bytes:
    bundle = plan_bundle(plan, guideline, codes)
    return msgspec.json.format(msgspec.json.encode(bundle), indent=2) + b"\n"


def _ics(plan: Plan, _guideline: Guideline, lang: Language, _codes: Codes) -> bytes:
    return plan_ics(plan, lang)


def _markdown(plan: Plan, guideline: Guideline, lang: Language, _codes: Codes) -> bytes:
    return write(plan, guideline, "md", lang).encode()


def _text(plan: Plan, guideline: Guideline, lang: Language, _codes: Codes) -> bytes:
    # A mark at the head, without which old editors on Windows take the Chinese for another code.
    return b"\xef\xbb\xbf" + write(plan, guideline, "record", lang).encode()


DOWNLOADS: Final[Mapping[str, tuple[_Made, str, str]]] = {
    "json": (_json, "json", "application/json"),
    "fhir": (_fhir, "fhir.json", "application/fhir+json"),
    "ics": (_ics, "ics", "text/calendar; charset=utf-8"),
    "md": (_markdown, "md", "text/markdown; charset=utf-8"),
    "txt": (_text, "txt", "text/plain; charset=utf-8"),
}
"""By name: what makes it, the end of the file's name, the media type."""


def download(name: str, guideline: Guideline, plan: Plan, lang: Language, codes: Codes) -> Download:
    """The file ``name`` of ``DOWNLOADS``. KeyError for another name.

    Raises ``myorx.exchange.ics.MissingExtraError`` for ``ics`` without the extra ``calendar``.
    """
    make, ending, media = DOWNLOADS[name]
    return Download(make(plan, guideline, lang, codes), f"plan-{plan.as_of}.{ending}", media)
