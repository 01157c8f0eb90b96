"""A port for a server that a check starts, and waiting until it listens."""

from __future__ import annotations

import socket
import subprocess
import time

PAUSE = 0.2
"""Seconds between two looks."""


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody does on this port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def started(port: int, server: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the server listens within so many seconds; not where it has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        if listens(port):
            return True
        time.sleep(PAUSE)
    return False
