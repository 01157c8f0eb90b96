"""The fields of a form as a browser posts them."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

MOST_FIELDS: Final = 4000
"""A form with more fields is none of ours."""

_NO_TEXT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(1 << 16, 17 << 16, 1 << 16)
    )
    + "]"
)
"""Characters that may stand in no page: controls, and what Unicode says is no character."""


async def fields(request: Request) -> list[tuple[str, str]]:
    """Names and texts in the order in which they were sent; files are passed over.

    What is no form has no fields; bytes that are no UTF-8, and characters that may stand in no
    page, become replacement characters. Raises HTTPException (400) for a form that is broken or
    has too many fields.
    """
    async with request.form(max_files=4, max_fields=MOST_FIELDS) as form:
        return [
            (name, sendable(text)) for name, text in form.multi_items() if isinstance(text, str)
        ]


def sendable(text: str) -> str:
    """``text`` as a page may repeat it."""
    return _NO_TEXT.sub("\ufffd", text)
