"""``myorx serve``: on this machine only, unless everybody who asks has to sign in."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from myorx.cli.serve_command import LOGGING, is_loopback

PRIVATE = "Zhangsan-310101198001011234"
DIGEST = "0" * 64


def serve(*words: str) -> subprocess.CompletedProcess[str]:
    """For what is refused: it ends by itself."""
    command = [sys.executable, "-m", "myorx.cli", "serve", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_what_only_this_machine_reaches(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["::", "0.0.0.1", "192.168.1.9", "ehr", "", "127.0.0.1.example"])
def test_what_others_reach(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["::", "192.168.1.9", "10.1.2.3", "cds.example.org"])
def test_outside_this_machine_it_does_not_start_without_authentication(host: str) -> None:
    run = serve("--host", host)
    assert run.returncode == 2
    assert "--auth" in run.stderr


def test_issuers_need_the_address_that_clients_use(tmp_path: Path) -> None:
    key = '{"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "1", "x": "%s"}]}'
    (tmp_path / "keys.json").write_text(key % "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    auth = tmp_path / "auth.toml"
    auth.write_text('[[issuer]]\niss = "https://ehr"\nkeys = "keys.json"\n')
    run = serve("--host", "::", "--auth", str(auth))
    assert run.returncode == 2
    assert "--url" in run.stderr
    run = serve("--auth", str(auth), "--url", "cds.example.org/?x")
    assert run.returncode == 2
    assert "https://cds.example.org" in run.stderr


def test_every_fault_of_the_list_is_said(tmp_path: Path) -> None:
    auth = tmp_path / "auth.toml"
    auth.write_text('colour = "red"\n[[token]]\nsha256 = "abc"\n')
    run = serve("--host", "::", "--auth", str(auth))
    assert run.returncode == 2
    assert "colour" in run.stderr
    assert "64 digits" in run.stderr


def test_the_log_of_the_server_itself_is_off() -> None:
    assert LOGGING["loggers"]["uvicorn.access"]["level"] == "CRITICAL"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_it_answers_over_a_socket_and_logs_nothing_that_was_sent(tmp_path: Path) -> None:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    log = tmp_path / "log"
    command = [sys.executable, "-m", "myorx.cli", "serve", "--port", str(port)]
    with log.open("wb") as file:
        server = subprocess.Popen(command, stdout=file, stderr=file, env=dict(os.environ))
    try:
        wait_for(f"{here}/health", server)
        case = {"as_of": "2026-11-22", "sex": "female"}
        plan = httpx.post(f"{here}/api/v1/plan", json=case, timeout=60)
        assert plan.json()["schema"] == "myorx.plan/1"
        assert plan.headers.get("server") is None
        page = httpx.get(f"{here}/guideline/en/section-2.html", timeout=120)
        assert page.status_code == 200
        assert 'id="S2.12"' in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert httpx.get(f"{here}/guideline/{PRIVATE}", timeout=60).status_code == 404
        httpx.post(f"{here}/{PRIVATE}?{PRIVATE}", content=PRIVATE, timeout=60)
        httpx.post(f"{here}/api/v1/plan", json={PRIVATE: PRIVATE}, timeout=60)
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(f"{PRIVATE}\r\n\r\n".encode())
            raw.recv(1000)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    told = log.read_text()
    assert re.search(r"POST /api/v1/plan 200 \d", told)
    assert PRIVATE not in told
    assert "Traceback" not in told


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service did not start")
