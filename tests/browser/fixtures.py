"""The service as people start it, and Debian's Chromium before it; a plugin for the checks here.

Every page is watched: an error in the console (a breach of the content security policy is one), an
uncaught error of a script or a request to another origin fails the check that opened the page.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "pages"
"""Where pictures and printed plans are left to look at."""

RENEWED = SHOTS / "renewed.txt"
"""How long a changed fact took."""

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",  # the checks may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Served(NamedTuple):
    """The service while the checks run."""

    origin: str
    log: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("service") / "log"
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "myorx.cli", "serve", "--port", str(port)]
    with log.open("wb") as written:
        service = subprocess.Popen(command, cwd=ROOT, stdout=written, stderr=written)
    try:
        origin = f"http://127.0.0.1:{port}"
        await_(lambda: httpx.get(f"{origin}/health").is_success)
        # The document is made when it is first asked for.
        httpx.get(f"{origin}/guideline/zh/index.html", timeout=60)
        yield Served(origin, log)
    finally:
        service.terminate()
        service.wait(20)


def await_(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """Opens pages of the service and watches them."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self._browser = browser
        self.origin = served.origin
        self.log = served.log
        self.troubles: list[str] = []
        self.loaded: dict[str, None] = {}
        """The addresses that were read."""

    def open(self, path: str, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        """A new page at ``path``, in a browser of its own that has kept nothing."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        context.on("request", self._loaded)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(self.origin + path)
        return page

    def _ours(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.troubles.append(f"request to {url}")

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _loaded(self, request: Any) -> None:
        self._ours(request.url)
        if request.method == "GET" and request.url.startswith("http"):
            self.loaded[request.url] = None

    def weights(self) -> dict[str, int]:
        """Bytes of each thing that was read, unpacked."""
        return {url: len(httpx.get(url, timeout=30).content) for url in self.loaded}

    def close(self) -> None:
        for context in self._browser.contexts:
            context.close()


@pytest.fixture
def desk(chromium: Browser, served: Served) -> Iterator[Desk]:
    found = Desk(chromium, served)
    yield found
    found.close()
    assert found.troubles == []
