"""What is answered where nothing else can be: problem details (RFC 9457), all faults at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from starlette.responses import Response

from myorx.exchange.service.speech import Language
from myorx.exchange.service.words import word

TYPE: Final = "application/problem+json"


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault of what was sent."""

    code: str
    says: str
    where: str = ""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Problem details; ``faults`` is our own member."""

    type: str
    title: str
    status: int
    detail: str = ""
    faults: tuple[Fault, ...] = ()


class RefusedError(Exception):
    """A request that is not answered as asked: status, a code of the catalogue, and the faults.

    The text of the exception names the code alone: what was sent never gets into a log.
    """

    def __init__(
        self, status: int, code: str, faults: Iterable[Fault] = (), /, **words: str
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.faults = tuple(faults)
        self.words = words
        self.headers: dict[str, str] = {}

    def under(self, **headers: str) -> RefusedError:
        """Itself, with headers of the answer (``www_authenticate``)."""
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self


def problem(refused: RefusedError, lang: Language) -> Response:
    """The answer to a request that was refused."""
    body = Problem(
        type=f"urn:myorx:problem:{refused.code.replace('_', '-')}",
        title=word(f"problem_{refused.code}", lang),
        status=refused.status,
        detail=word(f"problem_{refused.code}_detail", lang, **refused.words),
        faults=refused.faults,
    )
    headers = {"Cache-Control": "no-store", "Content-Language": lang, **refused.headers}
    return Response(msgspec.json.encode(body), refused.status, headers, TYPE)


def schema() -> dict[str, Any]:
    """The JSON Schema of a problem and its parts, by name."""
    _, parts = msgspec.json.schema_components(
        (Problem,), ref_template="#/components/schemas/{name}"
    )
    return parts
