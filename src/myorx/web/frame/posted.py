"""The fields of a form as a browser posts them."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

MOST_FIELDS: Final = 4000
"""A form with more fields is none of ours."""


async def fields(request: Request) -> list[tuple[str, str]]:
    """Names and texts in the order in which they were sent; files are passed over.

    What is no form has no fields; bytes that are no UTF-8 become replacement characters. Raises
    HTTPException (400) for a form that is broken or has too many fields.
    """
    async with request.form(max_files=4, max_fields=MOST_FIELDS) as form:
        return [(name, text) for name, text in form.multi_items() if isinstance(text, str)]
