"""The service with its pages, asked without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import httpx
import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.foreign import codes_of
from myorx.exchange.service import Settings
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.web.app import whole_app

HERE = "http://127.0.0.1:8000"

Ask: TypeAlias = Callable[..., httpx.Response]


@cache
def guideline() -> Guideline:
    return load("aim")


@cache
def codes() -> Codes:
    return codes_of(GUIDELINES / "aim", guideline())


def asker(settings: Settings, base: str = HERE) -> Ask:
    """Asks one service, again and again; cookies stay as in a browser."""
    app = whole_app(guideline(), codes(), settings)
    jar = httpx.Cookies()

    def ask(method: str, path: str, **sent: Any) -> httpx.Response:
        async def one() -> httpx.Response:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url=base, cookies=jar) as client:
                answer = await client.request(method, path, **sent)
                jar.update(client.cookies)
                return answer

        return asyncio.run(one())

    return ask


@pytest.fixture(scope="session")
def ask() -> Ask:
    """The service as it is on one machine: nobody has to sign in."""
    return asker(Settings())
