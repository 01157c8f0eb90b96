from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.service.asking import service


@pytest.fixture(scope="session")
def app() -> Any:
    """The service as it is on one machine: nobody has to sign in."""
    return service()
