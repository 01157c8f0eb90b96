"""What a browser without script does with a page: read it, and send a form of it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.web.reading import parse


def read(body: bytes) -> Element:
    """The page, read as XML, which it also is."""
    return parse(body)


def by_id(root: Element, name: str) -> Element:
    """The element of that id."""
    (found,) = [each for each in root.iter() if each.get("id") == name]
    return found


def named(root: Element, name: str) -> list[Element]:
    """The fields of that name."""
    return [each for each in root.iter() if each.get("name") == name]


def text_of(element: Element) -> str:
    """Everything that is read in an element, its spaces made one."""
    return " ".join("".join(element.itertext()).split())


def posted(form: Element) -> list[tuple[str, str]]:
    """The fields that a browser would send with the form."""
    found: list[tuple[str, str]] = []
    for each in form.iter():
        name = each.get("name")
        if name is None:
            continue
        kind = each.tag
        if kind == "select":
            options = list(each.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None]
            option = (chosen or options)[-1 if chosen else 0]
            found.append((name, option.get("value", text_of(option))))
        elif kind == "input" and each.get("type") in ("radio", "checkbox"):
            if each.get("checked") is not None:
                found.append((name, each.get("value", "on")))
        elif kind == "input" and each.get("type") != "submit":
            found.append((name, each.get("value", "")))
    return found
