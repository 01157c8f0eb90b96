"""Documents of the shipped guideline and of an invented one, rendered once and read strictly."""

from __future__ import annotations

from functools import cache
from xml.etree.ElementTree import Element

import pytest

from myorx.guideline.load import GUIDELINES, load, load_folder
from myorx.web.document import Book, pages, read_book
from tests.web.reading import FOLDER, Files, Tree, parse


@pytest.fixture(scope="session")
def shipped() -> Book:
    """The book of the guideline that comes with the package."""
    return read_book(load("aim"), GUIDELINES / "aim")


@pytest.fixture(scope="session")
def invented() -> Book:
    """The book of a small guideline that tests made up."""
    return read_book(load_folder(FOLDER), FOLDER)


@pytest.fixture(scope="session")
def files(shipped: Book) -> Files:
    """Every file of the document, by its path."""
    return {page.path: page.body for page in pages(shipped)}


@pytest.fixture(scope="session")
def tree(files: Files) -> Tree:
    """The tree of a page; parsing is strict, so a page that is not well-formed fails here."""

    @cache
    def read(path: str) -> Element:
        return parse(files[path])

    return read
