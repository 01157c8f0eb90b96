"""The plan as pages: beside the case, one click deeper, and taken along.

``plan_fragment`` gives the plan as HTML, without page around it. Its buttons belong to the form
that holds the case (``Place.form``) and post the whole of it to ``Place.actions`` + a name:

- a name of ``SHEETS``: answer with ``sheet(…)`` inside a page. The field ``subject`` says of what.
- a name of ``DOWNLOADS``: answer with ``download(…)`` as a file.

A page around a sheet holds the case in a form of the same id, so that the buttons of the sheet work
as well; nothing of a patient stands in any address. Pages with a plan or a sheet need the assets
``STYLES`` and ``SCRIPTS``; without script everything works, with a page for each sheet.
"""

from __future__ import annotations

from typing import Final

from myorx.web.plan.downloads import DOWNLOADS, Download, download
from myorx.web.plan.fragment import plan_fragment
from myorx.web.plan.sheets import SHEETS, Sheet, UnknownSubjectError, sheet
from myorx.web.plan.voice import Place, usual

STYLES: Final = ("plan/plan.css",)
SCRIPTS: Final = ("plan/plan.js",)

__all__ = [
    "DOWNLOADS",
    "SCRIPTS",
    "SHEETS",
    "STYLES",
    "Download",
    "Place",
    "Sheet",
    "UnknownSubjectError",
    "download",
    "plan_fragment",
    "sheet",
    "usual",
]
