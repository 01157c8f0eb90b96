"""Pages read by independent, strict readers, and short ways to what is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib

FOLDER = Path(__file__).parents[1] / "plan" / "guideline"
"""A small guideline that tests made up."""

Files: TypeAlias = Mapping[str, bytes]
Tree: TypeAlias = Callable[[str], Element]
SVG = "{http://www.w3.org/2000/svg}"


def parse(body: bytes) -> Element:
    """A page read as XML, which the pages also are: fast, and nothing may be left open."""
    return ElementTree.fromstring(body)  # noqa: S314


def strictly(body: bytes) -> Element:
    """A page by a reader that refuses whatever HTML forbids; slow."""
    return html5lib.HTMLParser(strict=True).parse(body.decode())


def attributes(root: Element, name: str) -> list[Any]:
    """All values of one attribute, in the order of the page."""
    return [element.get(name) for element in root.iter() if element.get(name) is not None]


def text_of(element: Element) -> str:
    """Everything that is read in an element."""
    return "".join(element.itertext())
