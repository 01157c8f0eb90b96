"""The guideline as a document: pages in Chinese and English that need no server and no network.

``read_book`` gathers what the pages say, ``pages`` renders them, ``write_document`` puts them into
a folder. Rendering needs the extra ``web``.
"""

from __future__ import annotations

from myorx.web.document.book import Book, read_book
from myorx.web.document.folder import ForeignFolderError, refuse_foreign, write_document
from myorx.web.document.pages import Page, pages
from myorx.web.document.words import LANGUAGES
from myorx.web.frame.render import MissingExtraError

__all__ = [
    "LANGUAGES",
    "Book",
    "ForeignFolderError",
    "MissingExtraError",
    "Page",
    "pages",
    "read_book",
    "refuse_foreign",
    "write_document",
]
