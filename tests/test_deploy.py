"""What lies in deploy/ fits the command, its limits and the wheelhouse. Run it is elsewhere:
`tools/deployed.py`, in `make check-all`."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click import Context

from myorx.cli.main import serve
from myorx.exchange.service.settings import Limits

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def accepted(words: list[str], access: Path) -> Context:
    """The options of `myorx serve` as the command reads them; it refuses what it does not know."""
    given = [str(access) if each.endswith("access.toml") else each for each in words]
    return serve.make_context("serve", given)


@pytest.fixture
def access(tmp_path: Path) -> Path:
    file = tmp_path / "access.toml"
    file.touch()
    return file


def test_the_unit_starts_what_there_is(access: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", (DEPLOY / "myorx.service").read_text(), re.M)
    command, name, *words = shlex.split(line)
    assert (Path(command).name, name) == ("myorx", "serve")
    found = accepted(words, access).params
    assert found["auth"] == access
    assert found["host"] == "127.0.0.1"


def test_the_container_starts_what_there_is(access: Path) -> None:
    text = (DEPLOY / "Containerfile").read_text()
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.M)
    assert json.loads(entry) == ["myorx", "serve"]
    (words,) = re.findall(r"myorx:ro myorx (.*)$", text, re.M)
    assert accepted(shlex.split(words), access).params["auth"] == access
    (source,) = re.findall(r"^COPY (\S+) /wheels$", text, re.M)
    assert f"tools/wheelhouse.py {source}" in (ROOT / "Makefile").read_text()


def test_the_proxy_waits_as_long_and_lets_in_as_much_as_the_service(access: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    (address,) = re.findall(r"proxy_pass (\S+);", text)
    found = accepted([], access).params
    assert address == f"http://{found['host']}:{found['port']}"
    (size,) = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(size) * 1_000_000 <= Limits().body_bytes <= int(size) * 2**20
    (wait,) = re.findall(r"proxy_read_timeout (\d+)s;", text)
    assert int(wait) > Limits().answer_seconds
