"""How the property tests run: the same examples every time, or very many new ones (`make soak`)."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

SOAK = 100

settings.register_profile(
    "default",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    settings.get_profile("default"),
    derandomize=False,
    max_examples=SOAK * settings.get_profile("default").max_examples,
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a soak, give the tests that set their own number of examples their hundredfold too."""
    if PROFILE != "soak":
        return
    for item in items:
        function = getattr(item, "obj", None)
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if own is not None and own.max_examples < settings().max_examples:
            more = settings(own, max_examples=SOAK * own.max_examples, derandomize=False)
            function._hypothesis_internal_use_settings = more
