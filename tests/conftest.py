"""What all tests of the core share: the kit, what lies outside of the checkout, no network."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")  # a busy machine is slow, and no fault of a test

pytest_plugins = ["app.testing", "tests.given"]


@pytest.fixture(autouse=True)
def _no_network(no_network: None) -> None:
    """No test of the house reaches anywhere but this machine."""
