"""What every resource of ours shares: its address, its heading, both languages."""

from __future__ import annotations

import hashlib
import re
from html import escape
from typing import Any, Final, NamedTuple, TypeAlias

from myorx.exchange.codes import Codes
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text

Resource: TypeAlias = dict[str, Any]

TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
_LONGEST_ID: Final = 64


class Frame(NamedTuple):
    """One guideline about to be written."""

    guideline: Guideline
    codes: Codes

    def address(self, kind: str, name: str) -> str:
        """The canonical address of a definition of ours."""
        return self.codes.own(f"{kind}:{identity(name)}")

    def versioned(self, kind: str, name: str) -> str:
        """Likewise, with the version of the guideline."""
        return f"{self.address(kind, name)}|{self.guideline.manifest.version}"

    def head(self, kind: str, name: str, title: Text, about: Text) -> Resource:
        """The first elements of every definition."""
        manifest = self.guideline.manifest
        return {
            "resourceType": kind,
            "id": identity(name),
            "language": "en",
            "text": narrative([title, about]),
            "url": self.address(kind, name),
            "version": manifest.version,
            "name": computable(name),
            **both("title", title),
            "status": "draft",
            "experimental": False,
            "date": manifest.date,
            "publisher": "MyoRx",
            **both("description", about),
        }


def uuid(name: str) -> str:
    """An address made of a name: the same for the same name, in the form of a random one."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    parts = (digest[:8], digest[8:12], f"5{digest[13:16]}", f"8{digest[17:20]}", digest[20:32])
    return f"urn:uuid:{'-'.join(parts)}"


def identity(name: str) -> str:
    """A name as the id of a resource."""
    return re.sub(r"[^A-Za-z0-9\-.]", "-", name)[:_LONGEST_ID]


def computable(name: str) -> str:
    """A name as programs take it: ``SteroidTaper``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def both(element: str, text: Text) -> Resource:
    """A text element in English, its Chinese in the standard's extension beside it."""
    return {element: text.en, f"_{element}": chinese(text.zh)}


def chinese(text: str) -> Resource:
    """The extension that holds a translation."""
    return {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [
                    {"url": "lang", "valueCode": "zh"},
                    {"url": "content", "valueString": text},
                ],
            }
        ]
    }


def narrative(lines: list[Text]) -> Resource:
    """The human-readable part, both languages."""
    body = "".join(f"<p>{escape(each.en)}<br/>{escape(each.zh)}</p>" for each in lines)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">{body}</div>',
    }


def concept(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def cited(frame: Frame, cites: tuple[str, ...]) -> list[Resource]:
    """The statements of the source that something rests on, as related artifacts."""
    statements = frame.guideline.statements
    return [
        {"type": "citation", "label": each, "citation": f"{each}: {statements[each].says.en}"}
        for each in dict.fromkeys(cites)
        if each in statements
    ]
